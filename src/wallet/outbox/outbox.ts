/**
 * The outbox: what this profile signed and how far it got. A message is queued (sealed, on this machine only), accepted
 * (the operator promised, signed, to record it) and then in a block, which counts only by one's own check. All of it
 * survives restarts, and a message keeps its bytes, so that however often it is sent it stays one message.
 */
import { fromHex, toHex } from '../../core/bytes.ts';
import { type SignedMessage, wireBytes } from '../../core/record/envelope.ts';
import { type VerifiedMessage, verifyWire } from '../../core/record/message.ts';
import { bytesIn, damaged, integerIn } from '../explorer/copy.ts';
import type { Database, Row } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { PrivateRows } from '../vault/private-rows.ts';

const states = ['queued', 'accepted', 'in-block', 'refused', 'broken'] as const;

/** How far a message is. `broken`: promised, and by the verified copy not recorded in time. */
export type OutboxState = (typeof states)[number];

/** A message on its way. */
export interface OutboxItem {
  readonly row: number;
  /** The message's id. */
  readonly id: Uint8Array;
  readonly state: OutboxState;
  /** How often sending failed. */
  readonly attempts: number;
  /** Not sent again by itself before this time, in seconds since 1970. */
  readonly nextAttempt: number;
  /** Why it is not further: a code, and what was met. */
  readonly problem: string | undefined;
  /** The note of the inclusion promise. */
  readonly promise: Uint8Array | undefined;
  /** The height of its block. */
  readonly height: number | undefined;
  /** A file of `docs/spec/evidence.md` that shows that the promise was broken. */
  readonly evidence: Uint8Array | undefined;
}

/** The kind of the private rows that hold the messages themselves. */
const rowKind = 'outbox';
/** Messages that are kept in one step. */
const mostAtOnce = 100;

function rowKey(joined: JoinedLedger, id: Uint8Array): string {
  return `${joined.ledger.idText}/${toHex(id)}`;
}

function itemOf(row: Row): OutboxItem {
  const optional = (column: string): Uint8Array | undefined =>
    row[column] === null ? undefined : bytesIn(row, column);
  const state = states.find((known) => known === row['state']);
  if (state === undefined) throw damaged('outbox');
  return {
    row: integerIn(row, 'id'),
    id: bytesIn(row, 'message_id'),
    state,
    attempts: integerIn(row, 'attempts'),
    nextAttempt: integerIn(row, 'next_attempt'),
    problem: typeof row['problem'] === 'string' ? row['problem'] : undefined,
    promise: optional('promise'),
    height: row['height'] === null ? undefined : integerIn(row, 'height'),
    evidence: optional('evidence'),
  };
}

/** Puts messages into the table; those that are there already stay as they are. One statement: all or none. */
async function enter(database: Database, joined: JoinedLedger, ids: readonly Uint8Array[]): Promise<void> {
  const rows = ids.map((_, i) => `(?1, ?${i + 2}, 'queued')`).join(', ');
  await database.run(
    `INSERT INTO outbox (ledger, message_id, state) VALUES ${rows} ON CONFLICT DO NOTHING`,
    joined.row,
    ...ids,
  );
}

/**
 * Queues signed messages of a ledger, to be sent when there is a way. No network is needed. What was queued before is
 * left as it is.
 */
export async function queueMessages(
  database: Database,
  rows: PrivateRows,
  joined: JoinedLedger,
  messages: readonly SignedMessage[],
): Promise<void> {
  for (let i = 0; i < messages.length; i += mostAtOnce) {
    const some = messages.slice(i, i + mostAtOnce);
    // The sealed message first: one that stands in the table can always be sent.
    await rows.putAll(
      rowKind,
      some.map((message) => ({ key: rowKey(joined, message.id), plain: wireBytes(message) })),
    );
    await enter(
      database,
      joined,
      some.map(({ id }) => id),
    );
  }
}

/** Enters messages that were sealed when a stop came before they stood in the table. */
export async function adoptSealed(database: Database, joined: JoinedLedger): Promise<void> {
  const start = `${joined.ledger.idText}/`;
  const rows = await database.all(
    `SELECT substr(key, length(?2) + 1) AS id FROM private_row
     WHERE kind = ?1 AND substr(key, 1, length(?2)) = ?2`,
    rowKind,
    start,
  );
  for (const { id } of rows) {
    const bytes = fromHex(typeof id === 'string' ? id : '', 32);
    if (bytes !== undefined) await enter(database, joined, [bytes]);
  }
}

/** A queued message; undefined when it cannot be read any more. */
export async function sealedMessage(
  rows: PrivateRows,
  joined: JoinedLedger,
  id: Uint8Array,
): Promise<VerifiedMessage | undefined> {
  const wire = await rows.get(rowKind, rowKey(joined, id));
  const { ledger } = joined;
  const message = wire && verifyWire(wire, ledger.id, ledger.limits);
  return message?.ok === true ? message.value : undefined;
}

/** Forgets the sealed messages of those that stand in a block: the record has them now. */
export async function forgetSealed(
  database: Database,
  rows: PrivateRows,
  joined: JoinedLedger,
): Promise<void> {
  const found = await database.all(
    `SELECT message_id FROM outbox JOIN private_row
       ON kind = ?2 AND key = ?3 || lower(hex(message_id))
     WHERE ledger = ?1 AND state = 'in-block'`,
    joined.row,
    rowKind,
    `${joined.ledger.idText}/`,
  );
  for (const row of found) await rows.remove(rowKind, rowKey(joined, bytesIn(row, 'message_id')));
}

/** The messages of a ledger that are not in a block by one's own check, in the order in which they were queued. */
export async function openItems(database: Database, joined: JoinedLedger): Promise<readonly OutboxItem[]> {
  const rows = await database.all(
    "SELECT * FROM outbox WHERE ledger = ? AND state <> 'in-block' ORDER BY id",
    joined.row,
  );
  return rows.map(itemOf);
}

/** How far one message is, or undefined when it was never queued here. */
export async function outboxItem(
  database: Database,
  joined: JoinedLedger,
  id: Uint8Array,
): Promise<OutboxItem | undefined> {
  const [row] = await database.all(
    'SELECT * FROM outbox WHERE ledger = ? AND message_id = ?',
    joined.row,
    id,
  );
  return row && itemOf(row);
}

/** All messages of a ledger that were ever queued here, the newest first, at most `limit`. */
export async function newestItems(
  database: Database,
  joined: JoinedLedger,
  limit: number,
): Promise<readonly OutboxItem[]> {
  const rows = await database.all(
    'SELECT * FROM outbox WHERE ledger = ? ORDER BY id DESC LIMIT ?',
    joined.row,
    limit,
  );
  return rows.map(itemOf);
}

/** Messages of a ledger that were queued here: first those that are in no block, then the newest; at most `limit`. */
export async function openFirst(
  database: Database,
  joined: JoinedLedger,
  limit: number,
): Promise<readonly OutboxItem[]> {
  const rows = await database.all(
    "SELECT * FROM outbox WHERE ledger = ? ORDER BY state = 'in-block', id DESC LIMIT ?",
    joined.row,
    limit,
  );
  return rows.map(itemOf);
}

/**
 * Queues a message once more whose promise was broken: the same bytes, so that it stays one message. The evidence stays.
 * @returns whether there was such a message, whose promise was broken and which is in no block.
 */
export async function queueAgain(database: Database, joined: JoinedLedger, id: Uint8Array): Promise<boolean> {
  const changed = await database.run(
    `UPDATE outbox SET state = 'queued', attempts = 0, next_attempt = 0, problem = NULL
     WHERE ledger = ? AND message_id = ? AND state = 'broken'`,
    joined.row,
    id,
  );
  return changed === 1;
}

/**
 * Takes back a message that waits and that no firehose is known to have taken: it is not sent any more.
 * @returns whether it was taken back.
 */
export async function withdrawQueued(
  database: Database,
  rows: PrivateRows,
  joined: JoinedLedger,
  id: Uint8Array,
): Promise<boolean> {
  const changed = await database.run(
    "DELETE FROM outbox WHERE ledger = ? AND message_id = ? AND state = 'queued'",
    joined.row,
    id,
  );
  if (changed === 1) await rows.remove(rowKind, rowKey(joined, id));
  return changed === 1;
}

/** How far each message of a ledger is, by its id in hexadecimal, and the height of its block. */
export async function outboxStates(
  database: Database,
  joined: JoinedLedger,
): Promise<ReadonlyMap<string, { readonly state: OutboxState; readonly height: number | undefined }>> {
  const rows = await database.all(
    'SELECT message_id, state, height FROM outbox WHERE ledger = ? ORDER BY id',
    joined.row,
  );
  return new Map(
    rows.map((row) => {
      const state = states.find((known) => known === row['state']);
      if (state === undefined) throw damaged('outbox');
      const height = row['height'] === null ? undefined : integerIn(row, 'height');
      return [toHex(bytesIn(row, 'message_id')), { state, height }];
    }),
  );
}
