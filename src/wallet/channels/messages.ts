/** The messages of a channel in the order of the record, opened where its epoch is open here. */
import { equalBytes } from '../../core/bytes.ts';
import type { ChainEpoch, EpochStanding } from '../../core/channel/chain.ts';
import { type Content, readContent } from '../../core/channel/content.ts';
import { sealedType, transactionTag } from '../../core/channel/names.ts';
import {
  type OpenedMessage,
  openMessage,
  readSealed,
  type SealedMessageOnRecord,
} from '../../core/channel/sealed.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import type { ContentCode } from '../../core/errors/content.ts';
import type { JsonCode } from '../../core/errors/json.ts';
import type { SealedCode } from '../../core/errors/sealed.ts';
import type { Result } from '../../core/result.ts';
import { type FoundMessage, type Place, withData } from '../explorer/copy.ts';
import type { Wallet } from '../wallet.ts';
import { type LeafRange, leavesUnder } from './leaves.ts';
import type { LocalChannel, LocalEpoch } from './open.ts';

/** A sealed message of a channel at its place. */
export interface ChannelMessage extends Place {
  readonly sealed: SealedMessageOnRecord;
  readonly epoch: ChainEpoch;
  /** Where it stands to its epoch: `after` can be read by members who were removed since, and what acts is void. */
  readonly standing: EpochStanding;
  /** Open, or why not. Who is no member of the epoch gets the code with which the epoch does not open. */
  readonly opened: Result<OpenedMessage, SealedCode | ChannelCode>;
  /** What it says; undefined when it is not open, or when its content type is not known here. */
  readonly content: Result<Content, ContentCode | JsonCode> | undefined;
}

function openIn({ opened }: LocalEpoch, sealed: SealedMessageOnRecord): ChannelMessage['opened'] {
  return opened.ok ? openMessage(opened.value, sealed) : opened;
}

/** The message of a channel that a leaf is, or undefined when it names no epoch of it. */
export async function channelMessage(
  wallet: Wallet,
  channel: LocalChannel,
  leaf: FoundMessage,
): Promise<ChannelMessage | undefined> {
  const { chain, epochs, pinned } = channel;
  const read = readSealed(leaf.message);
  const named = read?.ok === true ? read.value.body.epoch : undefined;
  const local = named && epochs.find(({ epoch }) => equalBytes(epoch.id, named));
  if (local === undefined) return undefined;
  // What does not open anyway needs no data.
  const found = local.opened.ok ? await withData(wallet.database, pinned.joined, leaf) : leaf;
  const sealed = readSealed(found.message);
  if (sealed?.ok !== true) return undefined;
  const { height, position } = found;
  const opened = openIn(local, sealed.value);
  return {
    height,
    position,
    sealed: sealed.value,
    epoch: local.epoch,
    standing: chain.standing(local.epoch, { height, index: position }),
    opened,
    content: opened.ok ? readContent(opened.value) : undefined,
  };
}

/**
 * The sealed messages of a channel, one at a time.
 * @throws CountersignError `store-corrupt`
 */
export async function* channelMessages(
  wallet: Wallet,
  channel: LocalChannel,
  range: LeafRange,
): AsyncGenerator<ChannelMessage> {
  const { joined } = channel.pinned;
  const tag = transactionTag(joined.ledger.id, channel.transaction);
  for await (const leaf of leavesUnder(wallet.database, joined, { tag, types: [sealedType] }, range)) {
    const message = await channelMessage(wallet, channel, leaf);
    if (message !== undefined) yield message;
  }
}
