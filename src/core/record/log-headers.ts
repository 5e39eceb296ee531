/**
 * Headers under a checkpoint: what proofs about blocks are judged against. A header counts only when it is valid at its
 * position and included in the tree of a checkpoint that the ledger's log key signed.
 */
import type { CheckpointCode } from '../errors/checkpoint.ts';
import type { HeaderCode } from '../errors/header.ts';
import type { JsonCode } from '../errors/json.ts';
import type { NoteCode } from '../errors/note.ts';
import type { TreeCode } from '../errors/tree.ts';
import type { VerifiedCheckpoint } from '../log/checkpoint.ts';
import { openLedgerCheckpoint } from '../log/checkpoint.ts';
import type { VerifierKey } from '../log/verifier-key.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { leafHash, verifyInclusion } from '../tree/merkle.ts';
import type { BlockHeader } from './header.ts';
import type { Ledger } from './ledger.ts';
import { parseHeaderAt } from './ledger.ts';

/** An entry of the block log with its height and the way to the root of a checkpoint. Foreign input. */
export interface BlockProof {
  readonly header: Uint8Array;
  readonly height: number;
  /** RFC 6962 inclusion path. */
  readonly path: readonly Uint8Array[];
}

/** The headers of one checkpoint that were shown so far. */
export class LogHeaders {
  readonly ledger: Ledger;
  readonly checkpoint: VerifiedCheckpoint;
  readonly #headers = new Map<number, BlockHeader>();

  private constructor(ledger: Ledger, checkpoint: VerifiedCheckpoint) {
    this.ledger = ledger;
    this.checkpoint = checkpoint;
    Object.freeze(this);
  }

  /**
   * Opens a checkpoint of the ledger.
   *
   * @param note the whole note.
   * @param cosigners the witnesses whose cosignatures are wanted in `checkpoint`; none is required here.
   */
  static open(
    ledger: Ledger,
    note: Uint8Array,
    cosigners: readonly VerifierKey[] = [],
  ): Result<LogHeaders, NoteCode | CheckpointCode> {
    const checkpoint = openLedgerCheckpoint(note, ledger.logKey, cosigners);
    return checkpoint.ok ? ok(new LogHeaders(ledger, checkpoint.value)) : checkpoint;
  }

  /** Number of blocks under the checkpoint. */
  get size(): number {
    return this.checkpoint.size;
  }

  /** Whether these bytes are the entry that the proof names; they need not be a header. */
  verifyEntry({ header, height, path }: BlockProof): Result<void, TreeCode> {
    const { size, root } = this.checkpoint;
    return verifyInclusion({ leafHash: leafHash(header), index: height, size, proof: path, root });
  }

  /** Takes a header in, when it is valid at its position and included. */
  include(proof: BlockProof): Result<BlockHeader, TreeCode | HeaderCode | JsonCode> {
    const included = this.verifyEntry(proof);
    if (!included.ok) return included;
    const header = parseHeaderAt(proof.header, proof.height, this.ledger);
    if (header.ok) this.#headers.set(proof.height, header.value);
    return header;
  }

  /** The header at this height, when it was taken in. */
  at(height: number): BlockHeader | undefined {
    return this.#headers.get(height);
  }
}

/** A leaf of a block's message tree with its position and the way to the root. Foreign input. */
export interface MessageProof {
  readonly index: number;
  readonly leaf: Uint8Array;
  /** RFC 6962 inclusion path. */
  readonly path: readonly Uint8Array[];
}

/** Whether the leaf, whatever its bytes, stands at the position that the proof names. */
export function verifyMessageEntry(
  header: BlockHeader,
  { index, leaf, path }: MessageProof,
): Result<void, TreeCode> {
  const { count, root } = header.messages;
  const included = verifyInclusion({ leafHash: leafHash(leaf), index, size: count, proof: path, root });
  return included.ok ? included : refuse(included.code, `message ${index}`);
}
