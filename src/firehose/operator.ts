/**
 * The operator of a ledger: its keys and its founding. The keys lie in the private part of the data folder, readable
 * by their owner only: a service must start unattended, so there is nobody to unlock anything.
 */
import { randomBytes } from 'node:crypto';
import { toHex } from '../core/bytes.ts';
import { publicKeyOf, zeroize } from '../core/crypto/signature.ts';
import { parseJson, writeJson } from '../core/encoding/json.ts';
import { hexOf, integerFrom, readObject } from '../core/encoding/members.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { formatNote, signNote } from '../core/log/note.ts';
import { formatCheckpoint } from '../core/log/checkpoint.ts';
import { emptyEdge, growLog } from '../core/log/edge.ts';
import { keyType, verifierKey, type VerifierKey } from '../core/log/verifier-key.ts';
import type { LedgerLimits } from '../core/record/founding.ts';
import { composeFoundingHeader } from '../core/record/header.ts';
import { type Ledger, parseLedger } from '../core/record/ledger.ts';
import { leafHash } from '../core/tree/merkle.ts';
import type { FirehoseStorage } from './storage.ts';

const keysPath = 'keys.json';
export const checkpointPath = 'checkpoint';

/** The 32-byte Ed25519 seeds of the two keys of an operator. */
export interface OperatorKeys {
  readonly log: Uint8Array;
  readonly promise: Uint8Array;
}

/**
 * Reads the operator's keys.
 * @throws CountersignError `firehose-not-founded` when there is nothing of a ledger, `firehose-damaged`,
 *   `firehose-storage`
 */
export async function readOperatorKeys(storage: FirehoseStorage): Promise<OperatorKeys> {
  const bytes = await storage.private.read(keysPath);
  if (bytes === undefined) {
    const isRecord = (await storage.public.read(checkpointPath)) !== undefined;
    throw isRecord
      ? new CountersignError<FirehoseCode>('firehose-damaged', `${keysPath} is missing`)
      : new CountersignError<FirehoseCode>('firehose-not-founded');
  }
  const json = parseJson(bytes, 1024);
  const codes = { members: 'firehose-damaged', value: 'firehose-damaged' } as const;
  const keys = json.ok
    ? readObject(json.value, codes, { log: hexOf(32), promise: hexOf(32), v: integerFrom(1, 1) })
    : json;
  if (!keys.ok) throw new CountersignError<FirehoseCode>('firehose-damaged', keysPath);
  return keys.value;
}

/** The signed checkpoint note of a log of `size` entries. */
export function signCheckpoint(
  key: VerifierKey,
  seed: Uint8Array,
  size: number,
  root: Uint8Array,
): Uint8Array {
  const text = formatCheckpoint({ origin: key.name, size, root, extensions: [] });
  return formatNote(text, [signNote(key, seed, text)]);
}

/** @throws CountersignError when there is a ledger, or what may be left of one: keys are never overwritten. */
async function checkUnfounded(storage: FirehoseStorage): Promise<void> {
  const isRecord = (await storage.public.read(checkpointPath)) !== undefined;
  const isKeys = (await storage.private.read(keysPath)) !== undefined;
  if (isRecord) throw new CountersignError<FirehoseCode>('firehose-founded');
  if (isKeys) throw new CountersignError<FirehoseCode>('firehose-unfinished');
}

/**
 * Founds a ledger: makes its keys, writes its first header and the first checkpoint. The checkpoint is written last:
 * a folder without one holds no ledger.
 * @param time seconds since 1970.
 * @throws CountersignError `firehose-founded` when the storage holds a ledger already, `firehose-unfinished` when it
 *   holds its keys alone, `firehose-in-use`, `firehose-storage`
 * @throws RangeError when origin, limits or time break the rules of `docs/spec/blocks.md`.
 */
export async function foundLedger(
  storage: FirehoseStorage,
  origin: string,
  limits: LedgerLimits,
  time: number,
): Promise<Ledger> {
  const seeds = { log: randomBytes(32), promise: randomBytes(32) };
  const log = verifierKey(origin, keyType.ed25519, publicKeyOf(seeds.log));
  const promise = verifierKey(`${origin}/promise`, keyType.ed25519, publicKeyOf(seeds.promise));
  const header = composeFoundingHeader({ origin, limits, log, promise }, time);
  const ledger = parseLedger(header.bytes);
  if (!ledger.ok) throw new RangeError(`founding: ${ledger.code}`);
  const checkpoint = signCheckpoint(log, seeds.log, 1, leafHash(header.bytes));
  const keys = writeJson({ log: toHex(seeds.log), promise: toHex(seeds.promise), v: 1 });
  zeroize(seeds.log, seeds.promise);
  const release = await storage.claim();
  try {
    await checkUnfounded(storage);
    await storage.private.write(keysPath, keys);
    const { files } = growLog(emptyEdge, [header.bytes]);
    for (const { path, bytes } of files) await storage.public.write(path, bytes);
    await storage.public.write(checkpointPath, checkpoint);
  } finally {
    await release();
  }
  return ledger.value;
}
