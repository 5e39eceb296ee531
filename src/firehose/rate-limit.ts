/**
 * How many messages one key may send: a bucket of tokens for each key, refilled steadily. The table is bounded; who is
 * forgotten begins with a full bucket, so more keys than fit into it are not held back by it, but by what may wait in all.
 */
import { keyOf } from './tag-state.ts';

export interface RateOptions {
  /** Messages per second in the long run. */
  readonly perSecond: number;
  /** Messages at once after a pause. */
  readonly burst: number;
  /** Keys that are remembered. */
  readonly mostKeys?: number;
  /** A clock that is never set back, in milliseconds. */
  readonly clock?: () => number;
}

interface Bucket {
  tokens: number;
  at: number;
}

export class RateLimit {
  readonly #options: Required<RateOptions>;
  /** In the order of their last use. */
  readonly #buckets = new Map<string, Bucket>();

  constructor(options: RateOptions) {
    this.#options = { mostKeys: 65_536, clock: () => performance.now(), ...options };
  }

  /** Keys that are remembered at the moment. */
  get size(): number {
    return this.#buckets.size;
  }

  #tokens(key: string): number {
    const { burst, perSecond, clock } = this.#options;
    const bucket = this.#buckets.get(key);
    if (bucket === undefined) return burst;
    return Math.min(burst, bucket.tokens + ((clock() - bucket.at) / 1000) * perSecond);
  }

  /** Whether a key may send a message now. */
  allows(sender: Uint8Array): boolean {
    return this.#tokens(keyOf(sender)) >= 1;
  }

  /** Takes a token, if there is one. */
  take(sender: Uint8Array): boolean {
    const key = keyOf(sender);
    const tokens = this.#tokens(key);
    const isAllowed = tokens >= 1;
    this.#buckets.delete(key);
    this.#buckets.set(key, { tokens: isAllowed ? tokens - 1 : tokens, at: this.#options.clock() });
    if (this.#buckets.size > this.#options.mostKeys) {
      const [oldest = key] = this.#buckets.keys();
      this.#buckets.delete(oldest);
    }
    return isAllowed;
  }
}
