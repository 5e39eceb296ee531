/**
 * Epochs that are open (`docs/spec/channels.md`, 'Opening an epoch'): to a member by their own keys, to anyone by a secret
 * that was disclosed. Only here they are made, from an epoch whose announcement counts.
 */
import { equalBytes, toHex } from '../bytes.ts';
import { equalSecrets } from '../crypto/kdf.ts';
import { openBox } from '../crypto/sealed.ts';
import { x25519PublicKey } from '../crypto/signature.ts';
import type { ChannelCode } from '../errors/channel.ts';
import type { Draft, DraftOrigin } from '../record/envelope.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { draftSuccessor } from './announcement.ts';
import type { Chain, ChainEpoch } from './chain.ts';
import type { MessageContext, Randomness } from './keys.ts';
import { EpochKeys } from './keys.ts';
import type { RosterMember } from './roster.ts';
import { parseRoster, proveMember, rosterRoot } from './roster.ts';
import { openWrap, wrapBytes, wrapSuite } from './wrap.ts';

const token = Symbol('made by openEpoch');

/** Not exported: only {@link openEpoch} and {@link openEpochBySecret} make one. */
class OpenedEpoch {
  readonly epoch: ChainEpoch;
  /** In the order of the roster. */
  readonly members: readonly RosterMember[];
  readonly #keys: EpochKeys;
  /** The Ed25519 keys of the members in hexadecimal. */
  readonly #signs: ReadonlySet<string>;

  constructor(made: symbol, epoch: ChainEpoch, keys: EpochKeys, members: readonly RosterMember[]) {
    if (made !== token) throw new TypeError('epochs are opened by openEpoch');
    this.epoch = epoch;
    this.members = Object.freeze(members);
    this.#keys = keys;
    this.#signs = new Set(members.map(({ sign }) => toHex(sign)));
    Object.freeze(this);
  }

  /** A copy of the secret, for those to whom the whole epoch is disclosed. */
  get secret(): Uint8Array {
    return this.#keys.secret;
  }

  hasMember(sign: Uint8Array): boolean {
    return this.#signs.has(toHex(sign));
  }

  /** The key of one message. */
  messageKey(context: MessageContext, salt: Uint8Array): Uint8Array {
    return this.#keys.messageKey(context, salt);
  }

  /** What only those can say who hold the secret. */
  joinedProof(sender: Uint8Array): Uint8Array {
    return this.#keys.joinedProof({ ...this.epoch.context, epoch: this.epoch.id, sender });
  }

  /** Shows a member to everyone, for the announcement that they author. */
  proveMember(sign: Uint8Array): ReturnType<typeof proveMember> {
    return proveMember(this.members, this.#keys, this.epoch.announced, sign);
  }
}

/** An epoch that is open: its roster is verified, its messages can be opened. */
export type OpenEpoch = OpenedEpoch;

/** The keys of the member who opens. */
export interface MemberKeys {
  /** Ed25519 public key. */
  readonly sign: Uint8Array;
  /** X25519 private key. */
  readonly encryptSecret: Uint8Array;
}

/** The wraps and the sealed roster of an announcement. */
interface SealedParts {
  readonly wraps: readonly Uint8Array[];
  readonly roster: Uint8Array;
}

function sealedParts({ announcement }: ChainEpoch): Result<SealedParts, ChannelCode> {
  const { data } = announcement.message;
  if (data === undefined) return refuse('channel-withheld');
  const count = announcement.content.members;
  const wraps = Array.from({ length: count }, (_, i) => data.subarray(i * wrapBytes, (i + 1) * wrapBytes));
  if (wraps.some((wrap) => wrap[0] !== wrapSuite)) return refuse('channel-suite');
  return ok({ wraps, roster: data.subarray(count * wrapBytes) });
}

/** Opens an epoch with the keys of a member. */
export function openEpoch(epoch: ChainEpoch, me: MemberKeys): Result<OpenEpoch, ChannelCode> {
  const parts = sealedParts(epoch);
  if (!parts.ok) return parts;
  const member = { sign: me.sign, encrypt: x25519PublicKey(me.encryptSecret) };
  for (const wrap of parts.value.wraps) {
    const secret = openWrap(wrap, epoch.announced, member, me.encryptSecret);
    if (secret === 'unsafe') return refuse('channel-key');
    if (secret === undefined) continue;
    const opened = openWith(epoch, parts.value.roster, secret);
    if (!opened.ok) return opened;
    const listed = opened.value.members.some(
      ({ sign, encrypt }) => equalBytes(sign, member.sign) && equalBytes(encrypt, member.encrypt),
    );
    return listed ? opened : refuse('channel-not-member');
  }
  return refuse('channel-wrap');
}

/** Opens an epoch with a secret that a member disclosed: the announcement says whether it is the right one. */
export function openEpochBySecret(epoch: ChainEpoch, secret: Uint8Array): Result<OpenEpoch, ChannelCode> {
  const parts = sealedParts(epoch);
  return parts.ok ? openWith(epoch, parts.value.roster, secret) : parts;
}

function openWith(
  epoch: ChainEpoch,
  sealedRoster: Uint8Array,
  secret: Uint8Array,
): Result<OpenEpoch, ChannelCode> {
  if (secret.length !== 32) return refuse('channel-commitment', `${secret.length} bytes`);
  const keys = new EpochKeys(secret);
  const { announced } = epoch;
  const { commitment, members, roster, tag } = epoch.announcement.content;
  if (!equalSecrets(keys.commitment(announced), commitment)) return refuse('channel-commitment');
  if (!equalSecrets(keys.tag(announced), tag)) return refuse('channel-epoch-tag');
  const { key, nonce } = keys.rosterBox(announced, roster);
  const plain = openBox(key, nonce, sealedRoster);
  const listed = plain && parseRoster(plain, members);
  if (listed === undefined || !equalBytes(rosterRoot(listed, keys, announced), roster)) {
    return refuse('channel-roster');
  }
  return ok(new OpenedEpoch(token, epoch, keys, listed));
}

/** What the next epoch is made from. */
export interface NextEpoch {
  readonly origin: DraftOrigin;
  readonly members: readonly RosterMember[];
  readonly randomness: Randomness;
}

/**
 * The announcement of the next epoch: with members added or without those who go.
 *
 * @returns `channel-not-current` when `open` is not the current epoch of the chain, `channel-not-member` when the author
 *   is none of it.
 * @throws RangeError when the members are no roster or the author is not among them.
 */
export function draftNextEpoch(chain: Chain, open: OpenEpoch, next: NextEpoch): Result<Draft, ChannelCode> {
  const { announcement, context } = open.epoch;
  if (chain.current === undefined || !equalBytes(chain.current.id, announcement.id))
    return refuse('channel-not-current');
  const member = open.proveMember(next.origin.sender);
  if (member === undefined) return refuse('channel-not-member');
  const { tag } = announcement.content;
  const plan = { ...next, transaction: context.transaction };
  return ok(draftSuccessor(plan, { channel: context.channel, id: announcement.id, member, tag }));
}
