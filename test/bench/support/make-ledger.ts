/**
 * Makes the folder of a ledger with many messages, as a firehose would have made it, for measurements:
 *
 *     node test/bench/support/make-ledger.ts FOLDER MESSAGES [SEED]
 *
 * The same seed always gives the same record, byte for byte. `countersign firehose --data FOLDER` serves it.
 */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import { toHex } from '../../../src/core/bytes.ts';
import { publicKeyOf } from '../../../src/core/crypto/signature.ts';
import { writeJson } from '../../../src/core/encoding/json.ts';
import { emptyEdge, growLog } from '../../../src/core/log/edge.ts';
import { keyType, verifierKey } from '../../../src/core/log/verifier-key.ts';
import { absoluteLimits } from '../../../src/core/record/founding.ts';
import { composeFoundingHeader } from '../../../src/core/record/header.ts';
import { type Ledger, parseLedger } from '../../../src/core/record/ledger.ts';
import { verifyWire } from '../../../src/core/record/message.ts';
import { leafHash } from '../../../src/core/tree/merkle.ts';
import { startEngines } from '../../../src/engines/start.ts';
import { loadBlockLog } from '../../../src/firehose/block-log.ts';
import { BlockWriter } from '../../../src/firehose/block-writer.ts';
import { embeddedStorage } from '../../../src/firehose/embedded-storage.ts';
import { checkpointPath, signCheckpoint } from '../../../src/firehose/operator.ts';
import { PendingMessages } from '../../../src/firehose/pending.ts';
import { RecordIndex } from '../../../src/firehose/record-index.ts';
import type { FirehoseStorage } from '../../../src/firehose/storage.ts';
import type { MadeMessages, MakerRequest, MakerSetup } from './message-worker.ts';
import { derived, startTime } from './messages.ts';

const origin = 'bench.example/log';

/** What a firehose puts into a block by itself when much arrives. */
const perBlock = 1024;

/** Blocks whose messages are signed ahead, for each thread. */
const aheadBlocks = 2;

export interface LedgerOptions {
  /** A folder that is not there yet. */
  readonly folder: string;
  readonly messages: number;
  readonly seed: number;
  readonly onProgress?: (done: number) => void;
}

/** Founds the ledger with keys that follow from the seed. */
async function found(storage: FirehoseStorage, seed: number): Promise<{ ledger: Ledger; log: Uint8Array }> {
  const [logSeed, promiseSeed] = [derived(seed, 'key of the log'), derived(seed, 'key of the promises')];
  const log = verifierKey(origin, keyType.ed25519, publicKeyOf(logSeed));
  const promise = verifierKey(`${origin}/promise`, keyType.ed25519, publicKeyOf(promiseSeed));
  const header = composeFoundingHeader({ origin, limits: absoluteLimits, log, promise }, startTime);
  const ledger = parseLedger(header.bytes);
  if (!ledger.ok) throw new RangeError(ledger.code);
  const keys = { log: toHex(logSeed), promise: toHex(promiseSeed), v: 1 };
  await storage.private.write('keys.json', writeJson(keys));
  for (const { path, bytes } of growLog(emptyEdge, [header.bytes]).files)
    await storage.public.write(path, bytes);
  await storage.public.write(checkpointPath, signCheckpoint(log, logSeed, 1, leafHash(header.bytes)));
  return { ledger: ledger.value, log: logSeed };
}

/** A thread that makes messages, and who waits for them. */
class Maker {
  readonly #worker: Worker;
  readonly #waiting: ((made: MadeMessages) => void)[] = [];
  /** Rejects when the thread fails. */
  readonly failed: Promise<never>;

  constructor(workerData: MakerSetup) {
    this.#worker = new Worker(new URL('./message-worker.ts', import.meta.url), { workerData });
    this.#worker.on('message', (made: MadeMessages) => this.#waiting.shift()?.(made));
    this.failed = new Promise((_, reject) => {
      this.#worker.once('error', reject);
    });
    this.failed.catch(() => undefined);
  }

  make(request: MakerRequest): Promise<MadeMessages> {
    this.#worker.postMessage(request);
    return Promise.race([this.failed, new Promise<MadeMessages>((made) => this.#waiting.push(made))]);
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }
}

/** All messages in order, block by block, signed ahead in threads. */
async function* madeBlocks(setup: MakerSetup): AsyncGenerator<readonly Uint8Array[]> {
  const makers = Array.from({ length: availableParallelism() }, () => new Maker(setup));
  const coming: Promise<MadeMessages>[] = [];
  let asked = 0;
  let turn = 0;
  try {
    for (;;) {
      while (asked < setup.count && coming.length < aheadBlocks * makers.length) {
        const request = { from: asked, count: Math.min(perBlock, setup.count - asked) };
        const made = makers[turn++ % makers.length]?.make(request);
        if (made !== undefined) coming.push(made);
        made?.catch(() => undefined);
        asked += request.count;
      }
      const made = await coming.shift();
      if (made === undefined) return;
      let at = 0;
      yield Array.from(made.lengths, (length) => made.bytes.subarray(at, (at += length)));
    }
  } finally {
    await Promise.all(makers.map((maker) => maker.end()));
  }
}

/** Makes the folder. The engines must have been started. */
export async function makeLedger({ folder, messages, seed, onProgress }: LedgerOptions): Promise<Ledger> {
  const storage = embeddedStorage(folder);
  const release = await storage.claim();
  try {
    const { ledger, log: logSeed } = await found(storage, seed);
    const loaded = await loadBlockLog(storage.public);
    if (loaded === undefined) throw new Error('not founded');
    const index = await RecordIndex.open(storage.private, ledger.id);
    const pending = await PendingMessages.load(storage.private, ledger, () => Promise.resolve(false));
    const parts = { storage, log: loaded.log, index, pending, seed: logSeed };
    const writer = new BlockWriter(parts, loaded.checkpoint);
    const [limits, setup] = [ledger.limits, { seed, ledger: ledger.id, count: messages }];
    let done = 0;
    for await (const wires of madeBlocks(setup)) {
      const time = startTime + done;
      const offer = { size: writer.size, lastHeight: writer.size + 256, lastTime: time + 3600 };
      const added = wires.map((wire) => {
        const message = verifyWire(wire, ledger.id, limits);
        if (!message.ok) throw new RangeError(message.code);
        return pending.add(message.value, offer);
      });
      await Promise.all(added);
      await writer.writeNext({ messages: wires.length, bytes: limits.blockBytes }, time);
      await writer.tidy();
      onProgress?.((done += wires.length));
    }
    await index.close();
    await pending.close();
    return ledger;
  } finally {
    await release();
  }
}

if (import.meta.main) {
  const [folder, messages, seed = '1'] = process.argv.slice(2);
  if (folder === undefined || messages === undefined || !/^[1-9][0-9]{0,8}$/.test(messages)) {
    console.error('usage: node test/bench/support/make-ledger.ts FOLDER MESSAGES [SEED]');
    process.exit(64);
  }
  await startEngines();
  const begun = performance.now();
  const count = Number(messages);
  const onProgress = (done: number): void => {
    if (process.stderr.isTTY) process.stderr.write(`\r${done} of ${count} messages `);
  };
  const ledger = await makeLedger({ folder, messages: count, seed: Number(seed), onProgress });
  const seconds = (performance.now() - begun) / 1000;
  console.log(`ledger ${ledger.idText}: ${count} messages in ${seconds.toFixed(1)} s`);
}
