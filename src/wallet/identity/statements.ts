/** Statements about keys, as the local copy of the record has them. */
import { equalBytes } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import type { IdentityHistory } from '../../core/identity/history.ts';
import type { PlacedStatement } from '../../core/identity/key-states.ts';
import { KeySearch } from '../../core/identity/search.ts';
import { keyStatusTag, namedKeys, readKeyStatement } from '../../core/identity/statement.ts';
import { verifyMessage } from '../../core/record/message.ts';
import type { Database, Row } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';

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

/** The statements that name a key, found under its key-status tag. */
export async function statementsAbout(
  database: Database,
  joined: JoinedLedger,
  key: Uint8Array,
): Promise<readonly PlacedStatement[]> {
  const found: PlacedStatement[] = [];
  for (let after = 0; ;) {
    const rows = await database.all(
      `SELECT message.id, message.height, message.position, message.leaf, message.data FROM tag
       JOIN tagged ON tagged.tag = tag.id JOIN message ON message.id = tagged.message
       WHERE tag.ledger = ? AND tag.tag = ? AND tagged.message > ? ORDER BY tagged.message LIMIT ${page}`,
      joined.row,
      keyStatusTag(key),
      after,
    );
    for (const row of rows) {
      after = integer(row, 'id');
      const statement = statementIn(row, key, joined);
      if (statement !== undefined) found.push(statement);
    }
    if (rows.length < page) return found;
  }
}

/** The history of a key as far as the local copy reaches. */
export async function historyOf(
  database: Database,
  joined: JoinedLedger,
  key: Uint8Array,
): Promise<IdentityHistory> {
  const search = new KeySearch(joined.ledger.id, key);
  for (let [next] = search.open; next !== undefined; [next] = search.open) {
    const taken = search.take(next, await statementsAbout(database, joined, next));
    if (!taken.ok) throw new CountersignError(taken.code, taken.detail);
  }
  const history = search.history();
  if (!history.ok) throw new CountersignError(history.code, history.detail);
  return history.value;
}
