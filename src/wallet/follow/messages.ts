/**
 * Messages that the index lists: fetched page by page, each shown to stand in its block and to be listed under every tag
 * that it carries.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { messageInvalid } from '../../core/evidence/messages.ts';
import { tagForeign, tagMissing } from '../../core/evidence/tags.ts';
import type { CompleteEntry } from '../../core/record/completeness.ts';
import { type VerifiedMessage, verifyMessage } from '../../core/record/message.ts';
import type { TagProof } from '../../core/record/place-proof.ts';
import { listedTags, verifyInBlock } from '../../core/record/receipt.ts';
import { parseTagLeaf, parseTagList } from '../../core/record/tag-index.ts';
import type { FollowedMessage } from '../store/followed-store.ts';
import { type FoundLie, provenBy } from '../alarms/finding.ts';
import { blameEntry } from './blame.ts';
import type { BodyFile, FoundPart, IndexFile } from './block-files.ts';
import { fail, lie } from './finding.ts';
import type { View } from './view.ts';

/** A message that the index of a block lists under a tag. */
export interface Listed {
  readonly height: number;
  readonly position: number;
  readonly tag: Uint8Array;
}

/**
 * The messages that an entry lists, by the bytes of its list.
 * @throws CountersignError `follow-index`, or with a `sync-` code
 */
export async function listedBy(
  view: View,
  { height, leaf }: CompleteEntry,
  list: Uint8Array,
): Promise<readonly Listed[]> {
  const indices = parseTagList(list, leaf);
  if (indices.ok) return indices.value.map((position) => ({ height, position, tag: leaf.tag }));
  // The hash of the list is signed; that these are its bytes is not.
  if (indices.code === 'tag-list') throw fail('follow-index', `block ${height}: ${indices.code}`);
  const found = await (await view.index(height)).lookup(leaf.tag);
  if (!found.found) throw fail('follow-index', `block ${height}: ${indices.code}`);
  throw await blameEntry(view, height, undefined, found.presence, indices.code, list);
}

/** Fetches messages of one block, its pages and its index once. */
export class BlockMessages {
  readonly #view: View;
  readonly #height: number;
  readonly #index: Promise<IndexFile>;
  readonly #body: Promise<BodyFile>;

  constructor(view: View, height: number) {
    this.#view = view;
    this.#height = height;
    this.#index = view.index(height);
    this.#body = view.body(height);
  }

  /** @throws CountersignError with a `follow-` or `sync-` code */
  async fetch({ position, tag }: Listed): Promise<FollowedMessage> {
    const view = this.#view;
    const height = this.#height;
    const { messages } = await view.header(height);
    if (position >= messages.count) throw await this.#foreign(position, tag, undefined);
    const part = await (await this.#body).message(position);
    const message = await this.#verified(part);
    if (!listedTags(message).some((carried) => equalBytes(carried, tag))) {
      throw await this.#foreign(position, tag, part);
    }
    const tags = await Promise.all(
      listedTags(message).map((carried) => this.#listing(message, part, carried)),
    );
    const { index, path } = part.proof;
    const place = { message: { index, path }, tags };
    const shown = verifyInBlock(await view.header(height), message, place);
    if (!shown.ok) throw lie('sync-index', this.#where(position), shown.code, []);
    return { height, position, message, data: part.data, place };
  }

  #where(position: number): string {
    return `message ${position} of block ${this.#height}`;
  }

  async #verified({ leaf, data, proof }: FoundPart): Promise<VerifiedMessage> {
    const { ledger, checkpoint } = this.#view;
    const message = verifyMessage(leaf, data, ledger.id, ledger.limits);
    if (message.ok) return message.value;
    const where = `${this.#where(proof.index)}: ${message.code}`;
    // The signed leaf names the hash of the data: whoever sent other data is at fault.
    if (message.code === 'envelope-data') throw fail('follow-body', where);
    const block = await this.#view.block(this.#height);
    const file = provenBy(messageInvalid, ledger, checkpoint, { block, message: proof });
    throw lie('sync-invalid', `block ${this.#height}`, where, [file]);
  }

  /** That the index lists the message under one of its tags. */
  async #listing(message: VerifiedMessage, { proof }: FoundPart, tag: Uint8Array): Promise<TagProof> {
    const found = await (await this.#index).lookup(tag);
    if (found.found) {
      const leaf = parseTagLeaf(found.presence.leaf, this.#height);
      const indices = leaf.ok ? parseTagList(found.list, leaf.value) : leaf;
      if (!indices.ok && indices.code === 'tag-list') throw fail('follow-index', `index: ${indices.code}`);
      const isOwn = equalBytes(tag, message.id);
      const isRight = !isOwn || (leaf.ok && leaf.value.own === proof.index);
      if (indices.ok && indices.value.includes(proof.index) && isRight) {
        return { list: found.list, presence: found.presence };
      }
    }
    const block = await this.#view.block(this.#height);
    const { ledger, checkpoint } = this.#view;
    const told = { block, message: proof, tag };
    const files = found.found
      ? [{ presence: found.presence }, { presence: found.presence, indices: found.list }]
      : [{ absence: found.absence }];
    const evidence = files.map((more) => provenBy(tagMissing, ledger, checkpoint, { ...told, ...more }));
    const where = `${this.#where(proof.index)}: not listed under ${toHex(tag).slice(0, 16)}`;
    throw lie('sync-index', `block ${this.#height}`, where, evidence);
  }

  /** The index lists a message under a tag that it does not carry, or that is not there. */
  async #foreign(listed: number, tag: Uint8Array, part: FoundPart | undefined): Promise<FoundLie> {
    const { ledger, checkpoint } = this.#view;
    const block = await this.#view.block(this.#height);
    const found = await (await this.#index).lookup(tag);
    const where = `${this.#where(listed)}: listed under ${toHex(tag).slice(0, 16)}`;
    if (!found.found) return lie('sync-index', `block ${this.#height}`, where, []);
    const told = { block, listed, presence: found.presence };
    const message = part === undefined ? {} : { message: part.proof };
    const files = [{ indices: found.list }, {}].map((more) =>
      provenBy(tagForeign, ledger, checkpoint, { ...told, ...message, ...more }),
    );
    return lie('sync-index', `block ${this.#height}`, where, files);
  }
}
