/** Answers about one's own card: announced, shown, saved. */
import { toHex } from '../../core/bytes.ts';
import type { CardCode } from '../../core/errors/card.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import { type CardClaims, writeCard } from '../../core/identity/card.ts';
import { contactLink } from '../../core/identity/card-link.ts';
import type { OwnCardView } from '../../contract/channels/contacts.ts';
import type { RequestOf } from '../../contract/schema.ts';
import { announce, ownCard, ownIdentity } from '../../wallet/identity/own-identity.ts';
import { keptRecovery } from '../../wallet/identity/recovery.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { Desk, Handlers } from '../desk.ts';
import { saveFile } from '../save-file.ts';
import { currentLedger } from '../session.ts';

/**
 * The open identity and the ledger that is shown. Nobody is asked for a passphrase because a list is looked at.
 * @throws CountersignError `ipc-gone`, `vault-closed`, `copy-no-ledger`
 */
export async function needOpen(
  desk: Desk,
): Promise<{ readonly wallet: Wallet; readonly pinned: PinnedLedger }> {
  const { session } = desk.need();
  const { wallet } = session;
  if ((await wallet.vaultState()).name !== 'open') throw new CountersignError<VaultCode>('vault-closed');
  const pinned = await currentLedger(session);
  if (pinned === undefined) throw new CountersignError('copy-no-ledger');
  return { wallet, pinned };
}

/** Says that contacts, or what is known of one's own card, changed. */
export function tellContacts({ board }: Desk): void {
  const { contacts } = board.state;
  board.set('contacts', { ...contacts, version: contacts.version + 1 });
}

async function ownView(desk: Desk): Promise<OwnCardView> {
  const { wallet, pinned } = await needOpen(desk);
  const { origin } = pinned.card;
  const { identity, pending, isWatched } = await ownIdentity(wallet, pinned);
  if (!isWatched && identity === undefined && pending.length === 0) {
    const kept = await keptRecovery(await wallet.privateRows(), pinned.joined.ledger.id);
    return { state: 'unannounced', origin, recovery: kept !== undefined };
  }
  const { card, isOnRecord } = await ownCard(wallet, pinned);
  const state = isOnRecord ? 'announced' : 'sent';
  const { name } = identity ?? {};
  return {
    state,
    origin,
    says: { ...card.claims },
    key: toHex(card.sign),
    link: contactLink(card),
    ...(name === undefined ? {} : { publicName: name }),
  };
}

function claimsOf({ name, firm, role }: RequestOf<'contacts.announce'>): CardClaims {
  return {
    ...(firm === undefined ? {} : { firm }),
    ...(name === undefined ? {} : { name }),
    ...(role === undefined ? {} : { role }),
  };
}

/** Announces, after a look at what the record has by now: a key is announced once. */
async function announceOwn(desk: Desk, request: RequestOf<'contacts.announce'>): Promise<null> {
  const { follower } = desk.need();
  await follower.once();
  try {
    await follower.alone(async () => {
      const { wallet, pinned } = await needOpen(desk);
      const now = Math.floor(Date.now() / 1000);
      // The words are asked for in the window for secrets, before.
      const recovery = (): Promise<undefined> => Promise.resolve(undefined);
      const { publicName } = request;
      const name = publicName === undefined ? {} : { publicName };
      await announce(wallet, pinned, { claims: claimsOf(request), recovery, now, ...name });
    });
  } finally {
    tellContacts(desk);
    follower.look();
  }
  return null;
}

async function saveOwn(desk: Desk): Promise<{ readonly file: string } | null> {
  const { wallet, pinned } = await needOpen(desk);
  const { card } = await ownCard(wallet, pinned);
  const cannot: CardCode = 'card-cannot-write';
  const { name = '' } = card.claims;
  return saveFile(desk, { name, usual: 'contact', ending: '.card', bytes: writeCard(card), cannot });
}

export function ownCardHandlers(
  desk: Desk,
): Handlers<'contacts.own' | 'contacts.announce' | 'contacts.save'> {
  return {
    'contacts.own': () => ownView(desk),
    'contacts.announce': (request) => announceOwn(desk, request),
    'contacts.save': () => saveOwn(desk),
  };
}
