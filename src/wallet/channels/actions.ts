/** What a person does in channels. Each of these keeps what is to be done and sends nothing: `deliver.ts` does. */
import { randomBytes } from 'node:crypto';
import { equalBytes } from '../../core/bytes.ts';
import { type Content, writeContent } from '../../core/channel/content.ts';
import { channelId, transactionId } from '../../core/channel/names.ts';
import type { RosterMember } from '../../core/channel/roster.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Wallet } from '../wallet.ts';
import { type Intent, queueIntents } from './drafts.ts';
import type { ChannelIds } from './open.ts';
import { channelRow, type ChannelRow, keepChannel } from './rows.ts';

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
export async function createChannel(
  wallet: Wallet,
  pinned: PinnedLedger,
  { name, members, note, transaction: given }: NewChannel,
  now: number,
): Promise<ChannelIds> {
  const { id: ledger } = pinned.joined.ledger;
  const { publicKey: sign, encryptionKey: encrypt } = await wallet.signer(ledger);
  const salt = drawn();
  const transaction = given ?? transactionId(ledger, sign, drawn());
  const channel = channelId(ledger, transaction, sign, salt);
  const me = { sign, encrypt };
  const others = members.filter((member) => !equalBytes(member.sign, sign));
  const rows = await wallet.privateRows();
  await keepChannel(rows, { ledger, transaction, channel, name, from: sign, added: now, joined: true });
  const intents: readonly Intent[] = [
    { kind: 'found', salt, members: [me, ...others] },
    // A letter to oneself: whoever restores from words alone finds the channel again by its name.
    ...invitations([me], { name }),
    ...invitations(others, { name, ...(note === undefined ? {} : { note }) }),
  ];
  await queueIntents(rows, { ledger, transaction, channel }, intents, now);
  return { transaction, channel };
}

/** A channel that this profile knows. @throws CountersignError `channel-unknown` */
async function knownChannel(
  wallet: Wallet,
  { joined }: PinnedLedger,
  { transaction, channel }: ChannelIds,
): Promise<ChannelRow> {
  const row = await channelRow(await wallet.privateRows(), joined.ledger.id, transaction, channel);
  if (row === undefined) throw new CountersignError<ChannelCode>('channel-unknown');
  return row;
}

async function queue(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  intents: readonly Intent[],
  now: number,
): Promise<ChannelRow> {
  const row = await knownChannel(wallet, pinned, ids);
  await queueIntents(await wallet.privateRows(), row, intents, now);
  return row;
}

/** Adds members: the next epoch begins with them, and each is told by a letter once it stands in a block. */
export async function addMembers(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  change: {
    readonly add: readonly RosterMember[];
    readonly drop: readonly Uint8Array[];
    readonly note?: string;
  },
  now: number,
): Promise<void> {
  const { name } = await knownChannel(wallet, pinned, ids);
  const { add, drop, note } = change;
  const texts = { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
  await queue(wallet, pinned, ids, [{ kind: 'members', add, drop }, ...invitations(add, texts)], now);
}

/**
 * Removes members. It is said in the epoch that they can still read; the next one begins without them.
 * @param members Ed25519 keys.
 */
export async function removeMembers(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  members: readonly Uint8Array[],
  now: number,
): Promise<void> {
  const ordered = [...members].sort((a, b) => Buffer.compare(a, b));
  const said = writeContent({ kind: 'remove', members: ordered });
  const intents: readonly Intent[] = [
    { kind: 'say', ...said },
    { kind: 'members', add: [], drop: members },
  ];
  await queue(wallet, pinned, ids, intents, now);
}

/** Says something to the members of the moment at which it is sent. @throws RangeError when the content is none. */
export async function post(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  content: Content,
  now: number,
): Promise<void> {
  await queue(wallet, pinned, ids, [{ kind: 'say', ...writeContent(content) }], now);
}

/** Shows the others that one holds the key; what follows is then joined by itself. */
export async function joinChannel(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  now: number,
): Promise<void> {
  const row = await queue(wallet, pinned, ids, [{ kind: 'join' }], now);
  await keepChannel(await wallet.privateRows(), { ...row, joined: true });
}

/** Says that one goes. The key that one holds stays good until the others begin an epoch without one. */
export async function leaveChannel(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  now: number,
): Promise<void> {
  const said = writeContent({ kind: 'leave' });
  const row = await queue(wallet, pinned, ids, [{ kind: 'say', ...said }], now);
  await keepChannel(await wallet.privateRows(), { ...row, joined: false });
}
