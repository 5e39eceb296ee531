/** How far a synchronisation is. */
export interface SyncProgress {
  readonly phase: 'headers' | 'bodies';
  readonly done: number;
  readonly of: number;
}

export interface SyncOptions {
  readonly onProgress?: (progress: SyncProgress) => void;
  /** Stops it after the file in hand; what was verified until then is kept. */
  readonly signal?: AbortSignal;
}
