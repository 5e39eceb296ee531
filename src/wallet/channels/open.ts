/**
 * A channel as the local copy of the record has it: which epochs it has, by public bytes alone, and those of them that
 * open for this profile. Everything else about a channel begins here.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { readAnnouncement } from '../../core/channel/announcement.ts';
import {
  type Chain,
  type ChainEpoch,
  type PlacedAnnouncement,
  resolveEpochs,
} from '../../core/channel/chain.ts';
import { type OpenEpoch, openEpoch, openEpochBySecret } from '../../core/channel/epoch.ts';
import { epochType, transactionTag } from '../../core/channel/names.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { IdentityHistory } from '../../core/identity/history.ts';
import type { KeyVerdict, Position } from '../../core/identity/key-states.ts';
import { refuse, type Result } from '../../core/result.ts';
import { withData } from '../explorer/copy.ts';
import { historyOf } from '../identity/statements.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Database } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';
import { leavesUnder } from './leaves.ts';
import { type OwnMember, ownMembers } from './own-members.ts';
import { keepSecret, keptSecret } from './rows.ts';

/** The ids of a channel: 32 bytes each. */
export interface ChannelIds {
  readonly transaction: Uint8Array;
  readonly channel: Uint8Array;
}

/** An epoch of a channel, and whether it opens here. */
export interface LocalEpoch {
  readonly epoch: ChainEpoch;
  /** Open, or why not: who is no member gets `channel-wrap`. */
  readonly opened: Result<OpenEpoch, ChannelCode>;
  /** The pair of one's own keys that is in its roster, when it is open and one is. */
  readonly me: OwnMember | undefined;
}

/** A channel of the local copy. */
export interface LocalChannel extends ChannelIds {
  readonly pinned: PinnedLedger;
  readonly chain: Chain;
  /** Those that count, in the order in which they began. */
  readonly epochs: readonly LocalEpoch[];
  /** The last of them; undefined while nothing of the channel is in a block. */
  readonly current: LocalEpoch | undefined;
}

const ended: readonly KeyVerdict['status'][] = ['rotated', 'revoked', 'recovered'];

/** Whether a key had ended at a place, by its history. */
function hasEnded(history: IdentityHistory, key: Uint8Array, at: Position): boolean {
  return ended.includes(history.keyVerdictAt(key, at).status);
}

/** The announcements of a channel that verified blocks list under the tag of its transaction, with their data. */
async function announcementsOf(
  database: Database,
  joined: JoinedLedger,
  { transaction, channel }: ChannelIds,
): Promise<readonly PlacedAnnouncement[]> {
  const tag = transactionTag(joined.ledger.id, transaction);
  const placed = new Map<string, PlacedAnnouncement>();
  const range = { order: 'oldest first' } as const;
  for await (const leaf of leavesUnder(database, joined, { tag, types: [epochType] }, range)) {
    const id = toHex(leaf.message.id);
    const read = readAnnouncement(leaf.message);
    // Of a message that stands in the record twice the first place counts.
    if (read?.ok !== true || !equalBytes(read.value.content.channel, channel) || placed.has(id)) continue;
    const { height, message, position: index } = await withData(database, joined, leaf);
    const announcement = readAnnouncement(message);
    if (announcement?.ok === true) placed.set(id, { announcement: announcement.value, height, index });
  }
  return [...placed.values()];
}

/** The chain of a channel, and the keys whose histories it would need. */
async function resolved(
  database: Database,
  joined: JoinedLedger,
  ids: ChannelIds,
  learn: (key: Uint8Array) => Promise<IdentityHistory | undefined>,
): Promise<Chain> {
  const placed = await announcementsOf(database, joined, ids);
  const histories = new Map<string, IdentityHistory | undefined>();
  for (;;) {
    const asked = new Map<string, Uint8Array>();
    const chain = resolveEpochs(ids.channel, placed, (key, at) => {
      const name = toHex(key);
      if (!histories.has(name)) asked.set(name, key);
      const history = histories.get(name);
      return history !== undefined && hasEnded(history, key, at);
    });
    if (!chain.ok) throw new CountersignError<ChannelCode>(chain.code, chain.detail);
    if (asked.size === 0) return chain.value;
    // Only who is shown to be a member is ever asked about, so strangers cost nothing here.
    for (const [name, key] of asked) histories.set(name, await learn(key));
  }
}

/**
 * The epochs of a channel.
 * @throws CountersignError `follow-tag` when a copy that follows does not know an author's history yet; with a
 *   `channel-`, `identity-` or `store-` code.
 */
export async function chainOf(database: Database, joined: JoinedLedger, ids: ChannelIds): Promise<Chain> {
  return resolved(database, joined, ids, (key) => historyOf(database, joined, key));
}

async function openOne(
  wallet: Wallet,
  joined: JoinedLedger,
  epoch: ChainEpoch,
  mine: readonly OwnMember[],
): Promise<Result<OpenEpoch, ChannelCode>> {
  const rows = await wallet.privateRows();
  const secret = await keptSecret(rows, epoch.id);
  const kept = secret && openEpochBySecret(epoch, secret);
  if (kept?.ok === true) return kept;
  const vault = await wallet.unlock();
  let why: Result<OpenEpoch, ChannelCode> = refuse('channel-wrap');
  for (const { index } of mine) {
    const opened = vault.withMemberKeys(joined.ledger.id, index, (keys) => openEpoch(epoch, keys));
    if (opened.ok) {
      await keepSecret(rows, epoch.id, opened.value.secret);
      return opened;
    }
    if (opened.code !== 'channel-wrap') why = opened;
  }
  return why;
}

async function localEpochs(
  wallet: Wallet,
  joined: JoinedLedger,
  chain: Chain,
): Promise<readonly LocalEpoch[]> {
  const mine = await ownMembers(wallet, joined);
  const epochs: LocalEpoch[] = [];
  for (const epoch of chain.epochs) {
    const opened = await openOne(wallet, joined, epoch, mine);
    const me = opened.ok ? mine.find(({ sign }) => opened.value.hasMember(sign)) : undefined;
    epochs.push({ epoch, opened, me });
  }
  return epochs;
}

/**
 * The keys whose histories a channel needs, as far as it can be opened: of those who changed its members, and of its
 * members. A copy that follows asks for them.
 */
export async function keysIn(
  wallet: Wallet,
  joined: JoinedLedger,
  ids: ChannelIds,
): Promise<readonly Uint8Array[]> {
  const { database } = wallet;
  const keys: Uint8Array[] = [];
  const chain = await resolved(database, joined, ids, async (key) => {
    keys.push(key);
    return historyOf(database, joined, key).catch((error: unknown) => {
      if (error instanceof CountersignError && error.code === 'follow-tag') return undefined;
      throw error;
    });
  });
  for (const { opened } of await localEpochs(wallet, joined, chain))
    if (opened.ok) keys.push(...opened.value.members.map(({ sign }) => sign));
  return keys;
}

/** The epochs of a channel, opened where they are for this identity. @throws CountersignError as {@link openChannel} */
export async function epochsIn(
  wallet: Wallet,
  joined: JoinedLedger,
  ids: ChannelIds,
): Promise<readonly LocalEpoch[]> {
  return localEpochs(wallet, joined, await chainOf(wallet.database, joined, ids));
}

/**
 * Opens a channel with the keys of this identity.
 * @throws CountersignError as {@link chainOf}, or `vault-watch-only`.
 */
export async function openChannel(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
): Promise<LocalChannel> {
  const { joined } = pinned;
  const chain = await chainOf(wallet.database, joined, ids);
  const epochs = await localEpochs(wallet, joined, chain);
  const { transaction, channel } = ids;
  return { transaction, channel, pinned, chain, epochs, current: epochs.at(-1) };
}

/** Whether something is wrong with one channel only, or not enough of it is here yet: others are not concerned. */
export function isOfOneChannel(error: unknown): error is CountersignError {
  if (!(error instanceof CountersignError)) return false;
  const code = String(error.code);
  return code === 'follow-tag' || code.startsWith('channel-') || code.startsWith('identity-');
}
