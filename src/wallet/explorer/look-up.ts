/** Looking up in the local copy by a name: blocks by height and hash, messages by the beginning of their id. */
import type { BlockHeader } from '../../core/record/header.ts';
import type { Statements } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import { fitting, idRange } from './conditions.ts';
import { bytesIn, type FoundMessage, headerFrom, integerIn, listedColumns, rehashHeaders } from './copy.ts';

/** One page of block headers, newest first, below a height. */
export async function findBlocks(
  statements: Statements,
  joined: JoinedLedger,
  limit: number,
  before: number,
): Promise<readonly BlockHeader[]> {
  const rows = await statements.all(
    'SELECT height, header FROM block WHERE ledger = ? AND height < ? ORDER BY height DESC LIMIT ?',
    joined.row,
    Math.min(before, joined.size),
    limit,
  );
  const headers = rows.map((row) => headerFrom(joined, bytesIn(row, 'header'), integerIn(row, 'height')));
  await rehashHeaders(statements, joined, headers);
  return headers;
}

/** The messages whose ids begin with these digits; at most two, which is enough to know that it is not one. */
export async function messagesWithIdFrom(
  statements: Statements,
  joined: JoinedLedger,
  digits: string,
): Promise<readonly FoundMessage[]> {
  const [from, to] = idRange(digits);
  const rows = await statements.all(
    `SELECT ${listedColumns} FROM message_key JOIN message ON message.id = message_key.message
     WHERE message_key.key BETWEEN substr(?2, 1, 8) AND substr(?3, 1, 8)
       AND ledger = ?1 AND message_id BETWEEN ?2 AND ?3 AND height < ?4
     UNION ALL SELECT ${listedColumns} FROM followed_message AS message
       WHERE ledger = ?1 AND message_id BETWEEN ?2 AND ?3 AND height >= ?4 LIMIT 2`,
    ...[joined.row, from, to, joined.filled],
  );
  return fitting(statements, joined, { idFrom: digits }, rows);
}

/** The block whose header has this hash (64 hexadecimal digits), or undefined. */
export async function blockWithHash(
  statements: Statements,
  joined: JoinedLedger,
  hash: string,
): Promise<BlockHeader | undefined> {
  const [newest] = await findBlocks(statements, joined, 1, joined.size);
  if (newest !== undefined && Buffer.from(newest.hash).toString('hex') === hash) return newest;
  // Every other block is named by the one above it.
  const [row] = await statements.all(
    'SELECT height FROM block WHERE ledger = ? AND instr(header, CAST(? AS BLOB)) > 0 LIMIT 1',
    joined.row,
    `"previous":"${hash}"`,
  );
  if (row === undefined) return undefined;
  const [found] = await findBlocks(statements, joined, 1, integerIn(row, 'height'));
  return found;
}
