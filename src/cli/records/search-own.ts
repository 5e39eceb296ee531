/** Searching what one recorded oneself, by its labels. */
import { toHex } from '../../core/bytes.ts';
import type { Labels } from '../../core/record/record-note.ts';
import { headerAt } from '../../wallet/explorer/copy.ts';
import { messagesWithIdFrom } from '../../wallet/explorer/look-up.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import { outboxItem } from '../../wallet/outbox/outbox.ts';
import { recordsOnRecord } from '../../wallet/records/own-on-record.ts';
import { labelsFit, type OwnRecord, ownRecords } from '../../wallet/records/own-records.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import type { Terminal } from '../output.ts';
import { utc } from './show.ts';

/** What is asked for. */
interface OwnSearch {
  readonly labels: Labels;
  readonly limit: number;
  /** Seconds since 1970, both included. */
  readonly since: number;
  readonly until: number;
  readonly isJson: boolean;
}

/** One record, however it is known. */
interface Line {
  readonly id: string;
  readonly time: number;
  readonly labels: Labels;
  readonly isPublished: boolean;
  readonly state: string;
  readonly height: number | undefined;
  /** Undefined for a record of which nothing private is here. */
  readonly record: OwnRecord | undefined;
}

async function knownLine(wallet: Wallet, { joined }: PinnedLedger, record: OwnRecord): Promise<Line> {
  const { id, time, labels, isPublished } = record;
  const item = await outboxItem(wallet.database, joined, id);
  const [found] = item === undefined ? await messagesWithIdFrom(wallet.database, joined, toHex(id)) : [];
  const height = item?.height ?? found?.height;
  const state = item?.state ?? (height === undefined ? 'queued' : 'in-block');
  return { id: toHex(id), time, labels, isPublished, state, height, record };
}

function lineJson({ id, time, labels, isPublished, state, height, record }: Line): Record<string, unknown> {
  const file = record && { file: record.file.name, path: record.path, sha256: toHex(record.file.hash) };
  return {
    ...file,
    message: id,
    labels,
    published: isPublished,
    recorded: utc(time),
    state,
    ...(height === undefined ? {} : { height }),
  };
}

function lineText({ id, time, labels, state, height, record }: Line): string {
  const { matter, client, reference, text } = labels;
  const said = [matter, client, reference, text].filter((label) => label !== undefined).join(' / ');
  const where = height === undefined ? state : `block ${height}`;
  return `${utc(time)}  ${where.padEnd(10)} ${record?.file.name ?? '(file not known here)'}  ${said}  ${id}`;
}

/** Records of these words of which nothing private is here: those whose published labels fit, and how many there are. */
async function madeElsewhere(
  wallet: Wallet,
  { joined }: PinnedLedger,
  known: ReadonlySet<string>,
  labels: Labels,
): Promise<{ readonly fitting: readonly Line[]; readonly count: number }> {
  const fitting: Line[] = [];
  let count = 0;
  for await (const { message, height, labels: published } of recordsOnRecord(wallet, joined, known)) {
    count++;
    if (!labelsFit(published, labels)) continue;
    const time = (await headerAt(wallet.database, joined, height))?.time ?? 0;
    const id = toHex(message.id);
    fitting.push({
      id,
      time,
      labels: published,
      isPublished: true,
      state: 'in-block',
      height,
      record: undefined,
    });
  }
  return { fitting, count };
}

function sayElsewhere(count: number, terminal: Terminal): void {
  if (count === 0) return;
  const records = count === 1 ? '1 record of yours was' : `${count} records of yours were`;
  terminal.say(
    `${records} made elsewhere, or before a restore: their private labels and files are not known here.`,
  );
  terminal.say(
    'Restore a backup for them; or give the files to "countersign notarize": nothing is recorded twice.',
  );
}

/** Prints the own records on a ledger that fit, newest first. @throws CountersignError */
export async function searchOwn(
  wallet: Wallet,
  pinned: PinnedLedger,
  { labels, limit, since, until, isJson }: OwnSearch,
  terminal: Terminal,
): Promise<void> {
  const rows = await wallet.privateRows();
  const own = await ownRecords(rows, { ledger: pinned.joined.ledger.id });
  const known = new Set(own.map(({ id }) => toHex(id)));
  const elsewhere = await madeElsewhere(wallet, pinned, known, labels);
  const lines: Line[] = [...elsewhere.fitting];
  for (const record of own) {
    if (labelsFit(record.labels, labels)) lines.push(await knownLine(wallet, pinned, record));
  }
  const found = lines
    .filter(({ time }) => time >= since && time <= until)
    .sort((a, b) => b.time - a.time)
    .slice(0, limit);
  if (isJson) {
    const { origin } = pinned.card;
    terminal.line(JSON.stringify({ origin, records: found.map(lineJson), elsewhere: elsewhere.count }));
    return;
  }
  for (const line of found) terminal.line(lineText(line));
  if (found.length === 0) terminal.say('Nothing that you recorded here fits.');
  else if (found.length === limit) terminal.say('There may be more: give a larger --limit, or --until.');
  sayElsewhere(elsewhere.count, terminal);
}
