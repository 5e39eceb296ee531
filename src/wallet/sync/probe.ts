/** Asking an address how far its record reaches, without taking anything over. */
import type { LogReader } from '../../core/log/audit-port.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { fetchNote, stop } from './fetch.ts';

/**
 * The number of blocks under the head that an address shows.
 * @throws CountersignError `sync-checkpoint` when the operator of the ledger did not sign it, `sync-unreachable`, or
 *   another `sync-` code.
 */
export async function shownSize(reader: LogReader, { ledger }: JoinedLedger): Promise<number> {
  const head = openLedgerCheckpoint(await fetchNote(reader), ledger.logKey, []);
  if (!head.ok) throw stop('sync-checkpoint', head.code);
  return head.value.size;
}
