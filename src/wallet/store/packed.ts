/**
 * Many rows in one statement: their numbers stand in a table of decimal digits and their bytes in a few long byte
 * strings, and SQL cuts both apart. A call for each row, or JSON for all of them, costs several times as much.
 */
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';

/** A table of numbers in decimal digits, each column of one width. */
export class DigitTable {
  readonly bytes: Uint8Array;
  /** Bytes of a row. */
  readonly rowBytes: number;
  readonly #widths: readonly number[];
  #at = 0;

  /** @param widths digits of each column. */
  constructor(widths: readonly number[], rows: number) {
    this.#widths = widths;
    this.rowBytes = widths.reduce((sum, width) => sum + width, 0);
    this.bytes = new Uint8Array(this.rowBytes * rows);
  }

  /** Rows so far. */
  get rows(): number {
    return this.#at / this.rowBytes;
  }

  /** Adds a row: one whole number from 0 for each column. @throws RangeError when one does not fit its column. */
  add(...values: readonly number[]): void {
    for (let column = 0; column < this.#widths.length; column++) {
      const width = this.#widths[column] ?? 0;
      let rest = values[column] ?? 0;
      for (let place = this.#at + width - 1; place >= this.#at; place--) {
        const next = Math.floor(rest / 10);
        this.bytes[place] = 0x30 + rest - 10 * next;
        rest = next;
      }
      if (rest !== 0) throw new RangeError(`${values[column] ?? 0} has more than ${width} digits`);
      this.#at += width;
    }
  }
}

/**
 * The beginning of a statement that goes through the rows of a table: `k (i, at)` has the number of each row from 0, and
 * where in the table it begins. Parameter 1 is how many there are: at least one.
 */
export function eachRow(rowBytes: number): string {
  return `WITH RECURSIVE k (i, at) AS (
    VALUES (0, 1) UNION ALL SELECT i + 1, at + ${rowBytes} FROM k WHERE i + 1 < ?1)`;
}

/** The number in the columns of a row that begin after `skip` digits, as SQL. */
export function numberAt(parameter: number, skip: number, width: number): string {
  return `(substr(?${parameter}, at + ${skip}, ${width}) + 0)`;
}

/** The database holds what was never written: a negative number, nothing at all. */
function unreadable(at: number): CountersignError<StoreCode> {
  return new CountersignError<StoreCode>('store-corrupt', `character ${at}`);
}

/** What a statement gave as one text, words with a space between: read without making a string of each. */
export class WordReader {
  readonly #text: string;
  #at = 0;

  /** @param text NULL is read as a text without words. */
  constructor(text: unknown) {
    this.#text = typeof text === 'string' ? text : '';
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length;
  }

  /** The next word, whole decimal digits that are no more than 2^53. @throws CountersignError `store-corrupt` */
  number(): number {
    let value = 0;
    let code = this.#text.charCodeAt(this.#at++);
    do {
      if (!(code >= 0x30 && code <= 0x39)) throw unreadable(this.#at - 1);
      value = 10 * value + (code - 0x30);
      code = this.#text.charCodeAt(this.#at++);
    } while (code !== 0x20 && !Number.isNaN(code));
    return value;
  }

  /** Puts the next word, hexadecimal digits in upper case as SQL writes them, into `bytes`. @throws as {@link number} */
  hex(bytes: Uint8Array): void {
    for (let i = 0; i < bytes.length; i++) {
      const high = digitOf(this.#text.charCodeAt(this.#at));
      const low = digitOf(this.#text.charCodeAt(this.#at + 1));
      if (high < 0 || low < 0) throw unreadable(this.#at);
      bytes[i] = 16 * high + low;
      this.#at += 2;
    }
    if (this.#at < this.#text.length && this.#text.charCodeAt(this.#at) !== 0x20) throw unreadable(this.#at);
    this.#at++;
  }
}

/** What a hexadecimal digit in upper case stands for; -1 for anything else. */
function digitOf(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  return code >= 0x41 && code <= 0x46 ? code - 0x37 : -1;
}

/** The numbers that a statement gave as one text, with spaces between; none for NULL. */
export function numbersIn(text: unknown): readonly number[] {
  const words = new WordReader(text);
  const numbers: number[] = [];
  while (!words.isAtEnd) numbers.push(words.number());
  return numbers;
}
