/** From what is to be said or done in a channel to the message that does it, for the channel as it is now. */
import { randomBytes } from 'node:crypto';
import { equalBytes } from '../../core/bytes.ts';
import { draftFounding } from '../../core/channel/announcement.ts';
import { joinedContent } from '../../core/channel/content.ts';
import { draftNextEpoch, type OpenEpoch } from '../../core/channel/epoch.ts';
import { draftInvitation } from '../../core/channel/invitation.ts';
import { membersWithout } from '../../core/channel/membership.ts';
import { draftUnreadable } from '../../core/channel/notice.ts';
import type { RosterMember } from '../../core/channel/roster.ts';
import { draftMessage, type PlainContent } from '../../core/channel/sealed.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import type { Draft, DraftOrigin } from '../../core/record/envelope.ts';
import type { Result } from '../../core/result.ts';
import type { Wallet } from '../wallet.ts';
import type { Intent } from './drafts.ts';
import type { LocalChannel } from './open.ts';
import { ownStanding } from './people.ts';
import { membersOf, rollOf } from './roll.ts';
import { randomness } from './rows.ts';

/** What an intent comes to now. */
export type Sealing =
  | { readonly kind: 'message'; readonly draft: Draft }
  /** There is nothing left to do. */
  | { readonly kind: 'done' }
  /** Something has to stand in a block first. */
  | { readonly kind: 'wait' }
  /** It cannot be done. */
  | { readonly kind: 'problem'; readonly code: ChannelCode };

/** Who seals, and when. */
export interface Sealer {
  /** The Ed25519 key that will sign. */
  readonly sender: Uint8Array;
  /** Seconds since 1970. */
  readonly now: number;
}

function originOf(channel: LocalChannel, { sender, now }: Sealer): DraftOrigin {
  const { id: ledger } = channel.pinned.joined.ledger;
  return { ledger, sender, nonce: new Uint8Array(randomBytes(16)), time: now };
}

function asSealing(draft: Result<Draft, ChannelCode>): Sealing {
  return draft.ok ? { kind: 'message', draft: draft.value } : { kind: 'problem', code: draft.code };
}

/** Whether two members are the same pair of keys. */
export function sameMember(one: RosterMember, other: RosterMember): boolean {
  return equalBytes(one.sign, other.sign) && equalBytes(one.encrypt, other.encrypt);
}

/** Those who said that they leave: the next epoch begins without them, whoever begins it. */
async function leaversOf(
  wallet: Wallet,
  channel: LocalChannel,
  { sender }: Sealer,
): Promise<readonly Uint8Array[]> {
  const { current } = channel;
  const { leavers } = current === undefined ? { leavers: [] } : await rollOf(wallet, channel, current);
  return leavers.filter((sign) => !equalBytes(sign, sender));
}

/** The members of the next epoch, or undefined when they are those of this one. */
function nextMembers(
  open: OpenEpoch,
  leavers: readonly Uint8Array[],
  { add, drop }: Pick<Extract<Intent, { kind: 'members' }>, 'add' | 'drop'>,
): readonly RosterMember[] | undefined {
  const kept = membersWithout(open, [...drop, ...leavers, ...add.map(({ sign }) => sign)]);
  const next = [...kept, ...add];
  const isSame =
    next.length === open.members.length && next.every((one) => open.members.some((m) => sameMember(one, m)));
  return isSame ? undefined : next;
}

async function say(
  wallet: Wallet,
  channel: LocalChannel,
  open: OpenEpoch,
  sealer: Sealer,
  plain: PlainContent,
): Promise<Sealing> {
  const plan = {
    origin: originOf(channel, sealer),
    plain,
    randomness: await randomness(await wallet.privateRows()),
  };
  return asSealing(draftMessage(channel.chain, open, plan));
}

async function join(
  wallet: Wallet,
  channel: LocalChannel,
  open: OpenEpoch,
  sealer: Sealer,
): Promise<Sealing> {
  const { current } = channel;
  const members = current === undefined ? [] : await membersOf(wallet, channel, current);
  const me = members.find(({ sign }) => equalBytes(sign, sealer.sender));
  if (me === undefined) return { kind: 'problem', code: 'channel-not-member' };
  if (me.status !== 'invited') return { kind: 'done' };
  return say(wallet, channel, open, sealer, joinedContent(open, sealer.sender));
}

/** What an intent needs an open current epoch for. */
async function sealIn(
  wallet: Wallet,
  channel: LocalChannel,
  open: OpenEpoch,
  sealer: Sealer,
  intent: Exclude<Intent, { kind: 'found' | 'notice' }>,
): Promise<Sealing> {
  const rows = await wallet.privateRows();
  switch (intent.kind) {
    case 'members': {
      const members = nextMembers(open, await leaversOf(wallet, channel, sealer), intent);
      if (members === undefined) return { kind: 'done' };
      const next = { origin: originOf(channel, sealer), members, randomness: await randomness(rows) };
      return asSealing(draftNextEpoch(channel.chain, open, next));
    }
    case 'renew': {
      // Another change came first: what was disclosed is over already.
      if (!equalBytes(open.epoch.id, intent.after)) return { kind: 'done' };
      const members = membersWithout(open, await leaversOf(wallet, channel, sealer));
      const next = { origin: originOf(channel, sealer), members, randomness: await randomness(rows) };
      return asSealing(draftNextEpoch(channel.chain, open, next));
    }
    case 'invite': {
      const { to, name, note } = intent;
      // Who is no member any more has nothing to be invited to.
      if (!open.members.some((one) => sameMember(one, to))) return { kind: 'done' };
      const texts = { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
      const draft = draftInvitation(originOf(channel, sealer), open, to, texts, await randomness(rows));
      return { kind: 'message', draft };
    }
    case 'say':
      return say(wallet, channel, open, sealer, intent);
    case 'join':
      return join(wallet, channel, open, sealer);
  }
}

/**
 * The message that an intent is now.
 * @throws RangeError when members are no roster, as the intents of `actions.ts` never are.
 */
export async function sealIntent(
  wallet: Wallet,
  channel: LocalChannel,
  sealer: Sealer,
  intent: Intent,
): Promise<Sealing> {
  const { current, transaction } = channel;
  if (intent.kind === 'found') {
    if (current !== undefined) return { kind: 'done' };
    const { members, salt } = intent;
    const drawn = await randomness(await wallet.privateRows());
    const plan = { origin: originOf(channel, sealer), transaction, members, randomness: drawn };
    return { kind: 'message', draft: draftFounding(plan, salt) };
  }
  if (current === undefined) return { kind: 'wait' };
  if (intent.kind === 'notice') {
    const named = channel.chain.epoch(intent.epoch);
    if (named === undefined) return { kind: 'done' };
    return { kind: 'message', draft: draftUnreadable(originOf(channel, sealer), named, intent.message) };
  }
  if (!current.opened.ok) {
    const isRemoved = (await ownStanding(wallet, channel)) === 'removed';
    return { kind: 'problem', code: isRemoved ? 'channel-removed' : current.opened.code };
  }
  return sealIn(wallet, channel, current.opened.value, sealer, intent);
}
