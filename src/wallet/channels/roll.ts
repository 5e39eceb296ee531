/**
 * Who said in an epoch that they joined or left, and whom they removed: found in its messages, each judged. Which messages
 * say so is remembered, so that a long conversation is gone through once; what they say is opened anew each time.
 */
import { toHex } from '../../core/bytes.ts';
import { checkJoined, type Joining } from '../../core/channel/content.ts';
import { type MemberView, viewMembers } from '../../core/channel/membership.ts';
import { sealedType, transactionTag } from '../../core/channel/names.ts';
import { arrayOf, hexOf, integerFrom, readObject } from '../../core/encoding/members.ts';
import { messageWithId, type Place } from '../explorer/copy.ts';
import { PrivateTable } from '../vault/private-table.ts';
import type { Wallet } from '../wallet.ts';
import { coveredUpTo } from './covered.ts';
import { leavesUnder } from './leaves.ts';
import { type ChannelMessage, channelMessage } from './messages.ts';
import type { LocalChannel, LocalEpoch } from './open.ts';
import { rowCodes } from './rows.ts';

/** The data of `joined`, `leave` and `remove` is never longer: 256 keys, in a step, with the authenticator. */
const maxRollBytes = 20_496;

/** Messages that are remembered of one epoch: all members come and go, and some do so more than once. */
const mostKept = 2048;

/** What was said in an epoch about who is there. */
export interface Roll {
  readonly joinings: readonly Joining[];
  /** The Ed25519 keys of those who said that they go. */
  readonly leavers: readonly Uint8Array[];
  /** The Ed25519 keys of those whom a member said to remove. */
  readonly removed: readonly Uint8Array[];
}

interface KeptRoll {
  readonly epoch: Uint8Array;
  /** Up to where the messages of the epoch were gone through. */
  readonly upTo: Place;
  readonly messages: readonly Uint8Array[];
}

const number = integerFrom(-1, Number.MAX_SAFE_INTEGER);
const rolls = new PrivateTable<KeptRoll>({
  kind: 'channel-roll',
  maxBytes: 200_000,
  keyOf: ({ epoch }) => toHex(epoch),
  write: ({ epoch, upTo, messages }) => ({
    epoch: toHex(epoch),
    height: upTo.height,
    messages: messages.map(toHex),
    position: upTo.position,
  }),
  read(json) {
    const messages = arrayOf(hexOf(32), mostKept);
    const row = readObject(json, rowCodes, { epoch: hexOf(32), height: number, messages, position: number });
    if (!row.ok) return undefined;
    const { height, position, ...rest } = row.value;
    return { ...rest, upTo: { height, position } };
  },
});

/** Collects what messages say about who is there. */
class RollCall {
  readonly #local: LocalEpoch;
  readonly #joinings = new Map<string, Joining>();
  readonly #leavers = new Map<string, Uint8Array>();
  readonly #removed = new Map<string, Uint8Array>();

  constructor(local: LocalEpoch) {
    this.#local = local;
  }

  /** @returns whether the message says anything about who is there that no other one said. */
  take(message: ChannelMessage): boolean {
    const { content, opened } = message;
    const { opened: epoch } = this.#local;
    // What stands before the announcement or after the next one says nothing about who is there.
    if (message.epoch !== this.#local.epoch || message.standing !== 'current') return false;
    if (!epoch.ok || !opened.ok || content?.ok !== true) return false;
    const before = this.#size;
    const { sender } = opened.value.message;
    const joining = checkJoined(epoch.value, opened.value);
    if (joining?.ok === true) this.#joinings.set(toHex(sender), joining.value);
    if (content.value.kind === 'leave') this.#leavers.set(toHex(sender), sender);
    if (content.value.kind === 'remove')
      for (const key of content.value.members) this.#removed.set(toHex(key), key);
    return this.#size > before;
  }

  get #size(): number {
    return this.#joinings.size + this.#leavers.size + this.#removed.size;
  }

  get roll(): Roll {
    const [joinings, leavers, removed] = [this.#joinings, this.#leavers, this.#removed];
    return {
      joinings: [...joinings.values()],
      leavers: [...leavers.values()],
      removed: [...removed.values()],
    };
  }
}

/** @throws CountersignError `store-corrupt`, `vault-rows` */
export async function rollOf(wallet: Wallet, channel: LocalChannel, local: LocalEpoch): Promise<Roll> {
  const call = new RollCall(local);
  if (!local.opened.ok) return call.roll;
  const { database } = wallet;
  const { joined } = channel.pinned;
  const rows = await wallet.privateRows();
  const kept = await rolls.get(rows, toHex(local.epoch.id));
  const messages: Uint8Array[] = [];
  for (const id of kept?.messages ?? []) {
    const found = await messageWithId(database, joined, id);
    const message = found && (await channelMessage(wallet, channel, found));
    if (message !== undefined && call.take(message)) messages.push(id);
  }
  const covered = await coveredUpTo(database, joined, transactionTag(joined.ledger.id, channel.transaction));
  let upTo: Place = kept?.upTo ?? { height: -1, position: -1 };
  const filter = { tag: local.epoch.tags[1], types: [sealedType] };
  for await (const leaf of leavesUnder(database, joined, filter, { order: 'oldest first', from: upTo })) {
    const { height, message: found, position } = leaf;
    if (height < covered) upTo = { height, position };
    if (found.dataLength > maxRollBytes) continue;
    const message = await channelMessage(wallet, channel, leaf);
    if (message !== undefined && call.take(message)) messages.push(found.id);
  }
  const isFurther = upTo.height !== (kept?.upTo.height ?? -1) || upTo.position !== kept?.upTo.position;
  if (isFurther && upTo.height >= 0 && messages.length <= mostKept)
    await rolls.put(rows, { epoch: local.epoch.id, upTo, messages });
  return call.roll;
}

/** The members of an epoch and who of them is shown to read; empty when it does not open here. */
export async function membersOf(
  wallet: Wallet,
  channel: LocalChannel,
  local: LocalEpoch,
): Promise<readonly MemberView[]> {
  if (!local.opened.ok) return [];
  const { joinings, leavers } = await rollOf(wallet, channel, local);
  return viewMembers(local.opened.value, joinings, leavers);
}
