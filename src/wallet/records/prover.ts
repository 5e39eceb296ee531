/**
 * Proofs from the local copy: that a message stands in a block under the signed head, and that the block lists it under
 * every tag. Nothing here trusts the database: the trees are made again from its rows and compared with what the headers,
 * and the signed head over them, commit to.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { BlockProof } from '../../core/record/log-headers.ts';
import type { VerifiedMessage } from '../../core/record/message.ts';
import {
  listedTags,
  type PlaceProof,
  tagListBytes,
  type VerifiedPlace,
  verifyPlace,
} from '../../core/record/receipt.ts';
import { distinctTags, type TagLink } from '../../core/record/tag-groups.ts';
import { buildTagIndex, type TagIndex } from '../../core/record/tag-index.ts';
import { IndexProver, type Lookup } from '../../core/record/tag-proof.ts';
import {
  assembleProof,
  foldPeaks,
  leafHash,
  type NodeReader,
  treeNodes,
  treeRoot,
  inclusionProof,
} from '../../core/tree/merkle.ts';
import { inclusionProofNodes, type NodeId, prefixProofNodes, rootNodes } from '../../core/tree/nodes.ts';
import {
  bytesIn,
  damaged,
  type FoundMessage,
  headerAt,
  integerIn,
  messagesOf,
  messageWithId,
} from '../explorer/copy.ts';
import type { Statements } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';

/** A message that stands in the copy, with the proof and what it shows. */
export interface ProvenPlace {
  readonly message: VerifiedMessage;
  readonly proof: PlaceProof;
  readonly place: VerifiedPlace;
}

/** Headers are hashed in runs of so many: of each run only the root stays in memory. */
const runLevel = 8;
const runLength = 2 ** runLevel;
/** Blocks whose trees are kept, for messages that stand side by side. */
const mostBlocks = 4;
/** Questions that are put to the database at a time. */
const batch = 256;

interface BlockTrees {
  readonly header: BlockHeader;
  readonly messages: readonly FoundMessage[];
  readonly nodes: NodeReader;
  readonly index: TagIndex;
  readonly prover: IndexProver;
}

/** Makes proofs for one state of the copy: make a new one after each synchronisation. */
export class Prover {
  readonly #database: Statements;
  readonly #joined: JoinedLedger;
  readonly #blocks = new Map<number, BlockTrees>();
  #runs: Promise<readonly Uint8Array[]> | undefined;

  constructor(database: Statements, joined: JoinedLedger) {
    this.#database = database;
    this.#joined = joined;
  }

  /**
   * Where the message with this id stands; undefined when it is in no block whose messages are here.
   * @throws CountersignError `store-corrupt` when the copy is not what the signed head commits to.
   */
  async place(id: Uint8Array): Promise<ProvenPlace | undefined> {
    const found = await messageWithId(this.#database, this.#joined, id);
    if (found === undefined) return undefined;
    const { messages, nodes, index, prover } = await this.#trees(found.height);
    const { message, position } = found;
    const tags = listedTags(message).map((tag) => {
      const entry = index.entries.find((candidate) => equalBytes(candidate.tag, tag));
      const looked = prover.lookup(tag);
      if (entry === undefined || !looked.found) throw damaged(`tag ${toHex(tag)}`);
      return { list: tagListBytes(entry.indices), presence: looked.presence };
    });
    const { checkpoint } = this.#joined;
    if (checkpoint === undefined) throw damaged('checkpoint');
    const proof = {
      block: await this.block(found.height),
      checkpoint,
      message: { index: position, path: inclusionProof(nodes, position, messages.length) },
      tags,
    };
    // Whoever is handed the proof judges it the same way.
    const place = verifyPlace(this.#joined.ledger, message, proof);
    if (!place.ok) throw damaged(`message ${toHex(id)}: ${place.code} ${place.detail ?? ''}`.trim());
    return { message, proof, place: place.value };
  }

  /** What the tag index of a block says about a tag, with the proof. The block's messages must be here. */
  async lookup(height: number, tag: Uint8Array): Promise<Lookup> {
    return (await this.#trees(height)).prover.lookup(tag);
  }

  /** The proof that a header stands under the signed head. */
  async block(height: number): Promise<BlockProof> {
    const { size } = this.#joined;
    const header = await this.#header(height);
    const plan = inclusionProofNodes(height, size);
    const read = await this.#readNodes(plan.flat());
    return { header: header.bytes, height, path: assembleProof(plan, read) };
  }

  /** The nodes that show what the first `size` blocks of the signed head are (`docs/spec/tree.md`, 'Prefix proof'). */
  async prefix(size: number): Promise<Uint8Array[]> {
    const plan = prefixProofNodes(size, this.#joined.size);
    return plan.map(await this.#readNodes(plan));
  }

  async #header(height: number): Promise<BlockHeader> {
    const header = await headerAt(this.#database, this.#joined, height);
    if (header === undefined) throw damaged(`header ${height}`);
    return header;
  }

  async #trees(height: number): Promise<BlockTrees> {
    const known = this.#blocks.get(height);
    if (known !== undefined) return known;
    const header = await this.#header(height);
    const messages = await messagesOf(this.#database, this.#joined, header);
    const hashes = messages.map(({ message }) => leafHash(message.leaf));
    if (!equalBytes(treeRoot(hashes), header.messages.root)) throw damaged(`messages of block ${height}`);
    const index = await this.#index(header, messages);
    const trees = {
      header,
      messages,
      nodes: treeNodes(hashes),
      index,
      prover: new IndexProver(index.leaves),
    };
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size >= mostBlocks && oldest !== undefined) this.#blocks.delete(oldest);
    this.#blocks.set(height, trees);
    return trees;
  }

  /** The tag index of a block, made again; it is the one that the header commits to. */
  async #index(header: BlockHeader, found: readonly FoundMessage[]): Promise<TagIndex> {
    const messages = found.map(({ message }) => message);
    const tags = distinctTags(messages);
    const links = new Map<string, TagLink>();
    for (let i = 0; i < tags.length; i += batch) {
      const asked = tags.slice(i, i + batch);
      const answers = await Promise.all(asked.map((tag) => this.#linkBefore(tag, header.height)));
      for (const [k, tag] of asked.entries()) {
        const link = answers[k];
        if (link !== undefined) links.set(toHex(tag), link);
      }
    }
    const index = buildTagIndex(messages, (tag) => links.get(toHex(tag)));
    const isSame = index.count === header.tags.count && equalBytes(index.root, header.tags.root);
    if (!isSame) throw damaged(`tag index of block ${header.height}`);
    return index;
  }

  /** The newest block below `height` that had a tag, and how many messages had it until then. */
  async #linkBefore(tag: Uint8Array, height: number): Promise<TagLink | undefined> {
    const [row] = await this.#database.all(
      `WITH first AS (SELECT min(id) AS id FROM message WHERE ledger = ?1 AND height = ?2),
        carrier AS (
          SELECT tagged.message AS id FROM tag JOIN tagged ON tagged.tag = tag.id
            WHERE tag.ledger = ?1 AND tag.tag = ?3 AND tagged.message < (SELECT id FROM first)
          UNION
          SELECT message.id FROM message_key JOIN message ON message.id = message_key.message
            WHERE message_key.key = substr(?3, 1, 8) AND ledger = ?1 AND message_id = ?3 AND height < ?2)
       SELECT (SELECT count(*) FROM carrier) AS total,
         (SELECT height FROM message WHERE id = (SELECT max(id) FROM carrier)) AS height`,
      this.#joined.row,
      height,
      tag,
    );
    if (row === undefined || row['total'] === 0) return undefined;
    return { height: integerIn(row, 'height'), total: integerIn(row, 'total') };
  }

  /** The hashes of headers from `from` on, at most a run of them. */
  async #leaves(from: number): Promise<readonly Uint8Array[]> {
    const to = Math.min(from + runLength, this.#joined.size);
    const rows = await this.#database.all(
      'SELECT header FROM block WHERE ledger = ? AND height >= ? AND height < ? ORDER BY height',
      this.#joined.row,
      from,
      to,
    );
    if (rows.length !== to - from) throw damaged(`headers from ${from}`);
    return rows.map((row) => leafHash(bytesIn(row, 'header')));
  }

  /** The roots of all full runs, once it is known that the signed head commits to them. */
  async #readRuns(): Promise<readonly Uint8Array[]> {
    const { checkpoint, ledger, size } = this.#joined;
    const runs: Uint8Array[] = [];
    for (let from = 0; from + runLength <= size; from += runLength) {
      runs.push(treeRoot(await this.#leaves(from)));
    }
    const head = openLedgerCheckpoint(checkpoint ?? new Uint8Array(), ledger.logKey, []);
    if (!head.ok || head.value.size !== size) throw damaged('checkpoint');
    const nodes = rootNodes(size);
    const read = await this.#resolve(nodes, runs);
    if (!equalBytes(foldPeaks(nodes.map(read)), head.value.root)) throw damaged('headers');
    return runs;
  }

  async #readNodes(nodes: readonly NodeId[]): Promise<NodeReader> {
    this.#runs ??= this.#readRuns();
    return this.#resolve(nodes, await this.#runs);
  }

  /** The hashes of these nodes: high ones from the roots of the runs, low ones from their headers. */
  async #resolve(nodes: readonly NodeId[], runs: readonly Uint8Array[]): Promise<NodeReader> {
    const hashes = new Map<string, Uint8Array>();
    const leaves = new Map<number, readonly Uint8Array[]>();
    for (const { level, index } of nodes) {
      const start = Number(index) * 2 ** level;
      if (level >= runLevel) {
        const first = start / runLength;
        hashes.set(`${level}/${index}`, treeRoot(runs.slice(first, first + 2 ** (level - runLevel))));
        continue;
      }
      const run = start - (start % runLength);
      const inRun = leaves.get(run) ?? (await this.#leaves(run));
      leaves.set(run, inRun);
      hashes.set(`${level}/${index}`, treeRoot(inRun.slice(start - run, start - run + 2 ** level)));
    }
    return ({ level, index }) => {
      const hash = hashes.get(`${level}/${index}`);
      if (hash === undefined) throw new RangeError(`node ${level}/${index} was not asked for`);
      return hash;
    };
  }
}
