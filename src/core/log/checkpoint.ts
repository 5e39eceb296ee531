/**
 * Checkpoints: signed notes that state a log's size and root. Specified in `docs/spec/notes.md`, after C2SP
 * tlog-checkpoint v1.0.0.
 */
import { copyBytes, fromBase64, toBase64 } from '../bytes.ts';
import type { CheckpointCode } from '../errors/checkpoint.ts';
import type { NoteCode } from '../errors/note.ts';
import { ok, refuse, type Result } from '../result.ts';
import { openNote, type VerifiedSignature } from './note.ts';
import { keyType, type VerifierKey } from './verifier-key.ts';

/** What a checkpoint states. */
export interface Checkpoint {
  /** The log's identity: the first line. */
  readonly origin: string;
  /** Number of leaves, at most 2^53 - 1. */
  readonly size: number;
  /** Root of the RFC 6962 tree of that size, 32 bytes. */
  readonly root: Uint8Array;
  /** Lines after the third; opaque, none in a ledger. */
  readonly extensions: readonly string[];
}

export type VerifiedCosignature = VerifiedSignature & { readonly kind: 'cosignature' };

/** What an opened checkpoint is made from. */
interface Opened {
  readonly checkpoint: Checkpoint;
  readonly text: string;
  readonly logKey: VerifierKey;
  readonly cosignatures: readonly VerifiedCosignature[];
}

const token = Symbol('made by openCheckpoint');

/** A class with a private field, and not exported: no literal or spread passes for a verified checkpoint. */
class OpenedCheckpoint implements Checkpoint {
  readonly origin: string;
  readonly size: number;
  readonly extensions: readonly string[];
  /** The note's text, byte for byte what was signed. */
  readonly text: string;
  /** The log key that signed. */
  readonly logKey: VerifierKey;
  /** The known cosigners that signed, each once. */
  readonly cosignatures: readonly VerifiedCosignature[];
  readonly #root: Uint8Array;

  constructor(made: symbol, { checkpoint, text, logKey, cosignatures }: Opened) {
    if (made !== token) throw new TypeError('checkpoints are opened by openCheckpoint');
    this.origin = checkpoint.origin;
    this.size = checkpoint.size;
    this.#root = copyBytes(checkpoint.root);
    this.extensions = Object.freeze([...checkpoint.extensions]);
    this.text = text;
    this.logKey = logKey;
    this.cosignatures = Object.freeze([...cosignatures]);
    Object.freeze(this);
  }

  /** A copy of the root, 32 bytes. */
  get root(): Uint8Array {
    return this.#root.slice();
  }
}

/** A checkpoint signed by its log. The functions of this file that open checkpoints are the only makers. */
export type VerifiedCheckpoint = OpenedCheckpoint;

/** Reads a number in plain decimal digits without leading zeros, at most 2^53 - 1. */
export function parseDecimal(text: string): number | undefined {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return undefined;
  const value = Number(text);
  return Number.isSafeInteger(value) ? value : undefined;
}

/** Reads a checkpoint from a note's text. Nothing is verified. */
export function parseCheckpoint(text: string): Result<Checkpoint, CheckpointCode> {
  if (!text.endsWith('\n')) return refuse('checkpoint-malformed');
  const lines = text.slice(0, -1).split('\n');
  if (lines.length < 3 || lines.includes('')) return refuse('checkpoint-malformed');
  const [origin = '', sizeLine = '', rootLine = '', ...extensions] = lines;
  const size = parseDecimal(sizeLine);
  if (size === undefined) return refuse('checkpoint-size');
  const root = fromBase64(rootLine);
  if (root?.length !== 32) return refuse('checkpoint-root');
  return ok({ origin, size, root, extensions });
}

/** Whether a text may be the origin of a ledger: 1 to 255 characters that look like nothing else. */
export function isLedgerOrigin(text: string): boolean {
  return /^[A-Za-z0-9._~/:-]{1,255}$/.test(text);
}

/** Reads a ledger's checkpoint: an origin as {@link isLedgerOrigin} says, and no extension lines. */
export function parseLedgerCheckpoint(text: string): Result<Checkpoint, CheckpointCode> {
  const checkpoint = parseCheckpoint(text);
  if (!checkpoint.ok) return checkpoint;
  const { origin, extensions } = checkpoint.value;
  if (!isLedgerOrigin(origin)) return refuse('checkpoint-malformed');
  return extensions.length === 0 ? checkpoint : refuse('checkpoint-extension', `${extensions.length} lines`);
}

/** Writes the text to sign. @throws RangeError when {@link parseCheckpoint} would not read the same back. */
export function formatCheckpoint(checkpoint: Checkpoint): string {
  const { origin, size, root, extensions } = checkpoint;
  const text = [origin, size, toBase64(root), ...extensions, ''].join('\n');
  const back = parseCheckpoint(text);
  if (!back.ok) throw new RangeError(`not a checkpoint: ${back.code}`);
  if (back.value.origin !== origin || back.value.extensions.length !== extensions.length) {
    throw new RangeError('not a checkpoint: a line feed inside a line');
  }
  return text;
}

type CheckpointParser = (text: string) => Result<Checkpoint, CheckpointCode>;

/** A log as its reader was told about it: its key, and the origin that the key stands for. */
export interface NamedLog {
  readonly key: VerifierKey;
  readonly origin: string;
}

/** Logs whose keys have their names. */
function byKeyName(keys: readonly VerifierKey[]): readonly NamedLog[] {
  return keys.map((key) => ({ key, origin: key.name }));
}

function open(
  bytes: Uint8Array,
  accepted: readonly NamedLog[],
  cosigners: readonly VerifierKey[],
  parse: CheckpointParser,
): Result<VerifiedCheckpoint, NoteCode | CheckpointCode> {
  const logKeys = accepted.map(({ key }) => key);
  if (logKeys.some((key) => key.type !== keyType.ed25519)) throw new RangeError('a log key is of type 1');
  if (cosigners.some((key) => key.type !== keyType.cosignature))
    throw new RangeError('a cosigner is of type 4');
  const note = openNote(bytes, [...logKeys, ...cosigners]);
  if (!note.ok) return note;
  // Only now: nothing of the text is looked at before its signatures are checked.
  const { text, signatures } = note.value;
  const checkpoint = parse(text);
  if (!checkpoint.ok) return checkpoint;
  const logs = signatures.filter((signature) => signature.kind === 'signature');
  if (logs.length === 0) return refuse('checkpoint-not-by-log');
  const { origin } = checkpoint.value;
  const logKey = accepted.find(
    (log) => log.origin === origin && logs.some((signature) => signature.key === log.key),
  )?.key;
  if (logKey === undefined) return refuse('checkpoint-origin', origin);
  const cosignatures = signatures.filter((signature) => signature.kind === 'cosignature');
  return ok(new OpenedCheckpoint(token, { checkpoint: checkpoint.value, text, logKey, cosignatures }));
}

/**
 * Opens a log's checkpoint: the note carries a valid signature of one of `logKeys` (type 1) whose name is the
 * origin, and no wrong signature of any given key.
 *
 * @param cosigners the witnesses (type 4) whose cosignatures are wanted; none is required here: see the policy
 * @throws RangeError on a key of the wrong type, and when two keys have the same name and id.
 */
export function openCheckpoint(
  bytes: Uint8Array,
  logKeys: readonly VerifierKey[],
  cosigners: readonly VerifierKey[],
): Result<VerifiedCheckpoint, NoteCode | CheckpointCode> {
  return open(bytes, byKeyName(logKeys), cosigners, parseCheckpoint);
}

/**
 * As {@link openCheckpoint}, for a log whose origin may differ from the name of its key: whoever vouches for the key has
 * to vouch for the origin with it. The origin is that one and no other.
 */
export function openNamedCheckpoint(
  bytes: Uint8Array,
  log: NamedLog,
  cosigners: readonly VerifierKey[],
): Result<VerifiedCheckpoint, NoteCode | CheckpointCode> {
  return open(bytes, [log], cosigners, parseCheckpoint);
}

/** As {@link openCheckpoint}, by the stricter form of a ledger's checkpoint. */
export function openLedgerCheckpoint(
  bytes: Uint8Array,
  logKey: VerifierKey,
  cosigners: readonly VerifierKey[],
): Result<VerifiedCheckpoint, NoteCode | CheckpointCode> {
  return open(bytes, byKeyName([logKey]), cosigners, parseLedgerCheckpoint);
}
