/** What a person wants to open to somebody who is no member: the engine's plan, for the look at it and for the doing. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { writeContent } from '../../core/channel/content.ts';
import { writeGrant } from '../../core/channel/grant.ts';
import { sha256 } from '../../core/crypto/sha256.ts';
import type { ContactCode } from '../../core/errors/contact.ts';
import type { DiscloseCode } from '../../core/errors/disclose.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { PersonView, PublicPreviewView } from '../../contract/channels/channels.ts';
import type {
  DisclosedMessageView,
  DisclosurePlanView,
  DisclosureTargetRequest,
} from '../../contract/channels/disclosure.ts';
import { type ChannelPlan, knownChannel } from '../../wallet/channels/actions.ts';
import { type ChannelIds, openChannel } from '../../wallet/channels/open.ts';
import { type KnownContact, knownContacts, needCurrent } from '../../wallet/contacts/contacts.ts';
import { channelsOn } from '../../wallet/disclosure/channels-on.ts';
import type { Recipient } from '../../wallet/disclosure/disclosure-rows.ts';
import {
  type DisclosurePlan,
  type DisclosureTarget,
  planDisclosure,
  type PlannedMessage,
} from '../../wallet/disclosure/plan.ts';
import { learnKey } from '../../wallet/follow/choose.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { previewOf } from '../handlers/channels.ts';
import { bytesOf } from './acts.ts';
import { contentView } from './views.ts';

/** Messages that are told in public and shown one by one. */
const shownTold = 40;
/** People whom a message names. */
const shownPeople = 20;
/** Characters of all texts of a reply together: written in JSON, one becomes six at most. */
const replyCharacters = 100_000;

async function targetOf(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  request: DisclosureTargetRequest,
): Promise<DisclosureTarget> {
  const row = await knownChannel(wallet, pinned, ids);
  const { scope } = request;
  if (scope === 'transaction') return { scope, channels: await channelsOn(wallet, pinned, row) };
  const channel = await openChannel(wallet, pinned, row);
  switch (scope) {
    case 'message':
      return { scope, channel, message: bytesOf(request.message) };
    case 'epoch': {
      const local = request.part === undefined ? channel.current : channel.epochs[request.part - 1];
      if (local === undefined) throw new CountersignError<DiscloseCode>('disclose-nothing');
      return { scope, channel, epoch: local.epoch.id };
    }
    case 'channel':
      return { scope, channel };
  }
}

/** A plan, and the name of exactly that. */
export interface WantedDisclosure {
  readonly plan: DisclosurePlan;
  /** What would be handed out, and its SHA-256 in hexadecimal. */
  readonly grantBytes: number;
  readonly grant: string;
}

/** @throws CountersignError as `planDisclosure` and `knownChannel` */
export async function wantedDisclosure(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  request: DisclosureTargetRequest,
): Promise<WantedDisclosure> {
  const plan = await planDisclosure(wallet, await targetOf(wallet, pinned, ids, request));
  const bytes = writeGrant(plan.content);
  return { plan, grantBytes: bytes.length, grant: toHex(sha256(bytes)) };
}

/** What everybody will see in the channels that are concerned, before anything is handed out. */
export async function toldInPublic(
  wallet: Wallet,
  pinned: PinnedLedger,
  { plan, grant }: WantedDisclosure,
): Promise<Pick<DisclosurePlanView, 'told' | 'toldMore'>> {
  const { scope, channels, content } = plan;
  const log = writeContent({ kind: 'disclosed', grant: bytesOf(grant), scope });
  const previews: PublicPreviewView[] = [];
  for (const { channel, current } of channels) {
    const row = await knownChannel(wallet, pinned, { transaction: content.transaction, channel });
    const renewal: ChannelPlan['intents'] = current === undefined ? [] : [{ kind: 'renew', after: current }];
    previews.push(await previewOf(wallet, pinned, { row, intents: [{ kind: 'say', ...log }, ...renewal] }));
  }
  const problem = previews.find((one) => one.problem !== undefined)?.problem;
  const all = previews.flatMap(({ messages }) => messages);
  const messages = all.slice(0, shownTold);
  const told = { messages, ...(problem === undefined ? {} : { problem }), unchecked: [], keeps: [] };
  return { told, toldMore: all.length - messages.length };
}

/** A contact as recipient. @throws CountersignError `contact-unknown`, or as `needCurrent` */
export async function contactAsRecipient(
  wallet: Wallet,
  pinned: PinnedLedger,
  id: string,
): Promise<Recipient> {
  const find = async (): Promise<KnownContact> => {
    const found = (await knownContacts(wallet)).find(({ contact }) => contact.id === id);
    if (found === undefined) throw new CountersignError<ContactCode>('contact-unknown');
    return found;
  };
  // A copy that follows fetches what the record says of the key first.
  await learnKey(wallet, pinned, (await find()).contact.card.sign);
  const { approved, card } = needCurrent(await find());
  if (!equalBytes(card.ledger, pinned.joined.ledger.id))
    throw new CountersignError<ContactCode>('contact-unknown');
  return { kind: 'key', keys: approved };
}

/** A message that will open, or that opened. */
export function disclosedView(
  { id, channel, height, position, sender, time, content }: PlannedMessage,
  named: (key: Uint8Array) => PersonView,
  contentType = '',
): DisclosedMessageView {
  const removed = content?.kind === 'remove' ? content.members : [];
  const said =
    content?.kind === 'remove'
      ? ({ kind: 'remove', people: removed.slice(0, shownPeople).map(named) } as const)
      : contentView({ about: [], content, contentType, problem: undefined });
  return {
    id: toHex(id),
    channel: toHex(channel),
    height,
    position,
    author: named(sender),
    time,
    content: said,
  };
}

/** Messages with no more of their texts than one reply carries: each gets the same share, and what is cut says so. */
export function withinReply<T extends DisclosedMessageView>(messages: readonly T[]): readonly T[] {
  const share = Math.floor(replyCharacters / Math.max(1, messages.length));
  return messages.map((message) => {
    const { content } = message;
    if (content.kind !== 'text' || content.text.length <= share) return message;
    return { ...message, content: { ...content, text: content.text.slice(0, share), isCut: true } };
  });
}
