/** One's own identity on a ledger: how it stands on the record, its contact card, and the statements that change it. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { OwnCode } from '../../core/errors/own.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import {
  type CardClaims,
  type ContactCard,
  matchCard,
  parseCard,
  writeCard,
} from '../../core/identity/card.ts';
import type { Identity, IdentityKey, VoidCode } from '../../core/identity/key-states.ts';
import type { Revocation } from '../../core/identity/statement.ts';
import { openPromise, type VerifiedPromise } from '../../core/record/promise.ts';
import type { PinnedLedger } from '../ledgers.ts';
import { outboxItem, queueMessages } from '../outbox/outbox.ts';
import { sendQueued } from '../outbox/send-queued.ts';
import { type JoinedLedger, reachOf } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';
import {
  announceIdentity,
  type KeyMessage,
  type NewKey,
  type RecoveryKeys,
  revokeKey,
  rotateIdentity,
} from '../workflows/announce.ts';
import { findOwnKeys, type OwnKeys } from './own-keys.ts';
import { keepOwnStatement, type OwnStatement, ownStatements, pendingStatements } from './own-statements.ts';
import { keptRecovery, recoveryFor } from './recovery.ts';
import { historyOf } from './statements.ts';

/** How one's own identity stands on a ledger, as far as the local copy of the record reaches. */
export interface OwnIdentity extends OwnKeys {
  /** Statements that were sent and are not in a block yet, the earliest first. */
  readonly pending: readonly OwnStatement[];
  /** Statements that are on the record without effect, and why; the earliest first. */
  readonly void: readonly { readonly statement: OwnStatement; readonly reason: VoidCode }[];
  /** Only watched: its words are elsewhere. */
  readonly isWatched: boolean;
}

/** A statement on its way. */
export interface Sent {
  /** The message's id. */
  readonly message: Uint8Array;
  /** The operator's word that it will be in a block; undefined while it waits on this machine. */
  readonly promise: VerifiedPromise | undefined;
  /** Why it waits. */
  readonly failure: CountersignError | undefined;
}

function fail(code: OwnCode, detail?: string): CountersignError<OwnCode> {
  return new CountersignError<OwnCode>(code, detail);
}

const watchKind = 'watched-card';

/** Keeps the card of the identity that a profile without words watches. @throws CountersignError `own-not-watching` */
export async function watch(wallet: Wallet, card: ContactCard): Promise<void> {
  if ((await wallet.unlock()).canSign) throw fail('own-not-watching');
  const rows = await wallet.privateRows();
  await rows.put(watchKind, toHex(card.ledger), writeCard(card));
}

/** The card of the identity that a profile without words watches on a ledger. */
export async function watchedCard(wallet: Wallet, ledger: Uint8Array): Promise<ContactCard | undefined> {
  const bytes = await (await wallet.privateRows()).get(watchKind, toHex(ledger));
  const card = bytes && parseCard(bytes, ledger);
  if (card?.ok === false) throw new CountersignError<VaultCode>('vault-rows', card.code);
  return card?.value;
}

/** One's own identity on a ledger. @throws CountersignError with a `vault-`, `keychain-` or `store-` code. */
export async function ownIdentity(wallet: Wallet, { joined }: PinnedLedger): Promise<OwnIdentity> {
  const vault = await wallet.unlock();
  const { database } = wallet;
  const rows = await wallet.privateRows();
  const pending = await pendingStatements(database, rows, joined);
  if (vault.canSign) {
    const keys = await findOwnKeys(database, joined, vault);
    return { ...keys, pending, void: await voidStatements(wallet, joined), isWatched: false };
  }
  const card = await watchedCard(wallet, joined.ledger.id);
  const identity = card && (await historyOf(database, joined, card.sign)).identityOf(card.sign);
  return { identity, current: undefined, free: 0, pending, void: [], isWatched: true };
}

/** Which of one's own statements are on the record without effect. */
async function voidStatements(wallet: Wallet, joined: JoinedLedger): Promise<OwnIdentity['void']> {
  const found: OwnIdentity['void'][number][] = [];
  for (const statement of await ownStatements(await wallet.privateRows(), joined.ledger.id)) {
    const { outcomes } = await historyOf(wallet.database, joined, statement.sign);
    const outcome = outcomes.find((one) => equalBytes(one.statement.message.id, statement.id));
    if (outcome?.void !== undefined) found.push({ statement, reason: outcome.void });
  }
  return found;
}

/** The keys that a person compares and others encrypt to: those on the record, else those that will be announced. */
export async function ownPublicKeys(
  wallet: Wallet,
  pinned: PinnedLedger,
): Promise<{ readonly sign: Uint8Array; readonly encrypt: Uint8Array }> {
  const own = await ownIdentity(wallet, pinned);
  const key = own.identity?.current;
  if (key !== undefined) return key;
  if (own.identity !== undefined) throw new CountersignError<VaultCode>('vault-revoked');
  const ledger = pinned.joined.ledger.id;
  if (own.isWatched) {
    const card = await watchedCard(wallet, ledger);
    if (card === undefined) throw fail('own-unannounced');
    return card;
  }
  const { publicKey: sign, encryptionKey: encrypt } = (await wallet.unlock()).signerFor(ledger, own.free);
  return { sign, encrypt };
}

/** The card of a key on the record, from what was kept or is said again. */
async function announcedCard(
  wallet: Wallet,
  ledger: Uint8Array,
  key: IdentityKey,
  index: number,
  said: CardClaims | undefined,
): Promise<ContactCard> {
  const { sign, encrypt } = key;
  const salt = (await wallet.unlock()).cardSalt(ledger, index);
  const kept = await ownStatements(await wallet.privateRows(), ledger);
  const claimed = said === undefined ? kept.map(({ claims }) => claims) : [said];
  // A card without any claims needs no keeping.
  const cards = [...claimed, ...(said === undefined ? [{}] : [])].map((claims) => ({
    ...{ claims, encrypt, ledger, salt, sign },
  }));
  const card = cards.find((candidate) => matchCard(candidate, key).ok);
  if (card === undefined) throw fail(said === undefined ? 'own-card-unknown' : 'own-card-differs');
  return card;
}

/**
 * The contact card of one's identity on a ledger.
 * @param said what the card says, where this machine does not know it any more: compared with the record.
 * @throws CountersignError `own-unannounced`, `own-card-unknown`, `own-card-differs`, `vault-revoked`
 */
export async function ownCard(
  wallet: Wallet,
  pinned: PinnedLedger,
  said?: CardClaims,
): Promise<{ readonly card: ContactCard; readonly isOnRecord: boolean }> {
  const own = await ownIdentity(wallet, pinned);
  const ledger = pinned.joined.ledger.id;
  if (own.isWatched) {
    const card = await watchedCard(wallet, ledger);
    const key = own.identity?.keys.find(({ sign }) => card !== undefined && equalBytes(sign, card.sign));
    if (card === undefined) throw fail('own-unannounced');
    return { card, isOnRecord: key !== undefined && matchCard(card, key).ok };
  }
  const { identity, current, pending } = own;
  if (identity?.current !== undefined && current !== undefined) {
    const card = await announcedCard(wallet, ledger, identity.current, current, said);
    return { card, isOnRecord: true };
  }
  if (identity !== undefined) throw new CountersignError<VaultCode>('vault-revoked');
  const [sent] = pending;
  if (sent === undefined) throw fail('own-unannounced');
  const vault = await wallet.unlock();
  const { publicKey: sign, encryptionKey: encrypt } = vault.signerFor(ledger, sent.index);
  const salt = vault.cardSalt(ledger, sent.index);
  return { card: { claims: sent.claims, encrypt, ledger, salt, sign }, isOnRecord: false };
}

async function newKey(
  wallet: Wallet,
  ledger: Uint8Array,
  index: number,
  claims: CardClaims,
): Promise<NewKey> {
  const vault = await wallet.unlock();
  return { signer: vault.signerFor(ledger, index), claims, salt: vault.cardSalt(ledger, index) };
}

/**
 * Keeps what has to be known of a statement later, queues it, and sends it if there is a way.
 * @throws CountersignError `outbox-refused` when the firehose will not take it.
 */
async function send(
  wallet: Wallet,
  pinned: PinnedLedger,
  { message }: Pick<KeyMessage, 'message'>,
  statement: Omit<OwnStatement, 'id'>,
): Promise<Sent> {
  const rows = await wallet.privateRows();
  const { database } = wallet;
  const { joined } = pinned;
  await keepOwnStatement(rows, joined.ledger.id, { ...statement, id: message.id });
  await queueMessages(database, rows, joined, [message]);
  const now = (): number => Math.floor(Date.now() / 1000);
  const { failure } = await sendQueued(database, rows, pinned, { when: 'at once', now });
  const item = await outboxItem(database, joined, message.id);
  if (item?.state === 'refused') throw new CountersignError('outbox-refused', item.problem);
  const promise = item?.promise && openPromise(item.promise, joined.ledger);
  return { message: message.id, promise: promise?.ok === true ? promise.value : undefined, failure };
}

/** One's identity, when nothing stands in the way of changing it. @throws CountersignError `own-pending` */
async function settled(wallet: Wallet, pinned: PinnedLedger): Promise<OwnIdentity> {
  const own = await ownIdentity(wallet, pinned);
  if (own.isWatched) throw new CountersignError<VaultCode>('vault-watch-only');
  const { size } = pinned.joined;
  if (size === 0 || Math.max(reachOf(pinned.joined), 1) < size) throw fail('own-unsynced');
  if (own.pending.length > 0) throw fail('own-pending');
  return own;
}

export interface AnnounceOptions {
  readonly claims: CardClaims;
  /** Goes on the record, for good. */
  readonly publicName?: string;
  /** Asks for the recovery words when no commitment was kept for this ledger; undefined when there are none. */
  readonly recovery: () => Promise<RecoveryKeys | undefined>;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * Announces one's identity on a ledger.
 * @throws CountersignError `own-announced`, `own-pending`, `own-recovery-needed`, `vault-watch-only`, or `outbox-refused`.
 */
export async function announce(
  wallet: Wallet,
  pinned: PinnedLedger,
  options: AnnounceOptions,
): Promise<Sent> {
  const own = await settled(wallet, pinned);
  if (own.identity !== undefined) throw fail('own-announced');
  const { claims, publicName, now } = options;
  const ledger = pinned.joined.ledger.id;
  let commitment = await keptRecovery(await wallet.privateRows(), ledger);
  if (commitment === undefined) {
    const keys = await options.recovery();
    if (keys === undefined) throw fail('own-recovery-needed');
    commitment = keys.commitment(ledger, 0);
    keys.close();
  }
  const key = await newKey(wallet, ledger, own.free, claims);
  const made = announceIdentity(key, ledger, commitment, now, publicName);
  const { publicKey: sign, index } = key.signer;
  return send(wallet, pinned, made, { kind: 'announcement', sign, claims, index, time: now });
}

/**
 * Hands over from the current key to the next one.
 * @param claims what the new contact card says.
 * @throws CountersignError `own-unannounced`, `own-pending`, `vault-revoked`, `vault-watch-only`, or `outbox-refused`.
 */
export async function rotate(
  wallet: Wallet,
  pinned: PinnedLedger,
  claims: CardClaims,
  now: number,
): Promise<Sent> {
  const own = await settled(wallet, pinned);
  if (own.identity === undefined) throw fail('own-unannounced');
  if (own.identity.current === undefined) throw new CountersignError<VaultCode>('vault-revoked');
  // The identity went on under other words: its key is not among ours.
  if (own.current === undefined) throw fail('own-not-current');
  const ledger = pinned.joined.ledger.id;
  const old = (await wallet.unlock()).signerFor(ledger, own.current);
  const key = await newKey(wallet, ledger, own.free, claims);
  const made = rotateIdentity(key, ledger, old.publicKey, old, now);
  const { publicKey: sign, index } = key.signer;
  return send(wallet, pinned, made, { kind: 'rotation', sign, claims, index, time: now });
}

/** The identity to recover: one's own, or the one that a key names (of other words, for example). */
async function identityToRecover(
  wallet: Wallet,
  { joined }: PinnedLedger,
  own: OwnIdentity,
  from: Uint8Array | undefined,
): Promise<{ readonly identity: Identity; readonly from: Uint8Array }> {
  const history = from && (await historyOf(wallet.database, joined, from));
  const identity = history === undefined ? own.identity : history.identityOf(from ?? joined.ledger.id);
  const key = from ?? identity?.current?.sign ?? identity?.keys.at(-1)?.sign;
  if (identity === undefined || key === undefined) throw fail(from ? 'own-not-key' : 'own-unannounced');
  return { identity, from: key };
}

/**
 * Recovers an identity with its recovery words: a new key takes over, whatever happened to the old one.
 * @param keys closed afterwards.
 * @param from any key of the identity, when it is not the one of this profile's words.
 * @throws CountersignError `own-recovery-words`, `own-not-key`, `own-unannounced`, `own-pending`, `vault-watch-only`, or
 *   `outbox-refused`.
 */
export async function recover(
  wallet: Wallet,
  pinned: PinnedLedger,
  keys: RecoveryKeys,
  claims: CardClaims,
  now: number,
  from?: Uint8Array,
): Promise<Sent> {
  const own = await settled(wallet, pinned);
  const ledger = pinned.joined.ledger.id;
  const target = await identityToRecover(wallet, pinned, own, from);
  const recovery = recoveryFor(keys, ledger, target.identity.recovery);
  if (recovery === undefined) throw fail('own-recovery-words');
  const key = await newKey(wallet, ledger, own.free, claims);
  const made = rotateIdentity(key, ledger, target.from, recovery.signer, now, recovery.next);
  keys.close();
  const { publicKey: sign, index } = key.signer;
  return send(wallet, pinned, made, { kind: 'recovery', sign, claims, index, time: now });
}

export interface RevokeOptions extends Pick<Revocation, 'reason' | 'since'> {
  /** The key that ends; the current one when left out. */
  readonly key?: Uint8Array;
  /** Ends it with the recovery key; otherwise the key ends itself. Closed afterwards. */
  readonly recovery?: RecoveryKeys;
  /** Seconds since 1970. */
  readonly now: number;
}

/**
 * Ends a key of one's identity.
 * @throws CountersignError `own-unannounced`, `own-not-key`, `own-recovery-words`, `own-pending`, `vault-watch-only`, or
 *   `outbox-refused`.
 */
export async function revoke(wallet: Wallet, pinned: PinnedLedger, options: RevokeOptions): Promise<Sent> {
  const own = await settled(wallet, pinned);
  const { identity } = own;
  if (identity === undefined) throw fail('own-unannounced');
  const key = options.key ?? identity.current?.sign;
  if (key === undefined) throw new CountersignError<VaultCode>('vault-revoked');
  if (!identity.keys.some(({ sign }) => equalBytes(sign, key))) throw fail('own-not-key', toHex(key));
  const ledger = pinned.joined.ledger.id;
  const { reason, since, now } = options;
  const sender =
    options.recovery === undefined
      ? await signerOfKey(wallet, ledger, key, own.free)
      : recoveryFor(options.recovery, ledger, identity.recovery)?.signer;
  if (sender === undefined) throw fail(options.recovery === undefined ? 'own-not-key' : 'own-recovery-words');
  const message = revokeKey({ key, reason, ...(since === undefined ? {} : { since }) }, ledger, sender, now);
  options.recovery?.close();
  const statement = { kind: 'revocation', sign: key, claims: {}, index: 0, time: now } as const;
  return send(wallet, pinned, { message }, statement);
}

/** The signer whose public key is this one, when it is among the identity's own. */
async function signerOfKey(
  wallet: Wallet,
  ledger: Uint8Array,
  key: Uint8Array,
  used: number,
): Promise<{ readonly publicKey: Uint8Array; sign(message: Uint8Array): Uint8Array } | undefined> {
  const vault = await wallet.unlock();
  for (let index = 0; index < used; index++) {
    const signer = vault.signerFor(ledger, index);
    if (equalBytes(signer.publicKey, key)) return signer;
  }
  return undefined;
}
