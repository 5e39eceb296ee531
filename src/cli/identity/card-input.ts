/** Contact cards that a person gives: a link or text itself, a file, or standard input. */
import type { CardCode } from '../../core/errors/card.ts';
import type { ContactCard } from '../../core/identity/card.ts';
import { maxGivenCardBytes, readContactCard } from '../../core/identity/card-link.ts';
import { type PinnedLedger, pinnedLedgers } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { exit, Stop } from '../exit.ts';
import { startOf, Unreadable } from '../given.ts';

async function bytesOf(given: string): Promise<Uint8Array> {
  if (/^\s*(\{|countersign:)/.test(given)) return Buffer.from(given);
  try {
    return await startOf(given, maxGivenCardBytes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Stop(exit.failed, 'card-unread' satisfies CardCode, `${given}: ${error.message}`, {
      cause: error,
    });
  }
}

/**
 * Reads a contact card for one of the joined ledgers.
 * @throws Stop with a `card-` or `json-` code.
 */
export async function readCardFrom(
  wallet: Wallet,
  given: string,
): Promise<{ readonly card: ContactCard; readonly pinned: PinnedLedger }> {
  const ledgers = await pinnedLedgers(wallet.database);
  const ids = ledgers.map(({ joined }) => joined.ledger.id);
  const read = readContactCard(await bytesOf(given), ids);
  const pinned = read.ok
    ? ledgers.find(({ joined }) => Buffer.compare(joined.ledger.id, read.value.ledger) === 0)
    : undefined;
  if (!read.ok) throw new Stop(exit.failed, read.code, read.detail);
  if (pinned === undefined) throw new Stop(exit.failed, 'card-ledger' satisfies CardCode);
  return { card: read.value, pinned };
}
