import type { Ledger } from '../../core/record/ledger.ts';
import type { Database } from './driver.ts';
import { RecordReader } from './record-reader.ts';
import { RecordWriter } from './record-writer.ts';

/** The record in a database: read at any time, written in transactions only. */
export class RecordStore extends RecordReader {
  readonly #database: Database;

  constructor(database: Database) {
    super(database);
    this.#database = database;
  }

  /** Runs `work` in one transaction, with everything that it reads and writes through `inside`. */
  transaction<T>(work: (inside: RecordWriter) => Promise<T>): Promise<T> {
    return this.#database.transaction((statements) => work(new RecordWriter(statements)));
  }

  /** Joins a ledger, or changes the address of one that was joined. */
  join(ledger: Ledger, endpoint: string): Promise<void> {
    return this.transaction((inside) => inside.join(ledger, endpoint));
  }
}
