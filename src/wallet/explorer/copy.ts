/**
 * The local copy of one ledger, read for people. Every message is judged again before it is handed out; every header is
 * hashed and held against the one above that names it, or against the tree under the signed head; and where a message
 * stands is held against the index that says so too. A row in which a bit has changed is found, in long data when that is
 * read: lists leave it where it lies. Proof for everybody is what
 * `records/prover.ts` makes, and the whole copy is judged by `sync/check-copy.ts`.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { parseHeaderAt } from '../../core/record/ledger.ts';
import { type VerifiedMessage, verifyMessage } from '../../core/record/message.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import { leafHash, treeRoot, verifyInclusion } from '../../core/tree/merkle.ts';
import { parseBlockPlace } from '../../core/record/place-proof.ts';
import type { Row, Statements } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';

/** Where a message stands. */
export interface Place {
  readonly height: number;
  readonly position: number;
}

/** A message of the copy, judged again. */
export interface FoundMessage extends Place {
  /** Its number in the database. */
  readonly row: number;
  /** Whether its data is here: `message.data` is that, except in a list, which reads only what is short. */
  readonly hasData: boolean;
  readonly message: VerifiedMessage;
}

/** The copy is not what was once verified. */
export function damaged(what: string): CountersignError<StoreCode> {
  return new CountersignError<StoreCode>('store-corrupt', what);
}

export function integerIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw damaged(column);
  return value;
}

export function bytesIn(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw damaged(column);
  return new Uint8Array(value);
}

/** A stored message, judged again. @throws CountersignError `store-corrupt` */
export function judged(joined: JoinedLedger, row: Row): FoundMessage {
  const { ledger } = joined;
  const place = { height: integerIn(row, 'height'), position: integerIn(row, 'position') };
  const data = row['data'] === null ? undefined : bytesIn(row, 'data');
  const message = verifyMessage(bytesIn(row, 'leaf'), data, ledger.id, ledger.limits);
  const where = `message ${place.position} of block ${place.height}`;
  if (!message.ok) throw damaged(`${where}: ${message.code}`);
  if (!equalBytes(message.value.id, bytesIn(row, 'message_id'))) throw damaged(`${where}: another id`);
  return { ...place, row: integerIn(row, 'id'), hasData: row['kept'] === 1, message: message.value };
}

/** The longest data that a list reads with its messages, in bytes: what people publish with a record is shorter. */
export const mostListedData = 32_768;

const publicColumns = 'message.id, height, position, message_id, leaf, data IS NOT NULL AS kept';
/** The columns that {@link judged} reads. */
export const messageColumns = `${publicColumns}, data`;
/** The same without data, which may be long: what is public of a message. */
export const leafColumns = `${publicColumns}, NULL AS data`;
/** The same for lists: longer data stays where it lies, and {@link withData} reads it for one message at a time. */
export const listedColumns = `${publicColumns}, CASE WHEN length(data) <= ${mostListedData} THEN data END AS data`;

/** The header at this height. @throws CountersignError `store-corrupt` */
export function headerFrom(joined: JoinedLedger, bytes: Uint8Array, height: number): BlockHeader {
  const header = parseHeaderAt(bytes, height, joined.ledger);
  if (!header.ok) throw damaged(`header ${height}: ${header.code}`);
  return header.value;
}

/** Rows that are asked for in one statement. */
const page = 256;

/** How many leaves lie under the last peak of a tree: its lowest power of two. */
function underLastPeak(size: number): number {
  let leaves = 1;
  while (size % (2 * leaves) === 0) leaves *= 2;
  return leaves;
}

/** Copies of which the newest header was hashed up to the signed head. */
const hashed = new WeakSet<JoinedLedger>();

/** Whether the newest headers are those under the last peak of the tree, which the signed head commits to. */
async function checkNewest(statements: Statements, joined: JoinedLedger): Promise<void> {
  if (hashed.has(joined)) return;
  const { size, tree } = joined;
  const made = new IncrementalTree();
  for (let from = size - underLastPeak(size); from < size; from += page) {
    const rows = await statements.all(
      'SELECT header FROM block WHERE ledger = ? AND height >= ? AND height < ? ORDER BY height',
      ...[joined.row, from, Math.min(size, from + page)],
    );
    for (const row of rows) made.append(leafHash(bytesIn(row, 'header')));
  }
  if (made.size === 0 || !equalBytes(made.root(), tree.subarray(-32))) throw damaged(`header ${size - 1}`);
  hashed.add(joined);
}

/**
 * Hashes headers that follow each other and holds each against the one above.
 * @param headers newest first, none left out; those of the copy.
 * @throws CountersignError `store-corrupt` when one of them is another than was once verified.
 */
export async function rehashHeaders(
  statements: Statements,
  joined: JoinedLedger,
  headers: readonly BlockHeader[],
): Promise<void> {
  const [newest] = headers;
  if (newest === undefined) return;
  let above: BlockHeader | undefined;
  if (newest.height + 1 >= joined.size) await checkNewest(statements, joined);
  else {
    const height = newest.height + 1;
    const [row] = await statements.all(
      'SELECT header FROM block WHERE ledger = ? AND height = ?',
      joined.row,
      height,
    );
    if (row === undefined) throw damaged(`header ${height}`);
    above = headerFrom(joined, bytesIn(row, 'header'), height);
  }
  for (const header of headers) {
    const { previous } = above ?? {};
    const isNamed = previous === undefined ? above === undefined : equalBytes(previous, header.hash);
    if (!isNamed) throw damaged(`header ${header.height}`);
    above = header;
  }
}

/** Looks whether a followed message stands where its row says: in the tree that the header commits to. */
async function checkFollowed(
  statements: Statements,
  joined: JoinedLedger,
  { height, position, row, message }: FoundMessage,
): Promise<void> {
  const [kept] = await statements.all('SELECT proof FROM followed_message WHERE id = ?', row);
  const place = kept && parseBlockPlace(bytesIn(kept, 'proof'));
  const header = await headerAt(statements, joined, height);
  const isThere =
    place?.message.index === position &&
    header !== undefined &&
    verifyInclusion({
      leafHash: leafHash(message.leaf),
      index: position,
      size: header.messages.count,
      proof: place.message.path,
      root: header.messages.root,
    }).ok;
  if (!isThere) throw damaged(`message ${position} of block ${height}: its place`);
}

/**
 * Looks whether messages stand where their rows say.
 * @param all rows of the table `message`, and above the blocks whose messages are all here of `followed_message`.
 * @throws CountersignError `store-corrupt`
 */
export async function checkPlaces(
  statements: Statements,
  joined: JoinedLedger,
  all: readonly FoundMessage[],
): Promise<void> {
  for (const one of all) if (one.height >= joined.filled) await checkFollowed(statements, joined, one);
  const found = all.filter(({ height }) => height < joined.filled);
  for (let i = 0; i < found.length; i += page) {
    const some = found.slice(i, i + page);
    const places = some.map(() => '(?, ?)').join(', ');
    // The index holds ledger, height, position and row once more, so that the table is not looked at.
    const rows = await statements.all(
      `SELECT id FROM message INDEXED BY sqlite_autoindex_message_1
       WHERE ledger = ? AND (height, position) IN (VALUES ${places})`,
      joined.row,
      ...some.flatMap(({ height, position }) => [height, position]),
    );
    const there = new Set(rows.map((row) => integerIn(row, 'id')));
    const wrong = some.find(({ row }) => !there.has(row));
    if (wrong !== undefined) throw damaged(`message ${wrong.position} of block ${wrong.height}: its place`);
  }
}

/**
 * The header at this height, or undefined when the copy does not reach it.
 * @throws CountersignError `store-corrupt`
 */
export async function headerAt(
  statements: Statements,
  joined: JoinedLedger,
  height: number,
): Promise<BlockHeader | undefined> {
  if (height >= joined.size) return undefined;
  const [row] = await statements.all(
    'SELECT header FROM block WHERE ledger = ? AND height = ?',
    joined.row,
    height,
  );
  if (row === undefined) throw damaged(`header ${height}`);
  const header = headerFrom(joined, bytesIn(row, 'header'), height);
  await rehashHeaders(statements, joined, [header]);
  return header;
}

/** The message with this id, or undefined. @throws CountersignError `store-corrupt` */
export async function messageWithId(
  database: Statements,
  joined: JoinedLedger,
  id: Uint8Array,
): Promise<FoundMessage | undefined> {
  const [row] = await database.all(
    `SELECT ${messageColumns} FROM message_key JOIN message ON message.id = message_key.message
     WHERE message_key.key = substr(?2, 1, 8) AND ledger = ?1 AND message_id = ?2`,
    joined.row,
    id,
  );
  if (row === undefined) return followedWithId(database, joined, id);
  const found = judged(joined, row);
  if (found.height >= joined.filled) throw damaged(`message ${toHex(id)} above the verified blocks`);
  await checkPlaces(database, joined, [found]);
  return found;
}

/** The message with this id above the blocks whose messages are all here. */
async function followedWithId(
  database: Statements,
  joined: JoinedLedger,
  id: Uint8Array,
): Promise<FoundMessage | undefined> {
  const [row] = await database.all(
    `SELECT ${messageColumns} FROM followed_message AS message
     WHERE ledger = ?1 AND message_id = ?2 AND height >= ?3 ORDER BY height, position LIMIT 1`,
    ...[joined.row, id, joined.filled],
  );
  const found = row && judged(joined, row);
  if (found !== undefined) await checkPlaces(database, joined, [found]);
  return found;
}

/** The messages of a block, in order; all of them, judged again. @throws CountersignError `store-corrupt` */
export async function messagesOf(
  database: Statements,
  joined: JoinedLedger,
  header: BlockHeader,
): Promise<readonly FoundMessage[]> {
  const rows = await database.all(
    `SELECT ${messageColumns} FROM message WHERE ledger = ? AND height = ? ORDER BY position`,
    joined.row,
    header.height,
  );
  const found = rows.map((row) => judged(joined, row));
  const isWhole = found.length === header.messages.count && found.every(({ position }, i) => position === i);
  if (!isWhole) throw damaged(`block ${header.height}: ${found.length} of ${header.messages.count} messages`);
  const root = treeRoot(found.map(({ message }) => leafHash(message.leaf)));
  if (!equalBytes(root, header.messages.root)) throw damaged(`messages of block ${header.height}`);
  return found;
}

/** The same message with its data, where that is here; judged again. @throws CountersignError `store-corrupt` */
export async function withData(
  database: Statements,
  joined: JoinedLedger,
  found: FoundMessage,
): Promise<FoundMessage> {
  const table = found.height < joined.filled ? 'message' : 'followed_message AS message';
  const [row] = await database.all(`SELECT ${messageColumns} FROM ${table} WHERE id = ?`, found.row);
  const whole = row && judged(joined, row);
  if (whole === undefined || !equalBytes(whole.message.id, found.message.id))
    throw damaged('a message is gone');
  return whole;
}
