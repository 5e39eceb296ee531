/** What the application remembers of a profile between starts, beside the database. Nothing private, nothing secret. */
import { join } from 'node:path';
import type { CareView } from '../contract/state.ts';
import type { Profile } from '../wallet/profile.ts';
import { KeptFile } from './kept-file.ts';

interface Remembered {
  /** When each ledger was last brought up to date, by its id: seconds since 1970. */
  readonly synced: Readonly<Record<string, number>>;
  /** The ledger that was chosen to be shown. */
  readonly shown?: string;
  /** As in the view of how a profile is looked after. */
  readonly idleMinutes?: number;
  readonly backup?: NonNullable<CareView['backup']>;
  readonly drill?: NonNullable<CareView['drill']>;
  readonly words?: number;
}

export type Preferences = KeptFile<Remembered>;

const usual: Remembered = { synced: {} };

function isTime(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

type Json = Readonly<Record<string, unknown>>;

/** The members of an object; none of anything else. */
function membersOf(json: unknown): Json {
  return typeof json === 'object' && json !== null ? (json as Json) : {};
}

/** As much of it as can be read. */
function read(json: unknown): Remembered {
  const { synced, shown, idleMinutes, words, ...more } = membersOf(json);
  const times = Object.entries(membersOf(synced)).filter((entry): entry is [string, number] =>
    isTime(entry[1]),
  );
  const { at, file } = membersOf(more['backup']);
  const { at: tried, created, profile } = membersOf(more['drill']);
  return {
    synced: Object.fromEntries(times),
    ...(typeof shown === 'string' ? { shown } : {}),
    ...(isTime(idleMinutes) && idleMinutes <= 1440 ? { idleMinutes } : {}),
    ...(isTime(words) ? { words } : {}),
    ...(isTime(at) && typeof file === 'string' ? { backup: { at, file } } : {}),
    ...(isTime(tried) && isTime(created) && typeof profile === 'string'
      ? { drill: { at: tried, created, profile } }
      : {}),
  };
}

export function preferencesOf({ folder }: Profile): Preferences {
  return new KeptFile(join(folder, 'desktop.json'), read, usual);
}

/** Times of rounds that follow each other closely are not worth a write. */
const leastSeconds = 60;

/** Keeps when a ledger was brought up to date, to the minute. @param now seconds since 1970. */
export function noteSynced(preferences: Preferences, ledger: string, now: number): void {
  const { synced } = preferences.value;
  if (now - (synced[ledger] ?? 0) >= leastSeconds) preferences.set({ synced: { ...synced, [ledger]: now } });
}
