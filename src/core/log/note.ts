/**
 * Signed notes: a text, an empty line, and the signatures of any number of keys. Specified in
 * `docs/spec/notes.md`, after C2SP signed-note v1.0.0.
 */
import { concatBytes, fromBase64, fromHex, fromUtf8, toBase64, toHex, toUtf8 } from '../bytes.ts';
import { signMessage, verifySignature } from '../crypto/signature.ts';
import type { NoteCode } from '../errors/note.ts';
import { ok, refuse, type Result } from '../result.ts';
import { cosign, cosignatureTime } from './cosignature.ts';
import { isKeyName, keyType, type VerifierKey } from './verifier-key.ts';

/** Limits of a note. The specification that this follows asks for at least 16 signatures. */
export const noteLimits = { bytes: 1_048_576, signatures: 64 } as const;

/** A signature line as it stands in a note: nothing about it has been checked. */
export interface NoteSignature {
  readonly name: string;
  /** The key id: eight hexadecimal digits. */
  readonly keyId: string;
  /** What the key's type makes of it: 64 bytes for Ed25519, 72 for a cosignature. At least one byte. */
  readonly bytes: Uint8Array;
}

/** A note as it was read: the text is NOT trusted. */
export interface Note {
  /** Ends with a line feed. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A signature that was checked. `time` (POSIX seconds) is stated by cosigners only. */
export type VerifiedSignature =
  | { readonly kind: 'signature'; readonly key: VerifierKey }
  | { readonly kind: 'cosignature'; readonly key: VerifierKey; readonly time: number };

const token = Symbol('made by openNote');

/** A class with a private field, and not exported: no literal or spread passes for an opened note. */
class OpenedNote {
  readonly #text: string;
  readonly #signatures: readonly VerifiedSignature[];

  constructor(made: symbol, text: string, signatures: readonly VerifiedSignature[]) {
    if (made !== token) throw new TypeError('notes are opened by openNote');
    this.#text = text;
    this.#signatures = Object.freeze(signatures.map((signature) => Object.freeze({ ...signature })));
    Object.freeze(this);
  }

  /** Ends with a line feed. */
  get text(): string {
    return this.#text;
  }

  /** One for each known key that signed, in the order of the lines. */
  get signatures(): readonly VerifiedSignature[] {
    return this.#signatures;
  }
}

/** A note signed by at least one known key. Made by {@link openNote} only. */
export type VerifiedNote = OpenedNote;

const dash = '\u2014';

/** Reads one signature line without its line feed: em dash, space, name, space, base64 of key id and signature. */
function parseSignatureLine(line: string): Result<NoteSignature, NoteCode> {
  const [start, name = '', encoded = '', ...rest] = line.split(' ');
  if (start !== dash || rest.length > 0 || !isKeyName(name)) return refuse('note-signature-line');
  const bytes = fromBase64(encoded);
  if (bytes === undefined || bytes.length < 5) return refuse('note-signature-line');
  return ok({ name, keyId: toHex(bytes.subarray(0, 4)), bytes: bytes.subarray(4) });
}

/** Reads signature lines, each ended by a line feed: what stands below a note's text, or what a witness answers. */
export function parseSignatureLines(text: string): Result<readonly NoteSignature[], NoteCode> {
  if (text === '' || !text.endsWith('\n')) return refuse('note-malformed');
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > noteLimits.signatures) return refuse('note-too-many-signatures', `${lines.length}`);
  const signatures: NoteSignature[] = [];
  for (const line of lines) {
    const signature = parseSignatureLine(line);
    if (!signature.ok) return signature;
    signatures.push(signature.value);
  }
  return ok(signatures);
}

/** Reads a note. The text ends where the *last* empty line begins. Nothing is verified. */
export function parseNote(bytes: Uint8Array): Result<Note, NoteCode> {
  if (bytes.length > noteLimits.bytes) return refuse('note-too-long', `${bytes.length} bytes`);
  const whole = fromUtf8(bytes);
  if (whole === undefined) return refuse('note-malformed', 'not UTF-8');
  const control = bytes.findIndex((byte) => byte < 0x20 && byte !== 0x0a);
  if (control !== -1) return refuse('note-control-character', `at byte ${control}`);
  const split = whole.lastIndexOf('\n\n');
  if (split === -1) return refuse('note-malformed');
  const signatures = parseSignatureLines(whole.slice(split + 2));
  return signatures.ok ? ok({ text: whole.slice(0, split + 1), signatures: signatures.value }) : signatures;
}

/** Writes a signature line with its line feed. */
export function formatSignatureLine(signature: NoteSignature): string {
  const id = fromHex(signature.keyId, 4);
  if (id === undefined) throw new RangeError('a key id has eight hexadecimal digits');
  return `${dash} ${signature.name} ${toBase64(concatBytes(id, signature.bytes))}\n`;
}

/** Writes a note. @throws RangeError when {@link parseNote} would not read the same note back. */
export function formatNote(text: string, signatures: readonly NoteSignature[]): Uint8Array {
  const bytes = toUtf8(`${text}\n${signatures.map(formatSignatureLine).join('')}`);
  const back = parseNote(bytes);
  if (!back.ok) throw new RangeError(`not a note: ${back.code}`);
  if (back.value.text !== text) throw new RangeError("not a note's text: it must end with a line feed");
  return bytes;
}

/**
 * A log's (or promise key's) signature over a note's text.
 *
 * @param seed the key's 32-byte Ed25519 seed
 * @throws RangeError when the key is not of type 1 or the seed is not its own.
 */
export function signNote(key: VerifierKey, seed: Uint8Array, text: string): NoteSignature {
  if (key.type !== keyType.ed25519) throw new RangeError('a note is signed with a key of type 1');
  const textBytes = toUtf8(text);
  const bytes = signMessage(seed, textBytes);
  // With a native engine this is many times faster than to derive the public key, which no engine does.
  if (!verifySignature(key.publicKey, textBytes, bytes)) throw new RangeError("the seed is not the key's");
  return { name: key.name, keyId: key.id, bytes };
}

/**
 * Signs notes with one key again and again: that the seed is the key's, which {@link signNote} checks each time, is checked
 * once. The seed must stay as it is.
 *
 * @throws RangeError as {@link signNote}, here and not later.
 */
export function noteSigner(key: VerifierKey, seed: Uint8Array): (text: string) => NoteSignature {
  signNote(key, seed, 'which signs nothing\n');
  return (text) => ({ name: key.name, keyId: key.id, bytes: signMessage(seed, toUtf8(text)) });
}

/** A witness's signature line over a checkpoint's text at `time` (POSIX seconds). @throws RangeError as `cosign`. */
export function cosignNote(key: VerifierKey, seed: Uint8Array, text: string, time: number): NoteSignature {
  return { name: key.name, keyId: key.id, bytes: cosign(key, seed, text, time) };
}

function verifyLine(
  key: VerifierKey,
  text: string,
  textBytes: Uint8Array,
  signature: Uint8Array,
): VerifiedSignature | undefined {
  if (key.type === keyType.ed25519) {
    return verifySignature(key.publicKey, textBytes, signature) ? { kind: 'signature', key } : undefined;
  }
  const time = cosignatureTime(key, text, signature);
  return time === undefined ? undefined : { kind: 'cosignature', key, time };
}

/** Of two valid signatures of one key the one that says more: the later time. */
function later(held: VerifiedSignature, next: VerifiedSignature): VerifiedSignature {
  return held.kind === 'cosignature' && next.kind === 'cosignature' && next.time > held.time ? next : held;
}

/**
 * Reads a note and checks every line whose name *and* id are those of a known key. Other lines are ignored, of
 * whatever type. One wrong signature of a known key refuses the note (`note-signature-refused`), no signature of
 * a known key does too (`note-unsigned`). Lines that repeat a key are all checked and count as one, with the
 * latest time.
 *
 * @throws RangeError when two of the given keys have the same name and id: their lines could not be told apart.
 */
export function openNote(bytes: Uint8Array, known: readonly VerifierKey[]): Result<VerifiedNote, NoteCode> {
  const keys = new Map(known.map((key) => [`${key.name}+${key.id}`, key]));
  if (keys.size !== known.length) throw new RangeError('two known keys have the same name and id');
  const note = parseNote(bytes);
  if (!note.ok) return note;
  const { text } = note.value;
  const textBytes = toUtf8(text);
  const found = new Map<VerifierKey, VerifiedSignature>();
  for (const line of note.value.signatures) {
    const key = keys.get(`${line.name}+${line.keyId}`);
    if (key === undefined) continue;
    const verified = verifyLine(key, text, textBytes, line.bytes);
    if (verified === undefined) return refuse('note-signature-refused', key.name);
    const held = found.get(key);
    found.set(key, held === undefined ? verified : later(held, verified));
  }
  if (found.size === 0) return refuse('note-unsigned');
  return ok(new OpenedNote(token, text, [...found.values()]));
}
