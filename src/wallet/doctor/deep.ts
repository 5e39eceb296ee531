/**
 * The deep look: everything that is held is read and verified again. What can be fetched again is repaired; what cannot is
 * named, with the way out, and left as it is.
 */
import { CountersignError } from '../../core/errors/family.ts';
import { verifyEvidence } from '../../core/evidence/verify.ts';
import { alarmsOf } from '../alarms/rows.ts';
import { pinnedLedgers, type PinnedLedger } from '../ledgers.ts';
import type { Profile } from '../profile.ts';
import type { Database } from '../store/driver.ts';
import { openStore } from '../store/open.ts';
import { RecordStore } from '../store/record-store.ts';
import { checkCopy, type CheckProgress } from '../sync/check-copy.ts';
import type { SyncProgress } from '../sync/options.ts';
import { hasPrivateRows, PrivateRows } from '../vault/private-rows.ts';
import { VaultSession } from '../vault/session.ts';
import { counted, type Finding, found, foundError, foundHere, type Report, sound } from './findings.ts';
import { type CountProgress, lookAtOutbox, lookAtReceipts, lookAtRows } from './private-check.ts';
import { sizeOf } from './place.ts';
import { type DoctorPorts, openToRead, quickLook } from './quick.ts';
import { repair } from './repair.ts';

const aboutDatabase = 'Database';

/** How far a deep look is, and with what. */
export interface DeepOptions {
  readonly onCheck?: (origin: string, progress: CheckProgress) => void;
  readonly onRepair?: (progress: SyncProgress) => void;
  readonly onPrivate?: (what: 'rows' | 'receipts', ...progress: Parameters<CountProgress>) => void;
  /** Stops it: the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Memory for temporary tables, in KiB; what is more goes to a temporary file. */
const temporaryKiB = 32_768;

/** What is wrong with the record; empty when nothing is. */
type Damage = readonly Finding[];

/** One ledger, every row of it. */
async function checkLedger(
  store: RecordStore,
  { card, joined }: PinnedLedger,
  report: Report,
  { onCheck, signal }: DeepOptions,
): Promise<Damage> {
  const about = card.origin;
  if (joined.size === 0) {
    report(sound(about, 'Joined; nothing of it is here yet.'));
    return [];
  }
  const checked = await checkCopy(store, joined.ledger.id, {
    ...(signal === undefined ? {} : { signal }),
    onProgress: (progress) => onCheck?.(about, progress),
  });
  if (!checked.ok) return [found('bad', about, checked.code, checked.detail)];
  const { blocks, followed, messages, withoutData } = checked.value;
  const less = withoutData === 0 ? '' : ` Of ${withoutData} the data is not here: it was withheld.`;
  const own =
    followed === 0 ? '' : ` ${counted(followed, 'message')} of your own, followed, verified with the proofs.`;
  report(
    sound(
      about,
      `${counted(blocks, 'block')} and ${counted(messages, 'message')} read, every hash made again, every signature and ` +
        `every entry of the index verified under the signed head.${less}${own}`,
    ),
  );
  for (const { evidence, number } of await alarmsOf(store.statements, joined)) {
    const shown = evidence && verifyEvidence(evidence, joined.ledger.id);
    // Nobody has it but this profile: nothing to fetch.
    if (shown?.ok === false)
      report(foundHere('bad', about, 'doctor-evidence', `alarm ${number}: ${shown.code}`));
  }
  return [];
}

async function hasStore({ storeFile }: Profile): Promise<boolean> {
  return (await sizeOf(storeFile)) > 0;
}

/** Everything public, as of one moment, on a connection of its own that cannot write. */
async function checkRecord(profile: Profile, report: Report, options: DeepOptions): Promise<Damage> {
  let database: Database | undefined;
  try {
    // Brings an older layout up to date first, as every command does.
    await (await openStore(profile.storeFile)).close();
    database = await openToRead(profile.storeFile);
    await database.exec(`PRAGMA temp_store = FILE; PRAGMA temp.cache_size = -${temporaryKiB}; BEGIN`);
    const store = new RecordStore(database);
    const fault = await store.fault();
    if (fault !== undefined) return [found('bad', aboutDatabase, 'store-corrupt', fault.slice(0, 150))];
    report(sound(aboutDatabase, 'Every page and every index of the file is whole.'));
    const damage: Finding[] = [];
    for (const pinned of await pinnedLedgers(database))
      damage.push(...(await checkLedger(store, pinned, report, options)));
    return damage;
  } catch (error) {
    if (!(error instanceof CountersignError && error.code === 'store-corrupt')) throw error;
    return [foundError(aboutDatabase, error)];
  } finally {
    await database?.close().catch(() => undefined);
  }
}

/** Everything private: it takes the identity. */
async function checkPrivate(
  profile: Profile,
  ports: DoctorPorts,
  report: Report,
  { onPrivate, signal }: DeepOptions,
): Promise<void> {
  const database = await openStore(profile.storeFile);
  const session = new VaultSession(profile.vaultFile, ports);
  try {
    if (!(await hasPrivateRows(database))) {
      report(sound('Private records', 'There are none.'));
      return;
    }
    const vault = await session.unlock().catch((error: unknown) => {
      const { code, sentence } = foundError('Private records', error);
      report(foundHere('note', 'Private records', 'doctor-unread', `${code ?? ''}: ${sentence}`));
    });
    if (vault === undefined) return;
    const rows = await PrivateRows.open(database, vault);
    const areWhole = await lookAtRows(database, rows, report, (...at) => onPrivate?.('rows', ...at), signal);
    if (!areWhole) return;
    for (const { card, joined } of await pinnedLedgers(database))
      await lookAtOutbox(database, rows, card.origin, joined, report);
    await lookAtReceipts(database, rows, report, (...at) => onPrivate?.('receipts', ...at), signal);
  } catch (error) {
    if (signal?.aborted === true) throw error;
    report(foundError('Private records', error));
  } finally {
    session.lock();
    await database.close();
  }
}

/** The record, repaired where it is damaged. @returns whether it is in order now. */
async function lookAtRecord(
  profile: Profile,
  ports: DoctorPorts,
  report: Report,
  options: DeepOptions,
): Promise<boolean> {
  const { onRepair, signal } = options;
  const damage = await checkRecord(profile, report, options);
  if (damage.length === 0) return true;
  const said: Finding[] = [];
  const later = (finding: Finding): void => {
    said.push(finding);
  };
  const isRepaired = await repair(profile, ports, later, {
    ...(onRepair === undefined ? {} : { onProgress: onRepair }),
    ...(signal === undefined ? {} : { signal }),
  });
  // What was wrong comes before what was done about it.
  for (const { next = '', ...finding } of damage)
    report(isRepaired ? { ...finding, state: 'repaired' } : { ...finding, next });
  for (const finding of said) report(finding);
  if (!isRepaired) return false;
  const left = await checkRecord(profile, report, options);
  for (const finding of left) report(finding);
  return left.length === 0;
}

/**
 * Reads and verifies all that a profile holds, and repairs what can be fetched again; then all that {@link quickLook} does.
 * @throws the signal's reason when it came: nothing was changed then.
 */
export async function deepLook(
  profile: Profile,
  ports: DoctorPorts,
  report: Report,
  options: DeepOptions = {},
): Promise<void> {
  let isInOrder = false;
  try {
    isInOrder = !(await hasStore(profile)) || (await lookAtRecord(profile, ports, report, options));
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    report(foundError(aboutDatabase, error));
  }
  await quickLook(profile, ports, report);
  if (isInOrder && (await hasStore(profile))) await checkPrivate(profile, ports, report, options);
}
