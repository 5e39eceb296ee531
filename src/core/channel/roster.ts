/** The members of an epoch (`docs/spec/channels.md`, 'Roster'): sealed for them, one root for everyone else. */
import { ByteReader, compareBytes, concatBytes, equalBytes } from '../bytes.ts';
import { label } from '../crypto/kdf.ts';
import { isAgreementKey, isSigningKey } from '../crypto/signature.ts';
import { inclusionProof, leafHash, treeNodes, treeRoot, verifyInclusion } from '../tree/merkle.ts';
import type { AnnouncementContext, EpochKeys } from './keys.ts';
import type { ChannelContext } from './names.ts';
import { channelDomain } from './names.ts';

/** The most members of one epoch. */
export const maxMembers = 256;

/** A member: two public keys of 32 bytes. */
export interface RosterMember {
  /** Ed25519. */
  readonly sign: Uint8Array;
  /** X25519. */
  readonly encrypt: Uint8Array;
}

/** What shows one member of a roster without the others. */
export interface MemberProof {
  readonly encrypt: Uint8Array;
  readonly index: number;
  readonly path: readonly Uint8Array[];
  readonly salt: Uint8Array;
}

/** The members in the order of the roster, or undefined when no roster can hold them. */
export function orderedMembers(members: readonly RosterMember[]): readonly RosterMember[] | undefined {
  const ordered = [...members].sort((a, b) => compareBytes(a.sign, b.sign));
  return isRoster(ordered) ? ordered : undefined;
}

function isRoster(members: readonly RosterMember[]): boolean {
  if (members.length < 1 || members.length > maxMembers) return false;
  return members.every(({ sign, encrypt }, i) => {
    const before = members[i - 1];
    const ascends = before === undefined || compareBytes(before.sign, sign) < 0;
    return ascends && isSigningKey(sign) && isAgreementKey(encrypt);
  });
}

export function rosterBytes(members: readonly RosterMember[]): Uint8Array {
  return concatBytes(...members.flatMap(({ sign, encrypt }) => [sign, encrypt]));
}

/** Reads a roster of `count` members; undefined when it is none. The keys are copies. */
export function parseRoster(bytes: Uint8Array, count: number): readonly RosterMember[] | undefined {
  if (bytes.length !== 64 * count) return undefined;
  const reader = new ByteReader(bytes.slice());
  const members: RosterMember[] = [];
  for (let i = 0; i < count; i++) {
    const [sign, encrypt] = [reader.take(32), reader.take(32)];
    if (sign === undefined || encrypt === undefined) return undefined;
    members.push({ sign, encrypt });
  }
  return isRoster(members) ? members : undefined;
}

function memberLeaf(context: ChannelContext, salt: Uint8Array, member: RosterMember): Uint8Array {
  const { ledger, channel } = context;
  return leafHash(label(channelDomain, 'member-leaf', ledger, channel, salt, member.sign, member.encrypt));
}

function memberLeaves(
  members: readonly RosterMember[],
  keys: EpochKeys,
  context: AnnouncementContext,
): readonly Uint8Array[] {
  return members.map((member) => memberLeaf(context, keys.memberSalt(context, member.sign), member));
}

/** The public root over a roster. */
export function rosterRoot(
  members: readonly RosterMember[],
  keys: EpochKeys,
  context: AnnouncementContext,
): Uint8Array {
  return treeRoot(memberLeaves(members, keys, context));
}

/** Shows the member with an Ed25519 key; undefined when there is none. */
export function proveMember(
  members: readonly RosterMember[],
  keys: EpochKeys,
  context: AnnouncementContext,
  sign: Uint8Array,
): MemberProof | undefined {
  const index = members.findIndex((member) => equalBytes(member.sign, sign));
  const member = members[index];
  if (member === undefined) return undefined;
  const read = treeNodes(memberLeaves(members, keys, context));
  const path = inclusionProof(read, index, members.length);
  return { encrypt: member.encrypt, index, path, salt: keys.memberSalt(context, sign) };
}

/** Whether a proof shows the Ed25519 key in the roster with this size and root. */
export function isMember(
  sign: Uint8Array,
  proof: MemberProof,
  context: ChannelContext,
  roster: { readonly size: number; readonly root: Uint8Array },
): boolean {
  const leaf = memberLeaf(context, proof.salt, { sign, encrypt: proof.encrypt });
  const claim = { leafHash: leaf, index: proof.index, proof: proof.path, ...roster };
  return verifyInclusion(claim).ok;
}
