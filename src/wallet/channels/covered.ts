/** How far everything under a tag is here: what is remembered of a look through it holds only so far. */
import { coveredBy } from '../store/followed-store.ts';
import type { Database } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';

/** The number of blocks from the first of which everything with a tag is here. */
export async function coveredUpTo(
  database: Database,
  joined: JoinedLedger,
  tag: Uint8Array,
): Promise<number> {
  return Math.max(joined.filled, (await coveredBy(database, joined, tag)) ?? 0);
}
