/**
 * The quick look at a profile: a few seconds, no secret, and nothing is changed, not even the layout of an older database.
 */
import { access, constants } from 'node:fs/promises';
import type { AlarmCode } from '../../core/errors/alarm.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import { alarmsOf, stoppingAlarm } from '../alarms/rows.ts';
import { pinnedLedgers, type PinnedLedger } from '../ledgers.ts';
import type { Profile } from '../profile.ts';
import { type Database, openDatabase } from '../store/driver.ts';
import { storeVersion } from '../store/open.ts';
import { reachOf } from '../store/record-reader.ts';
import { shownSize } from '../sync/probe.ts';
import { hasPrivateRows } from '../vault/private-rows.ts';
import { VaultSession, type VaultState } from '../vault/session.ts';
import type { KeySources } from '../vault/vault.ts';
import { counted, type Finding, found, foundError, type Report, sound } from './findings.ts';
import { aboutPlace, sizeOf } from './place.ts';
import { aboutVault } from './vault-finding.ts';

/** What a look needs from outside. */
export interface DoctorPorts extends KeySources {
  /** Reads what lies at the address of a ledger. */
  readonly readerOf: (endpoint: URL, timeoutMs: number) => LogReader;
}

const aboutDatabase = 'Database';

/** How long an address has to answer, in milliseconds. */
const answerMs = 2000;

/** What another process may keep the database for, in milliseconds. */
export const busyMs = 3000;

/**
 * Opens a database that is there to read it, without changing its layout.
 * @throws CountersignError with a `store-` code
 */
export async function openToRead(path: string): Promise<Database> {
  // Who may not write cannot take away the files that SQLite lays beside a database while it is open.
  const isWritable = await access(path, constants.W_OK).then(
    () => true,
    () => false,
  );
  const database = await openDatabase(path, isWritable ? 'create' : 'read');
  try {
    await database.exec(`PRAGMA busy_timeout = ${busyMs}; PRAGMA trusted_schema = OFF`);
    // Nothing was read so far: only now it shows whether this is a database.
    await database.all('PRAGMA schema_version');
    return database;
  } catch (error) {
    await database.close().catch(() => undefined);
    throw error;
  }
}

/** Looks at the structure of the database. @returns whether its layout is this version's. */
async function lookAtStructure(database: Database, report: Report): Promise<boolean> {
  const { here, newest } = await storeVersion(database);
  if (here > newest) throw new CountersignError<StoreCode>('store-future', `layout ${here}, not ${newest}`);
  const [row] = await database.all('PRAGMA quick_check(1)');
  if (row?.['quick_check'] !== 'ok')
    throw new CountersignError<StoreCode>('store-corrupt', String(row?.['quick_check']).slice(0, 150));
  if (here === newest) {
    report(sound(aboutDatabase, `It opens, its layout (${here}) is this version's, its structure is whole.`));
  } else {
    const sentence = `It opens and its structure is whole. Its layout (${here}) is older than this version's (${newest}).`;
    const next =
      'Nothing: the next command that uses the profile brings it up to date, after a copy was made.';
    report({ state: 'note', about: aboutDatabase, sentence, next });
  }
  return here === newest;
}

/** How far an address of a ledger is, beside what is held. */
async function aboutAddress(
  { card, joined }: PinnedLedger,
  endpoint: string,
  { readerOf }: DoctorPorts,
): Promise<Finding> {
  const about = card.origin;
  try {
    const more = (await shownSize(readerOf(new URL(endpoint), answerMs), joined)) - joined.size;
    if (more < 0) return found('note', about, 'sync-stale', `${endpoint}: ${-more} blocks fewer`);
    const news = more === 0 ? 'no more than is here' : `${counted(more, 'block')} more than are here`;
    return sound(about, `${endpoint} answers, with ${news}.`);
  } catch (error) {
    const { sentence, next, ...finding } = foundError(about, error, 'note');
    return { ...finding, sentence: `${endpoint}: ${sentence}`, ...(next === undefined ? {} : { next }) };
  }
}

function aboutCopy({ card, joined }: PinnedLedger): Finding {
  const { filled, mode, size } = joined;
  const here = Math.min(Math.max(filled, 1), size);
  const own = `your own messages up to block ${Math.max(reachOf(joined), 1) - 1}`;
  const some =
    mode === 'follow'
      ? `${here} of them with all messages, and ${own}`
      : `${here} of them with their messages`;
  const messages = here === size ? 'all with their messages' : some;
  const sentence =
    size === 0 ? 'Joined; nothing of it is here yet.' : `${counted(size, 'block')} here, ${messages}.`;
  return sound(card.origin, sentence);
}

async function aboutOutbox(database: Database, { card, joined }: PinnedLedger): Promise<readonly Finding[]> {
  const about = card.origin;
  const rows = await database.all(
    'SELECT state, count(*) AS count FROM outbox WHERE ledger = ? GROUP BY state ORDER BY state',
    joined.row,
  );
  const count = (state: string): number => Number(rows.find((row) => row['state'] === state)?.['count'] ?? 0);
  const findings: Finding[] = [];
  const waiting = count('queued') + count('accepted');
  const sent = `${counted(count('in-block'), 'message')} sent from here and in a block`;
  findings.push(sound(about, `Outbox: ${sent}, ${waiting === 0 ? 'none' : waiting} on the way.`));
  if (count('refused') > 0)
    findings.push(found('note', about, 'outbox-refused', counted(count('refused'), 'message')));
  if (count('broken') > 0)
    findings.push(found('note', about, 'outbox-broken', counted(count('broken'), 'message')));
  return findings;
}

/** Alarms: one that nobody decided about stops everything new. */
async function aboutAlarms(database: Database, { card, joined }: PinnedLedger): Promise<readonly Finding[]> {
  const about = card.origin;
  const alarms = await alarmsOf(database, joined);
  const open = await stoppingAlarm(database, joined);
  if (open !== undefined) return [found('bad', about, 'alarm-open', `alarm ${open}`)];
  if (alarms.length === 0) return [];
  return [found('note', about, 'alarm-kept' satisfies AlarmCode, counted(alarms.length, 'alarm'))];
}

async function lookAtLedgers(database: Database, ports: DoctorPorts, report: Report): Promise<void> {
  const ledgers = await pinnedLedgers(database);
  if (ledgers.length === 0) report(sound('Ledgers', 'None is joined yet.'));
  const addresses = ledgers.map((pinned) =>
    Promise.all(pinned.card.endpoints.map((endpoint) => aboutAddress(pinned, endpoint, ports))),
  );
  for (const [i, pinned] of ledgers.entries()) {
    report(aboutCopy(pinned));
    for (const finding of (await addresses[i]) ?? []) report(finding);
    for (const finding of await aboutOutbox(database, pinned)) report(finding);
    for (const finding of await aboutAlarms(database, pinned)) report(finding);
  }
}

/** How the vault stands, found without any dialog in at most three seconds. */
async function vaultState(profile: Profile, ports: DoctorPorts, hasRows: boolean): Promise<VaultState> {
  const session = new VaultSession(profile.vaultFile, ports);
  try {
    const state = await session.state();
    return state.name === 'none' && hasRows ? { name: 'gone', code: 'vault-gone' } : state;
  } finally {
    session.lock();
  }
}

/** Takes a quick look at a profile that exists. */
export async function quickLook(profile: Profile, ports: DoctorPorts, report: Report): Promise<void> {
  for (const finding of await aboutPlace(profile)) report(finding);
  let database: Database | undefined;
  let isReadable = false;
  try {
    // An empty file is a database that nothing was written to yet.
    if ((await sizeOf(profile.storeFile)) > 0) {
      database = await openToRead(profile.storeFile);
      isReadable = await lookAtStructure(database, report);
    } else {
      report(sound(aboutDatabase, 'There is none yet: nothing was kept in this profile so far.'));
    }
  } catch (error) {
    report(foundError(aboutDatabase, error));
  }
  try {
    const readable = isReadable ? database : undefined;
    const hasRows = readable !== undefined && (await hasPrivateRows(readable));
    report(aboutVault(await vaultState(profile, ports, hasRows)));
    if (readable !== undefined) await lookAtLedgers(readable, ports, report);
  } catch (error) {
    report(foundError(aboutDatabase, error));
  } finally {
    await database?.close();
  }
}
