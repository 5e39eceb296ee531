/**
 * Full text search over what was said in private: an index in memory and nowhere else, built when the identity is unlocked,
 * newest first, and gone when it is locked. It can be asked while it is built. It holds words and places, no texts: what is
 * found is opened again from the record.
 */
import type { Place } from '../explorer/copy.ts';
import { type Database, openDatabase, type SqlValue, type Statements } from '../store/driver.ts';

/** Something that was said, to be found again. */
export interface PrivateText extends Place {
  /** The message's id. */
  readonly id: Uint8Array;
  /** The channel's id. */
  readonly channel: Uint8Array;
  readonly text: string;
}

export interface PrivateQuery {
  /** Words in any order and case; all must occur, the last one at least with its beginning. */
  readonly words: string;
  /** Only this channel. */
  readonly channel?: Uint8Array;
  readonly limit: number;
  /** Only what stands before this place. */
  readonly before?: Place;
}

/** A message in which the words occur. */
export type PrivateMatch = Omit<PrivateText, 'text'>;

/** How far the index is. */
export interface SearchState {
  /** Messages in the index. */
  readonly indexed: number;
  /** Whether older messages are still being added. */
  readonly isBuilding: boolean;
  /** Whether older messages were left out because the index is full. */
  readonly isFull: boolean;
}

export interface PrivateResult {
  /** Newest first. */
  readonly found: readonly PrivateMatch[];
  /** As it was when the question was asked. */
  readonly state: SearchState;
}

/** The most text that goes into the index, in UTF-16 units: it bounds what the index takes in memory. */
const usualMostText = 268_435_456;
/** Messages that are entered in one step. */
const batch = 250;
const longestQuery = 1000;
const mostWords = 32;
/** The most messages of a block: a place as one number. */
const perBlock = 65_536;

const schema = `
PRAGMA temp_store = MEMORY;
CREATE TABLE entry (place INTEGER PRIMARY KEY, channel BLOB NOT NULL, id BLOB NOT NULL, length INTEGER NOT NULL) STRICT;
CREATE VIRTUAL TABLE words USING fts5(text, content='', contentless_delete=1, tokenize='unicode61 remove_diacritics 2');
`;

function numberOf({ height, position }: Place): number {
  return height * perBlock + position;
}

function placeOf(number: number): Place {
  return { height: Math.floor(number / perBlock), position: number % perBlock };
}

/** A question in the words of the index; undefined when nothing in it can be looked for. */
function matchOf(words: string): string | undefined {
  const parts = words
    .slice(0, longestQuery)
    .split(/\s+/)
    .filter((word) => /[\p{L}\p{N}]/u.test(word))
    .slice(0, mostWords)
    .map((word) => `"${word.replaceAll('"', '""')}"`);
  return parts.length === 0 ? undefined : `${parts.join(' AND ')}*`;
}

export class PrivateSearch {
  readonly #database: Database;
  readonly #mostText: number;
  #text = 0;
  #indexed = 0;
  #building = 0;
  #isFull = false;
  #isClosed = false;

  private constructor(database: Database, mostText: number) {
    this.#database = database;
    this.#mostText = mostText;
  }

  /** An empty index. @param mostText the most text that is taken, in UTF-16 units. */
  static async open(mostText = usualMostText): Promise<PrivateSearch> {
    const database = await openDatabase(':memory:', 'create');
    await database.exec(schema);
    return new PrivateSearch(database, mostText);
  }

  get state(): SearchState {
    return { indexed: this.#indexed, isBuilding: this.#building > 0, isFull: this.#isFull };
  }

  /**
   * Enters texts, newest first, until there are no more, the older ones find no room, or the signal comes. What stands in it
   * already is passed over.
   */
  async build(texts: AsyncIterable<PrivateText>, signal: AbortSignal): Promise<void> {
    this.#building++;
    try {
      let held: PrivateText[] = [];
      for await (const text of texts) {
        if (signal.aborted || this.#isClosed) return;
        held.push(text);
        if (held.length < batch) continue;
        if (!(await this.#enter(held))) return;
        held = [];
      }
      await this.#enter(held);
    } finally {
      this.#building--;
    }
  }

  /** @returns whether there was room for the last of them. */
  async #enter(texts: readonly PrivateText[]): Promise<boolean> {
    const last = texts.at(-1);
    if (last === undefined || this.#isClosed) return false;
    return this.#database.transaction(async (inside) => {
      const numbers = texts.map(numberOf);
      const there = await inside.all(
        `SELECT place FROM entry WHERE place IN (${numbers.map(() => '?').join(', ')})`,
        ...numbers,
      );
      const known = new Set(there.map(({ place }) => place));
      const fresh = texts.filter((text) => !known.has(numberOf(text)));
      if (fresh.length === 0) return true;
      const rows = (columns: string): string => fresh.map(() => columns).join(', ');
      await inside.run(
        `INSERT INTO entry (place, channel, id, length) VALUES ${rows('(?, ?, ?, ?)')}`,
        ...fresh.flatMap((one): SqlValue[] => [numberOf(one), one.channel, one.id, one.text.length]),
      );
      await inside.run(
        `INSERT INTO words (rowid, text) VALUES ${rows('(?, ?)')}`,
        ...fresh.flatMap((one): SqlValue[] => [numberOf(one), one.text]),
      );
      this.#indexed += fresh.length;
      for (const { text } of fresh) this.#text += text.length;
      return numberOf(last) > (await this.#makeRoom(inside));
    });
  }

  /** Takes the oldest out until the rest is not too much. @returns the place of the newest that was taken out, or -1. */
  async #makeRoom(inside: Statements): Promise<number> {
    let newest = -1;
    while (this.#text > this.#mostText) {
      const [oldest] = await inside.all('SELECT place, length FROM entry ORDER BY place LIMIT 1');
      if (oldest === undefined) break;
      newest = Number(oldest['place']);
      await inside.run('DELETE FROM entry WHERE place = ?', newest);
      await inside.run('DELETE FROM words WHERE rowid = ?', newest);
      this.#text -= Number(oldest['length']);
      this.#indexed--;
      this.#isFull = true;
    }
    return newest;
  }

  /** The newest messages in which all words occur, as far as the index is. */
  async find({ words, channel, limit, before }: PrivateQuery): Promise<PrivateResult> {
    const { state } = this;
    const match = matchOf(words);
    if (match === undefined || this.#isClosed) return { found: [], state };
    const values: SqlValue[] = [match];
    let where = 'words MATCH ?';
    if (before !== undefined) {
      where += ' AND words.rowid < ?';
      values.push(numberOf(before));
    }
    if (channel !== undefined) {
      where += ' AND entry.channel = ?';
      values.push(channel);
    }
    const rows = await this.#database.all(
      `SELECT entry.place, entry.channel, entry.id FROM words JOIN entry ON entry.place = words.rowid
       WHERE ${where} ORDER BY words.rowid DESC LIMIT ?`,
      ...values,
      limit,
    );
    const found = rows.map((row) => ({
      ...placeOf(Number(row['place'])),
      channel: bytes(row['channel']),
      id: bytes(row['id']),
    }));
    return { found, state };
  }

  /** Gives the memory back. What is asked afterwards finds nothing. */
  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    await this.#database.close();
  }
}

function bytes(value: SqlValue | undefined): Uint8Array {
  if (!(value instanceof Uint8Array)) throw new TypeError('the index holds bytes');
  return new Uint8Array(value);
}
