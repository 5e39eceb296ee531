/**
 * Reading a document out of the copy of the record. All of it is checked before any byte is released; then it is decrypted
 * into memory, up to a limit, or into a file that the person named: under another name beside it until it is whole.
 */
import { type FileHandle, lstat, open, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { concatBytes, toHex } from '../../core/bytes.ts';
import type { DocumentContent } from '../../core/channel/content.ts';
import {
  type CheckedDocument,
  DocumentChecker,
  type DocumentContext,
  documentKeys,
  documentShape,
} from '../../core/channel/document.ts';
import { chunkBytes } from '../../core/channel/part.ts';
import type { ExportCode } from '../../core/errors/export.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { Database } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { nameNewFile } from '../vault/new-file.ts';
import type { DocumentOptions } from './local-file.ts';
import { boxesAt, locateInCopy, type LocatedChunks } from './parts-on-record.ts';

/** How much of a document is in the copy of the record. */
export interface DocumentStanding {
  readonly chunks: number;
  readonly missing: number;
}

function fail(code: ExportCode, detail?: string, cause?: unknown): CountersignError<ExportCode> {
  return new CountersignError<ExportCode>(code, detail, cause === undefined ? {} : { cause });
}

/** A document that a message of a channel speaks of: `context.sender` is the sender of that message. */
export class RecordedDocument {
  readonly content: DocumentContent;
  readonly context: DocumentContext;
  readonly #database: Database;
  readonly #joined: JoinedLedger;

  constructor(database: Database, joined: JoinedLedger, content: DocumentContent, context: DocumentContext) {
    this.content = content;
    this.context = context;
    this.#database = database;
    this.#joined = joined;
  }

  #locate(): Promise<LocatedChunks> {
    const { ledger, sender, transaction } = this.context;
    const { name } = documentKeys(this.content.key, this.context);
    const of = { ledger, sender, transaction, document: name };
    return locateInCopy(this.#database, this.#joined, of, documentShape(this.content.size).chunks);
  }

  /** Its public name in hexadecimal. */
  get name(): string {
    return toHex(documentKeys(this.content.key, this.context).name);
  }

  /** How much of it is here, without opening any of it. @throws CountersignError with a `store-` code */
  async standing(): Promise<DocumentStanding> {
    const { missing } = await this.#locate();
    const { chunks } = documentShape(this.content.size);
    return { chunks, missing: missing.reduce((sum, { count }) => sum + count, 0) };
  }

  /**
   * All of it in memory, once all of it was checked.
   * @param most its bytes may not be more than this.
   * @throws CountersignError with a `document-` or `store-` code, `export-too-large`, `export-stopped`
   */
  async bytes(most: number, options: DocumentOptions): Promise<Uint8Array> {
    if (this.content.size > most) throw fail('export-too-large', `${this.content.size} bytes`);
    const pieces: Uint8Array[] = [];
    for await (const piece of (await this.#check(options)).pieces(options)) pieces.push(piece);
    return concatBytes(...pieces);
  }

  /**
   * Writes it into a file that must not be there yet, once all of it was checked.
   * @throws CountersignError with a `document-`, `export-` or `store-` code
   */
  async writeTo(path: string, options: DocumentOptions): Promise<void> {
    // Before all the work; that the name is still free afterwards is seen to when it is given.
    if (await isTaken(path)) throw fail('export-exists', path);
    await writeWhole(path, (await this.#check(options)).pieces(options));
  }

  async #check(options: DocumentOptions): Promise<OpenedDocument> {
    const checker = new DocumentChecker(this.content, this.context);
    const located = await this.#locate();
    const boxes = (): AsyncGenerator<Uint8Array> => boxesAt(this.#database, this.#joined, located);
    let done = 0;
    for await (const box of boxes()) {
      if (options.signal.aborted) throw fail('export-stopped');
      const pushed = checker.push(box);
      if (!pushed.ok) throw new CountersignError(pushed.code, pushed.detail);
      done = Math.min(done + chunkBytes, this.content.size);
      options.onProgress?.({ phase: 'checking', done, of: this.content.size });
    }
    const checked = checker.finish();
    if (!checked.ok) throw new CountersignError(checked.code, checked.detail);
    return new OpenedDocument(checked.value, boxes);
  }
}

/** A document of which every chunk, the size and the hash were checked, and where its boxes come from. */
class OpenedDocument {
  readonly #checked: CheckedDocument;
  readonly #boxes: () => AsyncGenerator<Uint8Array>;

  constructor(checked: CheckedDocument, boxes: () => AsyncGenerator<Uint8Array>) {
    this.#checked = checked;
    this.#boxes = boxes;
  }

  /** Its bytes, chunk by chunk: those that were checked. */
  async *pieces(options: DocumentOptions): AsyncGenerator<Uint8Array> {
    const { size: of } = this.#checked.content;
    let index = 0;
    let done = 0;
    for await (const box of this.#boxes()) {
      if (options.signal.aborted) throw fail('export-stopped');
      const plain = this.#checked.release(index, box);
      if (!plain.ok) throw new CountersignError(plain.code, plain.detail);
      index++;
      done += plain.value.length;
      yield plain.value;
      options.onProgress?.({ phase: 'writing', done, of });
    }
  }
}

async function isTaken(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}

/**
 * Writes a file that must not be there yet. Whatever happens, the whole file is there under its name or nothing is. What a
 * sudden end of the process left under the other name is taken away by the next attempt.
 * @throws CountersignError with an `export-` code, and what `pieces` throws
 */
async function writeWhole(path: string, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path).slice(0, 60)}.countersign-part`);
  try {
    await rm(temporary, { force: true });
    // New, so that nothing is written through a link; for its owner only.
    const handle = await open(temporary, 'wx', 0o600);
    try {
      await writeAll(handle, pieces);
    } finally {
      await handle.close();
    }
    await nameNewFile(temporary, path);
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    const { code = '' } = error as NodeJS.ErrnoException;
    throw fail(code === 'EEXIST' ? 'export-exists' : 'export-cannot-write', `${path}: ${code}`, error);
  } finally {
    await rm(temporary, { force: true });
  }
}

async function writeAll(handle: FileHandle, pieces: AsyncIterable<Uint8Array>): Promise<void> {
  for await (const piece of pieces) {
    for (let at = 0; at < piece.length;) at += (await handle.write(piece, at)).bytesWritten;
  }
  await handle.sync();
}
