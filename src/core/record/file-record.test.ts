import { describe, expect, it } from 'vitest';
import { compareBytes, concatBytes, toHex, toUtf8 } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import { publicKeyOf } from '../crypto/signature.ts';
import type { JsonObject } from '../encoding/json.ts';
import type { FileRecord } from './file-record.ts';
import {
  draftFileRecord,
  fileRecordType,
  readFileRecord,
  recordTag,
  saltedCommitment,
} from './file-record.ts';
import type { Draft } from './envelope.ts';
import { signDraft } from './envelope.ts';
import type { Head } from './head.ts';
import type { VerifiedMessage } from './message.ts';
import { verifyMessage } from './message.ts';
import { senderTag } from './sender-tag.ts';

const seed = new Uint8Array(32).fill(5);
const ledger = new Uint8Array(32).fill(6);
const salt = new Uint8Array(32).fill(7);
const fileHash = sha256(toUtf8('the file'));
const origin = { ledger, sender: publicKeyOf(seed), nonce: new Uint8Array(16), time: 12 };
const record: FileRecord = { method: 'salted', value: saltedCommitment(salt, fileHash) };
const draft = draftFileRecord(origin, record);

function signed(changed: Draft): VerifiedMessage {
  const { leaf, data } = signDraft(changed, seed);
  const result = verifyMessage(leaf, data, ledger, { headBytes: 65_535, dataBytes: 100 });
  if (!result.ok) throw new Error(result.code);
  return result.value;
}
const withHead = (head: Partial<Head>): Draft => ({ ...draft, head: { ...draft.head, ...head } });
const withBody = (body: JsonObject): Draft => withHead({ body });

describe('a file record', () => {
  it('is read as it was drafted, salted or public, with data or without', () => {
    expect(readFileRecord(signed(draft))).toEqual({ ok: true, value: record });
    const open: FileRecord = { method: 'public', value: fileHash };
    const message = signed(draftFileRecord(origin, open, toUtf8('note')));
    expect(readFileRecord(message)).toEqual({ ok: true, value: open });
    expect(message.data).toEqual(toUtf8('note'));
  });

  it('commits to the file behind a salt, in the form of the specification', () => {
    expect(record.value).toEqual(sha256(concatBytes(toUtf8('countersign/file/v1'), salt, fileHash)));
    expect(recordTag(fileHash)).toEqual(sha256(concatBytes(toUtf8('countersign/record/v1'), fileHash)));
    expect(draft.head.tags).toEqual([recordTag(record.value), senderTag(origin.sender)].sort(compareBytes));
    expect(senderTag(origin.sender)).toEqual(
      sha256(concatBytes(toUtf8('countersign/sender/v1'), origin.sender)),
    );
    expect(() => senderTag(new Uint8Array(31))).toThrow(RangeError);
    expect(() => saltedCommitment(new Uint8Array(31), fileHash)).toThrow(RangeError);
    expect(() => saltedCommitment(salt, new Uint8Array(33))).toThrow(RangeError);
  });

  it('changes with every byte of salt and file hash', () => {
    const seen = new Set([toHex(record.value)]);
    for (let i = 0; i < 32; i++) {
      const changed = (bytes: Uint8Array): Uint8Array =>
        bytes.map((byte, at) => (at === i ? byte ^ 1 : byte));
      seen.add(toHex(saltedCommitment(changed(salt), fileHash)));
      seen.add(toHex(saltedCommitment(salt, changed(fileHash))));
    }
    expect(seen.size).toBe(65);
  });

  const value = toHex(record.value);
  it.each<[string, Draft]>([
    ['record-members', withBody({})],
    ['record-members', withBody({ value })],
    ['record-members', withBody({ method: 'salted', value, salt: value })],
    ['record-value', withBody({ method: 'secret', value })],
    ['record-value', withBody({ method: 'salted', value: value.toUpperCase() })],
    ['record-value', withBody({ method: 'salted', value: value.slice(2) })],
    ['record-value', withBody({ method: null, value })],
    ['record-tag', withHead({ tags: [] })],
    ['record-tag', withHead({ tags: [record.value] })],
    ['record-tag', withBody({ method: 'salted', value: toHex(fileHash) })],
  ])('is refused with %s', (code, changed) => {
    expect(readFileRecord(signed(changed))).toMatchObject({ ok: false, code });
  });

  it('may carry other tags beside its own', () => {
    expect(readFileRecord(signed(withHead({ tags: [salt, ...draft.head.tags, ledger] })))).toMatchObject({
      ok: true,
    });
  });

  it('of another type or version is left to be shown raw', () => {
    expect(readFileRecord(signed({ ...draft, payloadType: `${fileRecordType}x` }))).toBe(undefined);
    expect(readFileRecord(signed(withHead({ v: 2, body: {} })))).toBe(undefined);
  });
});
