/** Merging sorted runs into one: of each tag the newest state is kept. */
import { recordBytes, prefixOf, stateAt, tagBytes } from './tag-state.ts';

/** Records that leave at once: about a quarter of a megabyte. */
const pieceRecords = 4352;

/** Goes through the records of one run. */
class Cursor {
  readonly #pieces: AsyncIterator<Buffer>;
  #piece: Buffer = Buffer.alloc(0);
  #at = 0;
  /** The start of the tag at hand as a number; beyond any when there is none left. */
  prefix = -1;

  constructor(pieces: AsyncIterable<Buffer>) {
    this.#pieces = pieces[Symbol.asyncIterator]();
  }

  /** The record at hand. */
  get record(): Buffer {
    return this.#piece.subarray(this.#at, this.#at + recordBytes);
  }

  /** Goes to the next record when it is here; false when a piece must be fetched first. */
  step(): boolean {
    this.#at += recordBytes;
    if (this.#at >= this.#piece.length) return false;
    this.prefix = prefixOf(this.#piece, this.#at);
    return true;
  }

  /** Fetches the next piece and goes to its first record. */
  async fetch(): Promise<void> {
    do {
      const next = await this.#pieces.next();
      this.#at = 0;
      if (next.done === true) {
        this.prefix = Infinity;
        this.#piece = Buffer.alloc(0);
        return;
      }
      this.#piece = next.value;
    } while (this.#piece.length === 0);
    this.prefix = prefixOf(this.#piece, 0);
  }

  /** Order of the tags at hand: negative, 0 or positive. */
  compare(other: Cursor): number {
    if (this.prefix !== other.prefix) return this.prefix < other.prefix ? -1 : 1;
    if (this.prefix === Infinity) return 0;
    return this.#piece.compare(other.#piece, other.#at, other.#at + tagBytes, this.#at, this.#at + tagBytes);
  }

  /** The newest block with the tag at hand. */
  get height(): number {
    return stateAt(this.#piece, this.#at).height;
  }
}

/** The records of several runs as those of one, in pieces. */
export async function* mergeRecords(runs: readonly AsyncIterable<Buffer>[]): AsyncGenerator<Buffer> {
  const cursors = runs.map((pieces) => new Cursor(pieces));
  for (const cursor of cursors) await cursor.fetch();
  let piece = Buffer.allocUnsafe(pieceRecords * recordBytes);
  let filled = 0;
  for (;;) {
    let least = cursors[0];
    let same: Cursor[] = [];
    for (const cursor of cursors) {
      const order = least === undefined || cursor === least ? 0 : cursor.compare(least);
      if (order < 0) same = [cursor];
      else if (order === 0) same.push(cursor);
      if (order < 0) least = cursor;
    }
    if (least === undefined || least.prefix === Infinity) break;
    const newest = same.length === 1 ? least : same.reduce((a, b) => (b.height > a.height ? b : a));
    newest.record.copy(piece, filled);
    filled += recordBytes;
    for (const cursor of same) if (!cursor.step()) await cursor.fetch();
    if (filled === piece.length) {
      yield piece;
      piece = Buffer.allocUnsafe(pieceRecords * recordBytes);
      filled = 0;
    }
  }
  yield piece.subarray(0, filled);
}
