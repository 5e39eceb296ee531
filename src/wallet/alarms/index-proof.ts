/** Proofs that the tag index of a block, which the operator signed, is not that of its messages. */
import { compareBytes, equalBytes, toHex } from '../../core/bytes.ts';
import { tagHistory } from '../../core/evidence/history.ts';
import { tagForeign, tagMalformed, tagMissing, tagUnsorted } from '../../core/evidence/tags.ts';
import type { BlockProof } from '../../core/record/log-headers.ts';
import { parseTagLeaf, parseTagList, type TagLeaf } from '../../core/record/tag-index.ts';
import { IndexProver, type Presence } from '../../core/record/tag-proof.ts';
import { Prover } from '../records/prover.ts';
import { type Looking, provenBy } from './finding.ts';
import { messageProof, type ServedBlock, type ServedLeaf } from './served.ts';
import { contradictingBlock, newestLinks, saidByBlock } from './tag-statements.ts';

/** A leaf that has its form, and its list where that is served and sound. */
interface SoundLeaf {
  readonly at: number;
  readonly leaf: TagLeaf;
  readonly bytes: Uint8Array;
  readonly indices: readonly number[] | undefined;
}

/** Tags whose history is looked up at a time. */
const batch = 1024;

/** The tag of a leaf. */
function tagIn(leaf: Uint8Array | undefined): Uint8Array {
  return (leaf ?? new Uint8Array()).subarray(0, 32);
}

/** Whether a number is among these, which ascend. */
function isIn(ascending: readonly number[], wanted: number): boolean {
  let [from, to] = [0, ascending.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    const found = ascending[middle] ?? 0;
    if (found === wanted) return true;
    if (found < wanted) from = middle + 1;
    else to = middle;
  }
  return false;
}

/** Everything that the proofs about one index share. */
class IndexJudge {
  readonly #looking: Looking;
  readonly #served: ServedBlock;
  readonly #index: readonly ServedLeaf[];
  readonly #block: BlockProof;
  readonly #prover: IndexProver;

  constructor(looking: Looking, served: ServedBlock, index: readonly ServedLeaf[], block: BlockProof) {
    this.#looking = looking;
    this.#served = served;
    this.#index = index;
    this.#block = block;
    this.#prover = new IndexProver(index.map(({ leaf }) => leaf));
  }

  /** The first thing that is shown. */
  async evidence(): Promise<Uint8Array | undefined> {
    return this.#form() ?? this.#order() ?? this.#contents() ?? (await this.#history());
  }

  #prove<P>(kind: Parameters<typeof provenBy<P>>[0], proof: P): Uint8Array | undefined {
    const { ledger, checkpoint = new Uint8Array() } = this.#looking.joined;
    return provenBy(kind, ledger, checkpoint, proof);
  }

  #entry(at: number): Presence {
    return this.#prover.entry(at);
  }

  #form(): Uint8Array | undefined {
    const [block, { height }] = [this.#block, this.#served.header];
    for (const [at, { leaf, list }] of this.#index.entries()) {
      const read = parseTagLeaf(leaf, height);
      const indices = read.ok ? parseTagList(list, read.value) : undefined;
      if (indices?.ok === true || indices?.code === 'tag-list') continue;
      const entry = this.#entry(at);
      return this.#prove(
        tagMalformed,
        indices === undefined ? { block, entry } : { block, entry, indices: list },
      );
    }
    return undefined;
  }

  #order(): Uint8Array | undefined {
    for (let at = 1; at < this.#index.length; at++) {
      const [lower, upper] = [this.#index[at - 1]?.leaf, this.#index[at]?.leaf];
      if (compareBytes(tagIn(lower), tagIn(upper)) < 0) continue;
      const [left, right] = [this.#entry(at - 1), this.#entry(at)];
      return this.#prove(tagUnsorted, { block: this.#block, left, right });
    }
    return undefined;
  }

  /** The leaves. They have their form by now. */
  *#leaves(): Generator<SoundLeaf> {
    for (const [at, { leaf: bytes, list }] of this.#index.entries()) {
      const leaf = parseTagLeaf(bytes, this.#served.header.height);
      if (!leaf.ok) continue;
      const indices = parseTagList(list, leaf.value);
      yield { at, leaf: leaf.value, bytes: list, indices: indices.ok ? indices.value : undefined };
    }
  }

  #contents(): Uint8Array | undefined {
    const leaves = new Map<string, SoundLeaf>();
    for (const leaf of this.#leaves()) leaves.set(toHex(leaf.leaf.tag), leaf);
    for (const [index, tags = []] of this.#served.tags.entries()) {
      for (const [n, tag] of tags.entries()) {
        const missing = this.#missing(index, tag, leaves.get(toHex(tag)), n === 0);
        if (missing !== undefined) return missing;
      }
    }
    for (const leaf of leaves.values()) {
      const foreign = this.#foreign(leaf);
      if (foreign !== undefined) return foreign;
    }
    return undefined;
  }

  /** That the index leaves out a message that carries a tag. */
  #missing(
    index: number,
    tag: Uint8Array,
    leaf: SoundLeaf | undefined,
    isId: boolean,
  ): Uint8Array | undefined {
    const isListed = leaf?.indices === undefined || isIn(leaf.indices, index);
    const isOwn = !isId || (leaf?.leaf.own ?? Infinity) <= index;
    // Proofs are made for the one message that is left out, and not for all that are not.
    if (leaf !== undefined && isListed && isOwn) return undefined;
    const claim = { block: this.#block, message: messageProof(this.#served, index), tag };
    if (leaf === undefined) {
      const looked = this.#prover.lookup(tag);
      return looked.found ? undefined : this.#prove(tagMissing, { ...claim, absence: looked.absence });
    }
    const presence = this.#entry(leaf.at);
    return isListed
      ? this.#prove(tagMissing, { ...claim, presence })
      : this.#prove(tagMissing, { ...claim, indices: leaf.bytes, presence });
  }

  /** That a leaf names a message that does not belong to it. */
  #foreign({ at, leaf, bytes, indices = [] }: SoundLeaf): Uint8Array | undefined {
    const { own, tag } = leaf;
    const isOwn = own === undefined || this.#carries(own, tag, true);
    const listed = isOwn ? indices.find((index) => index !== own && !this.#carries(index, tag, false)) : own;
    if (listed === undefined) return undefined;
    const claim = { block: this.#block, presence: this.#entry(at) };
    if (!isOwn) return this.#prove(tagForeign, { ...claim, listed, ...this.#messageAt(listed) });
    return this.#prove(tagForeign, { ...claim, indices: bytes, listed, ...this.#messageAt(listed) });
  }

  #carries(index: number, tag: Uint8Array, asId: boolean): boolean {
    const tags = this.#served.tags[index] ?? [];
    return (asId ? tags.slice(0, 1) : tags).some((carried) => equalBytes(carried, tag));
  }

  #messageAt(index: number): { readonly message?: ReturnType<typeof messageProof> } {
    return index < this.#served.parts.length ? { message: messageProof(this.#served, index) } : {};
  }

  /** That the index says of the blocks below what these themselves deny. */
  async #history(): Promise<Uint8Array | undefined> {
    const all = [...this.#leaves()];
    for (let i = 0; i < all.length; i += batch) {
      const some = all.slice(i, i + batch);
      const links = await newestLinks(
        this.#looking,
        some.map(({ leaf }) => leaf.tag),
      );
      for (const [k, { at, leaf }] of some.entries()) {
        const { previous, total, count, tag } = leaf;
        const stated = previous === undefined ? undefined : { height: previous, total: total - count };
        const height = contradictingBlock(stated, links[k]);
        if (height === undefined) continue;
        const { store, joined } = this.#looking;
        const second = await saidByBlock(new Prover(store.statements, joined), height, tag);
        const first = { block: this.#block, presence: this.#entry(at) };
        return this.#prove(tagHistory, { first, second, tag });
      }
    }
    return undefined;
  }
}

/** The evidence against an index that does not fit the messages of its block or the blocks below. */
export async function indexEvidence(
  looking: Looking,
  served: ServedBlock,
  index: readonly ServedLeaf[],
): Promise<Uint8Array | undefined> {
  const { store, joined } = looking;
  const block = await new Prover(store.statements, joined).block(served.header.height);
  return new IndexJudge(looking, served, index, block).evidence();
}
