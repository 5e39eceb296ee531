/**
 * Verifier keys: the public half of whoever signs notes, as one line of text. Specified in `docs/spec/notes.md`,
 * after C2SP signed-note.
 */
import { concatBytes, copyBytes, fromBase64, toBase64, toHex, toUtf8 } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { NoteCode } from '../errors/note.ts';
import { ok, refuse, type Result } from '../result.ts';

/** Signature types: what a key signs and how. */
export const keyType = {
  /** Plain Ed25519 over the note's text: logs, promises. */
  ed25519: 0x01,
  /** Ed25519 with a time (cosignature/v1): witnesses and auditors. */
  cosignature: 0x04,
} as const;

export type KeyType = (typeof keyType)[keyof typeof keyType];

const token = Symbol('made by verifierKey');

/** A class with a private field, and not exported: no literal or spread passes for a key. */
class MadeKey {
  readonly name: string;
  /** The key id: eight hexadecimal digits. */
  readonly id: string;
  readonly type: KeyType;
  readonly #publicKey: Uint8Array;

  constructor(made: symbol, name: string, type: KeyType, publicKey: Uint8Array) {
    if (made !== token) throw new TypeError('verifier keys are made by verifierKey');
    this.name = name;
    this.type = type;
    this.#publicKey = copyBytes(publicKey);
    this.id = keyId(name, type, this.#publicKey);
    Object.freeze(this);
  }

  /** Ed25519, 32 bytes: a copy. */
  get publicKey(): Uint8Array {
    return this.#publicKey.slice();
  }
}

/** A verifier key whose id fits its name, type and public key. Made by {@link verifierKey} only. */
export type VerifierKey = MadeKey;

/** Whether a text may be the name of a key: not empty, no Unicode white space, no '+', no control character. */
export function isKeyName(text: string): boolean {
  // Control characters below U+0020 cannot stand in a note at all; a lone surrogate has no UTF-8 form.
  // eslint-disable-next-line no-control-regex
  return text !== '' && !/[\p{White_Space}\p{Cs}+\u0000-\u001f]/u.test(text);
}

/** The key id: the first four bytes of SHA-256(name || 0x0A || type || public key), in hexadecimal. */
function keyId(name: string, type: KeyType, publicKey: Uint8Array): string {
  return toHex(sha256(concatBytes(toUtf8(`${name}\n`), Uint8Array.of(type), publicKey)).subarray(0, 4));
}

/** A verifier key from its parts. @throws RangeError when the name or the key's length is not allowed. */
export function verifierKey(name: string, type: KeyType, publicKey: Uint8Array): VerifierKey {
  if (!isKeyName(name)) throw new RangeError('not the name of a key');
  if (publicKey.length !== 32) throw new RangeError(`an Ed25519 key has 32 bytes, not ${publicKey.length}`);
  return new MadeKey(token, name, type, publicKey);
}

/** Reads `name+id+base64(type || public key)`. @returns refused as `note-key-malformed`, `-type` or `-id`. */
export function parseVerifierKey(text: string): Result<VerifierKey, NoteCode> {
  // The name holds no '+', the base64 may: only the first two split.
  const match = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]{1,8192})$/u.exec(text);
  const [, name = '', id = '', encoded = ''] = match ?? [];
  const bytes = fromBase64(encoded);
  if (match === null || bytes === undefined || !isKeyName(name)) return refuse('note-key-malformed');
  const type = Object.values(keyType).find((known) => known === bytes[0]);
  if (type === undefined) return refuse('note-key-type', `type ${bytes[0] ?? 'missing'}`);
  if (bytes.length !== 33) return refuse('note-key-malformed', `a key of ${bytes.length - 1} bytes`);
  const key = verifierKey(name, type, bytes.subarray(1));
  return key.id === id ? ok(key) : refuse('note-key-id', `${id} is written, ${key.id} would fit`);
}

/** Writes a verifier key as {@link parseVerifierKey} reads it. */
export function formatVerifierKey(key: VerifierKey): string {
  return `${key.name}+${key.id}+${toBase64(concatBytes(Uint8Array.of(key.type), key.publicKey))}`;
}
