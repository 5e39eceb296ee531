/** Alarms in the database (`store/migrations/0006-alarms.ts`). Kept once, never changed, never taken away. */
import type { Statements } from '../store/driver.ts';
import { bytesIn, integerIn } from '../explorer/copy.ts';
import { corrupt, type JoinedLedger } from '../store/record-reader.ts';

/** What was seen. */
export interface Alarm {
  /** Its number in this profile. */
  readonly number: number;
  /** What it is: a code with an explanation. */
  readonly code: string;
  /** About what; empty where there is one such alarm for a ledger. */
  readonly subject: string;
  /** What exactly was met, for experts. */
  readonly detail: string;
  /** The address that showed it when it was first seen. */
  readonly address: string;
  /** Seconds since 1970. */
  readonly firstSeen: number;
  readonly lastSeen: number;
  /** How often it was seen. */
  readonly times: number;
  /** A file of `docs/spec/evidence.md`; undefined when there is nothing that would show it to others. */
  readonly evidence: Uint8Array | undefined;
  /** When the person decided to go on: seconds since 1970. */
  readonly acknowledged: number | undefined;
}

/** What is new about an alarm. */
export interface Notice {
  readonly code: string;
  readonly subject: string;
  readonly detail: string;
  readonly address: string;
  readonly evidence: Uint8Array | undefined;
  /** Seconds since 1970. */
  readonly now: number;
}

/** More alarms without evidence are not kept for one ledger: anybody can cause them. */
const mostUnproven = 64;

/** A promise that was not kept is proven too, and no lie: it does not stop anything. */
export const brokenPromise = 'outbox-broken';

function textIn(row: Readonly<Record<string, unknown>>, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw corrupt(column);
  return value;
}

/**
 * Keeps an alarm. The same one once more is counted; evidence that it had not is added, and none is ever replaced.
 * Detail and address are those of the evidence, or of the first time.
 * @returns its number; undefined when there are too many without evidence.
 */
export async function keepAlarm(
  inside: Statements,
  joined: JoinedLedger,
  notice: Notice,
): Promise<number | undefined> {
  const { code, subject, detail, address, evidence, now } = notice;
  await inside.run(
    `INSERT INTO alarm (ledger, code, subject, detail, address, first_seen, last_seen, times, evidence)
     SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?6, 1, ?7
     WHERE ?7 IS NOT NULL OR EXISTS (SELECT 1 FROM alarm WHERE ledger = ?1 AND code = ?2 AND subject = ?3)
       OR (SELECT count(*) FROM alarm WHERE ledger = ?1 AND evidence IS NULL) < ${mostUnproven}
     ON CONFLICT (ledger, code, subject) DO UPDATE SET
       last_seen = max(last_seen, excluded.last_seen), times = times + 1,
       detail = iif(evidence IS NULL AND excluded.evidence IS NOT NULL, excluded.detail, detail),
       address = iif(evidence IS NULL AND excluded.evidence IS NOT NULL, excluded.address, address),
       acknowledged = iif(evidence IS NULL AND excluded.evidence IS NOT NULL, NULL, acknowledged),
       evidence = coalesce(evidence, excluded.evidence)`,
    ...[joined.row, code, subject.slice(0, 300), detail.slice(0, 1000), address, now, evidence ?? null],
  );
  const [row] = await inside.all(
    'SELECT id FROM alarm WHERE ledger = ? AND code = ? AND subject = ?',
    ...[joined.row, code, subject.slice(0, 300)],
  );
  return row && integerIn(row, 'id');
}

/** The alarms of a ledger, oldest first. @throws CountersignError `store-corrupt` */
export async function alarmsOf(statements: Statements, joined: JoinedLedger): Promise<readonly Alarm[]> {
  const rows = await statements.all('SELECT * FROM alarm WHERE ledger = ? ORDER BY id', joined.row);
  return rows.map((row) => ({
    number: integerIn(row, 'id'),
    code: textIn(row, 'code'),
    subject: textIn(row, 'subject'),
    detail: textIn(row, 'detail'),
    address: textIn(row, 'address'),
    firstSeen: integerIn(row, 'first_seen'),
    lastSeen: integerIn(row, 'last_seen'),
    times: integerIn(row, 'times'),
    evidence: row['evidence'] === null ? undefined : bytesIn(row, 'evidence'),
    acknowledged: row['acknowledged'] === null ? undefined : integerIn(row, 'acknowledged'),
  }));
}

/** How many alarms of a ledger there are. No evidence is read for it. */
export async function alarmCounts(
  statements: Statements,
  joined: JoinedLedger,
): Promise<Readonly<Record<'proven' | 'broken' | 'open', number>>> {
  const [row = {}] = await statements.all(
    `SELECT count(*) FILTER (WHERE evidence IS NOT NULL AND code <> ?2) AS proven,
       count(*) FILTER (WHERE evidence IS NOT NULL AND code = ?2) AS broken,
       count(*) FILTER (WHERE evidence IS NULL AND acknowledged IS NULL) AS open FROM alarm WHERE ledger = ?1`,
    joined.row,
    brokenPromise,
  );
  const count = (name: string): number => integerIn(row, name);
  return { proven: count('proven'), broken: count('broken'), open: count('open') };
}

/** The number of an alarm that stops synchronising, or undefined. */
export async function stoppingAlarm(
  statements: Statements,
  joined: JoinedLedger,
): Promise<number | undefined> {
  const [row] = await statements.all(
    `SELECT id FROM alarm WHERE ledger = ? AND evidence IS NOT NULL AND acknowledged IS NULL AND code <> ?
     ORDER BY id LIMIT 1`,
    joined.row,
    brokenPromise,
  );
  return row && integerIn(row, 'id');
}

/** Notes that a person saw the alarm and decided to go on. The first time counts. */
export async function acknowledgeAlarm(statements: Statements, number: number, now: number): Promise<void> {
  await statements.run(
    'UPDATE alarm SET acknowledged = ? WHERE id = ? AND acknowledged IS NULL',
    now,
    number,
  );
}

/** The longest record that an address has shown, in blocks; 0 when it has shown none. */
export async function shownBy(
  statements: Statements,
  joined: JoinedLedger,
  address: string,
): Promise<number> {
  const [row] = await statements.all(
    'SELECT size FROM address_head WHERE ledger = ? AND address = ?',
    joined.row,
    address,
  );
  return row === undefined ? 0 : integerIn(row, 'size');
}

/** Notes how long a record an address has shown. */
export async function noteShown(
  inside: Statements,
  joined: JoinedLedger,
  address: string,
  size: number,
): Promise<void> {
  await inside.run(
    `INSERT INTO address_head (ledger, address, size) VALUES (?, ?, ?)
     ON CONFLICT (ledger, address) DO UPDATE SET size = max(size, excluded.size)`,
    joined.row,
    address,
    size,
  );
}
