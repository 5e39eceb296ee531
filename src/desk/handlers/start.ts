/** Answers of the first start and of everything about profiles, ledgers and synchronising. */
import { toHex, toUtf8 } from '../../core/bytes.ts';
import type { CardCode } from '../../core/errors/card.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { ledgerLink, writeLedgerCard } from '../../core/record/ledger-card.ts';
import { formatVerifierKey } from '../../core/log/verifier-key.ts';
import { httpReader } from '../../engines/http-reader.ts';
import type { CardView } from '../../contract/channels/start.ts';
import { cardFrom, effectOf, fetchForCard, type PinnedLedger, pinLedger } from '../../wallet/ledgers.ts';
import type { Desk, Handlers } from '../desk.ts';
import { saveFile } from '../save-file.ts';
import { currentLedger } from '../session.ts';

const timeoutMs = 15_000;

async function preview(desk: Desk, given: string): Promise<CardView> {
  const card = cardFrom(toUtf8(given.trim()));
  const effect = await effectOf(desk.need().session.wallet.database, card);
  return {
    origin: card.origin,
    ledger: toHex(card.ledger),
    logKey: formatVerifierKey(card.log),
    endpoints: card.endpoints,
    asksForWitnesses: card.trust.quorum !== 'none',
    effect,
  };
}

async function joinByCard(desk: Desk, given: string): Promise<null> {
  const { session, follower } = desk.need();
  const { database } = session.wallet;
  const card = cardFrom(toUtf8(given.trim()));
  if ((await effectOf(database, card)) !== 'nothing') {
    const ledger = await fetchForCard(card, (endpoint) => httpReader(endpoint, timeoutMs));
    await pinLedger(database, card, ledger, Math.floor(Date.now() / 1000));
  }
  await follower.tell();
  follower.look();
  return null;
}

/** @throws CountersignError `ipc-gone`, `copy-no-ledger` */
async function shownLedger(desk: Desk): Promise<PinnedLedger> {
  const pinned = await currentLedger(desk.need().session);
  if (pinned === undefined) throw new CountersignError<string>('copy-no-ledger');
  return pinned;
}

type Names =
  | 'state.snapshot'
  | 'start.practice'
  | 'start.open'
  | 'start.lock'
  | 'start.unlock'
  | 'start.close'
  | 'ledger.preview'
  | 'ledger.join'
  | 'ledger.choose'
  | 'ledger.card'
  | 'ledger.save'
  | 'sync.start'
  | 'sync.stop';

export function startHandlers(desk: Desk): Handlers<Names> {
  return {
    'state.snapshot': () => Promise.resolve(desk.board.snapshot),
    'start.practice': async () => {
      await desk.openPractice();
      return null;
    },
    'start.open': async ({ profile }) => {
      await desk.openProfile(profile, 'existing');
      return null;
    },
    'start.lock': async () => {
      await desk.lock();
      return null;
    },
    'start.unlock': async () => {
      await desk.unlockWith(undefined);
      return null;
    },
    'start.close': async () => {
      await desk.leave();
      await desk.greet();
      return null;
    },
    'ledger.preview': ({ card }) => preview(desk, card),
    'ledger.join': ({ card }) => joinByCard(desk, card),
    'ledger.choose': async ({ ledger }) => {
      await desk.chooseLedger(ledger);
      return null;
    },
    'ledger.card': async () => {
      const { joined, card } = await shownLedger(desk);
      return { origin: card.origin, ledger: joined.ledger.idText, link: ledgerLink(card) };
    },
    'ledger.save': async () => {
      const { card } = await shownLedger(desk);
      const cannot: CardCode = 'card-cannot-write';
      const [name, bytes] = [`${card.origin} ledger card`, writeLedgerCard(card)];
      return saveFile(desk, { name, usual: 'ledger card', ending: '.json', bytes, cannot });
    },
    'sync.start': () => {
      desk.need().follower.look();
      return Promise.resolve(null);
    },
    'sync.stop': () => {
      desk.need().follower.stop();
      return Promise.resolve(null);
    },
  };
}
