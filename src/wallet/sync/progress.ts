/** How fast a synchronisation goes, and how long it may still take. */
import type { Progress } from './options.ts';

/** Over how long the rate is taken, in milliseconds. */
const window = 10_000;

/** Counts towards a goal. */
export class Meter {
  readonly #of: number;
  readonly #now: () => number;
  /** Counts and when they were reached, oldest first. */
  readonly #seen: { readonly at: number; readonly done: number }[];
  #done = 0;

  /** @param now milliseconds of a clock that never goes back. */
  constructor(of: number, now: () => number = () => performance.now()) {
    this.#of = of;
    this.#now = now;
    this.#seen = [{ at: now(), done: 0 }];
  }

  add(count: number): Progress {
    const at = this.#now();
    this.#done += count;
    this.#seen.push({ at, done: this.#done });
    while (this.#seen.length > 2 && (this.#seen[1]?.at ?? at) < at - window) this.#seen.shift();
    const first = this.#seen[0] ?? { at, done: 0 };
    const seconds = (at - first.at) / 1000;
    const perSecond = seconds > 0 ? (this.#done - first.done) / seconds : undefined;
    const left = Math.max(0, this.#of - this.#done);
    const secondsLeft = perSecond === undefined || perSecond === 0 ? undefined : left / perSecond;
    return { done: this.#done, of: this.#of, perSecond, secondsLeft };
  }
}
