/**
 * A list that grows at its top while it is read: pages of older rows, each from where the last one ended, and above them
 * what came since. While it is held nothing moves: what comes is counted, and shown when it is let go.
 */
import type { Failure } from '../../../contract/channel.ts';
import type { MessagePage, MessageRow, PlaceView } from '../../../contract/channels/explorer.ts';
import { failureOf } from '../../api.ts';
import type { Rows } from '../../ui/pages.ts';

const pageSize = 100;
/** Pages of older rows that stay in memory. */
const mostPages = 12;
/** New rows that are kept one by one; when more come, the list begins anew. */
const mostNew = 1000;

/** Where rows come from. */
export interface Source {
  readonly older: (before: PlaceView | undefined, limit: number) => Promise<MessagePage>;
  readonly newer: (after: PlaceView, limit: number) => Promise<MessagePage>;
}

/** What of it is shown; another value after each change. */
export interface LiveView extends Rows<MessageRow> {
  readonly isLoaded: boolean;
  readonly isWhole: boolean;
  readonly failure: Failure | undefined;
  /** How many came while it was held. */
  readonly fresh: number;
  /** More than {@link fresh} came. */
  readonly isMore: boolean;
}

/** The end of the blocks below a height. */
function endBelow(height: number): PlaceView {
  return { height: Math.max(0, height - 1), position: Number.MAX_SAFE_INTEGER };
}

function isLater(a: PlaceView, b: PlaceView): boolean {
  return a.height > b.height || (a.height === b.height && a.position > b.position);
}

export class LiveList {
  readonly #source: Source;
  readonly #changed: () => void;
  #view: LiveView;
  /** New rows that are shown, and those that are held back; the newest first. */
  #shown: readonly MessageRow[] = [];
  #held: readonly MessageRow[] = [];
  #isMore = false;
  /** Where the pages of older rows begin, and those that are in memory. */
  #starts: (PlaceView | undefined)[] = [undefined];
  readonly #pages = new Map<number, readonly MessageRow[]>();
  readonly #asked = new Set<number>();
  #older = 0;
  #isEnd = false;
  #isLoaded = false;
  #isWhole = true;
  #failure: Failure | undefined;
  #isHeld = false;
  #isClosed = false;
  #growing: Promise<void> | undefined;
  /** What comes after this place was not asked for yet. */
  #newest: PlaceView;
  #reach: number;
  /** It grew before the first page was here. */
  #isLate = false;

  /**
   * @param reach number of blocks whose messages are here, or will be before anything of them is asked for.
   * @param changed called when the view is another one.
   */
  constructor(source: Source, reach: number, changed: () => void) {
    this.#source = source;
    this.#changed = changed;
    this.#reach = reach;
    this.#newest = endBelow(reach);
    this.#view = this.#made();
    void this.#fetch(0);
  }

  get view(): LiveView {
    return this.#view;
  }

  close(): void {
    this.#isClosed = true;
  }

  #made(): LiveView {
    return {
      total: this.#shown.length + this.#older + (this.#isEnd || !this.#isLoaded ? 0 : 1),
      row: (index) => this.#row(index),
      isLoaded: this.#isLoaded,
      isWhole: this.#isWhole,
      failure: this.#failure,
      fresh: this.#held.length,
      isMore: this.#isMore,
    };
  }

  #tell(): void {
    if (this.#isClosed) return;
    this.#view = this.#made();
    this.#changed();
  }

  #row(index: number): MessageRow | undefined {
    if (index < this.#shown.length) return this.#shown[index];
    const at = index - this.#shown.length;
    const number = Math.floor(at / pageSize);
    const rows = this.#pages.get(number);
    if (rows === undefined)
      queueMicrotask(() => {
        void this.#fetch(number);
      });
    return rows?.[at % pageSize];
  }

  async #fetch(number: number): Promise<void> {
    if (this.#asked.has(number) || this.#pages.has(number) || number >= this.#starts.length) return;
    this.#asked.add(number);
    const starts = this.#starts;
    try {
      const page = await this.#source.older(starts[number], pageSize);
      // It began anew meanwhile.
      if (starts !== this.#starts) return;
      this.#take(number, page);
      if (this.#isLate) void this.grow(this.#reach);
    } catch (error) {
      if (starts !== this.#starts) return;
      this.#failure = failureOf(error);
    }
    this.#asked.delete(number);
    this.#tell();
  }

  #take(number: number, { rows, isEnd, isWhole }: MessagePage): void {
    this.#isLoaded = true;
    this.#failure = undefined;
    this.#isWhole = isWhole;
    this.#pages.set(number, rows);
    for (const old of [...this.#pages.keys()].slice(0, -mostPages)) this.#pages.delete(old);
    const [first] = rows;
    if (number === 0 && first !== undefined && this.#starts[0] === undefined) {
      this.#newest = first;
      // The same page again, however much came on top of it.
      this.#starts[0] = { height: first.height, position: first.position + 1 };
    }
    if (number < this.#starts.length - 1) return;
    this.#older = pageSize * number + rows.length;
    this.#isEnd = isEnd;
    const last = rows.at(-1);
    if (!isEnd && last !== undefined) this.#starts.push({ height: last.height, position: last.position });
  }

  /** Whether nothing may move now. Letting go shows what was held back. */
  hold(isHeld: boolean): void {
    this.#isHeld = isHeld;
    if (!isHeld) this.show();
  }

  /** Shows what was held back. */
  show(): void {
    if (this.#held.length === 0 && !this.#isMore) return;
    if (this.#isMore || this.#held.length + this.#shown.length > mostNew) {
      this.restart();
      return;
    }
    this.#shown = [...this.#held, ...this.#shown];
    this.#held = [];
    this.#tell();
  }

  /** Begins anew; what is shown stays until the first page is here. */
  restart(): void {
    const starts: (PlaceView | undefined)[] = [undefined];
    this.#starts = starts;
    void this.#source.older(undefined, pageSize).then(
      (page) => {
        if (this.#starts !== starts) return;
        this.#shown = [];
        this.#held = [];
        this.#isMore = false;
        this.#pages.clear();
        this.#asked.clear();
        this.#newest = endBelow(this.#reach);
        this.#take(0, page);
        this.#tell();
      },
      (error: unknown) => {
        if (this.#starts !== starts) return;
        this.#failure = failureOf(error);
        this.#tell();
      },
    );
  }

  /** The record grew: asks what came. @param reach number of blocks whose messages are here now. */
  async grow(reach: number): Promise<void> {
    this.#reach = reach;
    this.#isLate = !this.#isLoaded;
    this.#growing ??= this.#grow().finally(() => {
      this.#growing = undefined;
    });
    return this.#growing;
  }

  async #grow(): Promise<void> {
    if (!this.#isLoaded || this.#isMore) return;
    const starts = this.#starts;
    const end = endBelow(this.#reach);
    try {
      for (let isEnd = false; !isEnd;) {
        const page = await this.#source.newer(this.#newest, pageSize);
        if (starts !== this.#starts || this.#isClosed) return;
        ({ isEnd } = page);
        const last = page.rows.at(-1);
        if (last !== undefined) this.#newest = last;
        this.#held = [...page.rows.toReversed(), ...this.#held];
        if (this.#held.length > mostNew) {
          this.#isMore = true;
          isEnd = true;
        }
      }
      // What does not fit needs not be looked at again.
      if (!this.#isMore && isLater(end, this.#newest)) this.#newest = end;
      this.#failure = undefined;
    } catch (error) {
      if (starts !== this.#starts) return;
      this.#failure = failureOf(error);
    }
    if (this.#isHeld) this.#tell();
    else if (this.#held.length > 0) this.show();
    else this.#tell();
  }
}
