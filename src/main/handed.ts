/**
 * What the system hands over, at a start and later: links and files. They open a view and nothing else. Files are known by
 * their endings; what has another one is no file of ours, whoever names it.
 */
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { app } from 'electron';

const ours = /\.(?:card|receipt\.json|evidence\.json)$/i;
/** So many files are looked at; nobody opens more by hand. */
const mostFiles = 50;

export interface Handed {
  readonly link: string | undefined;
  /** Whole paths. */
  readonly files: readonly string[];
}

/** The path that an argument names, which may be an address of the kind `file:`. */
function pathOf(argument: string, folder: string): string | undefined {
  try {
    return argument.startsWith('file:') ? fileURLToPath(argument) : resolve(folder, argument);
  } catch {
    return undefined;
  }
}

/** What there is among the arguments of a start. @param folder where it was started. */
export function handedIn(args: readonly string[], folder: string): Handed {
  const files = args
    .filter((argument) => !argument.startsWith('-') && ours.test(argument))
    .map((argument) => pathOf(argument, folder))
    .filter((path) => path !== undefined);
  return {
    link: args.find((argument) => argument.startsWith('countersign:')),
    files: files.slice(0, mostFiles),
  };
}

/** Follows what is handed over, from before the program is ready. */
export class HandedOver {
  readonly #early: Handed[] = [];
  #take: ((handed: Handed) => void) | undefined;

  constructor() {
    app.on('open-url', (event, link) => {
      event.preventDefault();
      this.#give({ link, files: [] });
    });
    app.on('open-file', (event, path) => {
      event.preventDefault();
      this.#give(handedIn([path], '/'));
    });
    app.on('second-instance', (_event, args, folder) => {
      this.#give(handedIn(args, folder));
    });
  }

  #give(handed: Handed): void {
    if (this.#take === undefined) this.#early.push(handed);
    else this.#take(handed);
  }

  /** What came before anybody could take it; from now on everything goes to `take`. */
  follow(take: (handed: Handed) => void): Handed | undefined {
    this.#take = take;
    return this.#early.pop();
  }
}
