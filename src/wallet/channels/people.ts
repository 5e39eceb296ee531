/** Who is who in a channel: members who can read, those who only were invited, those who were removed, strangers. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { RosterMember } from '../../core/channel/roster.ts';
import type { KeyVerdict } from '../../core/identity/key-states.ts';
import { allContacts } from '../contacts/contact-rows.ts';
import { historyOf } from '../identity/statements.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';
import type { LocalChannel } from './open.ts';
import { membersOf, rollOf } from './roll.ts';

/**
 * How someone stands in a channel now. `reads`: a member who showed that they hold the key. `invited`: a member who did not
 * show it yet. `left`: a member who said that they go; they hold the key until the next epoch. `removed`: a member of an
 * earlier epoch and of none since. `unknown`: a member when one could last read; whether they still are is sealed for
 * others. `stranger`: of no epoch that is open here.
 */
export type PersonStatus = 'reads' | 'invited' | 'left' | 'removed' | 'unknown' | 'stranger';

export interface ChannelPerson {
  /** Ed25519. */
  readonly sign: Uint8Array;
  /** What this profile calls the contact whose key it is. */
  readonly name: string | undefined;
  readonly isMe: boolean;
  readonly status: PersonStatus;
}

/** Someone who is or was in the roster of an epoch that is open here. */
export interface ChannelMember extends ChannelPerson, RosterMember {
  readonly status: Exclude<PersonStatus, 'stranger'>;
  /** The last epoch of which they were a member, counted from 0. All messages of it and of theirs before are open to them. */
  readonly lastEpoch: number;
  /** How their key stands on the record now: who has replaced or lost it reads on and cannot write. */
  readonly key: KeyVerdict['status'];
}

/** Names that this profile gave to keys. */
export async function contactNames(wallet: Wallet, ledger: Uint8Array): Promise<ReadonlyMap<string, string>> {
  const names = new Map<string, string>();
  for (const { approved, card, name } of await allContacts(await wallet.privateRows())) {
    if (!equalBytes(card.ledger, ledger)) continue;
    names.set(toHex(card.sign), name);
    names.set(toHex(approved.sign), name);
  }
  return names;
}

/** How a key stands as far as the copy reaches. */
async function keyNow(wallet: Wallet, joined: JoinedLedger, key: Uint8Array): Promise<KeyVerdict['status']> {
  const history = await historyOf(wallet.database, joined, key);
  return history.keyVerdictAt(key, { height: joined.size, index: 0 }).status;
}

/** How those of earlier epochs stand, where the current one does not open: as far as was said, and by whom. */
async function pastStatus(
  wallet: Wallet,
  channel: LocalChannel,
): Promise<(sign: Uint8Array, isMe: boolean) => ChannelMember['status']> {
  const { current, epochs } = channel;
  if (current === undefined || current.opened.ok) return () => 'removed';
  const last = epochs.findLast(({ opened }) => opened.ok);
  const gone = new Set(last === undefined ? [] : (await rollOf(wallet, channel, last)).removed.map(toHex));
  const { author } = current.epoch.announcement;
  return (sign, isMe) => {
    // Who made the current epoch is in it: its announcement shows that they were in the one before.
    if (equalBytes(sign, author)) return 'reads';
    return isMe || gone.has(toHex(sign)) ? 'removed' : 'unknown';
  };
}

/**
 * All members of a channel, now and before, as far as its epochs are open here: those of the current epoch first. Who could
 * read is a lower bound: a member can hand a key on.
 * @throws CountersignError `follow-tag`, or with a `store-` code.
 */
export async function channelMembers(
  wallet: Wallet,
  channel: LocalChannel,
): Promise<readonly ChannelMember[]> {
  const { current, epochs, pinned } = channel;
  const { joined } = pinned;
  const names = await contactNames(wallet, joined.ledger.id);
  const mine = new Set(epochs.flatMap(({ me }) => (me === undefined ? [] : [toHex(me.sign)])));
  const past = await pastStatus(wallet, channel);
  const found = new Map<string, ChannelMember>();
  const add = async (
    { sign, encrypt }: RosterMember,
    lastEpoch: number,
    status?: ChannelMember['status'],
  ): Promise<void> => {
    const name = toHex(sign);
    if (found.has(name)) return;
    const isMe = mine.has(name);
    const key = await keyNow(wallet, joined, sign);
    const member = { sign, encrypt, name: names.get(name), isMe, lastEpoch, key };
    found.set(name, { ...member, status: status ?? past(sign, isMe) });
  };
  if (current !== undefined) {
    for (const { status, ...member } of await membersOf(wallet, channel, current)) {
      await add(member, current.epoch.number, status);
    }
  }
  for (const { epoch, opened } of [...epochs].reverse()) {
    if (opened.ok) for (const member of opened.value.members) await add(member, epoch.number);
  }
  return [...found.values()];
}

/** How this identity itself stands in a channel. */
export type OwnStanding =
  /** Nothing of it is in a block yet, or what an invitation says is not on the record. */
  | 'not on record'
  | 'invited'
  | 'reads'
  | 'left'
  /** A member of an earlier epoch whom another one said to remove, or who had left. */
  | 'removed'
  /** The current epoch does not open, and nobody said why. */
  | 'shut out'
  /** Never a member, as far as the copy reaches. */
  | 'stranger';

/** @throws CountersignError with a `store-` code. */
export async function ownStanding(wallet: Wallet, channel: LocalChannel): Promise<OwnStanding> {
  const { current, epochs } = channel;
  if (current === undefined) return 'not on record';
  const { me } = current;
  if (me !== undefined) {
    const members = await membersOf(wallet, channel, current);
    return members.find(({ sign }) => equalBytes(sign, me.sign))?.status ?? 'invited';
  }
  const last = epochs.findLast((epoch) => epoch.me !== undefined);
  if (last === undefined) return 'stranger';
  const { leavers, removed } = await rollOf(wallet, channel, last);
  const isNamed = [...leavers, ...removed].some(
    (key) => last.me !== undefined && equalBytes(key, last.me.sign),
  );
  return isNamed || current.opened.ok ? 'removed' : 'shut out';
}

/** Whether this identity joined one of the epochs before the current one: told by the record, whatever is kept here. */
export async function hadJoined(wallet: Wallet, channel: LocalChannel): Promise<boolean> {
  const last = channel.epochs.slice(0, -1).findLast(({ me }) => me !== undefined);
  if (last === undefined) return false;
  const members = await membersOf(wallet, channel, last);
  return members.some(
    ({ sign, status }) => status === 'reads' && last.me !== undefined && equalBytes(sign, last.me.sign),
  );
}
