/**
 * The offline check of what a copy follows: every message, its place in its block and every entry of its tags are judged
 * again under the signed head; of every tag that is followed the links and totals lead from the newest entry to the
 * oldest without a gap. That nothing is newer was shown by the network, and cannot be shown again without it.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { CopyCode } from '../../core/errors/copy.ts';
import { type BlockPlace, parseBlockPlace } from '../../core/record/place-proof.ts';
import { listedTags, verifyPlace } from '../../core/record/receipt.ts';
import { parseTagLeaf, type TagLeaf } from '../../core/record/tag-index.ts';
import { ok, refuse, type Result } from '../../core/result.ts';
import { bytesIn, type FoundMessage, integerIn, judged, messageColumns } from '../explorer/copy.ts';
import { HeaderProofs } from '../records/header-proofs.ts';
import { type FollowedTag, followedTags } from '../store/followed-store.ts';
import type { Row } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';

type Checked<T> = Result<T, CopyCode>;

/** Messages that are read at a time. */
const page = 64;

/** What a stored proof shows of a tag: the leaf of the index of the message's block. */
function leafOf(place: BlockPlace, { message, height }: FoundMessage, tag: Uint8Array): TagLeaf | undefined {
  const at = listedTags(message).findIndex((listed) => equalBytes(listed, tag));
  const leaf = place.tags[at] && parseTagLeaf(place.tags[at].presence.leaf, height);
  return leaf?.ok === true ? leaf.value : undefined;
}

/** One followed message. @returns what its proof shows. */
async function checkMessage(
  store: RecordStore,
  joined: JoinedLedger,
  proofs: HeaderProofs,
  row: Row,
): Promise<Checked<void>> {
  const found = judged(joined, row);
  const { height, message, position } = found;
  const where = `block ${height}, message ${position}`;
  const place = parseBlockPlace(bytesIn(row, 'proof'));
  if (place?.message.index !== position) return refuse('copy-message', `${where}: its proof`);
  const checkpoint = joined.checkpoint ?? new Uint8Array();
  const proof = { block: await proofs.block(height), checkpoint, ...place };
  const shown = verifyPlace(joined.ledger, message, proof);
  if (!shown.ok) return refuse('copy-message', `${where}: ${shown.code}`);
  const carried = await store.statements.all(
    'SELECT tag FROM followed_carried WHERE ledger = ? AND message = ? ORDER BY tag',
    joined.row,
    found.row,
  );
  const { tags } = message.head;
  const isSame =
    carried.length === tags.length &&
    carried.every((one, i) => {
      const tag = tags[i];
      return tag !== undefined && equalBytes(bytesIn(one, 'tag'), tag);
    });
  return isSame ? ok(undefined) : refuse('copy-index', `${where}: its tags`);
}

/** The entries of one tag: each names the one before, and all messages that it counts are here. */
async function checkTag(store: RecordStore, joined: JoinedLedger, tag: FollowedTag): Promise<Checked<void>> {
  const what = `tag ${toHex(tag.tag).slice(0, 16)}`;
  if (tag.covered > joined.size) return refuse('copy-index', `${what}: beyond the head`);
  const start = Math.max(tag.first, joined.filled);
  const rows = await store.statements.all(
    `SELECT ${messageColumns}, proof FROM followed_message AS message
     WHERE ledger = ?1 AND height >= ?2 AND height < ?3 AND (message_id = ?4 OR id IN (
       SELECT message FROM followed_carried WHERE ledger = ?1 AND tag = ?4)) ORDER BY height, position`,
    ...[joined.row, start, tag.covered, tag.tag],
  );
  let last: { readonly height: number; readonly leaf: TagLeaf; here: number } | undefined;
  for (const row of rows) {
    const found = judged(joined, row);
    const place = parseBlockPlace(bytesIn(row, 'proof'));
    const leaf = place && leafOf(place, found, tag.tag);
    if (leaf === undefined) return refuse('copy-index', `${what}: block ${found.height}`);
    if (last?.height === found.height) {
      last.here++;
      continue;
    }
    const isNext =
      last === undefined
        ? (leaf.previous ?? -1) < start
        : leaf.previous === last.height &&
          leaf.total === last.leaf.total + leaf.count &&
          last.here === last.leaf.count;
    if (!isNext) return refuse('copy-index', `${what}: block ${found.height}`);
    last = { height: found.height, leaf, here: 1 };
  }
  if (last !== undefined && last.here !== last.leaf.count)
    return refuse('copy-index', `${what}: block ${last.height}`);
  const isNewest =
    tag.height === undefined || tag.height < start ? last === undefined : tag.height === last?.height;
  const isCounted = last === undefined || tag.total === last.leaf.total;
  return isNewest && isCounted ? ok(undefined) : refuse('copy-index', `${what}: its newest entry`);
}

/**
 * Checks what a copy follows, above the blocks whose messages are all here.
 * @returns how many messages that are, or the first thing that is wrong.
 * @throws CountersignError with a `store-` code, `store-corrupt` when a row cannot be read.
 */
export async function checkFollowed(store: RecordStore, joined: JoinedLedger): Promise<Checked<number>> {
  const proofs = new HeaderProofs(store.statements, joined);
  let messages = 0;
  for (let after = 0; ;) {
    const rows = await store.statements.all(
      `SELECT ${messageColumns}, proof FROM followed_message AS message
       WHERE ledger = ? AND id > ? AND height >= ? ORDER BY id LIMIT ${page}`,
      ...[joined.row, after, joined.filled],
    );
    for (const row of rows) {
      after = integerIn(row, 'id');
      const checked = await checkMessage(store, joined, proofs, row);
      if (!checked.ok) return checked;
      messages++;
    }
    if (rows.length < page) break;
  }
  for (const tag of await followedTags(store.statements, joined)) {
    const checked = await checkTag(store, joined, tag);
    if (!checked.ok) return checked;
  }
  return ok(messages);
}
