/** A document through the wallet: onto a firehose and out of the copy of the record, beside the cipher in the same run. */
import { createHash } from 'node:crypto';
import { openSync, readSync, closeSync, writeFileSync, appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { chunkBytes } from '../../src/core/channel/part.ts';
import { openBox, sealBox } from '../../src/core/crypto/sealed.ts';
import type { DocumentOptions } from '../../src/wallet/documents/local-file.ts';
import { Archivist, upload } from '../support/documents.ts';
import { stopServices } from '../support/people.ts';
import type { Bench, Setting } from './support/bench.ts';

/** A file of bytes that repeat nowhere. */
function writeFile(path: string, size: number): void {
  writeFileSync(path, '');
  for (let at = 0, seed = createHash('sha256').update('a file').digest(); at < size; at += chunkBytes) {
    const piece = Buffer.alloc(Math.min(chunkBytes, size - at));
    for (let i = 0; i < piece.length; i += 32) {
      seed = createHash('sha256').update(seed).digest();
      seed.copy(piece, i);
    }
    appendFileSync(path, piece);
  }
}

function pieces(path: string, size: number): readonly Uint8Array[] {
  const file = openSync(path, 'r');
  const read = Array.from({ length: Math.ceil(size / chunkBytes) }, () => {
    const piece = new Uint8Array(chunkBytes);
    return piece.subarray(0, readSync(file, piece));
  });
  closeSync(file);
  return read;
}

/** Seconds of the cipher alone: sealing and opening all chunks of a file. */
function cipherAlone(path: string, size: number): { readonly seal: number; readonly open: number } {
  const key = new Uint8Array(32).fill(7);
  const nonces = (i: number): Uint8Array => new Uint8Array(24).fill(i & 255).fill(i >> 8, 12);
  const plain = pieces(path, size);
  const begun = performance.now();
  const boxes = plain.map((piece, i) => sealBox(key, nonces(i), piece));
  const sealed = performance.now();
  for (const [i, box] of boxes.entries()) openBox(key, nonces(i), box);
  return { seal: (sealed - begun) / 1000, open: (performance.now() - sealed) / 1000 };
}

/** Looks at the memory of the process at every step. */
function watched(): { readonly options: DocumentOptions; readonly peak: () => number } {
  const before = process.memoryUsage.rss();
  let most = before;
  const onProgress = (): void => {
    most = Math.max(most, process.memoryUsage.rss());
  };
  return {
    options: { signal: new AbortController().signal, onProgress },
    peak: () => (most - before) / 2 ** 20,
  };
}

/** What some work gives, its seconds, and those of the processor. */
async function seconds<T>(work: () => Promise<T>): Promise<readonly [T, number, number]> {
  const begun = performance.now();
  const before = process.cpuUsage();
  const value = await work();
  const { user, system } = process.cpuUsage(before);
  return [value, (performance.now() - begun) / 1000, (user + system) / 1e6];
}

async function measure({ figure, folder, say }: Setting, size: number): Promise<void> {
  const archivist = await Archivist.start(folder);
  try {
    const path = join(folder, 'document');
    writeFile(path, size);
    const name = `${size / 2 ** 20} MiB`;
    const rate = (what: string, taken: number): void => {
      figure({ name: `${name}: ${what}`, value: size / 1e6 / taken, unit: 'MB/s' });
    };
    const nowhere = await archivist.desk({
      send: () => Promise.resolve(),
      isOnItsWay: () => Promise.resolve(false),
    });
    const sealing = watched();
    // What is sent nowhere is missed in the end; until then everything is done but the sending.
    const [, sealed, sealedBusy] = await seconds(() =>
      upload(nowhere, path, sealing.options).catch(() => undefined),
    );
    rate('hashed, sealed and signed', sealed);
    figure({ name: 'memory that sealing takes', value: sealing.peak(), unit: 'MiB' });
    const again = join(folder, 'document to send');
    writeFile(again, size);
    const desk = await archivist.desk({}, new Uint8Array(32));
    const [{ document }, sent] = await seconds(() => upload(desk, again));
    rate('sent, each part promised', sent);
    say('bringing the copy up to date');
    const back = await archivist.recorded(desk, document);
    const writing = watched();
    const [, written, writtenBusy] = await seconds(() => back.writeTo(join(folder, 'out'), writing.options));
    rate('checked, then written to a file', written);
    figure({ name: 'memory that writing takes', value: writing.peak(), unit: 'MiB' });
    const [alone, , aloneBusy] = await seconds(() => Promise.resolve(cipherAlone(path, size)));
    rate('cipher alone, sealing', alone.seal);
    rate('cipher alone, opening', alone.open);
    figure({ name: 'hashing, sealing and signing beside it', value: sealed / alone.seal, unit: 'times' });
    figure({ name: 'checking and writing beside it', value: written / alone.open, unit: 'times' });
    const both = (sealedBusy + writtenBusy) / aloneBusy;
    figure({ name: 'out and in again beside it, by processor time', value: both, unit: 'times' });
  } finally {
    await archivist.place.close();
    await stopServices();
  }
}

export const bench: Bench = {
  summary: 'A document through the wallet, beside the cipher alone.',
  run: (setting) => measure(setting, (setting.isQuick ? 4 : 64) * 2 ** 20),
};
