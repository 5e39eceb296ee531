/**
 * Many rows in one statement: their numbers stand in a table of decimal digits and their bytes in a few long byte
 * strings, and SQL cuts both apart. A call for each row, or JSON for all of them, costs several times as much.
 */

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

/** The numbers that a statement gave as one text, with spaces between; none for NULL. */
export function numbersIn(text: unknown): readonly number[] {
  return typeof text === 'string' ? text.split(' ').map(Number) : [];
}
