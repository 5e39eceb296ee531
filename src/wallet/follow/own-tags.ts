/**
 * What a profile follows on a ledger: the histories of its own keys and of its contacts' keys, everything that its own
 * keys sent, its channels, and the messages in its outbox; beside what the person asked for. It grows as more is found: a history leads
 * to further keys.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { openPromise } from '../../core/record/promise.ts';
import { senderTag } from '../../core/record/sender-tag.ts';
import { keyStatusTag } from '../../core/identity/statement.ts';
import { inboxTag, transactionTag } from '../../core/channel/names.ts';
import { learnChannels, transactionsAwaited } from '../channels/learn.ts';
import { keysIn } from '../channels/open.ts';
import { channelRows } from '../channels/rows.ts';
import { allContacts } from '../contacts/contact-rows.ts';
import { watchedCard } from '../identity/own-identity.ts';
import { keyGap } from '../identity/own-keys.ts';
import { searchKey, statementsAbout } from '../identity/statements.ts';
import { bytesIn, integerIn } from '../explorer/copy.ts';
import { channelsIn, receivedGrants } from '../disclosure/open-grant.ts';
import type { Database } from '../store/driver.ts';
import { followedTags, type FollowWish } from '../store/followed-store.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { hasPrivateRows } from '../vault/private-rows.ts';
import type { Wallet } from '../wallet.ts';
import type { WishList } from './follow.ts';

/** The history of a key. */
export function keyWish(key: Uint8Array, why: 'key' | 'found' = 'key'): FollowWish {
  return { tag: keyStatusTag(key), why, key };
}

/** The messages in the outbox that are not known to be in a block here. Needs no identity. */
async function sentWishes(database: Database, joined: JoinedLedger): Promise<readonly FollowWish[]> {
  const rows = await database.all(
    `SELECT message_id, promise, height FROM outbox WHERE ledger = ?1
       AND (promise IS NOT NULL OR height IS NOT NULL) AND state <> 'refused'
       AND NOT EXISTS (SELECT 1 FROM followed_message AS here
         WHERE here.ledger = ?1 AND here.message_id = outbox.message_id)`,
    joined.row,
  );
  const wishes: FollowWish[] = [];
  for (const row of rows) {
    const promise = row['promise'] === null ? undefined : openPromise(bytesIn(row, 'promise'), joined.ledger);
    // Nothing is promised that stands in a block already.
    const first =
      row['height'] === null ? promise?.ok === true && promise.value.size : integerIn(row, 'height');
    if (typeof first !== 'number' || first < joined.filled) continue;
    wishes.push({ tag: bytesIn(row, 'message_id'), why: 'sent', first: Math.max(1, first) });
  }
  return wishes;
}

/** The keys of one's own, as far as they are in use here, with some more. */
async function ownKeys(wallet: Wallet, joined: JoinedLedger): Promise<readonly Uint8Array[]> {
  const vault = await wallet.unlock();
  if (!vault.canSign) {
    const card = await watchedCard(wallet, joined.ledger.id);
    return card === undefined ? [] : (await searchKey(wallet.database, joined, card.sign)).keys;
  }
  const keys: Uint8Array[] = [];
  for (let index = 0, free = 0; index < free + keyGap; index++) {
    const { publicKey } = vault.signerFor(joined.ledger.id, index);
    keys.push(publicKey);
    if ((await statementsAbout(wallet.database, joined, publicKey)).length > 0) free = index + 1;
  }
  return keys;
}

/** What channels need: letters to one's own keys, everything of the transactions, and who changed the members. */
async function channelWishes(wallet: Wallet, joined: JoinedLedger): Promise<readonly FollowWish[]> {
  if (!(await wallet.unlock()).canSign) return [];
  const { id: ledger } = joined.ledger;
  const wishes: FollowWish[] = [];
  for (const key of await ownKeys(wallet, joined)) wishes.push({ tag: inboxTag(ledger, key), why: 'tag' });
  await learnChannels(wallet, { joined }, Math.floor(Date.now() / 1000));
  const rows = await wallet.privateRows();
  for (const transaction of await transactionsAwaited(rows, ledger))
    wishes.push({ tag: transactionTag(ledger, transaction), why: 'tag' });
  for (const row of await channelRows(rows, ledger)) {
    wishes.push({ tag: transactionTag(ledger, row.transaction), why: 'tag' });
    for (const key of await keysIn(wallet, joined, row)) wishes.push(keyWish(key));
  }
  return [...wishes, ...(await disclosedWishes(wallet, joined))];
}

/** What was disclosed to one's own keys: its transactions, and who changed the members of its channels. */
async function disclosedWishes(wallet: Wallet, joined: JoinedLedger): Promise<readonly FollowWish[]> {
  const wishes: FollowWish[] = [];
  for await (const { grant } of receivedGrants(wallet, { joined })) {
    if (!grant.ok) continue;
    const { transaction } = grant.value.content;
    wishes.push({ tag: transactionTag(joined.ledger.id, transaction), why: 'tag' });
    for (const channel of channelsIn(grant.value)) {
      for (const key of await keysIn(wallet, joined, { transaction, channel })) wishes.push(keyWish(key));
    }
  }
  return wishes;
}

/** What only the open identity knows. */
async function privateWishes(wallet: Wallet, joined: JoinedLedger): Promise<readonly FollowWish[]> {
  const wishes: FollowWish[] = [];
  for (const key of await ownKeys(wallet, joined)) {
    wishes.push(keyWish(key), { tag: senderTag(key), why: 'tag' });
  }
  wishes.push(...(await channelWishes(wallet, joined)));
  if (!(await hasPrivateRows(wallet.database))) return wishes;
  for (const { card, approved } of await allContacts(await wallet.privateRows())) {
    if (!equalBytes(card.ledger, joined.ledger.id)) continue;
    wishes.push(keyWish(card.sign), keyWish(approved.sign));
  }
  return wishes;
}

/** Keys to which the histories lead that are followed. */
async function foundKeys(database: Database, joined: JoinedLedger): Promise<readonly FollowWish[]> {
  const found = new Map<string, FollowWish>();
  for (const { why, key } of await followedTags(database, joined)) {
    if (why !== 'key' || key === undefined) continue;
    for (const next of (await searchKey(database, joined, key)).keys) {
      found.set(toHex(next), keyWish(next, 'found'));
    }
  }
  return [...found.values()];
}

/**
 * What is to be followed on a ledger. What needs the identity is left out while it is locked: what was followed before
 * goes on being followed.
 */
export function ownTags(wallet: Wallet): WishList {
  return async (joined) => {
    const isOpen = (await wallet.vaultState()).name === 'open';
    const own = isOpen ? await privateWishes(wallet, joined) : [];
    const { database } = wallet;
    return [...own, ...(await sentWishes(database, joined)), ...(await foundKeys(database, joined))];
  };
}
