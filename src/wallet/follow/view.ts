/** The ledger as an endpoint shows it under the signed head of the copy: verified headers, and files of their blocks. */
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import type { PartReader } from '../../core/log/audit-port.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import { type BlockProof, type IncludedHeader, LogHeaders } from '../../core/record/log-headers.ts';
import type { RollupLevel } from '../../core/record/rollup.ts';
import { HeaderProofs } from '../records/header-proofs.ts';
import type { AskIndex } from '../records/prover.ts';
import type { Statements } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { blameOrder } from './blame.ts';
import { BodyFile, IndexFile } from './block-files.ts';
import { PartFetcher } from './fetch-part.ts';
import { type FileSource, PageCache } from './page-cache.ts';

/** Headers that are kept at a time. */
const mostHeaders = 1024;

/** One state of the copy, and an endpoint. */
export class View {
  readonly ledger: Ledger;
  /** The signed head: the whole note. */
  readonly checkpoint: Uint8Array;
  readonly #proofs: HeaderProofs;
  readonly #source: FileSource;
  #log: LogHeaders;
  #headers = 0;

  constructor(statements: Statements, joined: JoinedLedger, reader: PartReader) {
    this.ledger = joined.ledger;
    this.checkpoint = joined.checkpoint ?? new Uint8Array();
    this.#proofs = new HeaderProofs(statements, joined);
    this.#source = { fetcher: new PartFetcher(reader), cache: new PageCache() };
    this.#log = this.#open();
  }

  #open(): LogHeaders {
    const log = LogHeaders.open(this.ledger, this.checkpoint);
    if (!log.ok) throw new CountersignError<StoreCode>('store-corrupt', `checkpoint: ${log.code}`);
    return log.value;
  }

  /** The headers that were taken in: forgotten now and then, by {@link renew}. */
  get log(): LogHeaders {
    return this.#log;
  }

  /** Forgets headers when there are many: to be called when nobody needs the ones that were taken in. */
  renew(): void {
    if (this.#headers < mostHeaders) return;
    this.#log = this.#open();
    this.#headers = 0;
  }

  block(height: number): Promise<BlockProof> {
    return this.#proofs.block(height);
  }

  /** The header at this height, shown to stand under the head. @throws CountersignError `store-corrupt` */
  async header(height: number): Promise<IncludedHeader> {
    const known = this.#log.at(height);
    if (known !== undefined) return known;
    const header = this.#log.include(await this.block(height));
    if (!header.ok)
      throw new CountersignError<StoreCode>('store-corrupt', `header ${height}: ${header.code}`);
    this.#headers++;
    return header.value;
  }

  async index(height: number): Promise<IndexFile> {
    return IndexFile.ofBlock(this.#source, await this.header(height), (left, right) =>
      blameOrder(this, height, undefined, left, right),
    );
  }

  /** The roll-up to which the header at this height commits. */
  async rollup(height: number, level: RollupLevel): Promise<IndexFile> {
    return IndexFile.ofRollup(this.#source, await this.header(height), level, (left, right) =>
      blameOrder(this, height, level, left, right),
    );
  }

  async body(height: number): Promise<BodyFile> {
    return new BodyFile(this.#source, await this.header(height));
  }
}

/** Asks an address what the tag indexes of blocks say. */
export function askIndexes(statements: Statements, joined: JoinedLedger, reader: PartReader): AskIndex {
  const view = new View(statements, joined, reader);
  return async (height, tag) => (await view.index(height)).lookup(tag);
}
