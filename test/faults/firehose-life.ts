/**
 * A life of a firehose: opens the ledger in a folder, takes messages one by one, waits until each is in a block, and stops.
 * Everything that leaves it is said on standard output: `promised N NOTE`, `head NOTE`, `failed CODE`, `done`.
 *
 *     node firehose-life.ts FOLDER CLOCK N...
 */
import '../support/fast-engines.ts';
import { writeSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { toHex } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { readLedger } from '../../src/firehose/block-log.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import { Sequencer } from '../../src/firehose/sequencer.ts';
import { wireFor } from '../support/firehose.ts';

/** How often it is looked whether a message is in a block: a firehose that fails tries again by itself. */
const looks = 400;

type Say = (line: string) => void;

/** @throws what is no error with a code. */
function codeOf(error: unknown): string {
  if (error instanceof CountersignError) return String(error.code);
  throw error;
}

async function send(sequencer: Sequencer, wire: Uint8Array, n: number, say: Say): Promise<void> {
  const taken = await sequencer.take(wire).catch((error: unknown) => {
    say(`failed ${codeOf(error)}`);
  });
  if (taken === undefined) return;
  if (!taken.ok) throw new Error(`message ${n}: ${taken.code}`);
  say(`promised ${n} ${toHex(taken.value)}`);
  for (let i = 0; i < looks && sequencer.waiting > 0; i++) await sleep(5);
  say(`head ${toHex(sequencer.checkpoint)}`);
}

export async function firehoseLife(
  folder: string,
  clock: number,
  messages: readonly number[],
  say: Say,
): Promise<void> {
  const storage = embeddedStorage(folder);
  try {
    const ledger = await readLedger(storage.public);
    say('begun');
    const sequencer = await Sequencer.open(storage, {
      intervalMs: 1,
      now: () => clock,
      onFailure: (error) => {
        say(`failed ${codeOf(error)}`);
      },
    });
    say(`head ${toHex(sequencer.checkpoint)}`);
    for (const n of messages) await send(sequencer, wireFor(ledger, n), n, say);
    await sequencer.stop();
    say('done');
  } catch (error) {
    say(`failed ${codeOf(error)}`);
  }
}

if (process.argv[1] === import.meta.filename) {
  const [folder = '', clock = '', ...messages] = process.argv.slice(2);
  await firehoseLife(folder, Number(clock), messages.map(Number), (line) => {
    writeSync(1, `${line}\n`);
  });
}
