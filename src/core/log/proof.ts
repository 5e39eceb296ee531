/**
 * Log proofs: one text file that shows offline that an entry is in a log. Specified in `docs/spec/notes.md`,
 * after C2SP tlog-proof v1.
 */
import { concatBytes, copyBytes, fromBase64, fromUtf8, toBase64, toUtf8 } from '../bytes.ts';
import type { CheckpointCode } from '../errors/checkpoint.ts';
import type { NoteCode } from '../errors/note.ts';
import type { PolicyCode } from '../errors/policy.ts';
import type { ProofCode } from '../errors/proof.ts';
import type { TreeCode } from '../errors/tree.ts';
import { ok, refuse, type Result } from '../result.ts';
import { verifyInclusion } from '../tree/merkle.ts';
import { parseDecimal } from './checkpoint.ts';
import { judgeCheckpoint, type PolicyVerdict } from './judge.ts';
import { noteLimits } from './note.ts';
import type { Policy } from './policy.ts';

const firstLine = 'c2sp.org/tlog-proof@v1';

/** Limits of a proof file: all of it, and the hashes of its inclusion path. */
export const proofLimits = { bytes: 2 * noteLimits.bytes, hashes: 63 } as const;

/** A proof as it was read. Nothing is verified; `extra` is signed by nobody, ever. */
export interface LogProof {
  /** Opaque data for the application, at least one byte. */
  readonly extra?: Uint8Array;
  /** The entry's place in the log, from 0. */
  readonly index: number;
  /** The inclusion proof, from the leaf's sibling to the root's child; 32 bytes each. */
  readonly hashes: readonly Uint8Array[];
  /** The whole signed checkpoint, byte for byte. */
  readonly checkpoint: Uint8Array;
}

const token = Symbol('made by verifyLogProof');

/** A class with a private field, and not exported: no literal or spread passes for a verified entry. */
class ProvenEntry {
  readonly index: number;
  /** By which checkpoint, and what its witnesses say. */
  readonly verdict: PolicyVerdict;
  readonly #leafHash: Uint8Array;

  constructor(made: symbol, index: number, leafHash: Uint8Array, verdict: PolicyVerdict) {
    if (made !== token) throw new TypeError('entries are verified by verifyLogProof');
    this.index = index;
    this.#leafHash = copyBytes(leafHash);
    this.verdict = verdict;
    Object.freeze(this);
  }

  /** A copy of the leaf hash, 32 bytes. */
  get leafHash(): Uint8Array {
    return this.#leafHash.slice();
  }
}

/** An entry shown to be in a log at `index`. Made by {@link verifyLogProof} only. */
export type VerifiedEntry = ProvenEntry;

/** Reads a proof file. */
export function parseLogProof(bytes: Uint8Array): Result<LogProof, ProofCode> {
  if (bytes.length > proofLimits.bytes) return refuse('proof-too-long', `${bytes.length} bytes`);
  // The first empty line ends the proof's own lines; the checkpoint after it may hold more of them.
  const end = bytes.findIndex((byte, i) => byte === 0x0a && bytes[i + 1] === 0x0a);
  const head = end === -1 ? undefined : fromUtf8(bytes.subarray(0, end));
  if (head === undefined) return refuse('proof-malformed');
  const lines = head.split('\n');
  if (lines.shift() !== firstLine) return refuse('proof-malformed');
  const extra = lines[0]?.startsWith('extra ') === true ? fromBase64(lines.shift()?.slice(6) ?? '') : null;
  if (extra === undefined || extra?.length === 0) return refuse('proof-extra');
  const [indexLine = '', ...hashLines] = lines;
  if (!indexLine.startsWith('index ')) return refuse('proof-malformed');
  const index = parseDecimal(indexLine.slice(6));
  if (index === undefined) return refuse('proof-index');
  if (hashLines.length > proofLimits.hashes) return refuse('proof-malformed', `${hashLines.length} hashes`);
  const hashes: Uint8Array[] = [];
  for (const line of hashLines) {
    const hash = fromBase64(line);
    if (hash?.length !== 32) return refuse('proof-hash');
    hashes.push(hash);
  }
  const checkpoint = bytes.slice(end + 2);
  return ok({ ...(extra === null ? {} : { extra }), index, hashes, checkpoint });
}

/** Writes a proof file. @throws RangeError when {@link parseLogProof} would not read the same back. */
export function formatLogProof(proof: LogProof): Uint8Array {
  const lines = [
    firstLine,
    ...(proof.extra === undefined ? [] : [`extra ${toBase64(proof.extra)}`]),
    `index ${proof.index}`,
    ...proof.hashes.map(toBase64),
    '\n',
  ];
  const bytes = concatBytes(toUtf8(lines.join('\n')), proof.checkpoint);
  const back = parseLogProof(bytes);
  if (!back.ok) throw new RangeError(`not a log proof: ${back.code}`);
  return bytes;
}

/**
 * Verifies that an entry is in a log, by a policy that did not come with the proof.
 *
 * @param leafHash the entry's RFC 6962 leaf hash, computed by the caller from the entry itself
 * @returns what was shown; look at `verdict.quorum` before relying on it. Refused with the codes of the note, the
 *   checkpoint, the policy and the tree.
 */
export function verifyLogProof(
  proof: LogProof,
  leafHash: Uint8Array,
  policy: Policy,
): Result<VerifiedEntry, NoteCode | CheckpointCode | PolicyCode | TreeCode> {
  const verdict = judgeCheckpoint(proof.checkpoint, policy);
  if (!verdict.ok) return verdict;
  const { size, root } = verdict.value.checkpoint;
  const { index, hashes } = proof;
  const included = verifyInclusion({ leafHash, index, size, proof: hashes, root });
  if (!included.ok) return included;
  return ok(new ProvenEntry(token, index, leafHash, verdict.value));
}
