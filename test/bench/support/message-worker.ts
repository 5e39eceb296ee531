/** A thread that composes and signs messages of a data set. */
import { parentPort, workerData } from 'node:worker_threads';
import { joinBytes } from '../../../src/core/bytes.ts';
import { startEngines } from '../../../src/engines/start.ts';
import { MessageMaker } from './messages.ts';

/** What the thread is made with. */
export interface MakerSetup {
  readonly seed: number;
  readonly ledger: Uint8Array;
  readonly count: number;
}

/** Which messages are to be made: as many as `count` from number `from`. */
export interface MakerRequest {
  readonly from: number;
  readonly count: number;
}

/** Messages as they travel, one after the other, and the length of each. */
export interface MadeMessages {
  readonly bytes: Uint8Array;
  readonly lengths: Uint32Array;
}

if (parentPort !== null) {
  const port = parentPort;
  const { seed, ledger, count } = workerData as MakerSetup;
  await startEngines();
  const maker = new MessageMaker(seed, ledger, count);
  port.on('message', (asked: MakerRequest) => {
    const wires = Array.from({ length: asked.count }, (_, i) => maker.wire(asked.from + i));
    const made = { bytes: joinBytes(wires), lengths: Uint32Array.from(wires, ({ length }) => length) };
    port.postMessage(made satisfies MadeMessages, [made.bytes.buffer as ArrayBuffer, made.lengths.buffer]);
  });
}
