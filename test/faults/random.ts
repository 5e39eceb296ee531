/** Numbers that are the same for the same seed. */
export class Random {
  #state: number;

  /** @param seed a whole number. */
  constructor(seed: number) {
    this.#state = (Math.abs(Math.trunc(seed)) % 2_147_483_646) + 1;
    // Seeds that are close to each other begin alike.
    for (let i = 0; i < 8; i++) this.below(2);
  }

  /** A whole number from 0, below `limit`. */
  below(limit: number): number {
    this.#state = (this.#state * 48_271) % 2_147_483_647;
    return Math.floor((this.#state / 2_147_483_647) * limit);
  }

  /** Some of these, each at most once, in their order. */
  some<T>(all: readonly T[], count: number): T[] {
    const left = [...all.keys()];
    const chosen: number[] = [];
    while (chosen.length < count && left.length > 0) chosen.push(...left.splice(this.below(left.length), 1));
    return chosen.sort((a, b) => a - b).flatMap((i) => all.slice(i, i + 1));
  }
}
