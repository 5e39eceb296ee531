/** What happened on the record, in the few words of a list. */
import { toHex } from '../core/bytes.ts';
import type { EventView } from '../contract/state.ts';
import { headerAt } from '../wallet/explorer/copy.ts';
import { findMessages } from '../wallet/explorer/search.ts';
import type { PinnedLedger } from '../wallet/ledgers.ts';
import type { Wallet } from '../wallet/wallet.ts';
import { claimOf, kinds } from './message-claims.ts';

const shown = 10;

/** The newest messages of the verified copy. @param own ids of one's own messages. @param names of one's own files. */
export async function newestEvents(
  { database }: Wallet,
  { joined }: PinnedLedger,
  own: ReadonlySet<string>,
  names: ReadonlyMap<string, string>,
): Promise<readonly EventView[]> {
  const events: EventView[] = [];
  for (const { message, height } of await findMessages(database, joined, {}, { limit: shown })) {
    const header = await headerAt(database, joined, height);
    const id = toHex(message.id);
    const says = names.get(id) ?? claimOf(message);
    events.push({
      id,
      height,
      sealed: header?.time ?? 0,
      what: kinds[message.payloadType] ?? 'other',
      own: own.has(id),
      sender: toHex(message.sender),
      ...(says === undefined ? {} : { says }),
    });
  }
  return events;
}
