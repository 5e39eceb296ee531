/** What a copy that follows a part of the record holds: the tables of migration 0006. */
import type { BlockPlace } from '../../core/record/place-proof.ts';
import { writeBlockPlace } from '../../core/record/place-proof.ts';
import type { VerifiedMessage } from '../../core/record/message.ts';
import type { Row, Statements } from './driver.ts';
import { corrupt, integer, type JoinedLedger, type SyncMode } from './record-reader.ts';
import { overtaken } from './record-writer.ts';

/** Why a tag is followed; see `migrations/0006-following.ts`. */
export type FollowReason = 'key' | 'found' | 'tag' | 'sent';

/** A tag that is to be followed. */
export interface FollowWish {
  /** 32 bytes. */
  readonly tag: Uint8Array;
  readonly why: FollowReason;
  /** The key whose key-status tag it is. */
  readonly key?: Uint8Array;
  /** Height of the first block in which it is looked for; the first of all when left out. */
  readonly first?: number;
}

/** How far a tag was followed. */
export interface FollowedTag {
  readonly row: number;
  readonly tag: Uint8Array;
  readonly why: FollowReason;
  readonly key: Uint8Array | undefined;
  readonly first: number;
  /** All messages with it in the blocks `first` to `covered` - 1 are here. */
  readonly covered: number;
  /** The newest of these blocks that has it, if any. */
  readonly height: number | undefined;
  /** Its running total there; 0 when there is none. */
  readonly total: number;
}

/** A message with what shows where it stands. */
export interface FollowedMessage {
  readonly height: number;
  readonly position: number;
  readonly message: VerifiedMessage;
  readonly data: Uint8Array | undefined;
  readonly place: BlockPlace;
}

/** Says that nothing is here of what is followed, for a copy without messages: they are fetched again. */
export const followAnew = `UPDATE main.ledger SET followed = 0;
  UPDATE main.followed_tag SET covered = first, height = NULL, total = 0;`;

function bytesOf(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw corrupt(column);
  return value;
}

const reasons: readonly FollowReason[] = ['key', 'found', 'tag', 'sent'];

function tagOf(row: Row): FollowedTag {
  const why = reasons.find((reason) => reason === row['why']);
  if (why === undefined) throw corrupt('why');
  return {
    row: integer(row, 'id'),
    tag: bytesOf(row, 'tag'),
    why,
    key: row['key'] === null ? undefined : bytesOf(row, 'key'),
    first: integer(row, 'first'),
    covered: integer(row, 'covered'),
    height: row['height'] === null ? undefined : integer(row, 'height'),
    total: integer(row, 'total'),
  };
}

/** All tags of a ledger that are followed. */
export async function followedTags(
  statements: Statements,
  joined: JoinedLedger,
): Promise<readonly FollowedTag[]> {
  const rows = await statements.all('SELECT * FROM followed_tag WHERE ledger = ? ORDER BY id', joined.row);
  return rows.map(tagOf);
}

/** Up to which number of blocks everything with a tag is here; undefined when it is not followed. */
export async function coveredBy(
  statements: Statements,
  joined: JoinedLedger,
  tag: Uint8Array,
): Promise<number | undefined> {
  const [row] = await statements.all(
    'SELECT covered FROM followed_tag WHERE ledger = ? AND tag = ? AND first <= 1',
    joined.row,
    tag,
  );
  const covered = row && integer(row, 'covered');
  return covered === undefined && joined.filled === 0 ? undefined : Math.max(covered ?? 0, joined.filled);
}

/** Follows more tags; those that are followed already stay as they are, but for a reason that weighs more. */
export async function addFollowed(
  inside: Statements,
  joined: JoinedLedger,
  wishes: readonly FollowWish[],
): Promise<void> {
  for (const { tag, why, key, first = 0 } of wishes) {
    await inside.run(
      `INSERT INTO followed_tag (ledger, tag, why, key, first, covered, total) VALUES (?1, ?2, ?3, ?4, ?5, ?5, 0)
       ON CONFLICT (ledger, tag) DO UPDATE SET why = excluded.why, key = excluded.key WHERE excluded.why = 'key'`,
      ...[joined.row, tag, why, key ?? null, first],
    );
  }
}

/** Follows no longer the ids of messages that were found. */
export async function dropFound(statements: Statements, joined: JoinedLedger): Promise<void> {
  const sql = "DELETE FROM followed_tag WHERE ledger = ? AND why = 'sent' AND height IS NOT NULL";
  await statements.run(sql, joined.row);
}

/** Follows a tag no longer; what is here of it stays. */
export async function removeFollowed(
  statements: Statements,
  joined: JoinedLedger,
  tag: Uint8Array,
): Promise<void> {
  await statements.run('DELETE FROM followed_tag WHERE ledger = ? AND tag = ?', joined.row, tag);
}

/** Says what the next synchronisation of a ledger does. */
export async function setMode(statements: Statements, joined: JoinedLedger, mode: SyncMode): Promise<void> {
  await statements.run('UPDATE ledger SET mode = ? WHERE id = ?', mode, joined.row);
}

/** Says up to which number of blocks everything that is followed is here. */
export async function setFollowed(
  statements: Statements,
  joined: JoinedLedger,
  blocks: number,
): Promise<void> {
  await statements.run(
    'UPDATE ledger SET followed = max(followed, ?) WHERE id = ? AND size >= ?',
    blocks,
    joined.row,
    blocks,
  );
}

/** Moves on how far a tag was followed. @throws CountersignError `store-busy` when somebody else did. */
export async function moveFollowed(
  inside: Statements,
  before: FollowedTag,
  now: Pick<FollowedTag, 'covered' | 'height' | 'total'>,
): Promise<void> {
  const changed = await inside.run(
    'UPDATE followed_tag SET covered = ?, height = ?, total = ? WHERE id = ? AND covered = ?',
    ...[now.covered, now.height ?? null, now.total, before.row, before.covered],
  );
  if (changed !== 1) throw overtaken();
}

/** Keeps messages with their proofs; those that are here already stay as they are. */
export async function keepFollowed(
  inside: Statements,
  joined: JoinedLedger,
  messages: readonly FollowedMessage[],
): Promise<void> {
  for (const { height, position, message, data, place } of messages) {
    const { id, leaf } = message;
    const added = await inside.run(
      `INSERT INTO followed_message (ledger, height, position, message_id, leaf, data, proof)
       VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING`,
      ...[joined.row, height, position, id, leaf, data ?? null, writeBlockPlace(place)],
    );
    if (added === 0) continue;
    for (const tag of message.head.tags) {
      await inside.run(
        `INSERT INTO followed_carried (ledger, tag, message)
         SELECT ledger, ?4, id FROM followed_message WHERE ledger = ?1 AND height = ?2 AND position = ?3`,
        ...[joined.row, height, position, tag],
      );
    }
  }
}

/** Whether a message is here, and carries the tag or has it for its id. */
export async function holdsTagged(
  statements: Statements,
  joined: JoinedLedger,
  { height, position, tag }: { readonly height: number; readonly position: number; readonly tag: Uint8Array },
): Promise<boolean> {
  const rows = await statements.all(
    `SELECT 1 FROM followed_message AS message WHERE ledger = ?1 AND height = ?2 AND position = ?3
       AND (message_id = ?4 OR EXISTS (SELECT 1 FROM followed_carried
         WHERE ledger = ?1 AND tag = ?4 AND followed_carried.message = message.id))`,
    ...[joined.row, height, position, tag],
  );
  return rows.length > 0;
}

/** How many messages are here that the blocks with all their messages do not have. */
export async function followedCount(statements: Statements, joined: JoinedLedger): Promise<number> {
  const [row] = await statements.all(
    'SELECT count(*) AS count FROM followed_message WHERE ledger = ? AND height >= ?',
    joined.row,
    joined.filled,
  );
  return integer(row, 'count');
}

/** Forgets followed messages of blocks whose messages are all here. */
export async function dropFollowed(inside: Statements, joined: JoinedLedger): Promise<void> {
  const those = 'SELECT id FROM followed_message WHERE ledger = ?1 AND height < ?2';
  const values = [joined.row, joined.filled] as const;
  await inside.run(`DELETE FROM followed_carried WHERE ledger = ?1 AND message IN (${those})`, ...values);
  await inside.run('DELETE FROM followed_message WHERE ledger = ?1 AND height < ?2', ...values);
}
