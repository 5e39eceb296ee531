/**
 * Whole blocks (`docs/spec/blocks.md`): sealing one from messages, and verifying one in full. What the blocks below
 * hold comes from a {@link RecordState}, which the caller keeps from blocks that it verified or sealed itself.
 */
import { equalBytes, toHex } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { BodyCode } from '../errors/body.ts';
import type { ChainCode } from '../errors/chain.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { leafHash, treeRoot } from '../tree/merkle.ts';
import type { BodyPart } from './body.ts';
import { composeBodyOf, cutBody, leafAt, parseBody, partAt } from './body.ts';
import type { ParseCode } from './envelope.ts';
import type { BlockHeader, TreeCommitment } from './header.ts';
import { composeHeader, rollupCount, rollupSpans, sameCommitment } from './header.ts';
import type { Ledger } from './ledger.ts';
import { checkLink } from './ledger.ts';
import type { JudgedMessage, VerifiedMessage } from './message.ts';
import { judgeMessage, verifyMessage } from './message.ts';
import type { RollupLeaf } from './rollup.ts';
import { rollupCommitment } from './rollup.ts';
import type { TagGroups, TagLink } from './tag-groups.ts';
import { TagCollector } from './tag-groups.ts';
import type { TagIndex } from './tag-index.ts';
import { buildTagIndex } from './tag-index.ts';

/** What the blocks below a block hold, as far as the block must agree with it. */
export interface RecordState {
  /** The newest block with this tag and its running total. */
  previous(tag: Uint8Array): TagLink | undefined;
  /** Whether a message with this id stands in a block below. */
  includes(id: Uint8Array): boolean;
  /**
   * Every tag that a block at `height` or above had, with its newest such block and running total, ascending by tag.
   * Asked for only at heights that are a multiple of 256.
   */
  since(height: number): Iterable<RollupLeaf>;
}

/** Where a block stands: on which header, in which ledger, over which record. */
export interface BlockContext {
  readonly ledger: Ledger;
  /** The header one below, which the caller verified. */
  readonly lower: BlockHeader;
  /** As of `lower`. */
  readonly state: RecordState;
}

/** A class with a private field, and not exported: no literal, spread or copy of one passes for a verified block. */
class Verified {
  readonly header: BlockHeader;
  /** In the order of the block. */
  readonly messages: readonly VerifiedMessage[];
  readonly #index: TagIndex;

  constructor(header: BlockHeader, messages: readonly VerifiedMessage[], index: TagIndex) {
    this.header = header;
    this.messages = messages;
    this.#index = index;
    Object.freeze(this);
  }

  /** The tag index that the header commits to. */
  get index(): TagIndex {
    return this.#index;
  }
}

/** A block that was verified in full. Only {@link verifyBlock} and {@link verifyBlockParts} make one. */
export type VerifiedBlock = Verified;

export type BlockCode = ChainCode | BodyCode | ParseCode;

/**
 * Verifies a block in full (`docs/spec/blocks.md`, 'Body').
 *
 * @param header the block's header, of which the caller knows that it stands in the block log.
 * @param body the body as it was served.
 */
export function verifyBlock(
  context: BlockContext,
  header: BlockHeader,
  body: Uint8Array,
): Result<VerifiedBlock, BlockCode> {
  const linked = checkLink(context.lower, header, context.ledger);
  if (!linked.ok) return linked;
  const { blockBytes } = context.ledger.limits;
  const parts = parseBody(body, { count: header.messages.count, maxBytes: blockBytes });
  return parts.ok ? verifyBlockParts(context, header, parts.value) : parts;
}

declare const made: unique symbol;

/** What a body holds, judged as far as that can be done without the blocks below. Made by {@link judgeBody} only. */
export interface JudgedBody {
  readonly [made]: true;
  /** Ids of the messages in order, 32 bytes each. */
  readonly ids: Uint8Array;
  /** Where they stand in the body, as {@link cutBody} says it. */
  readonly spans: Uint32Array;
  /** What the messages carry. */
  readonly groups: TagGroups;
}

/** Of the block that is judged at the moment. */
const collector = new TagCollector();

/** Where a block stands, without what the blocks below hold. */
type Position = Pick<BlockContext, 'ledger' | 'lower'>;

/**
 * Judges everything about a block that does not depend on what the blocks below hold: the part that takes long. What is
 * left is whether an id occurred before, the tag index and the roll-ups.
 *
 * Nothing is kept of a message but its id, its tags and its place: what lives as long as its block is judged costs more
 * than all else but the signatures.
 *
 * @param header the block's header, of which the caller knows that it stands in the block log.
 * @param body lies in memory that no other thread reaches.
 */
export function judgeBody(
  position: Position,
  header: BlockHeader,
  body: Uint8Array,
): Result<JudgedBody, BlockCode> {
  const { count } = header.messages;
  const { blockBytes } = position.ledger.limits;
  const cut = cutBody(body, { count, maxBytes: blockBytes });
  if (!cut.ok) return cut;
  const spans = cut.value;
  const ids = new Uint8Array(32 * count);
  collector.clear();
  const parts = {
    count,
    at: (i: number) => partAt(body, spans, i),
    leaf: (i: number) => leafAt(body, spans, i),
  };
  const judged = judgeParts(position, header, parts, judgeMessage, ({ id, head }, i) => {
    ids.set(id, 32 * i);
    collector.add(id, head.tags);
  });
  if (!judged.ok) return judged;
  return ok({ ids, spans, groups: collector.groups() } as unknown as JudgedBody);
}

/** As {@link verifyBlock}, for a body that a {@link BodyReader} cut into messages as it arrived. */
export function verifyBlockParts(
  context: BlockContext,
  header: BlockHeader,
  given: readonly BodyPart[],
): Result<VerifiedBlock, BlockCode> {
  const { state } = context;
  const messages: VerifiedMessage[] = [];
  const at = (i: number): BodyPart => given[i] ?? noPart;
  const parts = { count: given.length, at, leaf: (i: number) => at(i).leaf };
  const judged = judgeParts(context, header, parts, verifyMessage, (message) => messages.push(message));
  if (!judged.ok) return judged;
  const repeated = firstRepeated(messages, state);
  if (repeated !== undefined) return refuse('body-repeated', `message ${repeated}`);
  const index = buildTagIndex(messages, (tag) => state.previous(tag));
  if (!sameCommitment(index, header.tags)) return refuse('body-tags', `${index.count} tags`);
  for (const [i, expected] of rollupsAt(header.height, state).entries()) {
    const stated = header.rollups[i];
    if (stated === undefined || !sameCommitment(expected, stated))
      return refuse('body-rollup', `level ${i + 1}`);
  }
  return ok(new Verified(header, messages, index));
}

const noPart: BodyPart = { leaf: new Uint8Array(), data: undefined };

/** The messages of a body, asked for one at a time. */
interface Parts {
  readonly count: number;
  readonly at: (index: number) => BodyPart;
  readonly leaf: (index: number) => Uint8Array;
}

function* leafHashes({ count, leaf }: Parts): Generator<Uint8Array> {
  for (let i = 0; i < count; i++) yield leafHash(leaf(i));
}

/** What judging a block needs of a message that was judged. */
type Judged = Pick<JudgedMessage, 'dataLength'>;

/**
 * Judges everything about a block that does not depend on what the blocks below hold: link, messages and their tree.
 *
 * @param judge judges one message.
 * @param take is given each message that was judged, in order.
 */
function judgeParts<M extends Judged>(
  { ledger, lower }: Position,
  header: BlockHeader,
  parts: Parts,
  judge: (...given: Parameters<typeof judgeMessage>) => Result<M, ParseCode>,
  take: (message: M, index: number) => void,
): Result<void, BlockCode> {
  const linked = checkLink(lower, header, ledger);
  if (!linked.ok) return linked;
  const { count } = header.messages;
  if (parts.count !== count) return refuse('body-count', `${parts.count} of ${count}`);
  if (!equalBytes(treeRoot(leafHashes(parts)), header.messages.root)) return refuse('body-root');
  let size = 0;
  for (let i = 0; i < count; i++) {
    const { leaf, data } = parts.at(i);
    const message = judge(leaf, data, ledger.id, ledger.limits);
    if (!message.ok) return refuse(message.code, `message ${i}: ${message.detail ?? ''}`);
    take(message.value, i);
    size += 8 + leaf.length + message.value.dataLength;
  }
  if (size !== header.body.size) return refuse('body-size', `${size} bytes, not ${header.body.size}`);
  return ok(undefined);
}

/** The index of the first message whose id occurred before. */
function firstRepeated(
  messages: readonly { readonly id: Uint8Array }[],
  state: Pick<RecordState, 'includes'>,
): number | undefined {
  const seen = new Set<string>();
  for (const [i, { id }] of messages.entries()) {
    const text = toHex(id);
    if (seen.has(text) || state.includes(id)) return i;
    seen.add(text);
  }
  return undefined;
}

/** The roll-ups that the header at this height commits to. */
function rollupsAt(height: number, state: RecordState): TreeCommitment[] {
  const spans = rollupSpans.slice(0, rollupCount(height));
  return spans.map((span) => rollupCommitment(state.since(height - span)));
}

/** A block as its operator sealed it. */
export interface SealedBlock {
  readonly header: BlockHeader;
  readonly body: Uint8Array;
  readonly index: TagIndex;
  /** RFC 6962 leaf hashes of the messages, in order. */
  readonly leafHashes: readonly Uint8Array[];
  /** How many bytes each message takes in the body. */
  readonly lengths: readonly number[];
}

/**
 * Seals the block after `context.lower` from these messages, in this order.
 *
 * @param time sealing time, seconds since 1970.
 * @throws RangeError when a rule would be broken: no message, a time below that of the block below, limits, data that
 *   is absent, an id that occurred before. A sealer must not offer such messages.
 */
export function sealBlock(
  context: BlockContext,
  messages: readonly VerifiedMessage[],
  time: number,
): SealedBlock {
  const rollups = rollupsAt(context.lower.height + 1, context.state);
  return sealBlockOver(context, messages, time, rollups);
}

/** Where a block is sealed whose roll-ups were made beforehand. */
export interface SealContext extends Omit<BlockContext, 'state'> {
  readonly state: Pick<RecordState, 'previous' | 'includes'>;
}

/**
 * As {@link sealBlock}, for records whose roll-ups are too large to be made in memory.
 *
 * @param rollups those to which the header commits, level 1 first; none at most heights.
 */
export function sealBlockOver(
  context: SealContext,
  messages: readonly VerifiedMessage[],
  time: number,
  rollups: readonly TreeCommitment[],
): SealedBlock {
  const { ledger, lower, state } = context;
  // A message gives out copies: each is asked for once, and its data only when it is written.
  const carriers = messages.map(({ id, head }) => ({ id, head }));
  const leaves = messages.map(({ leaf }) => leaf);
  const repeated = firstRepeated(carriers, state);
  if (repeated !== undefined) throw new RangeError(`message ${repeated} occurred before`);
  const lengths = messages.map(({ dataLength }, i) => 8 + (leaves[i]?.length ?? 0) + dataLength);
  const body = composeBodyOf(
    present(messages, leaves),
    lengths.reduce((sum, length) => sum + length, 0),
  );
  const leafHashes = leaves.map(leafHash);
  const index = buildTagIndex(carriers, (tag) => state.previous(tag));
  const header = composeHeader({
    body: { hash: sha256(body), size: body.length },
    height: lower.height + 1,
    ledger: ledger.id,
    messages: { count: messages.length, root: treeRoot(leafHashes) },
    previous: lower.hash,
    rollups,
    tags: { count: index.count, root: index.root },
    time,
  });
  const linked = checkLink(lower, header, ledger);
  if (!linked.ok) throw new RangeError(`the block breaks a rule: ${linked.code}`);
  return { header, body, index, leafHashes, lengths };
}

/** The messages as they stand in a body. @throws RangeError when the data of one is absent. */
function* present(messages: readonly VerifiedMessage[], leaves: readonly Uint8Array[]): Generator<BodyPart> {
  for (const [i, message] of messages.entries()) {
    const { data } = message;
    if (data === undefined) throw new RangeError('data is absent');
    yield { leaf: leaves[i] ?? new Uint8Array(), data };
  }
}
