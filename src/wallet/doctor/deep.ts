/**
 * The deep look: everything that is held is read and verified again. What can be fetched again is repaired; what cannot is
 * named, with the way out, and left as it is.
 */
import { pinnedLedgers } from '../ledgers.ts';
import type { Profile } from '../profile.ts';
import { openStore } from '../store/open.ts';
import type { SyncProgress } from '../sync/options.ts';
import { hasPrivateRows, PrivateRows } from '../vault/private-rows.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { VaultSession } from '../vault/session.ts';
import { type Finding, foundError, foundHere, type Report, sound } from './findings.ts';
import { sizeOf } from './place.ts';
import { type CountProgress, lookAtOutbox, lookAtReceipts, lookAtRows } from './private-check.ts';
import { type DoctorPorts, quickLook } from './quick.ts';
import { checkRecord, type RecordOptions } from './record-check.ts';
import { repair } from './repair.ts';

const aboutDatabase = 'Database';

/** How far a deep look is, and with what. */
export interface DeepOptions extends RecordOptions {
  readonly onRepair?: (progress: SyncProgress) => void;
  readonly onPrivate?: (what: 'rows' | 'receipts', ...progress: Parameters<CountProgress>) => void;
  /** The identity, where somebody has it open already; otherwise it is opened for the look. It is left open. */
  readonly vault?: OpenVault;
}

async function hasStore({ storeFile }: Profile): Promise<boolean> {
  return (await sizeOf(storeFile)) > 0;
}

/** Everything private: it takes the identity. */
async function checkPrivate(
  profile: Profile,
  ports: DoctorPorts,
  report: Report,
  { onPrivate, signal, vault: open }: DeepOptions,
): Promise<void> {
  const database = await openStore(profile.storeFile);
  const session = new VaultSession(profile.vaultFile, ports);
  try {
    if (!(await hasPrivateRows(database))) {
      report(sound('Private records', 'There are none.'));
      return;
    }
    const vault =
      open ??
      (await session.unlock().catch((error: unknown) => {
        const { code, sentence } = foundError('Private records', error);
        report(foundHere('note', 'Private records', 'doctor-unread', `${code ?? ''}: ${sentence}`));
      }));
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
  const damage = await checkRecord(profile, ports, report, options);
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
  const left = await checkRecord(profile, ports, report, options);
  for (const finding of left) report(finding);
  return left.length === 0;
}

/** Looks at the record, then quickly at all else, then at what is private where the record is in order. */
async function lookWith(
  profile: Profile,
  ports: DoctorPorts,
  report: Report,
  options: DeepOptions,
  atRecord: () => Promise<boolean>,
): Promise<void> {
  let isInOrder = false;
  try {
    isInOrder = !(await hasStore(profile)) || (await atRecord());
  } catch (error) {
    if (options.signal?.aborted === true) throw error;
    report(foundError(aboutDatabase, error));
  }
  await quickLook(profile, ports, report);
  if (isInOrder && (await hasStore(profile))) await checkPrivate(profile, ports, report, options);
}

/**
 * As {@link deepLook}, but nothing is repaired: others may use the profile meanwhile.
 * @returns whether something of the record is damaged.
 * @throws the signal's reason when it came.
 */
export async function deepCheck(
  profile: Profile,
  ports: DoctorPorts,
  report: Report,
  options: DeepOptions = {},
): Promise<boolean> {
  let isDamaged = false;
  await lookWith(profile, ports, report, options, async () => {
    const damage = await checkRecord(profile, ports, report, options);
    for (const finding of damage) report(finding);
    isDamaged = damage.length > 0;
    return !isDamaged;
  });
  return isDamaged;
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
  await lookWith(profile, ports, report, options, () => lookAtRecord(profile, ports, report, options));
}
