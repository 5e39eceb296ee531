/**
 * What a person does in channels: first a plan, of which `public-preview.ts` says what everyone will see; then, when the
 * person wants it, it is kept in line. Nothing here sends: `deliver.ts` does.
 */
import { randomBytes } from 'node:crypto';
import { compareBytes, equalBytes } from '../../core/bytes.ts';
import { type Content, writeContent } from '../../core/channel/content.ts';
import { channelId, transactionId } from '../../core/channel/names.ts';
import type { RosterMember } from '../../core/channel/roster.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import type { ContactCode } from '../../core/errors/contact.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { type KnownContact, needCurrent } from '../contacts/contacts.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Wallet } from '../wallet.ts';
import { type ChannelDraft, type Intent, queueIntents } from './drafts.ts';
import { type ChannelIds, openChannel } from './open.ts';
import { channelRow, type ChannelRow, keepChannel } from './rows.ts';
import { sameMember } from './seal.ts';

/** What is to be done in a channel, step by step, and the channel as this profile knows it then. */
export interface ChannelPlan {
  readonly row: ChannelRow;
  readonly intents: readonly Intent[];
}

/** A channel that is to be. */
export interface NewChannel {
  /** 1 to 200 characters: only members see it. */
  readonly name: string;
  /** Who is a member beside oneself. */
  readonly members: readonly RosterMember[];
  /** What the invitations say: 1 to 1,000 characters. */
  readonly note?: string;
  /** An existing transaction; a new one when left out. */
  readonly transaction?: Uint8Array;
}

/** A change of members. */
export interface MemberChange {
  readonly add: readonly RosterMember[];
  /** Ed25519 keys, of those above whose older key is in the channel for example. */
  readonly drop: readonly Uint8Array[];
  /** What the invitations say: 1 to 1,000 characters. */
  readonly note?: string;
}

function drawn(): Uint8Array {
  return new Uint8Array(randomBytes(32));
}

function invitations(
  members: readonly RosterMember[],
  { name, note }: Pick<ChannelRow, 'name' | 'note'>,
): readonly Intent[] {
  const texts = { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
  return members.map((to) => ({ kind: 'invite', to, ...texts }));
}

/**
 * A new channel, on a transaction of its own or on one that exists.
 * @param now seconds since 1970.
 * @throws CountersignError as `Wallet.signer`.
 */
export async function planChannel(
  wallet: Wallet,
  pinned: PinnedLedger,
  { name, members, note, transaction: given }: NewChannel,
  now: number,
): Promise<ChannelPlan> {
  const { id: ledger } = pinned.joined.ledger;
  const { publicKey: sign, encryptionKey: encrypt } = await wallet.signer(ledger);
  const salt = drawn();
  const transaction = given ?? transactionId(ledger, sign, drawn());
  const channel = channelId(ledger, transaction, sign, salt);
  const me = { sign, encrypt };
  const others = members.filter((member) => !equalBytes(member.sign, sign));
  const intents: readonly Intent[] = [
    { kind: 'found', salt, members: [me, ...others] },
    // A letter to oneself: whoever restores from words alone finds the channel again by its name.
    ...invitations([me], { name }),
    ...invitations(others, { name, ...(note === undefined ? {} : { note }) }),
  ];
  return { row: { ledger, transaction, channel, name, from: sign, added: now, joined: true }, intents };
}

/** A channel that this profile knows. @throws CountersignError `channel-unknown` */
export async function knownChannel(
  wallet: Wallet,
  { joined }: PinnedLedger,
  { transaction, channel }: ChannelIds,
): Promise<ChannelRow> {
  const row = await channelRow(await wallet.privateRows(), joined.ledger.id, transaction, channel);
  if (row === undefined) throw new CountersignError<ChannelCode>('channel-unknown');
  return row;
}

/**
 * What makes contacts members: their keys that count now come in, older ones of the same people go.
 * @throws CountersignError as `needCurrent`; `contact-unknown` for a contact on another ledger.
 */
export function membershipOf(
  { ledger }: Pick<ChannelRow, 'ledger'>,
  contacts: readonly KnownContact[],
): Pick<MemberChange, 'add' | 'drop'> {
  const add: RosterMember[] = [];
  const drop: Uint8Array[] = [];
  for (const known of contacts) {
    const { approved, card, name } = needCurrent(known);
    if (!equalBytes(card.ledger, ledger)) throw new CountersignError<ContactCode>('contact-unknown', name);
    add.push(approved);
    const older = (known.identity?.keys ?? []).map(({ sign }) => sign);
    drop.push(...older.filter((sign) => !equalBytes(sign, approved.sign)));
  }
  return { add, drop };
}

/**
 * Invites contacts. Those who are members already with these keys get a new key with all others: whoever says that they
 * cannot read is helped so.
 * @throws CountersignError as {@link membershipOf}, or with a `channel-` or `follow-` code.
 */
export async function planInvitation(
  wallet: Wallet,
  pinned: PinnedLedger,
  row: ChannelRow,
  contacts: readonly KnownContact[],
  note?: string,
): Promise<ChannelPlan> {
  const { add, drop } = membershipOf(row, contacts);
  const noted = note === undefined ? {} : { note };
  const { current } = await openChannel(wallet, pinned, row);
  const members = current?.opened.ok === true ? current.opened.value.members : [];
  const isNew = add.some((one) => !members.some((member) => sameMember(one, member)));
  const plan = planMembers(row, { add, drop, ...noted });
  if (isNew || current === undefined) return plan;
  return { row, intents: [{ kind: 'renew', after: current.epoch.id }, ...plan.intents.slice(1)] };
}

/** The next epoch begins with some more, and each is told by a letter once it stands in a block. */
export function planMembers(row: ChannelRow, { add, drop, note }: MemberChange): ChannelPlan {
  const { name } = row;
  const texts = { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
  return { row, intents: [{ kind: 'members', add, drop }, ...invitations(add, texts)] };
}

/**
 * Removes members. It is said in the epoch that they can still read; the next one begins without them.
 * @param members Ed25519 keys.
 */
export function planRemoval(row: ChannelRow, members: readonly Uint8Array[]): ChannelPlan {
  const said = writeContent({ kind: 'remove', members: [...members].sort(compareBytes) });
  const intents: readonly Intent[] = [
    { kind: 'say', ...said },
    { kind: 'members', add: [], drop: members },
  ];
  return { row, intents };
}

/** Says something to the members of the moment at which it is sent. @throws RangeError when the content is none. */
export function planPost(row: ChannelRow, content: Content): ChannelPlan {
  return { row, intents: [{ kind: 'say', ...writeContent(content) }] };
}

/** Shows the others that one holds the key; epochs that follow are then joined by themselves. */
export function planJoin(row: ChannelRow): ChannelPlan {
  return { row: { ...row, joined: true }, intents: [{ kind: 'join' }] };
}

/** Says that one goes. The key that one holds stays good until the others begin an epoch without one. */
export function planLeave(row: ChannelRow): ChannelPlan {
  return { row: { ...row, joined: false }, intents: [{ kind: 'say', ...writeContent({ kind: 'leave' }) }] };
}

/** Says in public that something does not open: a message, or an announcement (then both are the same id). */
export function planNotice(row: ChannelRow, epoch: Uint8Array, message: Uint8Array): ChannelPlan {
  return { row, intents: [{ kind: 'notice', epoch, message }] };
}

/** Keeps a plan in line, to be sealed and sent when its turn comes. @param now seconds since 1970. */
export async function carryOut(
  wallet: Wallet,
  { row, intents }: ChannelPlan,
  now: number,
): Promise<readonly ChannelDraft[]> {
  const rows = await wallet.privateRows();
  await keepChannel(rows, row);
  return queueIntents(rows, row, intents, now);
}

/** Keeps something to be said, in line. @throws CountersignError `channel-unknown`; RangeError as {@link planPost}. */
export async function post(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  content: Content,
  now: number,
): Promise<void> {
  await carryOut(wallet, planPost(await knownChannel(wallet, pinned, ids), content), now);
}
