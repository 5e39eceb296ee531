/** File records (`docs/spec/envelope.md`, 'File record'): the sender states that a file existed. */
import { compareBytes, concatBytes, equalBytes, toHex, toUtf8 } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { hexOf, oneOf, readObject } from '../encoding/members.ts';
import type { RecordCode } from '../errors/record.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Draft, DraftOrigin } from './envelope.ts';
import type { VerifiedMessage } from './message.ts';
import { senderTag } from './sender-tag.ts';

export const fileRecordType = 'application/vnd.countersign.record.v1';

export interface FileRecord {
  /** `salted`: nobody without the salt can tell which file it is. `public`: whoever has or guesses the file can. */
  readonly method: 'salted' | 'public';
  /** 32 bytes: {@link saltedCommitment}, or the SHA-256 of the file. */
  readonly value: Uint8Array;
}

/**
 * The salted commitment to a file.
 *
 * @param salt 32 random bytes; whoever is to check the record needs them.
 * @param fileHash SHA-256 of the file.
 * @throws RangeError when either is not 32 bytes.
 */
export function saltedCommitment(salt: Uint8Array, fileHash: Uint8Array): Uint8Array {
  if (salt.length !== 32 || fileHash.length !== 32) throw new RangeError('salt and hash have 32 bytes each');
  return sha256(concatBytes(toUtf8('countersign/file/v1'), salt, fileHash));
}

/** The tag under which the records of a value are found. */
export function recordTag(value: Uint8Array): Uint8Array {
  return sha256(concatBytes(toUtf8('countersign/record/v1'), value));
}

/** The draft of a file record, with the tag of its value and that of its sender; `data` is what the sender attaches, often nothing. */
export function draftFileRecord(
  origin: DraftOrigin,
  record: FileRecord,
  data: Uint8Array = new Uint8Array(),
): Draft {
  const { ledger, sender, nonce, time } = origin;
  const body = { method: record.method, value: toHex(record.value) };
  const tags = [recordTag(record.value), senderTag(sender)].sort(compareBytes);
  return { payloadType: fileRecordType, sender, head: { body, ledger, nonce, tags, time, v: 1 }, data };
}

/**
 * Reads the file record that a message is.
 *
 * @returns undefined when the message is of another payload type, or of a version that is not known here: such a
 *   message is kept and shown raw.
 */
export function readFileRecord(message: VerifiedMessage): Result<FileRecord, RecordCode> | undefined {
  if (message.payloadType !== fileRecordType || message.head.v !== 1) return undefined;
  const record = readObject(
    message.head.body,
    { members: 'record-members', value: 'record-value' },
    { method: oneOf(['salted', 'public']), value: hexOf(32) },
  );
  if (!record.ok) return record;
  const tag = recordTag(record.value.value);
  return message.head.tags.some((carried) => equalBytes(carried, tag))
    ? ok(record.value)
    : refuse('record-tag');
}
