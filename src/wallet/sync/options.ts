/** What a synchronisation is asked, and what it answers. */
import type { Judges } from './judges.ts';

/** How far a synchronisation is. */
export interface SyncProgress {
  readonly phase: 'headers' | 'bodies' | 'own';
  /** Headers; or blocks whose messages are here; or blocks, once for each tag, in which one's own was looked for. */
  readonly done: number;
  readonly of: number;
  /** Messages of this synchronisation; in the phase of bodies only. */
  readonly messages?: Progress;
  /** The same as `done` and `of`, with the rate; in the phase of one's own only. */
  readonly blocks?: Progress;
}

export interface Progress {
  readonly done: number;
  readonly of: number;
  /** Over the last seconds; undefined until it is known. */
  readonly perSecond: number | undefined;
  /** At that rate; undefined until it is known. */
  readonly secondsLeft: number | undefined;
}

export interface SyncOptions {
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Stops it after what is in hand; what was verified until then is kept. */
  readonly signal?: AbortSignal;
  /** How many threads judge messages; as many as there are processors by default, none for a few messages. */
  readonly threads?: number;
  /** Judges that are at work already, in place of such threads; whoever made them ends them. */
  readonly judges?: Judges;
  readonly batch?: BatchLimits;
  /** Fetches nothing of what is missing when it is more than this: the report says so. */
  readonly atMost?: { readonly headers: number; readonly messages: number };
  /** The address that is read, as alarms name it; the one that the ledger was joined with by default. */
  readonly address?: string;
}

/** A batch of blocks is written when it has so many messages, so many bytes of bodies, or is so old. */
export interface BatchLimits {
  readonly messages: number;
  readonly bytes: number;
  readonly ageMs: number;
}

export interface SyncReport {
  /** Blocks under the signed head. */
  readonly size: number;
  /** Blocks whose messages are here: all of them, unless it was stopped. */
  readonly filled: number;
  readonly newBlocks: number;
  /** Whether more is missing than it was to fetch. */
  readonly isTooMuch: boolean;
}
