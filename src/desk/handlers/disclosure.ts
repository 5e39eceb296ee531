/** Answers about disclosures: what one would open, beginning it, and what was opened to this identity. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { Grant } from '../../core/channel/grant.ts';
import { sizeStep } from '../../core/channel/padding.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { IpcCode } from '../../core/errors/ipc.ts';
import type {
  DisclosurePlanView,
  GrantMessageView,
  GrantPartView,
  GrantView,
  ReceivedGrantView,
  WaitingDisclosureView,
} from '../../contract/channels/disclosure.ts';
import type { RequestOf } from '../../contract/schema.ts';
import { beginDisclosure } from '../../wallet/disclosure/disclose.ts';
import { openDisclosures, type Recipient } from '../../wallet/disclosure/disclosure-rows.ts';
import {
  type GrantedChannelView,
  type GrantedMessageView,
  grantedMessages,
  grantInFile,
  openGrant,
  receivedGrants,
} from '../../wallet/disclosure/open-grant.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { bytesOf, idsOf } from '../channels/acts.ts';
import {
  contactAsRecipient,
  disclosedView,
  toldInPublic,
  wantedDisclosure,
  withinReply,
} from '../channels/disclosing.ts';
import { freeGrantPath } from '../channels/grant-file.ts';
import { said } from '../channels/views.ts';
import type { Desk, Handlers } from '../desk.ts';
import { namer, tellChannels } from './channels.ts';
import { needOpen } from './own-card.ts';

/** Messages that a plan shows one by one. */
const shownPlanned = 50;
/** Messages of an opened disclosure that are shown one by one. */
const shownMessages = 100;
const shownParts = 50;
/** Members of a part that are named. */
const shownMembers = 10;
const shownWaiting = 100;
/** What a letter is longer than what is padded in it. */
const letterOverhead = 81;

const now = (): number => Math.floor(Date.now() / 1000);

async function plan(desk: Desk, request: RequestOf<'disclosure.plan'>): Promise<DisclosurePlanView> {
  const { wallet, pinned } = await needOpen(desk);
  const wanted = await wantedDisclosure(wallet, pinned, idsOf(request), request.target);
  const { messages, documents, newest, channels } = wanted.plan;
  const named = await namer(wallet, pinned);
  return {
    grant: wanted.grant,
    messages,
    documents,
    newest: withinReply(newest.slice(0, shownPlanned).map((one) => disclosedView(one, named))),
    closedParts: channels.reduce((sum, { closedEpochs }) => sum + closedEpochs, 0),
    renews: channels.some(({ current }) => current !== undefined),
    ...(await toldInPublic(wallet, pinned, wanted)),
    letterBytes: sizeStep(wanted.grantBytes + 4) + letterOverhead,
  };
}

async function recipientOf(
  desk: Desk,
  wallet: Wallet,
  pinned: PinnedLedger,
  { contact, grant }: RequestOf<'disclosure.begin'>,
): Promise<Recipient | undefined> {
  if (contact !== undefined) return contactAsRecipient(wallet, pinned, contact);
  const folder = await desk.ask('folder');
  if (folder === undefined) return undefined;
  return { kind: 'file', path: await freeGrantPath(folder, grant) };
}

/** Begins what was looked at: when anything else would open by now, it is refused. */
async function begin(desk: Desk, request: RequestOf<'disclosure.begin'>): Promise<boolean> {
  const open = await needOpen(desk);
  const recipient = await recipientOf(desk, open.wallet, open.pinned, request);
  if (recipient === undefined) return false;
  const { follower } = desk.need();
  await follower.alone(async () => {
    const { wallet, pinned } = await needOpen(desk);
    const wanted = await wantedDisclosure(wallet, pinned, idsOf(request), request.target);
    if (wanted.grant !== request.grant) throw new CountersignError<IpcCode>('ipc-gone');
    await beginDisclosure(wallet, pinned, wanted.plan, recipient, now());
  });
  tellChannels(desk);
  follower.look();
  return true;
}

async function waiting(
  desk: Desk,
  request: RequestOf<'disclosure.waiting'>,
): Promise<readonly WaitingDisclosureView[]> {
  const { wallet, pinned } = await needOpen(desk);
  const id = bytesOf(request.channel);
  const all = await openDisclosures(await wallet.privateRows(), pinned.joined.ledger.id);
  const here = all.filter(({ channels }) => channels.some((one) => equalBytes(one, id)));
  const named = await namer(wallet, pinned);
  return here.slice(0, shownWaiting).map(({ hash, to, created }) => ({
    grant: toHex(hash),
    created,
    ...(to.kind === 'key' ? { to: named(to.keys.sign) } : { file: to.path.toWellFormed() }),
  }));
}

async function list(desk: Desk): Promise<readonly ReceivedGrantView[]> {
  const { wallet, pinned } = await needOpen(desk);
  const named = await namer(wallet, pinned);
  const found: ReceivedGrantView[] = [];
  for await (const { id, sender, time, grant } of receivedGrants(wallet, pinned)) {
    if (found.length === shownWaiting) break;
    const what = grant.ok ? { scope: grant.value.content.scope } : { problem: said(grant.code) };
    found.push({ id: toHex(id), from: named(sender), time, ...what });
  }
  return found;
}

/** @throws CountersignError `ipc-gone`, or with a `grant-`, `json-` or `disclose-` code */
async function grantOf(
  desk: Desk,
  wallet: Wallet,
  pinned: PinnedLedger,
  request: RequestOf<'grants.open'>,
): Promise<Grant> {
  if ('chosen' in request) {
    const [path] = desk.choices.get(request.chosen).paths;
    if (path === undefined) throw new CountersignError<IpcCode>('ipc-gone');
    return grantInFile(path, pinned.joined.ledger.id);
  }
  for await (const { id, grant } of receivedGrants(wallet, pinned)) {
    if (toHex(id) !== request.message) continue;
    if (!grant.ok) throw new CountersignError(grant.code, grant.detail);
    return grant.value;
  }
  throw new CountersignError<IpcCode>('ipc-gone');
}

type Named = Awaited<ReturnType<typeof namer>>;

function peopleOf(
  members: readonly { readonly sign: Uint8Array }[],
  named: Named,
): Pick<GrantPartView, 'members' | 'more'> {
  const first = members.slice(0, shownMembers);
  return { members: first.map(({ sign }) => named(sign)), more: members.length - first.length };
}

function partViews({ channel, epochs }: GrantedChannelView, named: Named): readonly GrantPartView[] {
  return epochs.map(({ epoch, opened }) => ({
    channel: toHex(channel),
    ...(epoch === undefined ? {} : { part: epoch.number + 1 }),
    ...(opened.ok
      ? peopleOf(opened.value.members, named)
      : { members: [], more: 0, problem: said(opened.code) }),
  }));
}

function messageView(message: GrantedMessageView, named: Named): GrantMessageView {
  const { opened, standing } = message;
  const type = opened.ok ? opened.value.contentType : '';
  return {
    ...disclosedView(message, named, type),
    standing,
    isAlone: opened.ok && opened.value.openedBy === 'message-key',
    ...(opened.ok ? {} : { problem: said(opened.code) }),
  };
}

async function open(desk: Desk, request: RequestOf<'grants.open'>): Promise<GrantView> {
  const { wallet, pinned } = await needOpen(desk);
  const { joined } = pinned;
  const grant = await grantOf(desk, wallet, pinned, request);
  const opened = await openGrant(wallet.database, joined, grant);
  const named = await namer(wallet, pinned);
  const messages: GrantMessageView[] = [];
  let total = 0;
  let closed = 0;
  for await (const message of grantedMessages(wallet.database, joined, opened)) {
    total++;
    if (!message.opened.ok) closed++;
    if (messages.length < shownMessages) messages.push(messageView(message, named));
  }
  const { scope, transaction } = grant.content;
  const epochs = opened.channels.flatMap((one) => one.epochs);
  return {
    scope,
    transaction: toHex(transaction),
    parts: opened.channels.flatMap((one) => partViews(one, named)).slice(0, shownParts),
    allParts: epochs.length,
    closedParts: epochs.filter((one) => !one.opened.ok).length,
    messages: withinReply(messages),
    total,
    closed,
    absent: opened.absent.length,
  };
}

type Names = 'disclosure.plan' | 'disclosure.begin' | 'disclosure.waiting' | 'grants.list' | 'grants.open';

export function disclosureHandlers(desk: Desk): Handlers<Names> {
  return {
    'disclosure.plan': (request) => plan(desk, request),
    'disclosure.begin': (request) => begin(desk, request),
    'disclosure.waiting': (request) => waiting(desk, request),
    'grants.list': () => list(desk),
    'grants.open': (request) => open(desk, request),
  };
}
