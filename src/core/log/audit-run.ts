/** The state of one audit, and how it reads what the log's size demands. */
import type { LogCode } from '../errors/log.ts';
import { ok, type Ok } from '../result.ts';
import type { AuditCode, AuditCounts, AuditFailure, LogReader } from './audit-port.ts';
import { fullWidth, hashLength, maxBundleLength, tilePath, type TileRef } from './tiles.ts';

/** After so many failures an audit stops: the log is bad, and more of the same helps nobody. */
const maxFailures = 20;
const maxExamples = 10;
/** An honest folder of tiles holds at most 1,000 files, 1,000 folders of more, and 1,000 folders of partials. */
export const maxNamesInFolder = 10_000;

/** What is met where a file that may be missing is: links and the like, and what stores answer for no file. */
const notThere: ReadonlySet<LogCode> = new Set<LogCode>([
  'log-not-a-file',
  'log-not-a-folder',
  'log-forbidden',
]);

/** What was read for a tile or bundle. */
export interface Found {
  readonly path: string;
  readonly bytes: Uint8Array;
  /** The width of the file itself: 256 where a full tile stands in for the partial one. */
  readonly width: number;
}

export type FoundOrNot = Ok<Found> | (AuditFailure & { readonly ok: false });

export class AuditRun {
  readonly reader: LogReader;
  readonly failures: AuditFailure[] = [];
  readonly examples: string[] = [];
  readonly counts: { -readonly [Name in keyof AuditCounts]: number } = {
    checkpoints: 0,
    tiles: 0,
    bundles: 0,
    entries: 0,
    earlierPartials: 0,
    unsignedFiles: 0,
    foreignFiles: 0,
  };

  constructor(reader: LogReader) {
    this.reader = reader;
  }

  /** Whether to stop: enough is known to be wrong, or the files cannot be reached, of which more waiting is no cure. */
  get isOver(): boolean {
    return this.failures.length >= maxFailures || this.failures.at(-1)?.code === 'log-unreachable';
  }

  fail(code: AuditCode, path: string, detail?: string): void {
    if (!this.isOver) this.failures.push({ code, path, ...(detail === undefined ? {} : { detail }) });
  }

  /** Notes a file that is no failure but not covered either. */
  note(kind: 'unsignedFiles' | 'foreignFiles', path: string): void {
    this.counts[kind]++;
    if (this.examples.length < maxExamples) this.examples.push(path);
  }

  /** Reads a file that must be there. A failure is recorded. */
  async need(path: string, limit: number): Promise<Uint8Array | undefined> {
    const read = await this.reader.read(path, limit);
    if (!read.ok) this.fail(read.code, path, read.detail);
    else if (read.value === undefined) this.fail('log-missing', path);
    return read.ok ? read.value : undefined;
  }

  /** Reads a file that was listed and need not be there. Undefined when it is gone by now, or no plain file. */
  async readOptional(path: string, limit: number): Promise<Uint8Array | undefined> {
    const read = await this.reader.read(path, limit);
    if (read.ok) return read.value;
    if (!notThere.has(read.code)) this.fail(read.code, path, read.detail);
    return undefined;
  }

  /**
   * Reads a demanded tile or bundle. Where a partial one is gone, or something stands in its place, the full one
   * serves: a log may remove a partial tile once the full one is there. Nothing is recorded.
   */
  async find(ref: TileRef): Promise<FoundOrNot> {
    const limit = ref.level === 'entries' ? maxBundleLength : fullWidth * hashLength;
    const path = tilePath(ref);
    let first: FoundOrNot | undefined;
    for (const width of new Set([ref.width, fullWidth])) {
      const tried = tilePath({ ...ref, width });
      const read = await this.reader.read(tried, limit);
      if (read.ok && read.value !== undefined) return ok({ path: tried, bytes: read.value, width });
      const met: FoundOrNot = read.ok ? { ok: false, code: 'log-missing', path } : { ...read, path: tried };
      if (!read.ok && !notThere.has(read.code)) return met;
      first ??= met;
    }
    return first ?? { ok: false, code: 'log-missing', path };
  }
}

/** Reads for each item in order, up to `depth` ahead of whoever takes the results. */
export async function* readInOrder<Item, Read>(
  items: Iterable<Item>,
  read: (item: Item) => Promise<Read>,
  depth: number,
): AsyncGenerator<readonly [Item, Read]> {
  const pending: { readonly item: Item; readonly read: Promise<Read> }[] = [];
  try {
    for (const item of items) {
      pending.push({ item, read: read(item) });
      const first = pending.length > depth ? pending.shift() : undefined;
      if (first !== undefined) yield [first.item, await first.read];
    }
    for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
      yield [next.item, await next.read];
    }
  } finally {
    // Whoever stops early does not wait for reads on their way; that they fail is then nobody's concern.
    for (const waiting of pending) waiting.read.catch(() => undefined);
  }
}
