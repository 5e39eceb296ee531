/** Answers about the ledgers of a profile: their addresses, what is held of them, and what is on its way to them. */
import { equalBytes, fromHex, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { LedgerCode } from '../../core/errors/ledger.ts';
import type { OutboxCode } from '../../core/errors/outbox.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import { openPromise } from '../../core/record/promise.ts';
import { composeLedgerCard, isEndpoint, writeLedgerCard } from '../../core/record/ledger-card.ts';
import { httpReader } from '../../engines/http-reader.ts';
import type { AddressView, OutboxRow } from '../../contract/channels/sync.ts';
import type { RequestOf } from '../../contract/schema.ts';
import { choose } from '../../wallet/follow/choose.ts';
import { cardFrom, findLedger, pinLedger, type PinnedLedger } from '../../wallet/ledgers.ts';
import { openFirst, type OutboxItem, queueAgain } from '../../wallet/outbox/outbox.ts';
import { sendQueued } from '../../wallet/outbox/send-queued.ts';
import { fetchLedger } from '../../wallet/sync/fetch.ts';
import { shownSize } from '../../wallet/sync/probe.ts';
import type { Desk, Handlers } from '../desk.ts';
import { failureFrom } from '../explanations.ts';

/** How long an address has to answer, in milliseconds. */
const answerMs = 10_000;

const now = (): number => Math.floor(Date.now() / 1000);

function ledgerOf(desk: Desk, id: string): Promise<PinnedLedger> {
  return findLedger(desk.need().session.wallet.database, id);
}

async function askAddress({ joined }: PinnedLedger, address: string): Promise<AddressView> {
  try {
    return { address, size: await shownSize(httpReader(new URL(address), answerMs), joined) };
  } catch (error) {
    const { code, happened, means } = failureFrom(error, ['sync']);
    return { address, problem: { code, happened, means } };
  }
}

/** Takes over the same card with other addresses. @throws CountersignError with a `ledger-` code */
async function putAddresses(
  desk: Desk,
  { card, joined }: PinnedLedger,
  endpoints: readonly string[],
): Promise<void> {
  const { ledger, log, policy } = card;
  const made = composeLedgerCard({ endpoints, ledger, log, ...(policy === undefined ? {} : { policy }) });
  if (!made.ok) throw new CountersignError<LedgerCode>(made.code as LedgerCode, made.detail);
  const read = cardFrom(writeLedgerCard(made.value));
  await pinLedger(desk.need().session.wallet.database, read, joined.ledger, now());
  await desk.need().follower.tell();
}

/** An address as a card has it: with the slash at its end, without which it is another folder. */
function addressFrom(given: string): string {
  const text = given.trim();
  const whole = text.endsWith('/') ? text : `${text}/`;
  if (!isEndpoint(whole) || !URL.canParse(whole))
    throw new CountersignError<LedgerCode>('ledger-endpoint', text.slice(0, 100));
  return whole;
}

async function addAddress(desk: Desk, { ledger, address }: RequestOf<'sync.addAddress'>): Promise<null> {
  const given = addressFrom(address);
  const pinned = await ledgerOf(desk, ledger);
  if (pinned.card.endpoints.includes(given)) return null;
  const reader = httpReader(new URL(given), answerMs);
  // It must serve the very ledger, and a head of it that the operator signed.
  const served = await fetchLedger(reader, pinned.card.ledger);
  if (!equalBytes(served.id, pinned.card.ledger))
    throw new CountersignError<SyncCode>('sync-no-ledger', given);
  await shownSize(reader, pinned.joined);
  await putAddresses(desk, pinned, [...pinned.card.endpoints, given]);
  desk.need().follower.look();
  return null;
}

async function removeAddress(
  desk: Desk,
  { ledger, address }: RequestOf<'sync.removeAddress'>,
): Promise<null> {
  const pinned = await ledgerOf(desk, ledger);
  const left = pinned.card.endpoints.filter((one) => one !== address);
  if (left.length < pinned.card.endpoints.length) await putAddresses(desk, pinned, left);
  return null;
}

async function setMode(desk: Desk, { ledger, mode }: RequestOf<'sync.setMode'>): Promise<null> {
  const { follower, session } = desk.need();
  follower.stop();
  await follower.alone(async () => {
    const pinned = await ledgerOf(desk, ledger);
    await choose(session.wallet, pinned, { mode, tags: [], keys: [], forget: [] });
  });
  await follower.tell();
  follower.look();
  return null;
}

function rowOf({ joined }: PinnedLedger, item: OutboxItem, names: ReadonlyMap<string, string>): OutboxRow {
  const id = toHex(item.id);
  const { state, attempts, nextAttempt, height, problem, evidence } = item;
  const promise = item.promise && openPromise(item.promise, joined.ledger);
  const name = names.get(id);
  return {
    ...{ id, state, attempts, nextAttempt, evidence: evidence !== undefined },
    ...(name === undefined ? {} : { name }),
    ...(promise?.ok === true ? { promisedBy: promise.value.lastTime } : {}),
    ...(height === undefined ? {} : { height }),
    ...(problem === undefined ? {} : { problem: problem.slice(0, 300).toWellFormed() }),
  };
}

async function outbox(
  desk: Desk,
  { ledger, limit }: RequestOf<'outbox.list'>,
): Promise<readonly OutboxRow[]> {
  const { session, records } = desk.need();
  const pinned = await ledgerOf(desk, ledger);
  const names = await records.names();
  const items = await openFirst(session.wallet.database, pinned.joined, limit);
  return items.map((item) => rowOf(pinned, item, names));
}

async function send(desk: Desk, { ledger }: RequestOf<'outbox.send'>): Promise<null> {
  const { follower, session } = desk.need();
  const { wallet } = session;
  const failure = await follower.alone(async () => {
    const rows = await wallet.privateRows();
    const report = await sendQueued(wallet.database, rows, await ledgerOf(desk, ledger), {
      when: 'at once',
      now,
    });
    return report.failure;
  });
  await follower.tell();
  if (failure !== undefined) throw failure;
  follower.look();
  return null;
}

async function resend(desk: Desk, { ledger, message }: RequestOf<'outbox.resend'>): Promise<null> {
  const { follower, session } = desk.need();
  const { joined } = await ledgerOf(desk, ledger);
  const id = fromHex(message, 32) ?? new Uint8Array();
  if (!(await queueAgain(session.wallet.database, joined, id)))
    throw new CountersignError<OutboxCode>('outbox-not-broken');
  await follower.tell();
  follower.look();
  return null;
}

type Names =
  | 'sync.ask'
  | 'sync.addAddress'
  | 'sync.removeAddress'
  | 'sync.setMode'
  | 'outbox.list'
  | 'outbox.send'
  | 'outbox.resend'
  | 'doctor.start'
  | 'doctor.repair'
  | 'doctor.stop';

export function syncHandlers(desk: Desk): Handlers<Names> {
  return {
    'sync.ask': async ({ ledger }) => {
      const pinned = await ledgerOf(desk, ledger);
      return Promise.all(pinned.card.endpoints.map((address) => askAddress(pinned, address)));
    },
    'sync.addAddress': (request) => addAddress(desk, request),
    'sync.removeAddress': (request) => removeAddress(desk, request),
    'sync.setMode': (request) => setMode(desk, request),
    'outbox.list': (request) => outbox(desk, request),
    'outbox.send': (request) => send(desk, request),
    'outbox.resend': (request) => resend(desk, request),
    'doctor.start': async ({ deep }) => {
      await desk.doctor.start(deep ? 'deep' : 'quick');
      return null;
    },
    'doctor.repair': async () => {
      await desk.doctor.start('repair');
      return null;
    },
    'doctor.stop': () => {
      desk.doctor.stop();
      return Promise.resolve(null);
    },
  };
}
