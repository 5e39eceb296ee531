/** What the shell remembers between starts: the theme and where the window stood. Nothing private, nothing secret. */
import { readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { z } from 'zod';

const settingsForm = z.strictObject({
  theme: z.enum(['light', 'dark', 'system']),
  window: z
    .strictObject({
      x: z.number().int(),
      y: z.number().int(),
      width: z.number().int().min(320).max(20_000),
      height: z.number().int().min(240).max(20_000),
      maximized: z.boolean(),
    })
    .optional(),
});

export type ShellSettings = z.output<typeof settingsForm>;

const usual: ShellSettings = { theme: 'system' };

/** The settings in a file; the usual ones when it cannot be read. */
function readSettings(file: string): ShellSettings {
  try {
    const parsed = settingsForm.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : usual;
  } catch {
    return usual;
  }
}

/** Keeps settings, one write after the other; a write that fails is not worth a word. */
export class SettingsFile {
  readonly #file: string;
  #settings: ShellSettings;
  #last: Promise<void> = Promise.resolve();

  constructor(file: string) {
    this.#file = file;
    this.#settings = readSettings(file);
  }

  get value(): ShellSettings {
    return this.#settings;
  }

  set(change: Partial<ShellSettings>): void {
    this.#settings = { ...this.#settings, ...change };
    const text = JSON.stringify(this.#settings);
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
