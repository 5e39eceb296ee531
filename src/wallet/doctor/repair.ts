/**
 * Repairs a damaged copy of the record: a new database is made beside the damaged one. What is sound of the record is
 * taken over, what is not is fetched again, and all of it is verified anew under the head that was held. What only this
 * profile has is carried over as it is. Only when the new database holds as much as the old one does it take its place.
 */
import { CountersignError } from '../../core/errors/family.ts';
import { type LedgerCard, parseLedgerCard } from '../../core/record/ledger-card.ts';
import { type Ledger, parseLedger } from '../../core/record/ledger.ts';
import type { Profile } from '../profile.ts';
import type { Database, Row } from '../store/driver.ts';
import { followAnew } from '../store/followed-store.ts';
import { openStore } from '../store/open.ts';
import type { JoinedLedger, SyncMode } from '../store/record-reader.ts';
import { RecordStore } from '../store/record-store.ts';
import { fetchLedger } from '../sync/fetch.ts';
import type { SyncProgress } from '../sync/options.ts';
import { fullSync } from '../sync/sync.ts';
import { claimDamaged, replaceDamaged, withPlaceBeside } from './damaged-file.ts';
import { type Finding, found, foundHere, type Report } from './findings.ts';
import { type Held, heldHead, heldReader } from './held-reader.ts';
import { roomOn, sizeOf } from './place.ts';
import type { DoctorPorts } from './quick.ts';
import { carryOver } from './salvage.ts';

/** How long one request may take, in milliseconds. */
const requestMs = 30_000;

const aboutDatabase = 'Database';

export interface RepairOptions {
  readonly onProgress?: (progress: SyncProgress) => void;
  readonly signal?: AbortSignal;
}

/** Stands in the way of a repair: nothing was changed. */
class CannotRepair extends Error {
  readonly finding: Finding;

  constructor(finding: Finding) {
    super(finding.sentence);
    this.name = 'CannotRepair';
    this.finding = finding;
  }
}

/** A row of the ledgers as it can still be read. */
interface LedgerRow {
  readonly row: number;
  readonly id: Uint8Array;
  readonly founding: Uint8Array;
  readonly endpoint: string;
  readonly checkpoint: Uint8Array | undefined;
  readonly size: number;
  readonly filled: number;
  readonly mode: SyncMode;
  readonly card: LedgerCard | undefined;
}

function bytesOf(value: unknown): Uint8Array {
  return value instanceof Uint8Array ? new Uint8Array(value) : new Uint8Array();
}

function countOf(value: unknown): number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0;
}

function ledgerRow(row: Row): LedgerRow {
  const card = parseLedgerCard(bytesOf(row['card']));
  return {
    row: countOf(row['row']),
    id: bytesOf(row['ledger_id']),
    founding: bytesOf(row['founding']),
    endpoint: String(row['endpoint']),
    checkpoint: row['checkpoint'] === null ? undefined : bytesOf(row['checkpoint']),
    size: countOf(row['size']),
    filled: countOf(row['filled']),
    mode: row['mode'] === 'follow' ? 'follow' : 'full',
    card: card.ok ? card.value : undefined,
  };
}

const selectLedgers = `SELECT ledger.id AS row, ledger.*, ledger_pin.card
  FROM ledger LEFT JOIN ledger_pin ON ledger_pin.ledger = ledger.id ORDER BY ledger.id`;

class Repair {
  readonly #ports: DoctorPorts;
  readonly #options: RepairOptions;
  readonly #source: RecordStore;
  readonly #target: RecordStore;
  readonly #database: Database;
  readonly #report: Report;

  constructor(
    source: Database,
    target: Database,
    ports: DoctorPorts,
    options: RepairOptions,
    report: Report,
  ) {
    this.#ports = ports;
    this.#options = options;
    this.#source = new RecordStore(source);
    this.#target = new RecordStore(target);
    this.#database = target;
    this.#report = report;
  }

  /** @returns the origins of the ledgers whose copy was made again. */
  async run(): Promise<readonly string[]> {
    const rows = await this.#source.statements.all(selectLedgers).catch((error: unknown) => {
      throw new CannotRepair(found('bad', aboutDatabase, 'store-corrupt', String(error)));
    });
    const origins: string[] = [];
    for (const row of rows) origins.push(await this.#ledger(ledgerRow(row)));
    await this.#database.exec('PRAGMA foreign_keys = OFF');
    const lacking = await carryOver(this.#source.statements, this.#database);
    await this.#forgetFollowed();
    await this.#database.exec('PRAGMA foreign_keys = ON');
    if (lacking.length > 0)
      this.#report(foundHere('bad', 'What only this profile has', 'doctor-lost', lacking.join(', ')));
    const fault = await this.#target.fault();
    if (fault !== undefined)
      throw new CannotRepair(foundHere('bad', aboutDatabase, 'doctor-unrepaired', fault));
    return origins;
  }

  /** What is followed is fetched anew: it would have to be proven again, and is little. */
  async #forgetFollowed(): Promise<void> {
    const wanted = await this.#database.all('SELECT 1 FROM followed_tag LIMIT 1');
    await this.#database.exec(followAnew);
    if (wanted.length === 0) return;
    this.#report({
      state: 'note',
      about: 'What is followed',
      sentence: 'The messages that were followed are to be fetched again.',
      next: 'Run "countersign sync": it fetches them.',
    });
  }

  /** The ledger that a row is about: by its first header, or else by the card that was pinned. */
  async #founded(held: LedgerRow): Promise<Ledger> {
    const here = parseLedger(held.founding);
    const isPinned =
      here.ok &&
      (held.card === undefined || here.value.idText === Buffer.from(held.card.ledger).toString('hex'));
    if (isPinned) return here.value;
    if (held.card === undefined)
      throw new CannotRepair(foundHere('bad', 'Ledgers', 'doctor-card', `row ${held.row}`));
    const { card } = held;
    return this.#fromEach(held, (endpoint) =>
      fetchLedger(this.#ports.readerOf(endpoint, requestMs), card.ledger),
    );
  }

  /** Tries one address after the other. @throws CannotRepair with what the last one failed with */
  async #fromEach<T>({ card, endpoint }: LedgerRow, work: (endpoint: URL) => Promise<T>): Promise<T> {
    let failure: unknown;
    for (const address of card?.endpoints ?? [endpoint]) {
      try {
        return await work(new URL(address));
      } catch (error) {
        const isSync = error instanceof CountersignError && String(error.code).startsWith('sync-');
        // A damaged address is none.
        if (!isSync && !(error instanceof TypeError)) throw error;
        failure = error;
      }
    }
    const { code, detail } = failure instanceof CountersignError ? (failure as CountersignError) : {};
    throw new CannotRepair(found('bad', card?.origin ?? endpoint, code ?? 'sync-unreachable', detail));
  }

  async #ledger(row: LedgerRow): Promise<string> {
    const ledger = await this.#founded(row);
    await this.#join(row, ledger);
    const joined: JoinedLedger = {
      ...(await this.#joined(ledger)),
      checkpoint: row.checkpoint,
      size: row.size,
    };
    const held: Held = { reader: this.#source, joined: { ...joined, filled: row.filled } };
    if (row.size > 0 && heldHead(held, ledger) === undefined)
      this.#report(foundHere('note', ledger.origin, 'doctor-head'));
    if (row.size > 0 || row.checkpoint !== undefined)
      await this.#fromEach(row, (endpoint) => this.#synchronise(held, ledger, endpoint));
    return ledger.origin;
  }

  async #joined(ledger: Ledger): Promise<JoinedLedger> {
    const joined = await this.#target.joined(ledger.id);
    if (joined === undefined) throw new RangeError('a ledger that was joined just now');
    return joined;
  }

  /** Joins the ledger under the number that it had: other rows refer to it. */
  async #join({ endpoint, row, mode }: LedgerRow, ledger: Ledger): Promise<void> {
    await this.#target.join(ledger, endpoint);
    await this.#database.run('UPDATE ledger SET id = ?, mode = ? WHERE ledger_id = ?', row, mode, ledger.id);
  }

  /** Makes the copy of one ledger, until it holds what was held. */
  async #synchronise(held: Held, ledger: Ledger, endpoint: URL): Promise<void> {
    const headers = async (height: number): Promise<Uint8Array | undefined> =>
      (await this.#target.headers(await this.#joined(ledger), height, 1))[0];
    const remote = this.#ports.readerOf(endpoint, requestMs);
    const reader = await heldReader(held, ledger, { headers }, remote);
    const { filled } = held.joined;
    const enough = new AbortController();
    const { onProgress, signal } = this.#options;
    const signals = signal === undefined ? [enough.signal] : [enough.signal, signal];
    const onStep = (progress: SyncProgress): void => {
      onProgress?.(progress);
      const { phase, done, of } = progress;
      const isEnough = phase === 'headers' ? filled <= 1 && done === of : done >= filled;
      if (isEnough) enough.abort();
    };
    await fullSync(this.#target, ledger.id, reader, {
      onProgress: onStep,
      signal: AbortSignal.any(signals),
    });
    signal?.throwIfAborted();
  }
}

/**
 * Repairs the database of a profile.
 * @returns whether it is repaired. What was done, or what stood in the way, is reported.
 * @throws CountersignError `store-busy` when another process uses it, or with another `store-` code; the signal's reason
 *   when it came. The damaged file is where it was then.
 */
export async function repair(
  profile: Profile,
  ports: DoctorPorts,
  report: Report,
  options: RepairOptions = {},
): Promise<boolean> {
  const path = profile.storeFile;
  const room = await roomOn(profile.folder);
  if (room !== undefined && room < (await sizeOf(path))) {
    report(foundHere('bad', 'Disk', 'doctor-no-room'));
    return false;
  }
  const source = await claimDamaged(path);
  try {
    return await withPlaceBeside(path, async (file) => {
      const target = await openStore(file);
      let origins: readonly string[];
      try {
        origins = await new Repair(source, target, ports, options, report).run();
      } finally {
        await target.close();
      }
      const kept = await replaceDamaged(path, file);
      const sentence = `The copy was made again, from what was sound of it and from the firehose: ${origins.join(', ')}.`;
      const next = `Nothing. The damaged file is kept as ${kept}; delete it when you do not need it to find the cause.`;
      report({ state: 'repaired', about: aboutDatabase, sentence, next });
      return true;
    });
  } catch (error) {
    if (!(error instanceof CannotRepair)) throw error;
    report(error.finding);
    report(foundHere('bad', aboutDatabase, 'doctor-unrepaired'));
    return false;
  } finally {
    await source.close().catch(() => undefined);
  }
}
