import { readAnnouncement } from '../../src/core/channel/announcement.ts';
import type { Announcement } from '../../src/core/channel/announcement.ts';
import type { Chain, ChainEpoch } from '../../src/core/channel/chain.ts';
import { resolveEpochs } from '../../src/core/channel/chain.ts';
import type { MemberKeys, OpenEpoch } from '../../src/core/channel/epoch.ts';
import { openEpoch } from '../../src/core/channel/epoch.ts';
import type { RosterMember } from '../../src/core/channel/roster.ts';
import type { SealedMessageOnRecord } from '../../src/core/channel/sealed.ts';
import { readSealed } from '../../src/core/channel/sealed.ts';
import type { VerifiedMessage } from '../../src/core/record/message.ts';
import { verifyMessage } from '../../src/core/record/message.ts';
import type { Result } from '../../src/core/result.ts';
import type { PackedBytes } from './support.ts';
import { good, hex, unpack } from './support.ts';

const limits = { headBytes: 65_535, dataBytes: 16_777_216 };

/** A message as the channel vectors give it. */
export interface OnRecord {
  readonly leaf: string;
  readonly data?: PackedBytes;
}

/** Someone of the channel vectors. */
export interface Person {
  readonly name: string;
  readonly seed: string;
  readonly sign: string;
  readonly secret: string;
  readonly encrypt: string;
  readonly local: string;
}

/** What the files about messages in channels begin with. */
export interface Cast {
  readonly ledger: string;
  readonly transaction: string;
  readonly channel: string;
  readonly people: readonly Person[];
  readonly chain: readonly (OnRecord & { readonly height: number; readonly index: number })[];
}

/** A message, verified for a ledger; without its data when that is withheld. */
export function messageOf(vector: OnRecord, ledger: string, absent = false): VerifiedMessage {
  const data = absent ? undefined : unpack(vector.data ?? '');
  return good(verifyMessage(hex(vector.leaf), data, hex(ledger), limits));
}

/** The value of a reader that knows the payload type. */
export function known<T>(result: T | undefined): T {
  if (result === undefined) throw new Error('not taken for a message of this type');
  return result;
}

export function personOf({ people }: Pick<Cast, 'people'>, name: string): Person {
  return known(people.find((person) => person.name === name));
}

export function keysOf(person: Person): MemberKeys {
  return { sign: hex(person.sign), encryptSecret: hex(person.secret) };
}

export function memberOf(person: Person): RosterMember {
  return { sign: hex(person.sign), encrypt: hex(person.encrypt) };
}

export function announcementOf(vector: OnRecord, ledger: string, absent = false): Result<Announcement> {
  return known(readAnnouncement(messageOf(vector, ledger, absent)));
}

export function sealedOf(vector: OnRecord, ledger: string, absent = false): Result<SealedMessageOnRecord> {
  return known(readSealed(messageOf(vector, ledger, absent)));
}

/** The channel of a file, resolved. */
export function chainOf({ chain, channel, ledger }: Cast): Chain {
  const placed = chain.map(({ height, index, ...message }) => ({
    announcement: good(announcementOf(message, ledger)),
    height,
    index,
  }));
  return good(resolveEpochs(hex(channel), placed, () => false));
}

export function epochOf(chain: Chain, number: number): ChainEpoch {
  return known(chain.epochs[number]);
}

/** An epoch of the channel of a file, opened by someone. */
export function openedBy(cast: Cast, chain: Chain, number: number, name: string): OpenEpoch {
  return good(openEpoch(epochOf(chain, number), keysOf(personOf(cast, name))));
}
