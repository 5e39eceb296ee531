/** Telling the members which of their messages one could read: evidence that a lone message key cannot give. */
import { compareBytes, equalBytes, fromHex, toHex } from '../../core/bytes.ts';
import { writeContent } from '../../core/channel/content.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Wallet } from '../wallet.ts';
import type { ChannelPlan } from './actions.ts';
import { channelMessages } from './messages.ts';
import { openChannel } from './open.ts';
import type { ChannelRow } from './rows.ts';

/** Messages that one content `read` names. */
const mostNamed = 1000;

/**
 * Confirms the newest messages of others that opened here and were not confirmed before, at most 1,000.
 * @returns undefined when there is none.
 * @throws CountersignError with a `channel-`, `follow-` or `store-` code.
 */
export async function planConfirmation(
  wallet: Wallet,
  pinned: PinnedLedger,
  row: ChannelRow,
): Promise<{ readonly plan: ChannelPlan; readonly count: number } | undefined> {
  const channel = await openChannel(wallet, pinned, row);
  const mine = channel.epochs.flatMap(({ me }) => (me === undefined ? [] : [me.sign]));
  const confirmed = new Set<string>();
  const open = new Set<string>();
  // Newest first: what confirms stands behind what it confirms.
  for await (const { content, opened, sealed } of channelMessages(wallet, channel, {
    order: 'newest first',
  })) {
    if (!opened.ok) continue;
    const { id, sender } = sealed.message;
    const isMine = mine.some((key) => equalBytes(key, sender));
    const said = content?.ok === true ? content.value : undefined;
    if (isMine && said?.kind === 'read') for (const one of said.messages) confirmed.add(toHex(one));
    const isSilent = said?.kind === 'joined' || said?.kind === 'read';
    if (!isMine && !isSilent && !confirmed.has(toHex(id))) open.add(toHex(id));
    if (open.size === mostNamed) break;
  }
  if (open.size === 0) return undefined;
  const messages = [...open].map((id) => fromHex(id, 32) ?? new Uint8Array(32)).sort(compareBytes);
  const intent = { kind: 'say', ...writeContent({ kind: 'read', messages }) } as const;
  return { plan: { row, intents: [intent] }, count: messages.length };
}
