/** Watching the record grow: what is new and fits, in the order of the record, a bounded number at a time. */
import type { Database } from '../store/driver.ts';
import { type JoinedLedger, reachOf } from '../store/record-reader.ts';
import { type FoundMessage, headerAt, type Place } from './copy.ts';
import type { MessageFilter } from './conditions.ts';
import { findMessages, messagesAfter } from './search.ts';

/** A message, and when its block was sealed. */
export interface SealedMessage {
  readonly found: FoundMessage;
  /** Seconds since 1970. */
  readonly sealed: number;
}

/** Messages that are in memory at a time. */
const page = 100;

/** The place right before the first message of the block at this height. */
function startOf(height: number): Place {
  return { height: height - 1, position: Number.MAX_SAFE_INTEGER };
}

/** The place after everything that is here for good: what comes later is new. */
function endOf(joined: JoinedLedger): Place {
  return startOf(Math.max(joined.mode === 'follow' ? reachOf(joined) : joined.filled, 1));
}

/** Reads the messages of a growing copy, each once. */
export class Tail {
  readonly #database: Database;
  readonly #filter: MessageFilter;
  #after: Place;

  private constructor(database: Database, filter: MessageFilter, after: Place) {
    this.#database = database;
    this.#filter = filter;
    this.#after = after;
  }

  /** Begins with the newest `count` messages of the copy that fit. */
  static async open(
    database: Database,
    joined: JoinedLedger,
    filter: MessageFilter,
    count: number,
  ): Promise<Tail> {
    const end = endOf(joined);
    if (count === 0) return new Tail(database, filter, end);
    const newest = await findMessages(database, joined, filter, { limit: count });
    const first = newest.at(-1);
    return new Tail(database, filter, first === undefined ? end : before(first));
  }

  /** What the copy holds of it by now and was not read yet, in the order of the record. */
  async *next(joined: JoinedLedger): AsyncGenerator<SealedMessage> {
    for (;;) {
      const found = await messagesAfter(this.#database, joined, this.#filter, this.#after, page);
      for (const one of found) {
        const header = await headerAt(this.#database, joined, one.height);
        this.#after = one;
        yield { found: one, sealed: header?.time ?? 0 };
      }
      if (found.length < page) break;
    }
    // What does not fit needs not be looked at again.
    const end = endOf(joined);
    if (end.height > this.#after.height) this.#after = end;
  }
}

function before({ height, position }: Place): Place {
  return position === 0 ? startOf(height) : { height, position: position - 1 };
}
