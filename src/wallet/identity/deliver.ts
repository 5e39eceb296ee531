/** Bringing a statement about one's own keys to the ledger's firehose. */
import { CountersignError } from '../../core/errors/family.ts';
import type { SignedMessage } from '../../core/record/envelope.ts';
import type { PinnedLedger } from '../ledgers.ts';
import { type Accepted, sendMessage } from '../sync/send.ts';

const timeoutMs = 30_000;

/**
 * Sends a message to the first of the ledger's addresses that can be reached.
 * @throws CountersignError with a `sync-` code, that of the last address.
 */
export async function deliver({ card, joined }: PinnedLedger, message: SignedMessage): Promise<Accepted> {
  let failure: unknown;
  for (const endpoint of card.endpoints) {
    try {
      return await sendMessage(new URL(endpoint), joined.ledger, message, timeoutMs);
    } catch (error) {
      if (!(error instanceof CountersignError && error.code === 'sync-unreachable')) throw error;
      failure = error;
    }
  }
  throw failure;
}
