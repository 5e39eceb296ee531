/**
 * The encrypted stream of a backup (`docs/spec/backup.md`): chunks that are sealed one by one, each with its number and
 * whether it is the last. None can be changed, left out, exchanged or cut off unnoticed.
 */
import { concatBytes, equalBytes, toUtf8, uintToBytes } from '../../core/bytes.ts';
import { hkdfExpand, hkdfExtract, label } from '../../core/crypto/kdf.ts';
import { openBox, sealBox } from '../../core/crypto/sealed.ts';
import { zeroize } from '../../core/crypto/signature.ts';
import type { BackupCode } from '../../core/errors/backup.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { keyOfPassphrase } from '../vault/passphrase.ts';

const magic = toUtf8('countersign-backup');
const version = 1;
const saltLength = 32;

/** Bytes of the header: magic, version, salt. */
export const headerLength = magic.length + 1 + saltLength;

/** Bytes of plain text in every chunk but the last, which has fewer or as many. */
export const chunkLength = 65_536;
/** How much longer a sealed chunk is. */
const overhead = 16;

function fail(code: BackupCode, detail?: string): CountersignError<BackupCode> {
  return new CountersignError<BackupCode>(code, detail);
}

/** The header of a backup. @param salt 32 random bytes, new for every backup. */
export function writeHeader(salt: Uint8Array): Uint8Array {
  return concatBytes(magic, Uint8Array.of(version), salt);
}

/** The salt in a header. @throws CountersignError `backup-malformed`, `backup-version` */
export function saltOf(header: Uint8Array): Uint8Array {
  if (header.length < magic.length + 1 || !equalBytes(header.subarray(0, magic.length), magic)) {
    throw fail('backup-malformed');
  }
  const found = header[magic.length] ?? 0;
  if (found > version) throw fail('backup-version', `version ${found}`);
  if (found !== version || header.length !== headerLength) throw fail('backup-malformed');
  return header.slice(magic.length + 1);
}

/** The two keys of a backup: the stream's, and the one under which the secrets of the vault lie in it once more. */
export interface BackupKeys {
  readonly stream: Uint8Array;
  readonly vault: Uint8Array;
}

/** The keys that a passphrase gives for a header. */
export async function backupKeys(passphrase: string, header: Uint8Array): Promise<BackupKeys> {
  const key = await keyOfPassphrase(passphrase, saltOf(header));
  const pseudorandom = hkdfExtract(toUtf8('countersign/backup/v1'), key);
  const stream = hkdfExpand(pseudorandom, label('stream', header), 32);
  const vault = hkdfExpand(pseudorandom, label('vault', header), 32);
  zeroize(key, pseudorandom);
  return { stream, vault };
}

/** The nonce of a chunk: 15 zero bytes, its number as u64, 1 for the last and else 0. The key is used for one stream. */
function nonceOf(number: number, isLast: boolean): Uint8Array {
  return concatBytes(new Uint8Array(15), uintToBytes(number, 8), Uint8Array.of(isLast ? 1 : 0));
}

/** Pieces of any size as pieces of exactly `length` bytes, and a last one of 0 to `length`. */
async function* inPieces(
  source: AsyncIterable<Uint8Array>,
  length: number,
): AsyncGenerator<{ readonly piece: Uint8Array; readonly isLast: boolean }> {
  let held: Uint8Array[] = [];
  let size = 0;
  for await (const part of source) {
    let at = 0;
    while (at < part.length) {
      // A full piece goes out only when more comes: the last one is full at most, never followed by an empty one.
      if (size === length) {
        yield { piece: concatBytes(...held), isLast: false };
        held = [];
        size = 0;
      }
      const take = Math.min(length - size, part.length - at);
      held.push(part.slice(at, at + take));
      size += take;
      at += take;
    }
  }
  yield { piece: concatBytes(...held), isLast: true };
}

/** Seals a stream. */
export async function* sealStream(
  source: AsyncIterable<Uint8Array>,
  key: Uint8Array,
): AsyncGenerator<Uint8Array> {
  let number = 0;
  for await (const { piece, isLast } of inPieces(source, chunkLength)) {
    yield sealBox(key, nonceOf(number, isLast), piece);
    number++;
  }
}

/**
 * Opens a sealed stream, chunk by chunk. What is given out is authentic, but only the end says that nothing is missing.
 * @throws CountersignError `backup-passphrase` when the first chunk does not open, `backup-damaged` for any other.
 */
export async function* openStream(
  source: AsyncIterable<Uint8Array>,
  key: Uint8Array,
): AsyncGenerator<Uint8Array> {
  let number = 0;
  for await (const { piece, isLast } of inPieces(source, chunkLength + overhead)) {
    const plain = openBox(key, nonceOf(number, isLast), piece);
    if (plain === undefined) {
      throw fail(
        number === 0 ? 'backup-passphrase' : 'backup-damaged',
        number === 0 ? undefined : `chunk ${number}`,
      );
    }
    yield plain;
    number++;
  }
}
