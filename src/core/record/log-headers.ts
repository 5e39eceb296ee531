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
import type { Founding } from './founding.ts';
import type { BlockHeader, TreeCommitment } from './header.ts';
import type { Ledger } from './ledger.ts';
import { parseHeaderAt } from './ledger.ts';

/** An entry of the block log with its height and the way to the root of a checkpoint. Foreign input. */
export interface BlockProof {
  readonly header: Uint8Array;
  readonly height: number;
  /** RFC 6962 inclusion path. */
  readonly path: readonly Uint8Array[];
}

/** A class with a private field, and not exported: no literal, spread or copy of one passes for an included header. */
class Included implements BlockHeader {
  readonly body: BlockHeader['body'];
  readonly bytes: Uint8Array;
  readonly founding?: Founding;
  readonly hash: Uint8Array;
  readonly height: number;
  readonly ledger?: Uint8Array;
  readonly messages: TreeCommitment;
  readonly previous?: Uint8Array;
  readonly rollups: readonly TreeCommitment[];
  readonly tags: TreeCommitment;
  readonly time: number;
  readonly #checkpoint: VerifiedCheckpoint;

  constructor(header: BlockHeader, checkpoint: VerifiedCheckpoint) {
    this.body = header.body;
    this.bytes = header.bytes;
    if (header.founding !== undefined) this.founding = header.founding;
    this.hash = header.hash;
    this.height = header.height;
    if (header.ledger !== undefined) this.ledger = header.ledger;
    this.messages = header.messages;
    if (header.previous !== undefined) this.previous = header.previous;
    this.rollups = header.rollups;
    this.tags = header.tags;
    this.time = header.time;
    this.#checkpoint = checkpoint;
    Object.freeze(this);
  }

  /** The checkpoint under which it stands. */
  get checkpoint(): VerifiedCheckpoint {
    return this.#checkpoint;
  }
}

/**
 * A header that is valid at its position in the block log of a checkpoint: what proofs about its block are judged
 * against. Only {@link LogHeaders.include} makes one.
 */
export type IncludedHeader = Included;

/** The headers of one checkpoint that were shown so far. */
export class LogHeaders {
  readonly ledger: Ledger;
  readonly checkpoint: VerifiedCheckpoint;
  readonly #headers = new Map<number, IncludedHeader>();

  private constructor(ledger: Ledger, checkpoint: VerifiedCheckpoint) {
    this.ledger = ledger;
    this.checkpoint = checkpoint;
    Object.freeze(this);
  }

  /**
   * Opens a checkpoint of the ledger.
   *
   * @param note the whole note.
   * @param cosigners the witnesses whose cosignatures are wanted in `checkpoint`, each once; none is required here.
   * @returns refused with `policy-duplicate` when the ledger's log key has the name and id of one of them.
   */
  static open(
    ledger: Ledger,
    note: Uint8Array,
    cosigners: readonly VerifierKey[] = [],
  ): Result<LogHeaders, NoteCode | CheckpointCode | 'policy-duplicate'> {
    // The ledger's key is foreign input: it may have been made to collide with a witness's.
    const { name, id } = ledger.logKey;
    if (cosigners.some((key) => key.name === name && key.id === id)) return refuse('policy-duplicate', name);
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
  include(proof: BlockProof): Result<IncludedHeader, TreeCode | HeaderCode | JsonCode> {
    const included = this.verifyEntry(proof);
    if (!included.ok) return included;
    const header = parseHeaderAt(proof.header, proof.height, this.ledger);
    if (!header.ok) return header;
    const shown = new Included(header.value, this.checkpoint);
    this.#headers.set(proof.height, shown);
    return ok(shown);
  }

  /** The header at this height, when it was taken in. */
  at(height: number): IncludedHeader | undefined {
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
  header: IncludedHeader,
  { index, leaf, path }: MessageProof,
): Result<void, TreeCode> {
  const { count, root } = header.messages;
  const included = verifyInclusion({ leafHash: leafHash(leaf), index, size: count, proof: path, root });
  return included.ok ? included : refuse(included.code, `message ${index}`);
}
