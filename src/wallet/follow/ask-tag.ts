/**
 * Asking an address for everything that the record has under a tag, for a copy that does not follow it: with the same
 * proofs, and nothing is kept.
 */
import type { PartReader } from '../../core/log/audit-port.ts';
import { planRange } from '../../core/record/range.ts';
import type { Statements } from '../store/driver.ts';
import type { FollowedMessage } from '../store/followed-store.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { blameHistory } from './blame.ts';
import { historiesIn, stretches } from './history.ts';
import { BlockMessages, listedBy } from './messages.ts';
import { View } from './view.ts';

/**
 * All messages with a tag in the blocks under the signed head of the copy, oldest first; when it ends, there are no more.
 * @throws CountersignError with a `follow-` or `sync-` code.
 */
export async function* askTag(
  statements: Statements,
  joined: JoinedLedger,
  reader: PartReader,
  tag: Uint8Array,
): AsyncGenerator<FollowedMessage> {
  const view = new View(statements, joined, reader);
  const { size } = joined;
  let newest: { readonly height: number; readonly total: number } | undefined;
  for (const stretch of stretches(planRange(0, size - 1, size))) {
    const [history] = await historiesIn(view, [tag], stretch);
    if (history === undefined) continue;
    for (const entry of history.shown.entries) {
      const { leaf, height } = entry;
      if (leaf.previous !== newest?.height || leaf.total !== (newest?.total ?? 0) + leaf.count) {
        const found = await (await view.index(height)).lookup(tag);
        const detail = `block ${height} names ${leaf.previous ?? 'none'}, not ${newest?.height ?? 'none'}`;
        throw await blameHistory(view, tag, [{ height, level: 0, found }], {
          ...{ ok: false, code: 'complete-link', detail },
        });
      }
      newest = { height, total: leaf.total };
      const block = new BlockMessages(view, height);
      const list = history.lists.get(height) ?? new Uint8Array();
      for (const listed of await listedBy(view, entry, list)) yield await block.fetch(listed);
    }
    view.renew();
  }
}
