/**
 * The list of own records: read from the sealed rows once, filtered in memory, handed out page by page. Nothing private of
 * it is written anywhere.
 */
import { toHex } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { VaultCode } from '../core/errors/vault.ts';
import type { RequestOf } from '../contract/schema.ts';
import type { RecordPage, RecordRow } from '../contract/channels/records.ts';
import { headerAt } from '../wallet/explorer/copy.ts';
import type { PinnedLedger } from '../wallet/ledgers.ts';
import { outboxStates } from '../wallet/outbox/outbox.ts';
import { type OwnRecord, ownRecords } from '../wallet/records/own-records.ts';
import type { Wallet } from '../wallet/wallet.ts';

type Filter = RequestOf<'records.page'>;
type Standing = Awaited<ReturnType<typeof outboxStates>>;

function fitsState({ state }: RecordRow, asked: Filter['state']): boolean {
  switch (asked) {
    case 'any':
      return true;
    case 'waiting':
      return state === 'queued' || state === 'accepted';
    case 'in-block':
      return state === 'in-block';
    case 'problem':
      return state === 'refused' || state === 'broken';
  }
}

/** The beginning of a message's id, long enough not to be a word. */
const idStart = /^[0-9a-f]{8,64}$/;

function fitsText(row: RecordRow, words: readonly string[]): boolean {
  const text = [row.name, row.matter, row.client, row.reference].join('\n').toLowerCase();
  return words.every((word) => text.includes(word) || (idStart.test(word) && row.id.startsWith(word)));
}

/** Of records of the same second: `Annex 2` before `Annex 10`. */
const byName = new Intl.Collator('en', { numeric: true });

export class RecordList {
  readonly #wallet: Wallet;
  readonly #pinned: () => Promise<PinnedLedger | undefined>;
  #records: Promise<readonly OwnRecord[]> | undefined;
  #states: Promise<Standing> | undefined;
  readonly #times = new Map<number, number>();

  constructor(wallet: Wallet, pinned: () => Promise<PinnedLedger | undefined>) {
    this.#wallet = wallet;
    this.#pinned = pinned;
  }

  /** Forgets what was read: all of it, or only how far the messages are. */
  forget(what: 'all' | 'states'): void {
    this.#states = undefined;
    if (what === 'states') return;
    this.#records = undefined;
    this.#times.clear();
  }

  /** @throws CountersignError when the identity does not open by itself: nobody is asked because of a list. */
  async #needOpen(): Promise<boolean> {
    const { name, code } = await this.#wallet.vaultState();
    if (name === 'none') return false;
    if (name !== 'open') throw new CountersignError<string>(code ?? ('vault-closed' satisfies VaultCode));
    return true;
  }

  /** All own records of the ledger, the newest first. */
  async all(): Promise<readonly OwnRecord[]> {
    const pinned = await this.#pinned();
    if (pinned === undefined || !(await this.#needOpen())) return [];
    this.#records ??= this.#read(pinned.joined.ledger.id);
    return this.#records.catch((error: unknown) => {
      this.#records = undefined;
      throw error;
    });
  }

  async #read(ledger: Uint8Array): Promise<readonly OwnRecord[]> {
    const found = await ownRecords(await this.#wallet.privateRows(), { ledger });
    return [...found].sort((a, b) => b.time - a.time || byName.compare(a.file.name, b.file.name));
  }

  async #standing(): Promise<Standing> {
    const pinned = await this.#pinned();
    if (pinned === undefined) return new Map();
    this.#states ??= outboxStates(this.#wallet.database, pinned.joined);
    return this.#states;
  }

  async #sealed(height: number): Promise<number | undefined> {
    const known = this.#times.get(height);
    if (known !== undefined) return known;
    const pinned = await this.#pinned();
    const header = pinned && (await headerAt(this.#wallet.database, pinned.joined, height));
    if (header !== undefined) this.#times.set(height, header.time);
    return header?.time;
  }

  /** A record as a line, without the time of its block. */
  async rowOf(record: OwnRecord): Promise<RecordRow> {
    const { state, height } = (await this.#standing()).get(toHex(record.id)) ?? {
      state: 'queued' as const,
      height: undefined,
    };
    const { matter, client, reference } = record.labels;
    return {
      id: toHex(record.id),
      name: record.file.name,
      size: record.file.size,
      state,
      method: record.file.salt === undefined ? 'public' : 'salted',
      time: record.time,
      ...(matter === undefined ? {} : { matter }),
      ...(client === undefined ? {} : { client }),
      ...(reference === undefined ? {} : { reference }),
      ...(height === undefined ? {} : { height }),
    };
  }

  async #finished(row: RecordRow): Promise<RecordRow> {
    const sealed = row.height === undefined ? undefined : await this.#sealed(row.height);
    return sealed === undefined ? row : { ...row, sealed };
  }

  /** A page of these records. */
  async pageOf(records: readonly OwnRecord[], offset: number, limit: number): Promise<RecordPage> {
    const rows: RecordRow[] = [];
    for (const record of records.slice(offset, offset + limit))
      rows.push(await this.#finished(await this.rowOf(record)));
    return { total: records.length, offset, rows };
  }

  /** A page of all records that fit. */
  async page({ text, state, method, offset, limit }: Filter): Promise<RecordPage> {
    const words = text.toLowerCase().split(/\s+/).filter(Boolean);
    const records = await this.all();
    if (words.length === 0 && state === 'any' && method === 'any') return this.pageOf(records, offset, limit);
    const rows: RecordRow[] = [];
    for (const record of records) {
      const row = await this.rowOf(record);
      const fits = fitsState(row, state) && (method === 'any' || row.method === method);
      if (fits && fitsText(row, words)) rows.push(row);
    }
    const page: RecordRow[] = [];
    for (const row of rows.slice(offset, offset + limit)) page.push(await this.#finished(row));
    return { total: rows.length, offset, rows: page };
  }

  /** The own record with this id in hexadecimal. */
  async find(id: string): Promise<OwnRecord | undefined> {
    return (await this.all()).find((record) => toHex(record.id) === id);
  }

  async counts(): Promise<Readonly<Record<'queued' | 'accepted' | 'refused' | 'broken', number>>> {
    const counts = { queued: 0, accepted: 0, refused: 0, broken: 0, 'in-block': 0 };
    for (const { state } of (await this.#standing()).values()) counts[state]++;
    const { queued, accepted, refused, broken } = counts;
    return { queued, accepted, refused, broken };
  }

  /** How many of these records were sent, and how many are in a block by one's own check. */
  async progressOf(
    records: readonly OwnRecord[],
  ): Promise<{ readonly sent: number; readonly inBlock: number }> {
    const standing = await this.#standing();
    const states = records.map(({ id }) => standing.get(toHex(id))?.state ?? 'queued');
    const sent = states.filter((state) => state !== 'queued').length;
    return { sent, inBlock: states.filter((state) => state === 'in-block').length };
  }

  /** Ids of everything that this profile sent, in hexadecimal. */
  async ownIds(): Promise<ReadonlySet<string>> {
    return new Set((await this.#standing()).keys());
  }

  /** Names of own files by the ids of their records, as far as they were read already. */
  async names(): Promise<ReadonlyMap<string, string>> {
    const records = (await this.#records?.catch(() => [])) ?? [];
    return new Map(records.map(({ id, file }) => [toHex(id), file.name]));
  }
}
