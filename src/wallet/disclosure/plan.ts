/** What a disclosure would open, before anything is done: exactly what is listed, shown as the recipient will see it. */
import { equalBytes } from '../../core/bytes.ts';
import type { Content, GrantScope } from '../../core/channel/content.ts';
import type { GrantContent, GrantedEpoch, GrantedMessage, GrantPeriod } from '../../core/channel/grant.ts';
import { discloseEpoch, discloseMessage } from '../../core/channel/granted.ts';
import type { DiscloseCode } from '../../core/errors/disclose.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { type ChannelMessage, channelMessages } from '../channels/messages.ts';
import type { ChannelIds, LocalChannel, LocalEpoch } from '../channels/open.ts';
import type { Place } from '../explorer/copy.ts';
import type { Wallet } from '../wallet.ts';

/** What is to be disclosed. Channels are open, and those of `transaction` all belong to one. */
export type DisclosureTarget =
  | { readonly scope: 'message'; readonly channel: LocalChannel; readonly message: Uint8Array }
  | { readonly scope: 'period'; readonly channel: LocalChannel; readonly period: GrantPeriod }
  | { readonly scope: 'epoch'; readonly channel: LocalChannel; readonly epoch: Uint8Array }
  | { readonly scope: 'channel'; readonly channel: LocalChannel }
  | { readonly scope: 'transaction'; readonly channels: readonly LocalChannel[] };

/** A message that will open. */
export interface PlannedMessage extends Place {
  readonly id: Uint8Array;
  readonly channel: Uint8Array;
  readonly sender: Uint8Array;
  /** When its author says that it was written: seconds since 1970. */
  readonly time: number;
  /** What it says; undefined for a content that is not known here. */
  readonly content: Content | undefined;
}

/** A channel that is concerned. */
export interface PlannedChannel extends ChannelIds {
  /** Epochs that open as a whole, by their numbers from 0, with everything that will still be said in them. */
  readonly epochs: readonly number[];
  /** How many epochs it has, and of how many the key is not known here: these are not disclosed. */
  readonly allEpochs: number;
  readonly closedEpochs: number;
  /** The epoch that is current and opens: the next one begins before the disclosure is handed out. */
  readonly current: Uint8Array | undefined;
}

export interface DisclosurePlan {
  readonly scope: GrantScope;
  readonly content: GrantContent;
  readonly channels: readonly PlannedChannel[];
  /** How many messages open, and how many of them are documents. */
  readonly messages: number;
  readonly documents: number;
  /** The newest of them, newest first: to be shown. */
  readonly newest: readonly PlannedMessage[];
}

/** Messages that a plan shows one by one. */
const mostShown = 200;
/** What a grant lists at most. */
const mostListed = 20_000;

function fail(code: DiscloseCode, detail?: string): CountersignError<DiscloseCode> {
  return new CountersignError<DiscloseCode>(code, detail);
}

/** Counts and shows what opens. */
class Tally {
  readonly newest: PlannedMessage[] = [];
  messages = 0;
  documents = 0;

  add({ content, epoch, height, position, sealed }: ChannelMessage): void {
    const said = content?.ok === true ? content.value : undefined;
    this.messages++;
    if (said?.kind === 'document') this.documents++;
    const { head, id, sender } = sealed.message;
    const { channel } = epoch.context;
    if (this.newest.length < mostShown)
      this.newest.push({ height, position, id, channel, sender, time: head.time, content: said });
  }
}

/** The epochs of a channel that a target discloses as a whole. */
function wholeEpochs(target: DisclosureTarget, { epochs }: LocalChannel): readonly LocalEpoch[] {
  if (target.scope === 'message' || target.scope === 'period') return [];
  const open = epochs.filter(({ opened }) => opened.ok);
  return target.scope === 'epoch' ? open.filter(({ epoch }) => equalBytes(epoch.id, target.epoch)) : open;
}

function plannedChannel(channel: LocalChannel, whole: readonly LocalEpoch[]): PlannedChannel {
  const { transaction, epochs, current } = channel;
  const isCurrent = current !== undefined && whole.includes(current);
  return {
    transaction,
    channel: channel.channel,
    epochs: whole.map(({ epoch }) => epoch.number),
    allEpochs: epochs.length,
    closedEpochs: epochs.filter(({ opened }) => !opened.ok).length,
    current: isCurrent ? current.epoch.id : undefined,
  };
}

/** Whether one message by itself is disclosed. */
function isListed(target: DisclosureTarget, { height, sealed }: ChannelMessage): boolean {
  if (target.scope === 'message') return equalBytes(sealed.message.id, target.message);
  return target.scope === 'period' && height >= target.period.from && height <= target.period.to;
}

/** The keys of the single messages that a target names. */
async function listMessages(
  wallet: Wallet,
  target: DisclosureTarget & { readonly channel: LocalChannel },
  tally: Tally,
): Promise<readonly GrantedMessage[]> {
  const listed: GrantedMessage[] = [];
  const { channel } = target;
  const range = target.scope === 'period' ? { from: { height: target.period.to + 1, position: 0 } } : {};
  for await (const message of channelMessages(wallet, channel, { order: 'newest first', ...range })) {
    if (target.scope === 'period' && message.height < target.period.from) break;
    const local = channel.epochs.find(({ epoch }) => epoch === message.epoch);
    if (!isListed(target, message) || local?.opened.ok !== true) continue;
    const disclosed = discloseMessage(local.opened.value, message.sealed);
    // What does not open for its discloser is left closed, in a period like anywhere else.
    if (!disclosed.ok) continue;
    if (listed.length === mostListed) throw fail('disclose-too-many', `more than ${mostListed}`);
    listed.push(disclosed.value);
    tally.add(message);
    if (target.scope === 'message') break;
  }
  return listed;
}

/** The keys of whole epochs, and what they open. */
async function listEpochs(
  wallet: Wallet,
  channel: LocalChannel,
  whole: readonly LocalEpoch[],
  tally: Tally,
): Promise<readonly GrantedEpoch[]> {
  const named = new Set(whole.map(({ epoch }) => epoch));
  for await (const message of channelMessages(wallet, channel, { order: 'newest first' })) {
    if (named.has(message.epoch) && message.opened.ok) tally.add(message);
  }
  return whole.flatMap(({ opened }) => (opened.ok ? [discloseEpoch(opened.value)] : []));
}

/**
 * What a disclosure would open.
 * @throws CountersignError `disclose-nothing`, `disclose-too-many`, `disclose-not-member`, or with a `store-` code.
 */
export async function planDisclosure(wallet: Wallet, target: DisclosureTarget): Promise<DisclosurePlan> {
  const channels = target.scope === 'transaction' ? target.channels : [target.channel];
  const tally = new Tally();
  const planned: PlannedChannel[] = [];
  const epochs: GrantedEpoch[] = [];
  const messages: GrantedMessage[] = [];
  for (const channel of channels) {
    const whole = wholeEpochs(target, channel);
    if (target.scope === 'message' || target.scope === 'period')
      messages.push(...(await listMessages(wallet, target, tally)));
    else epochs.push(...(await listEpochs(wallet, channel, whole, tally)));
    const isConcerned = target.scope !== 'transaction' || whole.length > 0;
    if (!isConcerned) continue;
    if (channel.current?.me === undefined) throw fail('disclose-not-member');
    planned.push(plannedChannel(channel, whole));
  }
  const [first] = channels;
  if (first === undefined || epochs.length + messages.length === 0) throw fail('disclose-nothing');
  const content: GrantContent = {
    ledger: first.pinned.joined.ledger.id,
    transaction: first.transaction,
    scope: target.scope,
    epochs,
    messages,
    ...(target.scope === 'period' ? { period: target.period } : {}),
  };
  const newest = tally.newest.sort((a, b) => b.height - a.height || b.position - a.position);
  const { messages: count, documents } = tally;
  return { scope: target.scope, content, channels: planned, messages: count, documents, newest };
}
