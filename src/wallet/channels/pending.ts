/** What waits in a channel, as a person sees it: what it is, and how far it is. */
import { equalBytes } from '../../core/bytes.ts';
import type { OutboxState } from '../outbox/outbox.ts';
import { outboxItem } from '../outbox/outbox.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';
import { type ChannelDraft, openDrafts } from './drafts.ts';
import type { ChannelIds } from './open.ts';

/**
 * A draft and how far it is. `draft`: kept here, not sealed yet. `queued`: sealed for the members of now, not sent.
 * `accepted`: the operator promised to record it. The others are as for every message.
 */
export interface PendingDraft {
  readonly draft: ChannelDraft;
  readonly state: 'draft' | OutboxState;
}

/** What waits in a channel, in the order in which it will be done. */
export async function pendingIn(
  wallet: Wallet,
  joined: JoinedLedger,
  { transaction, channel }: ChannelIds,
): Promise<readonly PendingDraft[]> {
  const isHere = (draft: ChannelDraft): boolean =>
    equalBytes(draft.channel, channel) && equalBytes(draft.transaction, transaction);
  const drafts = await openDrafts(await wallet.privateRows(), joined.ledger.id);
  return pendingOf(wallet, joined, drafts.filter(isHere));
}

/** How far drafts are. */
export async function pendingOf(
  wallet: Wallet,
  joined: JoinedLedger,
  drafts: readonly ChannelDraft[],
): Promise<readonly PendingDraft[]> {
  const found: PendingDraft[] = [];
  for (const draft of drafts) {
    const item = draft.sent && (await outboxItem(wallet.database, joined, draft.sent));
    found.push({ draft, state: item?.state ?? 'draft' });
  }
  return found;
}
