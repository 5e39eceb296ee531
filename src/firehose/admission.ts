/**
 * A list of the keys whose messages are taken: a file with one Ed25519 public key in hexadecimal to a line; what follows
 * a `#` is a comment. It is read again when it changes; a list that cannot be read leaves the old one in force.
 */
import { open } from 'node:fs/promises';
import { fromHex } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { keyOf } from './tag-state.ts';

const mostBytes = 33_554_432;

function refused(detail: string, cause?: unknown): CountersignError<FirehoseCode> {
  return new CountersignError<FirehoseCode>('firehose-admission', detail, { cause });
}

/** The keys in a list. @throws CountersignError `firehose-admission` */
function parseKeys(text: string): ReadonlySet<string> {
  const keys = new Set<string>();
  for (const [i, line] of text.split('\n').entries()) {
    const written = line.replace(/#.*/, '').trim();
    if (written === '') continue;
    const key = fromHex(written, 32);
    if (key === undefined) throw refused(`line ${i + 1} is not a key`);
    keys.add(keyOf(key));
  }
  return keys;
}

/** A list as it was read, and what tells whether the file is another one by now. */
interface ReadList {
  readonly keys: ReadonlySet<string>;
  readonly version: string;
}

async function readList(path: string, known: string | undefined): Promise<ReadList | 'unchanged'> {
  try {
    const file = await open(path, 'r');
    try {
      const about = await file.stat();
      // Of a device nobody knows how long it is.
      if (!about.isFile()) throw refused('it is not a plain file');
      const { size, mtimeMs, ino } = about;
      const version = `${ino} ${size} ${mtimeMs}`;
      if (version === known) return 'unchanged';
      if (size > mostBytes) throw refused(`more than ${mostBytes} bytes`);
      return { keys: parseKeys(await file.readFile('utf8')), version };
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof CountersignError) throw error;
    throw refused((error as NodeJS.ErrnoException).code ?? String(error), error);
  }
}

/** What happened to a list that is watched. */
export interface AdmissionReports {
  readonly onRead: (keys: number) => void;
  readonly onFailure: (error: unknown) => void;
}

export class Admission {
  readonly #path: string;
  #list: ReadList;
  #failed: string | undefined;
  #timer: NodeJS.Timeout | undefined;

  private constructor(path: string, list: ReadList) {
    this.#path = path;
    this.#list = list;
  }

  /** @throws CountersignError `firehose-admission` when the file cannot be read or holds something else than keys. */
  static async read(path: string): Promise<Admission> {
    const list = await readList(path, undefined);
    if (list === 'unchanged') throw new RangeError('nothing was known yet');
    return new Admission(path, list);
  }

  get size(): number {
    return this.#list.keys.size;
  }

  admits(sender: Uint8Array): boolean {
    return this.#list.keys.has(keyOf(sender));
  }

  /** Looks again and again whether the file has changed. */
  watch(everyMs: number, reports: AdmissionReports): void {
    this.#timer = setTimeout(() => {
      void this.#look(reports).then(() => {
        if (this.#timer !== undefined) this.watch(everyMs, reports);
      });
    }, everyMs);
    this.#timer.unref();
  }

  async #look({ onRead, onFailure }: AdmissionReports): Promise<void> {
    try {
      const list = await readList(this.#path, this.#list.version);
      this.#failed = undefined;
      if (list === 'unchanged') return;
      this.#list = list;
      onRead(list.keys.size);
    } catch (error) {
      // Said once, and again when it is something else.
      if (this.#failed !== String(error)) onFailure(error);
      this.#failed = String(error);
    }
  }

  close(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }
}
