/**
 * A clock that stands still and random bytes that are the same each time, for pictures that change only when screens do.
 * Loaded before the application, by `--import`, in a test process only: with it no key is secret.
 */
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { basename } from 'node:path';
import { isMainThread } from 'node:worker_threads';

/** 2 March 2026 at 09:30:00 UTC. */
export const fixedNow = 1_772_443_800;

const RealDate = Date;

class FixedDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    if (given.length === 0) super(fixedNow * 1000);
    else super(...(given as [number]));
  }

  static override now(): number {
    return fixedNow * 1000;
  }
}

let counter = 0;
/** Another stream in each program and its threads, so that they draw different bytes. */
const stream = `${basename(process.argv[1] ?? '')} ${isMainThread ? 'main' : 'thread'}`;

function fixedBytes(size: number): Buffer {
  const parts: Buffer[] = [];
  for (let length = 0; length < size; length += 32)
    parts.push(crypto.createHash('sha256').update(`${stream} ${counter++}`).digest());
  return Buffer.concat(parts).subarray(0, size);
}

globalThis.Date = FixedDate as DateConstructor;
crypto.randomBytes = ((size: number) => fixedBytes(size)) as typeof crypto.randomBytes;
syncBuiltinESMExports();
