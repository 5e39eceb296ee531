/** Who reads (`docs/spec/channels.md`, 'Members'). All of it is a lower bound: a member can hand any secret on. */
import { equalBytes, toHex } from '../bytes.ts';
import type { Joining } from './content.ts';
import type { OpenEpoch } from './epoch.ts';
import type { RosterMember } from './roster.ts';

/** `reads`: shown to hold the secret. `invited`: in the roster, not shown yet. `left`: said that they go. */
export type MemberStatus = 'reads' | 'invited' | 'left';

export interface MemberView extends RosterMember {
  readonly status: MemberStatus;
}

/**
 * The members of an epoch and how they stand.
 *
 * @param joinings those of this epoch; others change nothing.
 * @param leavers the senders of messages `leave` that opened in this epoch.
 */
export function viewMembers(
  open: OpenEpoch,
  joinings: readonly Joining[],
  leavers: readonly Uint8Array[],
): readonly MemberView[] {
  const { id, announcement } = open.epoch;
  const reading = new Set([toHex(announcement.author)]);
  for (const { epoch, member } of joinings) if (equalBytes(epoch, id)) reading.add(toHex(member));
  const left = new Set(leavers.map(toHex));
  return open.members.map((member) => {
    const key = toHex(member.sign);
    return { ...member, status: left.has(key) ? 'left' : reading.has(key) ? 'reads' : 'invited' };
  });
}

/** Who was a member of one epoch and is none of another: the removed, when that is the current one. */
export function removedMembers(of: OpenEpoch, since: OpenEpoch): readonly RosterMember[] {
  return of.members.filter(({ sign }) => !since.hasMember(sign));
}

/** The members without those with the given Ed25519 keys: for the next epoch after they left or are removed. */
export function membersWithout(open: OpenEpoch, signs: readonly Uint8Array[]): readonly RosterMember[] {
  return open.members.filter(({ sign }) => !signs.some((gone) => equalBytes(gone, sign)));
}
