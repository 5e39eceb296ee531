/** How far a synchronisation is, as one line. */
import type { Progress, SyncProgress } from '../../wallet/sync/options.ts';

/** Some seconds as a person says them. */
function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Rate and time left, once they are known. */
function paceOf({ perSecond, secondsLeft }: Progress): string {
  if (perSecond === undefined || secondsLeft === undefined) return '';
  return `, ${Math.round(perSecond)} per second, about ${duration(secondsLeft)} left`;
}

/** Blocks, messages, rate and time left. */
export function progressLine({ phase, done, of, messages, blocks }: SyncProgress): string {
  if (blocks !== undefined) return `your own in ${done} of ${of} blocks${paceOf(blocks)}`;
  if (phase === 'headers' || messages === undefined) return `${done} of ${of} block headers`;
  return `${done} of ${of} blocks, ${messages.done} of ${messages.of} messages${paceOf(messages)}`;
}
