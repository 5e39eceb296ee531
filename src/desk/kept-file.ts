/** A small file of settings. One write follows the other; a write that fails is not worth a word. */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';

export class KeptFile<T extends object> {
  readonly #file: string;
  #value: T;
  #last: Promise<void> = Promise.resolve();

  /**
   * @param read what a file says; it may throw.
   * @param usual what holds when the file cannot be read.
   */
  constructor(file: string, read: (json: unknown) => T, usual: T) {
    this.#file = file;
    try {
      this.#value = read(JSON.parse(readFileSync(file, 'utf8')));
    } catch {
      // It is not there yet, or somebody changed it.
      this.#value = usual;
    }
  }

  get value(): T {
    return this.#value;
  }

  set(change: Partial<T>): void {
    this.#value = { ...this.#value, ...change };
    const text = JSON.stringify(this.#value);
    this.#last = this.#last.then(() => this.#write(text)).catch(() => undefined);
  }

  async #write(text: string): Promise<void> {
    const temporary = `${this.#file}.new`;
    await writeFile(temporary, text, { mode: 0o600 });
    await rename(temporary, this.#file);
  }

  /** Returns when everything is written. */
  async settled(): Promise<void> {
    await this.#last;
  }
}
