/**
 * Files that are looked at, a few at a time. What begins like a card, a receipt or evidence is judged by what is in it;
 * everything else is a document, of any size, about which is asked whether it is on record.
 */
import { open, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { toHex } from '../../core/bytes.ts';
import type { VerifyCode } from '../../core/errors/verify.ts';
import { type FileVerdict as JudgedFile, maxFileBytes } from '../../core/verify/file.ts';
import type { CheckPage, CheckView, JudgedView } from '../../contract/channels/check.ts';
import { type GivenFile, verifyFiles } from '../../wallet/verify-files.ts';
import { hashFile } from '../../wallet/workflows/record-file.ts';
import { failureOf } from '../explanations.ts';
import { askDocument, documentView, judgedView, type Known } from './views.ts';

/** Files that are looked at; the rest is counted. */
const mostFiles = 200;
/** How many are looked at in one step. */
const step = 8;
/** By so many bytes one sees whether a file may be one that is judged by its content. */
const startBytes = 256;

const unreadable: VerifyCode = 'verify-unreadable';

/** At most so many bytes from the beginning of a file. */
async function startOf(path: string, longest: number): Promise<Uint8Array> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const buffer = new Uint8Array(Math.min(longest, size + 1));
    let length = 0;
    for (let read = -1; read !== 0 && length < buffer.length; length += read) {
      read = (await file.read(buffer, length, buffer.length - length, null)).bytesRead;
    }
    return buffer.subarray(0, length);
  } finally {
    await file.close();
  }
}

const nameOf = (path: string): string => basename(path).toWellFormed();

function unread(path: string, error: unknown): CheckView {
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) throw error;
  return { kind: 'unread', name: nameOf(path), verdict: 'open', failure: failureOf(unreadable, code) };
}

/** What a file is at first sight. */
async function look(path: string): Promise<'empty' | 'document' | 'judged'> {
  const { size } = await stat(path);
  if (size === 0) return 'empty';
  const start = new TextDecoder('latin1').decode(await startOf(path, startBytes)).trimStart();
  const mayBe = start.startsWith('{') || start.startsWith('countersign');
  return mayBe && size <= maxFileBytes ? 'judged' : 'document';
}

/** A receipt among the files. */
interface GivenReceipt {
  readonly path: string;
  readonly file: { readonly hash: string; readonly name: string };
}

export class CheckRun {
  readonly #known: Known;
  readonly #signal: AbortSignal;
  readonly #of: number;
  readonly #more: number;
  readonly #views: CheckView[] = [];
  readonly #documents: string[] = [];
  readonly #receipts: GivenReceipt[] = [];
  /** Receipts that are told with the file that they are about. */
  readonly #told = new Set<string>();
  readonly #judged: { readonly path: string; readonly view: JudgedView }[] = [];
  readonly #steps: AsyncGenerator<void>;
  #done = 0;

  constructor(paths: readonly string[], known: Known, signal: AbortSignal) {
    const some = paths.slice(0, mostFiles);
    this.#known = known;
    this.#signal = signal;
    this.#of = some.length;
    this.#more = paths.length - some.length;
    this.#steps = this.#run(some);
  }

  /** How many files were looked at. */
  get done(): number {
    return this.#done;
  }

  /**
   * Looks at the next files.
   * @throws AbortError; CountersignError with a `store-`, `vault-` or `keychain-` code.
   */
  async next(): Promise<CheckPage> {
    const end = this.#done + step;
    let isOver = false;
    while (!isOver && this.#done < end) {
      this.#signal.throwIfAborted();
      isOver = (await this.#steps.next()).done === true;
    }
    const views = this.#views.splice(0);
    return { views, done: this.#done, of: this.#of, more: this.#more, isOver };
  }

  /** One file at a time; those that are judged by their content before the documents that they may be about. */
  async *#run(paths: readonly string[]): AsyncGenerator<void> {
    const judged: string[] = [];
    for (const path of paths) {
      const kind = await look(path).catch((error: unknown) => unread(path, error));
      if (kind === 'judged') judged.push(path);
      else if (kind === 'document') this.#documents.push(path);
      else {
        this.#say(kind === 'empty' ? { kind, name: nameOf(path), verdict: 'open' } : kind);
        yield;
      }
    }
    yield* this.#judge(judged);
    for (const path of this.#documents) {
      this.#say(await this.#document(path).catch((error: unknown) => unread(path, error)));
      yield;
    }
    const rest = this.#judged.filter(({ path }) => !this.#told.has(path));
    this.#views.push(...rest.map(({ view }) => view));
  }

  #say(view: CheckView): void {
    this.#views.push(view);
    this.#done++;
  }

  async *#judge(paths: readonly string[]): AsyncGenerator<void> {
    const files = paths.map((path): GivenFile => ({ path, read: () => startOf(path, maxFileBytes + 1) }));
    const nobody = { cards: [], ids: [], keys: [] };
    for await (const { path, verdict } of verifyFiles(files, nobody, this.#known.wallet.database)) {
      const view = await judgedView(nameOf(path), verdict, this.#known);
      if (view === undefined) {
        if (!(await isMeantAsJudged(path))) {
          this.#documents.push(path);
          continue;
        }
        this.#say(unknownView(path, verdict));
        yield;
        continue;
      }
      const file = view.receipt && { hash: view.receipt.hash, name: view.receipt.file };
      if (file !== undefined) this.#receipts.push({ path, file });
      this.#judged.push({ path, view });
      this.#done++;
      yield;
    }
  }

  /** The receipt that is about a file: of the same content, else the one that names it, else the only one. */
  #receiptFor(path: string, hash: string): GivenReceipt | undefined {
    const byHash = this.#receipts.find(({ file }) => file.hash === hash);
    const byName = this.#receipts.find(({ file }) => file.name === nameOf(path));
    const isPair = this.#receipts.length === 1 && this.#of === 2;
    return byHash ?? byName ?? (isPair ? this.#receipts[0] : undefined);
  }

  async #document(path: string): Promise<CheckView> {
    const fileHash = await hashFile(path, this.#signal);
    const given = this.#receiptFor(path, toHex(fileHash));
    const receipt = given && (await startOf(given.path, maxFileBytes));
    if (given !== undefined) this.#told.add(given.path);
    const found = await askDocument(this.#known.wallet, fileHash, receipt);
    return documentView(nameOf(path), fileHash, found, this.#known);
  }
}

/** Whether a file says that it is a card, a receipt or evidence, so that nobody means it as a document. */
async function isMeantAsJudged(path: string): Promise<boolean> {
  const text = new TextDecoder('latin1').decode(await startOf(path, maxFileBytes)).trimStart();
  return /^countersign[:/-]/.test(text) || /"countersign\/(?:receipt|evidence)\/v\d+"/.test(text);
}

function unknownView(path: string, { code = '', detail }: JudgedFile): CheckView {
  return { kind: 'unknown', name: nameOf(path), verdict: 'invalid', failure: failureOf(code, detail) };
}
