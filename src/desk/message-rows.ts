/** Messages of the record as lines of a list: what they are, who sent them as far as that is known here. */
import { toHex } from '../core/bytes.ts';
import type { MessageRow } from '../contract/channels/explorer.ts';
import { allContacts } from '../wallet/contacts/contact-rows.ts';
import { type FoundMessage, headerAt } from '../wallet/explorer/copy.ts';
import type { PinnedLedger } from '../wallet/ledgers.ts';
import type { Wallet } from '../wallet/wallet.ts';
import type { Desk } from './desk.ts';
import { claimOf, kinds } from './message-claims.ts';

/** A contact, as far as a list of messages needs it. */
export interface NamedKey {
  readonly id: string;
  readonly name: string;
  readonly key: string;
}

/** The contacts of a ledger; undefined while they are sealed. Nobody is asked to open the identity for them. */
export async function namedKeys(
  wallet: Wallet,
  { joined }: PinnedLedger,
): Promise<readonly NamedKey[] | undefined> {
  const { name: state } = await wallet.vaultState();
  if (state !== 'open') return state === 'none' ? [] : undefined;
  const contacts = await allContacts(await wallet.privateRows());
  return contacts
    .filter(({ card }) => toHex(card.ledger) === joined.ledger.idText)
    .map(({ id, name, approved }) => ({ id, name, key: toHex(approved.sign) }));
}

/** Makes lines of messages. */
export async function messageRows(
  desk: Desk,
  pinned: PinnedLedger,
  found: readonly FoundMessage[],
): Promise<readonly MessageRow[]> {
  const { session, records } = desk.need();
  const { database } = session.wallet;
  const own = await records.ownIds();
  const named = (await namedKeys(session.wallet, pinned)) ?? [];
  const names = new Map(named.map(({ key, name }) => [key, name]));
  const sealed = new Map<number, number>();
  const rows: MessageRow[] = [];
  for (const { message, height, position } of found) {
    if (!sealed.has(height)) sealed.set(height, (await headerAt(database, pinned.joined, height))?.time ?? 0);
    const [id, sender, says] = [toHex(message.id), toHex(message.sender), claimOf(message)];
    const contact = names.get(sender);
    rows.push({
      id,
      height,
      position,
      sealed: sealed.get(height) ?? 0,
      what: kinds[message.payloadType] ?? 'other',
      type: message.payloadType,
      sender,
      own: own.has(id),
      ...(contact === undefined ? {} : { contact }),
      ...(says === undefined ? {} : { says }),
    });
  }
  return rows;
}
