/** Pages that were fetched and judged, for whoever needs them again soon. */
import type { PartFetcher } from './fetch-part.ts';

/** Where the files of a block come from, and where their pages are kept. */
export interface FileSource {
  readonly fetcher: PartFetcher;
  readonly cache: PageCache;
}

/** What the pages may take together, in bytes, more or less. */
const most = 33_554_432;

interface Kept {
  readonly page: Promise<unknown>;
  /** Nothing until it is here. */
  bytes: number;
}

/** The pages of the files of one view. When they are too many, those go first that nobody wanted for longest. */
export class PageCache {
  readonly #pages = new Map<string, Kept>();
  #bytes = 0;

  /**
   * A page: the one that is here or on its way, else what `fetch` gives.
   * @param name of this page and of no other; pages of one name have one type.
   * @param bytesOf what it takes when it is here.
   */
  page<T>(name: string, fetch: () => Promise<T>, bytesOf: (page: T) => number): Promise<T> {
    const known = this.#pages.get(name);
    this.#pages.delete(name);
    const kept = known ?? this.#take(name, fetch(), bytesOf);
    this.#pages.set(name, kept);
    return kept.page as Promise<T>;
  }

  #take<T>(name: string, page: Promise<T>, bytesOf: (page: T) => number): Kept {
    const kept: Kept = { page, bytes: 0 };
    const arrived = (value: T): void => {
      kept.bytes = bytesOf(value);
      this.#bytes += kept.bytes;
      this.#shrink();
    };
    // Whoever asked for it is told of what went wrong.
    page.then(arrived, () => this.#pages.delete(name));
    return kept;
  }

  #shrink(): void {
    for (const [name, { bytes }] of this.#pages) {
      if (this.#bytes <= most) return;
      if (bytes === 0) continue;
      this.#pages.delete(name);
      this.#bytes -= bytes;
    }
  }
}
