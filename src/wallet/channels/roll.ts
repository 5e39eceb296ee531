/** Who said in an epoch that they joined or left: found in its messages, each judged. */
import { toHex } from '../../core/bytes.ts';
import { checkJoined, type Joining } from '../../core/channel/content.ts';
import { type MemberView, viewMembers } from '../../core/channel/membership.ts';
import { sealedType } from '../../core/channel/names.ts';
import type { Wallet } from '../wallet.ts';
import { leavesUnder } from './leaves.ts';
import { channelMessage } from './messages.ts';
import type { LocalChannel, LocalEpoch } from './open.ts';

/** The data of `joined` and of `leave`: one step of 256 bytes and its authenticator, always. */
const rollBytes = 272;

/** What was said in an epoch about who is there. */
interface Roll {
  readonly joinings: readonly Joining[];
  /** The Ed25519 keys of those who said that they go. */
  readonly leavers: readonly Uint8Array[];
}

/** @throws CountersignError `store-corrupt` */
async function rollOf(wallet: Wallet, channel: LocalChannel, local: LocalEpoch): Promise<Roll> {
  const { opened } = local;
  const joinings = new Map<string, Joining>();
  const leavers = new Map<string, Uint8Array>();
  if (!opened.ok) return { joinings: [], leavers: [] };
  const filter = { tag: local.epoch.tags[1], types: [sealedType] };
  const range = { order: 'oldest first' } as const;
  for await (const leaf of leavesUnder(wallet.database, channel.pinned.joined, filter, range)) {
    if (leaf.message.dataLength !== rollBytes) continue;
    const message = await channelMessage(wallet, channel, leaf);
    // What stands before the announcement or after the next one says nothing about who is there.
    if (message?.epoch !== local.epoch || message.standing !== 'current' || !message.opened.ok) continue;
    const { sender } = leaf.message;
    const joining = checkJoined(opened.value, message.opened.value);
    if (joining?.ok === true) joinings.set(toHex(sender), joining.value);
    if (message.content?.ok === true && message.content.value.kind === 'leave')
      leavers.set(toHex(sender), sender);
  }
  return { joinings: [...joinings.values()], leavers: [...leavers.values()] };
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
