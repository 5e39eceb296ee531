/** Bodies on their way: fetched and judged ahead, as many as memory may hold, and given out in order. */
import type { BlockCode } from '../../core/record/block.ts';
import { bodyPath } from '../../core/record/files.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { checkLink, parseHeaderAt } from '../../core/record/ledger.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import type { Result } from '../../core/result.ts';
import { corrupt, type JoinedLedger } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fetchFile, stop } from './fetch.ts';
import type { JudgedBlock } from './judged.ts';
import type { Judges } from './judges.ts';

/** Headers that are read from the database at a time. */
const headerPage = 256;

/**
 * Bytes of bodies that are fetched or judged and not taken yet: more than a batch of a synchronisation, so that judges have
 * work while one is written. One body may be longer.
 */
const aheadBytes = 12_582_912;

/** Bodies that are fetched or judged and not taken yet. */
const aheadBlocks = 1024;

/** A block on its way. */
interface Coming {
  readonly header: BlockHeader;
  readonly judged: Promise<Result<JudgedBlock, BlockCode>>;
}

/** The stored headers above `lower`, each linked to the one below. @throws CountersignError `store-corrupt` */
async function* headersAbove(
  store: RecordStore,
  joined: JoinedLedger,
  lower: BlockHeader,
): AsyncGenerator<readonly [lower: BlockHeader, header: BlockHeader]> {
  const { ledger, size } = joined;
  let below = lower;
  while (below.height + 1 < size) {
    const from = below.height + 1;
    const page = await store.headers(joined, from, Math.min(headerPage, size - from));
    if (page.length === 0) throw corrupt(`header ${from}: missing`);
    for (const bytes of page) {
      const height = below.height + 1;
      const header = parseHeaderAt(bytes, height, ledger);
      if (!header.ok) throw corrupt(`header ${height}: ${header.code}`);
      const linked = checkLink(below, header.value, ledger);
      if (!linked.ok) throw corrupt(`header ${height}: ${linked.code}`);
      yield [below, header.value];
      below = header.value;
    }
  }
}

/** Lets so many through at the same time. */
class Gate {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(width: number) {
    this.#free = width;
  }

  async through<T>(work: () => Promise<T>): Promise<T> {
    if (this.#free === 0) await new Promise<void>((enter) => this.#waiting.push(enter));
    else this.#free--;
    try {
      return await work();
    } finally {
      const next = this.#waiting.shift();
      if (next === undefined) this.#free++;
      else next();
    }
  }
}

/** Where bodies come from. */
export interface BodySource {
  /** How many may be asked for at the same time. */
  readonly readAhead: number;
  /** The body of the block at a height, not verified. The caller may hand it on to another thread. */
  readonly read: (height: number) => Promise<Uint8Array>;
}

/** The bodies that an endpoint serves. They are read with errors of the family `sync-`. */
export function servedBodies(reader: LogReader, { ledger }: JoinedLedger): BodySource {
  const read = async (height: number): Promise<Uint8Array> => {
    const path = bodyPath(height);
    const body = await fetchFile(reader, path, ledger.limits.blockBytes);
    if (body === undefined) throw stop('sync-withheld', path);
    return body;
  };
  return { readAhead: Math.max(1, reader.readAhead), read };
}

/** A block that came, judged by itself. */
export interface Come {
  readonly header: BlockHeader;
  readonly judged: Result<JudgedBlock, BlockCode>;
  /** Whether the next one is here already: nobody would wait for it. */
  readonly isNextHere: boolean;
}

/**
 * The blocks above `lower` in order, each fetched and judged by itself. The first that cannot be had ends it with an
 * error, after all that are below it.
 * @throws CountersignError `store-corrupt`, or what the source throws.
 */
export async function* comingBlocks(
  store: RecordStore,
  joined: JoinedLedger,
  lower: BlockHeader,
  source: BodySource,
  judges: Judges,
): AsyncGenerator<Come> {
  const headers = headersAbove(store, joined, lower);
  const gate = new Gate(source.readAhead);
  const coming: Coming[] = [];
  const settled = new Set<Coming>();
  let bytes = 0;
  let isEnd = false;
  for (;;) {
    while (!isEnd && (coming.length === 0 || (bytes < aheadBytes && coming.length < aheadBlocks))) {
      const next = await headers.next();
      if (next.done === true) {
        isEnd = true;
        break;
      }
      const [below, header] = next.value;
      const judged = gate
        .through(() => source.read(header.height))
        .then((body) => judges.judge({ lower: below, header, body }));
      const block: Coming = { header, judged };
      // Whoever takes it in its turn is told what went wrong; nobody else has to know.
      judged.then(
        () => settled.add(block),
        () => undefined,
      );
      coming.push(block);
      bytes += header.body.size;
    }
    const first = coming.shift();
    if (first === undefined) return;
    const judged = await first.judged;
    settled.delete(first);
    bytes -= first.header.body.size;
    const next = coming[0];
    yield { header: first.header, judged, isNextHere: next !== undefined && settled.has(next) };
  }
}
