/** The record, as far as it is here: every row of it read and verified again, as of one moment. */
import { equalBytes } from '../../core/bytes.ts';
import { sha256 } from '../../core/crypto/sha256.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { verifyEvidence } from '../../core/evidence/verify.ts';
import { bodyPath } from '../../core/record/files.ts';
import { alarmsOf } from '../alarms/rows.ts';
import { headerAt, integerIn } from '../explorer/copy.ts';
import { pinnedLedgers, type PinnedLedger } from '../ledgers.ts';
import type { Profile } from '../profile.ts';
import type { Database } from '../store/driver.ts';
import { openStore } from '../store/open.ts';
import { RecordStore } from '../store/record-store.ts';
import { checkCopy, type CheckProgress } from '../sync/check-copy.ts';
import { counted, type Finding, found, foundError, foundHere, type Report, sound } from './findings.ts';
import { type DoctorPorts, openToRead } from './quick.ts';

const aboutDatabase = 'Database';

export interface RecordOptions {
  readonly onCheck?: (origin: string, progress: CheckProgress) => void;
  /** Stops it: the signal's reason is thrown. */
  readonly signal?: AbortSignal;
}

/** Memory for temporary tables, in KiB; what is more goes to a temporary file. */
const temporaryKiB = 32_768;

/** How long one request may take, in milliseconds. */
const requestMs = 30_000;

/** What is wrong with the record; empty when nothing is. */
export type Damage = readonly Finding[];

class LedgerCheck {
  readonly #store: RecordStore;
  readonly #pinned: PinnedLedger;
  readonly #report: Report;
  readonly #options: RecordOptions;

  constructor(store: RecordStore, pinned: PinnedLedger, report: Report, options: RecordOptions) {
    this.#store = store;
    this.#pinned = pinned;
    this.#report = report;
    this.#options = options;
  }

  async run(ports: DoctorPorts): Promise<Damage> {
    const { card, joined } = this.#pinned;
    const { onCheck, signal } = this.#options;
    const about = card.origin;
    if (joined.size === 0) {
      this.#report(sound(about, 'Joined; nothing of it is here yet.'));
      return [];
    }
    const checked = await checkCopy(this.#store, joined.ledger.id, {
      ...(signal === undefined ? {} : { signal }),
      onProgress: (progress) => onCheck?.(about, progress),
    });
    if (!checked.ok) return [found('bad', about, checked.code, checked.detail)];
    const { blocks, followed, messages, withoutData } = checked.value;
    if (withoutData > 0) {
      const detail = `${counted(withoutData, 'message')} without data`;
      if (await this.#isServed(ports)) return [found('bad', about, 'copy-message', detail)];
      this.#report(foundHere('note', about, 'doctor-data', detail));
    }
    const what = `${counted(blocks, 'block')} and ${counted(messages, 'message')} read`;
    const sentence = `${what}, every hash made again, every signature and every entry of the index verified under the signed head.`;
    this.#report(sound(about, sentence));
    if (followed > 0)
      this.#report(sound(about, `${counted(followed, 'followed message')} verified, and none is missing.`));
    await this.#evidence();
    return [];
  }

  /** Whether an address hands out data that is not here. */
  async #isServed(ports: DoctorPorts): Promise<boolean> {
    const { card, joined } = this.#pinned;
    const rows = await this.#store.statements.all(
      'SELECT DISTINCT height FROM message WHERE ledger = ? AND data IS NULL ORDER BY height LIMIT 8',
      joined.row,
    );
    for (const endpoint of card.endpoints) {
      const reader = ports.readerOf(new URL(endpoint), requestMs);
      for (const row of rows) {
        const height = integerIn(row, 'height');
        const header = await headerAt(this.#store.statements, joined, height);
        const body = await reader.read(bodyPath(height), joined.ledger.limits.blockBytes);
        if (!body.ok) break;
        const hash = body.value && sha256(body.value);
        if (hash !== undefined && header !== undefined && equalBytes(hash, header.body.hash)) return true;
      }
    }
    return false;
  }

  async #evidence(): Promise<void> {
    const { card, joined } = this.#pinned;
    for (const { evidence, number } of await alarmsOf(this.#store.statements, joined)) {
      const shown = evidence && verifyEvidence(evidence, joined.ledger.id);
      // Nobody has it but this profile: nothing to fetch.
      if (shown?.ok === false)
        this.#report(foundHere('bad', card.origin, 'doctor-evidence', `alarm ${number}: ${shown.code}`));
    }
  }
}

/**
 * Everything public, as of one moment, on a connection of its own.
 * @returns what is wrong and may be repaired; everything else is reported.
 * @throws CountersignError with a `store-` code when the database cannot be used; the signal's reason when it came.
 */
export async function checkRecord(
  profile: Profile,
  ports: DoctorPorts,
  report: Report,
  options: RecordOptions,
): Promise<Damage> {
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
      damage.push(...(await new LedgerCheck(store, pinned, report, options).run(ports)));
    return damage;
  } catch (error) {
    if (!(error instanceof CountersignError && error.code === 'store-corrupt')) throw error;
    return [foundError(aboutDatabase, error)];
  } finally {
    await database?.close().catch(() => undefined);
  }
}
