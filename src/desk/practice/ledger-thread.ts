/**
 * The practice ledger: a firehose of this machine alone, in a thread of its own, with sample people who record something
 * now and then. It is a real ledger with real signatures; only its people and its keys are for practice.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { composeLedgerCard, writeLedgerCard } from '../../core/record/ledger-card.ts';
import { absoluteLimits } from '../../core/record/founding.ts';
import { startEngines } from '../../engines/start.ts';
import { embeddedStorage } from '../../firehose/embedded-storage.ts';
import { foundLedger, readOperatorKeys } from '../../firehose/operator.ts';
import { Sequencer } from '../../firehose/sequencer.ts';
import { type FirehoseService, serve } from '../../firehose/server.ts';
import { SamplePeople } from './people.ts';

/** What the thread says. */
export type PracticeMessage =
  | { readonly kind: 'ready'; readonly card: Uint8Array; readonly samples: readonly string[] }
  | { readonly kind: 'failed'; readonly reason: string }
  | { readonly kind: 'stopped' };

export interface PracticeSetup {
  readonly folder: string;
}

if (parentPort === null) throw new RangeError('not a thread of the practice ledger');
const port = parentPort;
const { folder } = workerData as PracticeSetup;

const origin = 'practice.countersign.example';
/** Groups of sample records at the very beginning, so that there are a few blocks. */
const firstGroups = 5;
const inGroup = 6;
const trafficMs = 25_000;
const now = (): number => Math.floor(Date.now() / 1000);
const tell = (message: PracticeMessage): void => {
  port.postMessage(message);
};

async function openSequencer(): Promise<Sequencer> {
  const data = join(folder, 'ledger');
  await mkdir(data, { recursive: true, mode: 0o700 });
  const storage = embeddedStorage(data);
  const isFounded = await readOperatorKeys(storage).then(
    () => true,
    () => false,
  );
  if (!isFounded) {
    await foundLedger(storage, origin, { ...absoluteLimits, dataBytes: 1_048_576 }, now());
  }
  return Sequencer.open(storage, {
    intervalMs: 200,
    now,
    onFailure: (error) => {
      tell({ kind: 'failed', reason: String(error) });
    },
  });
}

async function take(sequencer: Sequencer, wire: Uint8Array): Promise<void> {
  const taken = await sequencer.take(wire);
  if (!taken.ok) throw new Error(`a sample message was refused: ${taken.code}`);
}

/** Gives a new ledger its first blocks. */
async function greet(sequencer: Sequencer, people: SamplePeople): Promise<void> {
  const sealed = (): Promise<unknown> =>
    new Promise((resolve) => {
      const end = sequencer.onBlock((block) => {
        end();
        resolve(block);
      });
    });
  for (let group = 0; group < firstGroups; group++) {
    const block = sealed();
    if (group === 0) for (const wire of people.announcements(now())) await take(sequencer, wire);
    for (let i = 0; i < inGroup; i++) await take(sequencer, people.record(now()));
    await block;
  }
}

async function run(): Promise<void> {
  await startEngines();
  const sequencer = await openSequencer();
  const { ledger } = sequencer;
  const { people, isNew } = await SamplePeople.open(folder, ledger.id);
  if (isNew) await greet(sequencer, people);
  const onFailure = (): void => undefined;
  const service: FirehoseService = await serve(sequencer, { host: '127.0.0.1', port: 0, onFailure });
  const content = { endpoints: [`${service.url}/`], ledger: ledger.id, log: ledger.logKey };
  const card = composeLedgerCard(content);
  if (!card.ok) throw new Error(card.code);
  const traffic = setInterval(() => {
    void take(sequencer, people.record(now())).catch(() => undefined);
  }, trafficMs);
  port.once('message', () => {
    clearInterval(traffic);
    void service.stop().then(() => {
      tell({ kind: 'stopped' });
      port.close();
    });
  });
  tell({ kind: 'ready', card: writeLedgerCard(card.value), samples: people.cards() });
}

run().catch((error: unknown) => {
  tell({ kind: 'failed', reason: String(error) });
  port.close();
});
