/** What `countersign notarize` does, step by step, and what it says about each file. */
import { basename } from 'node:path';
import { toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { OutboxCode } from '../../core/errors/outbox.ts';
import { openPromise } from '../../core/record/promise.ts';
import type { Labels } from '../../core/record/record-note.ts';
import { headerAt } from '../../wallet/explorer/copy.ts';
import { messagesWithIdFrom } from '../../wallet/explorer/look-up.ts';
import { findLedger, type PinnedLedger } from '../../wallet/ledgers.ts';
import { openItems, type OutboxState, outboxItem } from '../../wallet/outbox/outbox.ts';
import { sendQueued, type SendReport } from '../../wallet/outbox/send-queued.ts';
import { settleOutbox } from '../../wallet/outbox/settle.ts';
import { filesAt } from '../../wallet/records/files.ts';
import { notarize, type Notarized } from '../../wallet/records/notarize.ts';
import { type OwnRecord, ownRecord, ownRecords } from '../../wallet/records/own-records.ts';
import { Prover } from '../../wallet/records/prover.ts';
import { issueReceipt, writeReceipt } from '../../wallet/records/receipts.ts';
import { awaitBlocks } from '../../wallet/records/refresh.ts';
import type { JoinedLedger } from '../../wallet/store/record-reader.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { alarmMember } from '../alarm/tell.ts';
import type { Terminal } from '../output.ts';
import { refreshIfPossible } from './fresh.ts';
import { utc } from './show.ts';

/** What was asked for on the command line. */
export interface NotarizeJob {
  readonly files: readonly string[];
  readonly ledger: string | undefined;
  readonly method: 'salted' | 'public';
  readonly labels: Labels;
  readonly publish: boolean;
  readonly again: boolean;
  readonly receipts: string | undefined;
  readonly offline: boolean;
  readonly waitSeconds: number;
  readonly isJson: boolean;
}

/** How it ended. */
export interface NotarizeEnd {
  /** Something was refused, or a promise was broken. */
  readonly isBad: boolean;
  /** Why not everything was done. */
  readonly failure: CountersignError | undefined;
}

/** How far one record is. */
interface Standing {
  readonly record: OwnRecord;
  /** The file that was given. */
  readonly path: string;
  readonly isNew: boolean;
  /** No file was given: it waited here. */
  readonly waited: boolean;
  readonly state: OutboxState;
  readonly height: number | undefined;
  readonly sealed: number | undefined;
  readonly promisedBy: number | undefined;
  readonly problem: string | undefined;
}

const now = (): number => Math.floor(Date.now() / 1000);

/** Records the files of a job, or finds the records that are on their way. @returns also why it stopped early. */
async function takeUp(
  wallet: Wallet,
  pinned: PinnedLedger,
  job: NotarizeJob,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<{ readonly taken: readonly Notarized[]; readonly failure: CountersignError | undefined }> {
  const taken: Notarized[] = [];
  if (job.files.length === 0) {
    const rows = await wallet.privateRows();
    for (const { id } of await openItems(wallet.database, pinned.joined)) {
      const record = await ownRecord(rows, pinned.joined.ledger.id, id);
      if (record !== undefined) taken.push({ record, path: record.path, isNew: false });
    }
    return { taken, failure: undefined };
  }
  const { method, labels, publish, again } = job;
  const options = { method, labels, publish, again, now, signal };
  try {
    for await (const one of notarize(wallet, pinned, filesAt(job.files), options)) {
      taken.push(one);
      terminal.progress(`${taken.length} files signed`);
    }
    return { taken, failure: undefined };
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    if (taken.length === 0) throw error;
    return { taken, failure: error };
  }
}

async function send(
  wallet: Wallet,
  pinned: PinnedLedger,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<SendReport> {
  await settleOutbox(wallet.database, pinned.joined);
  const onProgress = (done: number, of: number): void => {
    terminal.progress(`${done} of ${of} sent`);
  };
  const options = { when: 'at once', now, signal, onProgress } as const;
  return sendQueued(wallet.database, await wallet.privateRows(), pinned, options);
}

async function waitFor(
  wallet: Wallet,
  pinned: PinnedLedger,
  seconds: number,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<{ readonly pinned: PinnedLedger; readonly failure: CountersignError | undefined }> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
  try {
    const onWaiting = (open: number): void => {
      terminal.progress(open === 0 ? '' : `${open} promised; waiting for the block`);
    };
    return { pinned: await awaitBlocks(wallet, pinned, until, onWaiting), failure: undefined };
  } catch (failure) {
    if (!(failure instanceof CountersignError)) throw failure;
    const { idText } = pinned.joined.ledger;
    return { pinned: await findLedger(wallet.database, idText), failure };
  }
}

/** The block of a message that this machine did not send: it was made elsewhere with the same words. */
async function heightOf(wallet: Wallet, joined: JoinedLedger, id: Uint8Array): Promise<number | undefined> {
  const [found] = await messagesWithIdFrom(wallet.database, joined, toHex(id));
  return found?.height;
}

async function standingOf(
  wallet: Wallet,
  { joined }: PinnedLedger,
  { record, path, isNew }: Notarized,
  waited: boolean,
): Promise<Standing> {
  const item = await outboxItem(wallet.database, joined, record.id);
  const height = item === undefined ? await heightOf(wallet, joined, record.id) : item.height;
  const header = height === undefined ? undefined : await headerAt(wallet.database, joined, height);
  const promise = item?.promise && openPromise(item.promise, joined.ledger);
  return {
    record,
    path,
    isNew,
    waited,
    state: item?.state ?? (height === undefined ? 'queued' : 'in-block'),
    height,
    sealed: header?.time,
    promisedBy: promise?.ok === true ? promise.value.lastTime : undefined,
    problem: item?.problem,
  };
}

function sentence({
  record,
  path,
  isNew,
  waited,
  state,
  height,
  sealed,
  promisedBy,
  problem,
}: Standing): string {
  const name = isNew ? record.file.name : basename(path);
  const before = isNew || waited ? '' : 'recorded before; ';
  const words: Readonly<Record<OutboxState, string>> = {
    queued: 'signed and kept here; waits to be sent',
    accepted: `promised, signed by the operator, to be on record by ${utc(promisedBy ?? 0)}`,
    'in-block': `on record in block ${height ?? 0}, sealed ${utc(sealed ?? 0)}`,
    refused: `refused: ${problem ?? ''}`,
    broken: `promised by ${utc(promisedBy ?? 0)} and not recorded; the evidence is kept: countersign alarm list`,
  };
  return `${name}: ${before}${words[state]}  ${toHex(record.id).slice(0, 16)}`;
}

function standingJson(standing: Standing, receipt: string | undefined): Record<string, unknown> {
  const { record, path, isNew, state, height, sealed, promisedBy, problem } = standing;
  const { file, id, labels, isPublished } = record;
  return {
    file: file.name,
    path,
    bytes: file.size,
    sha256: toHex(file.hash),
    message: toHex(id),
    method: file.salt === undefined ? 'public' : 'salted',
    labels,
    published: isPublished,
    new: isNew,
    state,
    ...(height === undefined ? {} : { height }),
    ...(sealed === undefined ? {} : { sealed: utc(sealed) }),
    ...(promisedBy === undefined ? {} : { promisedBy: utc(promisedBy) }),
    ...(problem === undefined ? {} : { problem }),
    ...(receipt === undefined ? {} : { receipt }),
  };
}

/** Writes the receipts of records. @returns the paths of the JSON files, by message id. */
async function writeReceipts(
  wallet: Wallet,
  { joined }: PinnedLedger,
  folder: string,
  records: readonly OwnRecord[],
  terminal: Terminal,
): Promise<ReadonlyMap<string, string>> {
  const prover = new Prover(wallet.database, joined);
  const paths = new Map<string, string>();
  for (const record of records) {
    const receipt = await issueReceipt(wallet.database, joined, prover, record);
    paths.set(toHex(record.id), await writeReceipt(folder, record, receipt));
    terminal.progress(`${paths.size} of ${records.length} receipts`);
  }
  return paths;
}

/** Runs a job to its end. @throws CountersignError when nothing could be done at all. */
export async function runNotarize(
  wallet: Wallet,
  job: NotarizeJob,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<NotarizeEnd> {
  let pinned = await findLedger(wallet.database, job.ledger);
  // Which key counts now stands in the record; without a network the copy here has to do.
  if (!job.offline) pinned = await refreshIfPossible(wallet, pinned, terminal, signal);
  const { taken, failure: stopped } = await takeUp(wallet, pinned, job, terminal, signal);
  let failure = stopped;
  if (!job.offline) {
    const sent = await send(wallet, pinned, terminal, signal);
    failure ??= sent.failure;
    if (job.waitSeconds > 0 && sent.failure === undefined && !signal.aborted) {
      const waited = await waitFor(wallet, pinned, job.waitSeconds, terminal, signal);
      ({ pinned } = waited);
      failure ??= waited.failure;
    }
  }
  terminal.progress('');
  const isAll = job.files.length === 0;
  const standings: Standing[] = [];
  for (const one of taken) standings.push(await standingOf(wallet, pinned, one, isAll));
  const rows = await wallet.privateRows();
  const { id } = pinned.joined.ledger;
  const records = isAll ? await ownRecords(rows, { ledger: id }) : taken.map(({ record }) => record);
  const paths =
    job.receipts === undefined
      ? new Map<string, string>()
      : await writeReceipts(wallet, pinned, job.receipts, records, terminal);
  const told = await alarmMember(wallet.database, pinned.joined);
  report(job, pinned, standings, paths, told, terminal);
  if (signal.aborted) terminal.say('Stopped. What was signed is kept; run it again to go on.');
  const waits = standings.some(({ state }) => state === 'queued') && !job.offline && !signal.aborted;
  failure ??= waits ? new CountersignError<OutboxCode>('outbox-waiting') : undefined;
  const isBad = standings.some(({ state }) => state === 'refused' || state === 'broken');
  return { isBad, failure };
}

function report(
  job: NotarizeJob,
  { card, joined }: PinnedLedger,
  standings: readonly Standing[],
  paths: ReadonlyMap<string, string>,
  told: { readonly alarm?: string },
  terminal: Terminal,
): void {
  if (job.isJson) {
    const records = standings.map((one) => standingJson(one, paths.get(toHex(one.record.id))));
    const ledger = { origin: card.origin, ledger: joined.ledger.idText, ...told };
    terminal.line(JSON.stringify({ ...ledger, records, receipts: paths.size }));
    return;
  }
  for (const standing of standings) terminal.line(sentence(standing));
  if (told.alarm !== undefined) terminal.line(told.alarm);
  if (standings.length === 0 && job.files.length === 0) terminal.say('Nothing waits to be sent or sealed.');
  else if (standings.length === 0) terminal.say('There was no file to record.');
  if (job.receipts !== undefined)
    terminal.say(`Wrote ${paths.size} ${paths.size === 1 ? 'receipt' : 'receipts'} to ${job.receipts}.`);
}
