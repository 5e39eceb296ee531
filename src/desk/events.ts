/** What happened on the record, in the few words of a list. */
import { toHex } from '../core/bytes.ts';
import { announceType, readKeyStatement, revokeType, rotateType } from '../core/identity/statement.ts';
import { fileRecordType } from '../core/record/file-record.ts';
import { readLabels } from '../core/record/record-note.ts';
import type { VerifiedMessage } from '../core/record/message.ts';
import type { EventView } from '../contract/state.ts';
import { headerAt } from '../wallet/explorer/copy.ts';
import { findMessages } from '../wallet/explorer/search.ts';
import type { PinnedLedger } from '../wallet/ledgers.ts';
import type { Wallet } from '../wallet/wallet.ts';

const kinds: Readonly<Record<string, EventView['what']>> = {
  [fileRecordType]: 'record',
  [announceType]: 'announcement',
  [rotateType]: 'rotation',
  [revokeType]: 'revocation',
};

const shown = 10;

/** What a sender says in public; it proves nothing. */
function claimOf(message: VerifiedMessage): string | undefined {
  if (message.payloadType === announceType) {
    const statement = readKeyStatement(message);
    if (statement?.ok !== true) return undefined;
    const { content } = statement.value;
    return content.kind === 'announcement' ? content.name : undefined;
  }
  if (message.payloadType !== fileRecordType || message.data === undefined) return undefined;
  const labels = readLabels(message.data);
  if (!labels.ok) return undefined;
  const { matter, text, reference } = labels.value;
  const says = [matter, text ?? reference].filter((part) => part !== undefined).join(', ');
  return says === '' ? undefined : says.slice(0, 160);
}

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
