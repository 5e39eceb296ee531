/**
 * Proofs from the local copy: that a message stands in a block under the signed head, and that the block lists it under
 * every tag. Nothing here trusts the database: the trees are made again from its rows and compared with what the headers,
 * and the signed head over them, commit to.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { FollowCode } from '../../core/errors/follow.ts';
import { type BlockPlace, parseBlockPlace } from '../../core/record/place-proof.ts';
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
import { inclusionProof, leafHash, type NodeReader, treeNodes, treeRoot } from '../../core/tree/merkle.ts';
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
import { HeaderProofs } from './header-proofs.ts';

/** A message that stands in the copy, with the proof and what it shows. */
export interface ProvenPlace {
  readonly message: VerifiedMessage;
  readonly proof: PlaceProof;
  readonly place: VerifiedPlace;
}

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

/** Asks an address for what the tag index of a block says about a tag; checked against the header. */
export type AskIndex = (height: number, tag: Uint8Array) => Promise<Lookup>;

/** Makes proofs for one state of the copy: make a new one after each synchronisation. */
export class Prover {
  readonly #database: Statements;
  readonly #joined: JoinedLedger;
  readonly #elsewhere: AskIndex | undefined;
  readonly #headers: HeaderProofs;
  readonly #blocks = new Map<number, BlockTrees>();

  /** @param elsewhere what the tag index of a block says about a tag, where the block's messages are not here. */
  constructor(database: Statements, joined: JoinedLedger, elsewhere?: AskIndex) {
    this.#database = database;
    this.#joined = joined;
    this.#elsewhere = elsewhere;
    this.#headers = new HeaderProofs(database, joined);
  }

  /**
   * Where the message with this id stands; undefined when it is in no block whose messages are here.
   * @throws CountersignError `store-corrupt` when the copy is not what the signed head commits to.
   */
  async place(id: Uint8Array): Promise<ProvenPlace | undefined> {
    const found = await messageWithId(this.#database, this.#joined, id);
    if (found === undefined) return undefined;
    const { message, height } = found;
    const { checkpoint } = this.#joined;
    if (checkpoint === undefined) throw damaged('checkpoint');
    const inBlock = height < this.#joined.filled ? await this.#computed(found) : await this.#kept(found);
    const proof = { block: await this.block(height), checkpoint, ...inBlock };
    // Whoever is handed the proof judges it the same way.
    const place = verifyPlace(this.#joined.ledger, message, proof);
    if (!place.ok) throw damaged(`message ${toHex(id)}: ${place.code} ${place.detail ?? ''}`.trim());
    return { message, proof, place: place.value };
  }

  /** Where a message stands in its block, from all messages of the block. */
  async #computed({ message, height, position }: FoundMessage): Promise<BlockPlace> {
    const { messages, nodes, index, prover } = await this.#trees(height);
    const tags = listedTags(message).map((tag) => {
      const entry = index.entries.find((candidate) => equalBytes(candidate.tag, tag));
      const looked = prover.lookup(tag);
      if (entry === undefined || !looked.found) throw damaged(`tag ${toHex(tag)}`);
      return { list: tagListBytes(entry.indices), presence: looked.presence };
    });
    return { message: { index: position, path: inclusionProof(nodes, position, messages.length) }, tags };
  }

  /** Where a message stands in its block, as it was shown when it was followed. */
  async #kept({ row }: FoundMessage): Promise<BlockPlace> {
    const [kept] = await this.#database.all('SELECT proof FROM followed_message WHERE id = ?', row);
    const place = kept && parseBlockPlace(bytesIn(kept, 'proof'));
    if (place === undefined) throw damaged('proof');
    return place;
  }

  /**
   * What the tag index of a block says about a tag, with the proof.
   * @throws CountersignError `follow-only` when the block's messages are not here and nobody else is asked.
   */
  async lookup(height: number, tag: Uint8Array): Promise<Lookup> {
    if (height < this.#joined.filled) return (await this.#trees(height)).prover.lookup(tag);
    if (this.#elsewhere === undefined)
      throw new CountersignError<FollowCode>('follow-only', `block ${height}`);
    return this.#elsewhere(height, tag);
  }

  /** The proof that a header stands under the signed head. */
  block(height: number): Promise<BlockProof> {
    return this.#headers.block(height);
  }

  /** The nodes that show what the first `size` blocks of the signed head are (`docs/spec/tree.md`, 'Prefix proof'). */
  prefix(size: number): Promise<Uint8Array[]> {
    return this.#headers.prefix(size);
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
}
