/** What a bench is, and what it has to do with: each is a file of `test/bench` and is found by its name. */

/** One thing that was measured. */
export interface Figure {
  /** What it is, in a few words. */
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** What it is to be: never asserted, because it depends on the machine. */
  readonly target?: { readonly atLeast: number } | { readonly atMost: number };
}

/** What a bench is given. */
export interface Setting {
  /** For a look whether it works: fewer messages, and no figure to be believed. */
  readonly isQuick: boolean;
  /** Numbers of messages, if others than the usual ones are asked for. */
  readonly sizes: readonly number[] | undefined;
  /** An empty folder, removed afterwards. */
  readonly folder: string;
  /** What may be kept from run to run. */
  readonly cache: string;
  /** Tells the person at the keyboard what takes so long. */
  readonly say: (text: string) => void;
  /** Takes a figure down. */
  readonly figure: (figure: Figure) => void;
}

/** Exported as `bench` by each file. */
export interface Bench {
  /** What is measured, in one sentence. */
  readonly summary: string;
  readonly run: (setting: Setting) => Promise<void>;
}

/** The middle one of some numbers. */
export function median(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return ((sorted[Math.floor(middle)] ?? 0) + (sorted[Math.ceil(middle)] ?? 0)) / 2;
}

/** The number below which a part of some numbers lies: 0.95 for 95 of 100. */
export function percentile(numbers: readonly number[], part: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? 0;
}

/** Whether a figure is as it is to be; undefined where nothing is asked of it. */
export function isMet({ value, target }: Figure): boolean | undefined {
  if (target === undefined) return undefined;
  return 'atLeast' in target ? value >= target.atLeast : value <= target.atMost;
}
