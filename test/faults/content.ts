/** What a database holds of the record, in an order that does not depend on how it came. */
import { openDatabase } from '../../src/wallet/store/driver.ts';

export type Content = Readonly<Record<string, unknown>>;

/** Tags have numbers by when they came; what they say does not depend on that. */
const queries = {
  ledger:
    'SELECT id, hex(ledger_id) AS i, hex(founding) AS f, hex(checkpoint) AS c, hex(tree) AS t, size, filled FROM ledger',
  block: 'SELECT ledger, height, hex(header) AS h FROM block ORDER BY 1, 2',
  message: `SELECT id, ledger, height, position, hex(message_id) AS i, hex(leaf) AS l, hex(data) AS d FROM message
    ORDER BY id`,
  keys: 'SELECT hex(key) AS k, message FROM message_key ORDER BY 1, 2',
  tag: 'SELECT ledger, hex(tag) AS t, height, total FROM tag ORDER BY 1, 2',
  tagged: 'SELECT hex(tag.tag) AS t, message FROM tagged JOIN tag ON tag.id = tagged.tag ORDER BY 1, 2',
  loose: 'SELECT count(*) AS n FROM tagged',
  incoming: 'SELECT * FROM incoming',
} as const;

/** @throws CountersignError with a `store-` code */
export async function contentIn(path: string): Promise<Content> {
  const database = await openDatabase(path, 'create');
  try {
    const content: Record<string, unknown> = {};
    for (const [name, query] of Object.entries(queries)) content[name] = await database.all(query);
    return content;
  } finally {
    await database.close();
  }
}
