/** Statements about keys, as the local copy of the record has them. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { FollowCode } from '../../core/errors/follow.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import type { IdentityHistory } from '../../core/identity/history.ts';
import type { PlacedStatement } from '../../core/identity/key-states.ts';
import { KeySearch } from '../../core/identity/search.ts';
import { keyStatusTag, namedKeys, readKeyStatement } from '../../core/identity/statement.ts';
import { verifyMessage } from '../../core/record/message.ts';
import type { Row, Statements } from '../store/driver.ts';
import { coveredBy } from '../store/followed-store.ts';
import { type JoinedLedger, reachOf } from '../store/record-reader.ts';

/** Messages looked at at a time: anyone may post under a public tag. */
const page = 256;

function corrupt(what: string): CountersignError<StoreCode> {
  return new CountersignError<StoreCode>('store-corrupt', what);
}

function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw corrupt(column);
  return value;
}

/** The statement in a row when there is one that names the key. The message is verified anew. */
function statementIn(row: Row, key: Uint8Array, { ledger }: JoinedLedger): PlacedStatement | undefined {
  const { leaf, data } = row;
  if (!(leaf instanceof Uint8Array)) throw corrupt('leaf');
  const verified = verifyMessage(
    leaf,
    data instanceof Uint8Array ? data : undefined,
    ledger.id,
    ledger.limits,
  );
  if (!verified.ok) throw corrupt(`a message: ${verified.code}`);
  const statement = readKeyStatement(verified.value);
  if (!statement?.ok) return undefined;
  if (!namedKeys(statement.value.content).some((named) => equalBytes(named, key))) return undefined;
  return { height: integer(row, 'height'), index: integer(row, 'position'), statement: statement.value };
}

/** The rows of messages with a tag, page by page; those of blocks whose messages are not all here come afterwards. */
async function* taggedRows(database: Statements, joined: JoinedLedger, tag: Uint8Array): AsyncGenerator<Row> {
  const columns = 'message.id, message.height, message.position, message.leaf, message.data';
  const sources = [
    `FROM tag JOIN tagged ON tagged.tag = tag.id JOIN message ON message.id = tagged.message
     WHERE tag.ledger = ?1 AND tag.tag = ?2 AND message.height < ?3`,
    `FROM followed_carried AS tagged JOIN followed_message AS message ON message.id = tagged.message
     WHERE tagged.ledger = ?1 AND tagged.tag = ?2 AND message.height >= ?3`,
  ];
  for (const source of sources) {
    for (let after = 0; ;) {
      const rows = await database.all(
        `SELECT ${columns} ${source} AND tagged.message > ?4 ORDER BY tagged.message LIMIT ${page}`,
        ...[joined.row, tag, joined.filled, after],
      );
      for (const row of rows) {
        after = integer(row, 'id');
        yield row;
      }
      if (rows.length < page) break;
    }
  }
}

/** The statements that name a key, found under its key-status tag, as far as they are here. */
export async function statementsAbout(
  database: Statements,
  joined: JoinedLedger,
  key: Uint8Array,
): Promise<readonly PlacedStatement[]> {
  const found: PlacedStatement[] = [];
  for await (const row of taggedRows(database, joined, keyStatusTag(key))) {
    const statement = statementIn(row, key, joined);
    if (statement !== undefined) found.push(statement);
  }
  return found;
}

/**
 * Whether everything with the key's status tag is here, as far as the copy reaches.
 * @throws CountersignError `follow-tag` when this copy follows, and does not follow the key so far.
 */
export async function needKey(database: Statements, joined: JoinedLedger, key: Uint8Array): Promise<void> {
  const reach = reachOf(joined);
  if (reach <= joined.filled) return;
  const covered = await coveredBy(database, joined, keyStatusTag(key));
  if (covered === undefined || covered < reach) {
    throw new CountersignError<FollowCode>('follow-tag', toHex(key));
  }
}

/** The search for the history of a key, in what is here. @throws CountersignError `identity-history-too-long` */
export async function searchKey(
  database: Statements,
  joined: JoinedLedger,
  key: Uint8Array,
): Promise<KeySearch> {
  const search = new KeySearch(joined.ledger.id, key);
  for (let [next] = search.open; next !== undefined; [next] = search.open) {
    const taken = search.take(next, await statementsAbout(database, joined, next));
    if (!taken.ok) throw new CountersignError(taken.code, taken.detail);
  }
  return search;
}

/**
 * The history of a key as far as the local copy reaches.
 * @throws CountersignError `follow-tag`, or with an `identity-` code.
 */
export async function historyOf(
  database: Statements,
  joined: JoinedLedger,
  key: Uint8Array,
): Promise<IdentityHistory> {
  const search = await searchKey(database, joined, key);
  for (const taken of search.keys) await needKey(database, joined, taken);
  const history = search.history();
  if (!history.ok) throw new CountersignError(history.code, history.detail);
  return history.value;
}
