/** Answers about private channels: listed, read, and what is done in them. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type {
  ChannelListView,
  ConversationView,
  PersonView,
  PublicPreviewView,
} from '../../contract/channels/channels.ts';
import type { ReplyOf, RequestOf } from '../../contract/schema.ts';
import { carryOut, type ChannelPlan, knownChannel } from '../../wallet/channels/actions.ts';
import { conversation } from '../../wallet/channels/conversation.ts';
import { discard } from '../../wallet/channels/deliver.ts';
import { learnChannels } from '../../wallet/channels/learn.ts';
import { listChannels, markRead, summaryOf } from '../../wallet/channels/list.ts';
import { openChannel } from '../../wallet/channels/open.ts';
import { type OwnMember, ownMembers } from '../../wallet/channels/own-members.ts';
import { pendingIn } from '../../wallet/channels/pending.ts';
import { contactNames } from '../../wallet/channels/people.ts';
import { whatThePublicSees } from '../../wallet/channels/public-preview.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { idsOf, wantedAct } from '../channels/acts.ts';
import {
  entryView,
  memberView,
  personView,
  publicView,
  rowView,
  said,
  waitingView,
} from '../channels/views.ts';
import type { Desk, Handlers } from '../desk.ts';
import { needOpen } from './own-card.ts';

/** Channels that a list shows at most. */
const shownChannels = 200;

const now = (): number => Math.floor(Date.now() / 1000);

/** Says that channels, or what waits in them, changed. */
export function tellChannels({ board }: Desk): void {
  const { channels } = board.state;
  board.set('channels', { ...channels, version: channels.version + 1 });
}

/** The person of a key, as far as this profile knows them. */
export async function namer(
  wallet: Wallet,
  { joined }: PinnedLedger,
): Promise<(key: Uint8Array) => PersonView> {
  const names = await contactNames(wallet, joined.ledger.id);
  const own: readonly OwnMember[] = await ownMembers(wallet, joined);
  return (key) =>
    personView({
      sign: key,
      name: names.get(toHex(key)),
      isMe: own.some(({ sign }) => equalBytes(sign, key)),
      status: 'unknown',
    });
}

async function list(desk: Desk): Promise<ChannelListView> {
  const { wallet, pinned } = await needOpen(desk);
  await learnChannels(wallet, pinned, now());
  const { channels, unseen } = await listChannels(wallet, pinned);
  const named = await namer(wallet, pinned);
  const rows = channels.map((summary) => rowView(summary, named));
  // Channels of one transaction stand beside each other, where its first one stands.
  const firsts = [...new Set(rows.map(({ transaction }) => transaction))];
  rows.sort((a, b) => firsts.indexOf(a.transaction) - firsts.indexOf(b.transaction));
  return {
    channels: rows.slice(0, shownChannels),
    total: rows.length,
    unseen: unseen.slice(0, shownChannels).map(({ channel, name, code }) => ({
      channel: toHex(channel),
      ...(name === undefined ? {} : { name }),
      why: said(code),
    })),
  };
}

async function page(desk: Desk, request: RequestOf<'channels.page'>): Promise<ConversationView> {
  const { wallet, pinned } = await needOpen(desk);
  const row = await knownChannel(wallet, pinned, idsOf(request));
  const channel = await openChannel(wallet, pinned, row);
  const { before, limit } = request;
  const { entries, members, older, pending } = await conversation(wallet, channel, {
    limit,
    ...(before === undefined ? {} : { before }),
  });
  const summary = await summaryOf(wallet, pinned, row, channel);
  return {
    summary: rowView(summary, await namer(wallet, pinned)),
    members: members.map(memberView),
    entries: entries.map(entryView),
    ...(older === undefined ? {} : { older: { height: older.height, position: older.position } }),
    waiting: pending.map(waitingView),
  };
}

async function seen(desk: Desk, request: RequestOf<'channels.seen'>): Promise<null> {
  const { wallet, pinned } = await needOpen(desk);
  const { height, position } = request;
  const row = await knownChannel(wallet, pinned, idsOf(request));
  await markRead(wallet, row, { height, position });
  tellChannels(desk);
  return null;
}

/** What everybody will see of a plan. */
export async function previewOf(
  wallet: Wallet,
  pinned: PinnedLedger,
  plan: ChannelPlan,
): Promise<PublicPreviewView> {
  const { messages, problem } = await whatThePublicSees(wallet, pinned, plan, now());
  const named = await namer(wallet, pinned);
  return {
    messages: messages.map((message) => publicView(message, named)),
    ...(problem === undefined ? {} : { problem: said(problem) }),
    unchecked: [],
    keeps: [],
  };
}

async function preview(desk: Desk, { act }: RequestOf<'channels.preview'>): Promise<PublicPreviewView> {
  const { wallet, pinned } = await needOpen(desk);
  const { plan, unchecked, keeps } = await wantedAct(wallet, pinned, act, now());
  return {
    ...(await previewOf(wallet, pinned, plan)),
    unchecked,
    keeps: keeps.map(({ member, messages: count }) => ({ who: personView(member), messages: count })),
  };
}

/** Keeps an act in line, and has it sent at once where that can be. */
async function carry(desk: Desk, { act }: RequestOf<'channels.act'>): Promise<ReplyOf<'channels.act'>> {
  const { follower } = desk.need();
  const plan = await follower.alone(async () => {
    const { wallet, pinned } = await needOpen(desk);
    const wanted = await wantedAct(wallet, pinned, act, now());
    const { problem } = await whatThePublicSees(wallet, pinned, wanted.plan, now());
    if (problem !== undefined) throw new CountersignError(problem as ChannelCode);
    await carryOut(wallet, wanted.plan, now());
    return wanted.plan;
  });
  tellChannels(desk);
  follower.look();
  const { transaction, channel } = plan.row;
  return { transaction: toHex(transaction), channel: toHex(channel) };
}

async function takeBack(desk: Desk, request: RequestOf<'channels.discard'>): Promise<null> {
  await desk.need().follower.alone(async () => {
    const { wallet, pinned } = await needOpen(desk);
    const waiting = await pendingIn(wallet, pinned.joined, idsOf(request));
    const found = waiting.find(({ draft }) => draft.id === request.id);
    // What is not there any more was sent, or taken back before.
    if (found !== undefined && !(await discard(wallet, pinned, found.draft)))
      throw new CountersignError<ChannelCode>('channel-not-given-up');
  });
  tellChannels(desk);
  return null;
}

type Names =
  | 'channels.list'
  | 'channels.page'
  | 'channels.seen'
  | 'channels.preview'
  | 'channels.act'
  | 'channels.discard';

export function channelHandlers(desk: Desk): Handlers<Names> {
  return {
    'channels.list': () => list(desk),
    'channels.page': (request) => page(desk, request),
    'channels.seen': (request) => seen(desk, request),
    'channels.preview': (request) => preview(desk, request),
    'channels.act': (request) => carry(desk, request),
    'channels.discard': (request) => takeBack(desk, request),
  };
}
