/** What only this profile has: every sealed row is opened for its place, every receipt is made and judged again. */
import { equalBytes } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import { openPromise } from '../../core/record/promise.ts';
import { openItems, sealedMessage } from '../outbox/outbox.ts';
import { ownRecords } from '../records/own-records.ts';
import { Prover } from '../records/prover.ts';
import { issueReceipt } from '../records/receipts.ts';
import type { Database } from '../store/driver.ts';
import { RecordReader, type JoinedLedger } from '../store/record-reader.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { counted, type Finding, found, foundError, type Report, sound } from './findings.ts';

const aboutRows = 'Private records';

/** Rows whose places are read at a time. */
const page = 200;

/** How far a look at rows or receipts is. */
export type CountProgress = (done: number, of: number) => void;

/** Opens every row, however many do not open. @returns how many there are, and the places of those that do not. */
async function openAll(
  database: Database,
  rows: PrivateRows,
  onProgress: CountProgress,
  signal: AbortSignal | undefined,
): Promise<{ readonly count: number; readonly bad: readonly string[] }> {
  const [total] = await database.all('SELECT count(*) AS rows FROM private_row');
  const bad: string[] = [];
  let [kind, key, count] = ['', '', 0];
  for (;;) {
    const places = await database.all(
      'SELECT kind, key FROM private_row WHERE (kind, key) > (?, ?) ORDER BY kind, key LIMIT ?',
      ...[kind, key, page],
    );
    for (const place of places) {
      [kind, key] = [String(place['kind']), String(place['key'])];
      count++;
      await rows.get(kind, key).catch((error: unknown) => {
        if (!(error instanceof CountersignError && error.code === 'vault-rows')) throw error;
        bad.push(kind);
      });
    }
    signal?.throwIfAborted();
    onProgress(count, Number(total?.['rows']));
    if (places.length < page) return { count, bad };
  }
}

/** Looks at every private row. @returns whether all of them open. */
export async function lookAtRows(
  database: Database,
  rows: PrivateRows,
  report: Report,
  onProgress: CountProgress,
  signal?: AbortSignal,
): Promise<boolean> {
  const { count, bad } = await openAll(database, rows, onProgress, signal);
  if (bad.length === 0) {
    report(sound(aboutRows, `All ${counted(count, 'row')} open, and none is missing or too many.`));
    return true;
  }
  const kinds = [...new Set(bad)].map((kind) => `${bad.filter((one) => one === kind).length} ${kind}`);
  report(found('bad', aboutRows, 'vault-rows' satisfies VaultCode, kinds.join(', ')));
  return false;
}

async function aboutItems(
  database: Database,
  rows: PrivateRows,
  origin: string,
  joined: JoinedLedger,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { id, promise, state } of await openItems(database, joined)) {
    const isSealed = state === 'in-block' || (await sealedMessage(rows, joined, id)) !== undefined;
    if (!isSealed) findings.push(found('bad', origin, 'outbox-lost'));
    if (promise === undefined) continue;
    const opened = openPromise(promise, joined.ledger);
    if (!opened.ok || !equalBytes(opened.value.message, id))
      findings.push(found('bad', origin, 'sync-promise', opened.ok ? 'of another message' : opened.code));
  }
  return findings;
}

/** Looks at the messages of a ledger that are on their way: each can be read, each promise was signed. */
export async function lookAtOutbox(
  database: Database,
  rows: PrivateRows,
  origin: string,
  joined: JoinedLedger,
  report: Report,
): Promise<void> {
  const findings = await aboutItems(database, rows, origin, joined);
  for (const finding of findings) report(finding);
  if (findings.length === 0) report(sound(origin, 'Every message on its way can be read and sent again.'));
}

/** Makes the receipt of every own record from the copy, and judges it as a stranger would. */
export async function lookAtReceipts(
  database: Database,
  rows: PrivateRows,
  report: Report,
  onProgress: CountProgress,
  signal?: AbortSignal,
): Promise<void> {
  const records = await ownRecords(rows, {});
  const reader = new RecordReader(database);
  const provers = new Map<string, { readonly joined: JoinedLedger; readonly prover: Prover }>();
  let [placed, bad] = [0, 0];
  for (const [i, record] of records.entries()) {
    signal?.throwIfAborted();
    const name = Buffer.from(record.ledger).toString('hex');
    const joined = provers.get(name)?.joined ?? (await reader.joined(record.ledger));
    if (joined === undefined) continue;
    const { prover } = provers.get(name) ?? { prover: new Prover(database, joined) };
    provers.set(name, { joined, prover });
    try {
      const { shows } = await issueReceipt(database, joined, prover, record);
      if (shows.place !== undefined) placed++;
    } catch (error) {
      bad++;
      report(foundError(`Receipt of ${record.file.name}`, error));
    }
    onProgress(i + 1, records.length);
  }
  if (bad > 0 || records.length === 0) return;
  const waiting = records.length - placed;
  const rest = waiting === 0 ? '' : `; ${waiting} not in a block that is here yet`;
  report(
    sound(
      'Receipts',
      `Of ${counted(records.length, 'own record')} each receipt verifies, ${placed} of them with its block${rest}.`,
    ),
  );
}
