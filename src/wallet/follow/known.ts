/** What a copy that follows can say, and what not. */
import type { Statements } from '../store/driver.ts';
import { coveredBy } from '../store/followed-store.ts';
import { type JoinedLedger, reachOf } from '../store/record-reader.ts';

/**
 * Whether everything with a tag is here, as far as this copy reaches; of a copy that does not follow, it always is.
 * @param tag without one, whether everything at all is here.
 */
export async function isKnown(
  statements: Statements,
  joined: JoinedLedger,
  tag?: Uint8Array,
): Promise<boolean> {
  const reach = reachOf(joined);
  if (reach <= joined.filled && joined.mode === 'full') return true;
  if (tag === undefined) return joined.filled >= joined.size;
  return ((await coveredBy(statements, joined, tag)) ?? -1) >= reach;
}
