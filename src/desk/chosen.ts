/** Files that a person gave to a window. The window knows them by a number; their paths stay here. */
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { CountersignError } from '../core/errors/family.ts';
import type { IpcCode } from '../core/errors/ipc.ts';
import type { ChosenView } from '../contract/channels/records.ts';
import { filesAt } from '../wallet/records/files.ts';

export interface Chosen {
  /** Every file, folders resolved. */
  readonly paths: readonly string[];
}

/** As people count: `Annex 2` before `Annex 10`. */
const byName = new Intl.Collator('en', { numeric: true });

/** The most files that are taken at a time. */
const mostFiles = 20_000;
const shownNames = 50;
/** How many choices are remembered: a page has one or two at a time. */
const mostChoices = 8;

export class Choices {
  readonly #kept = new Map<number, Chosen>();
  #next = 1;

  /** @throws CountersignError `receipt-unreadable`, `ipc-size` */
  async add(given: readonly string[]): Promise<ChosenView> {
    const paths: string[] = [];
    let bytes = 0;
    for await (const path of filesAt(given)) {
      if (paths.length === mostFiles)
        throw new CountersignError<IpcCode>('ipc-size', `more than ${mostFiles} files`);
      paths.push(path);
      bytes += await stat(path).then(
        ({ size }) => size,
        () => 0,
      );
    }
    paths.sort(byName.compare);
    const chosen = this.#next++;
    this.#kept.set(chosen, { paths });
    for (const old of [...this.#kept.keys()].slice(0, -mostChoices)) this.#kept.delete(old);
    const names = paths.slice(0, shownNames).map((path) => basename(path).toWellFormed());
    return { chosen, count: paths.length, bytes, names };
  }

  /** @throws CountersignError `ipc-gone` */
  get(chosen: number): Chosen {
    const found = this.#kept.get(chosen);
    if (found === undefined) throw new CountersignError<IpcCode>('ipc-gone');
    return found;
  }
}
