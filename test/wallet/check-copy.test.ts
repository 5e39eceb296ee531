import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareBytes, toUtf8 } from '../../src/core/bytes.ts';
import type { Row } from '../../src/wallet/store/driver.ts';
import { type Database, openDatabase } from '../../src/wallet/store/driver.ts';
import { RecordStore } from '../../src/wallet/store/record-store.ts';
import { checkCopy } from '../../src/wallet/sync/check-copy.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { contentOf, emptyCopy, endpointOf, filesOf } from '../support/endpoint.ts';
import { bytes32, TestLedger } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'check-test-'));
afterAll(async () => {
  await workbench.close();
  rmSync(folder, { recursive: true, force: true });
});

const ledger = new TestLedger('checked');
const good = join(folder, 'good.sqlite');
let content: Awaited<ReturnType<typeof contentOf>>;

/** Tags of all kinds: of many messages, of one, of an id that stands before, beside and after its carrier. */
function fillLedger(): void {
  const [many, once] = [bytes32('many'), bytes32('once')];
  const named = [0, 1, 2].map(() => ledger.message({ data: toUtf8('named') }));
  const carriers = named.map(({ id }) => ledger.message({ tags: [id, many].sort(compareBytes) }));
  const [a, b, c] = named;
  const [before, beside, after] = carriers;
  if (!a || !b || !c || !before || !beside || !after) throw new Error('three of each');
  ledger.seal([before, ledger.message({ tags: [once], data: new Uint8Array(300).fill(7) })]);
  ledger.seal([a, beside, b, c]);
  ledger.seal([after, ledger.message({ tags: [many] }), ledger.message()]);
  ledger.seal([ledger.message({ tags: [many], data: toUtf8('the last') })]);
}

beforeAll(async () => {
  fillLedger();
  const copy = await emptyCopy(folder);
  await copy.store.join(ledger.ledger, 'http://127.0.0.1/');
  await syncLedger(copy.store, ledger.ledger.id, endpointOf(filesOf(ledger)));
  content = await contentOf(copy.database);
  await copy.database.close();
  copyFileSync(copy.path, good);
  copyFileSync(copy.path, join(folder, 'workbench.sqlite'));
  workbench = await openDatabase(join(folder, 'workbench.sqlite'), 'create');
  await workbench.exec('PRAGMA foreign_keys = OFF');
});

/** Checks a database file as it stands. @returns the code of what is wrong, or 'whole'. */
async function verdictOn(path: string): Promise<{ verdict: string; content: unknown }> {
  let database: Database | undefined;
  try {
    database = await openDatabase(path, 'create');
    const checked = await checkCopy(new RecordStore(database), ledger.ledger.id);
    if (!checked.ok) return { verdict: checked.code, content: undefined };
    return { verdict: 'whole', content: await contentOf(database) };
  } catch (error) {
    return { verdict: (error as { code?: string }).code ?? String(error), content: undefined };
  } finally {
    await database?.close().catch(() => undefined);
  }
}

type Statement = readonly [string, ...(string | number | Uint8Array | null)[]];

/** The good copy, in which changes are made that are undone again. */
let workbench: Database;

/** Checks the good copy with these statements done to it. @returns the code of what is wrong, or 'whole'. */
async function after(...statements: readonly Statement[]): Promise<string> {
  let verdict = 'no row was changed';
  const undo = new Error('undo');
  const done = workbench.transaction(async (inside) => {
    let changes = statements.length === 0 ? 1 : 0;
    for (const [sql, ...values] of statements) changes += await inside.run(sql, ...values);
    if (changes > 0) {
      const store = new RecordStore({ ...workbench, ...inside });
      verdict = await checkCopy(store, ledger.ledger.id).then(
        (checked) => (checked.ok ? 'whole' : checked.code),
        (error: unknown) => (error as { code?: string }).code ?? String(error),
      );
    }
    throw undo;
  });
  await expect(done).rejects.toBe(undo);
  return verdict;
}

async function rowsOf(table: string): Promise<readonly Row[]> {
  const database = await openDatabase(good, 'read');
  const rows = await database.all(`SELECT * FROM ${table}`);
  await database.close();
  return rows;
}

const tables = ['ledger', 'block', 'message', 'message_key', 'tag', 'tagged'] as const;

/** A condition that is true of one row alone. */
function only(row: Row): Statement {
  const columns = Object.keys(row);
  return [columns.map((name) => `${name} IS ?`).join(' AND '), ...columns.map((name) => row[name] ?? null)];
}

describe('the check of a copy', () => {
  it('says what it went through', async () => {
    const database = await openDatabase(good, 'read');
    expect(await checkCopy(new RecordStore(database), ledger.ledger.id)).toEqual({
      ok: true,
      value: { blocks: 5, messages: 10, withoutData: 0, unfilled: 0, followed: 0 },
    });
    expect(await checkCopy(new RecordStore(database), bytes32('another'))).toMatchObject({
      ok: false,
      code: 'copy-no-ledger',
    });
    await database.close();
    expect(await after()).toBe('whole');
  });

  it('says so when data is not there, and accepts that alone', async () => {
    const path = join(folder, 'redacted.sqlite');
    copyFileSync(good, path);
    const database = await openDatabase(path, 'create');
    await database.exec('UPDATE message SET data = NULL WHERE position = 0');
    expect(await checkCopy(new RecordStore(database), ledger.ledger.id)).toMatchObject({
      ok: true,
      value: { messages: 10, withoutData: 4 },
    });
    await database.close();
  });

  it('misses no row that is gone', async () => {
    for (const table of tables) {
      const rows = await rowsOf(table);
      expect(rows.length).toBeGreaterThan(0);
      for (const [i, row] of rows.entries()) {
        const [where, ...values] = only(row);
        const verdict = await after([`DELETE FROM ${table} WHERE ${where}`, ...values]);
        expect(verdict, `${table} ${i}`).toMatch(/^(copy|store)-/);
      }
    }
  });

  it('misses no row that is too many', async () => {
    const [id, other] = [bytes32('extra'), bytes32('other')];
    const [message] = await rowsOf('message');
    const [tag] = await rowsOf('tag');
    const tagged = await rowsOf('tagged');
    const carriers = tagged.filter((row) => row['tag'] === tag?.['id']);
    const lacking =
      [1, 2, 3, 4, 5].find((row) => !carriers.some((carrier) => carrier['message'] === row)) ?? 0;
    // Carried in the first block alone: nothing in the last one asks for it.
    const early = tagged.find((row) => row['message'] === 2)?.['tag'] ?? 0;
    const own = (await rowsOf('message')).find(
      ({ data }) => data !== null && Buffer.from(data as Uint8Array).toString() === 'the last',
    );
    for (const [name, ...statements] of [
      ['a header beyond the head', ['INSERT INTO block VALUES (1, 5, ?)', ledger.at(4).entry]],
      ['a message beyond the head', ['INSERT INTO message VALUES (99, 1, 5, 0, ?, ?, NULL)', id, other]],
      ['a message after the last', ['INSERT INTO message VALUES (99, 1, 4, 1, ?, ?, NULL)', id, other]],
      ['a message after a gap', ['INSERT INTO message VALUES (99, 1, 4, 5, ?, ?, NULL)', id, other]],
      ['a message in the first block', ['INSERT INTO message VALUES (99, 1, 0, 0, ?, ?, NULL)', id, other]],
      ['a tag of nothing', ['INSERT INTO tag VALUES (99, 1, ?, 1, 1)', id]],
      [
        'a tag of an id that nobody carries',
        ['INSERT INTO tag VALUES (99, 1, ?, 4, 1)', own?.['message_id'] ?? id],
      ],
      ['a tag of a message that lacks it', ['INSERT INTO tagged VALUES (?, ?)', tag?.['id'] ?? 0, lacking]],
      ['an early tag of the last message', ['INSERT INTO tagged VALUES (?, 10)', early]],
      ['a tag of a message that is not there', ['INSERT INTO tagged VALUES (?, 77)', tag?.['id'] ?? 0]],
      [
        'a message under a tag that is not there',
        ['INSERT INTO tagged VALUES (77, ?)', message?.['id'] ?? 0],
      ],
      ['a header of a ledger that is not there', ['INSERT INTO block VALUES (7, 1, ?)', id]],
      [
        'a message of a ledger that is not there',
        ['INSERT INTO message VALUES (99, 7, 1, 0, ?, ?, NULL)', id, other],
      ],
    ] as readonly (readonly [string, Statement])[]) {
      expect(await after(...statements), name).toMatch(/^copy-/);
    }
  });

  it('misses no value that is another one, in any column of any row', async () => {
    const missed: string[] = [];
    for (const table of tables) {
      for (const [i, row] of (await rowsOf(table)).entries()) {
        const [where, ...values] = only(row);
        for (const [column, value] of Object.entries(row)) {
          const changes =
            typeof value === 'number'
              ? [value + 1, value - 1, value + 1000, -value - 1]
              : value instanceof Uint8Array
                ? flipped(value)
                : [value === null ? new Uint8Array(1) : `${value}x`];
          for (const change of changes) {
            const set = `UPDATE OR IGNORE ${table} SET ${column} = ? WHERE ${where}`;
            const verdict = await after([set, change, ...values]);
            if (verdict === 'whole')
              missed.push(`${table} ${i} ${column} ${typeof change === 'number' ? change : ''}`);
          }
        }
      }
    }
    // Where to fetch from is no part of the record, how far one's own was followed is not shown without a network; and the number of the last message's row says only that it is last.
    expect(
      missed.filter((name) => !/^ledger 0 (?:endpoint|followed)|^message 9 id (11|1010)$/.test(name)),
    ).toEqual([]);
  });

  it('misses no two rows that changed places', async () => {
    const swap = (table: string, column: string, key: string, a: number, b: number): Promise<string> =>
      after([
        `UPDATE ${table} SET ${column} = (SELECT ${column} FROM ${table} AS o WHERE o.${key} = ?1 + ?2 - ${table}.${key})
         WHERE ${key} IN (?1, ?2)`,
        a,
        b,
      ]);
    expect(await swap('block', 'header', 'height', 1, 2)).toBe('copy-header');
    expect(await swap('message', 'leaf', 'id', 1, 2)).toMatch(/^copy-/);
    expect(await swap('message', 'data', 'id', 2, 3)).toMatch(/^copy-/);
    // Where a unique index stands in the way, over a third value; then the order of the rows is all that is different.
    const through = (table: string, column: string, a: number, b: number): Promise<string> =>
      after(
        ...[
          [a, -7],
          [b, a],
          [-7, b],
        ].map(
          ([from = 0, to = 0]) =>
            [`UPDATE ${table} SET ${column} = ? WHERE ${column} = ?`, to, from] as const,
        ),
      );
    expect(await through('message', 'id', 9, 10)).toMatch(/^copy-/);
    const lastComesFirst: readonly Statement[] = [
      ['UPDATE tagged SET message = message + 5'],
      ['UPDATE message_key SET message = message + 5'],
      ['UPDATE message SET id = -id'],
      ['UPDATE message SET id = 5 - id'],
      ['UPDATE tagged SET message = 1 WHERE message = 15'],
      ['UPDATE message_key SET message = 1 WHERE message = 15'],
      ['UPDATE message SET id = 1 WHERE id = 15'],
    ];
    expect(await after(...lastComesFirst.slice(0, 4))).toBe('whole');
    expect(await after(...lastComesFirst)).toBe('copy-message');
    expect(await through('tag', 'id', 1, 2)).toMatch(/^copy-/);
  });

  it('misses no bit that is another one in the file, unless nothing of the record is', async () => {
    const bytes = readFileSync(good);
    const path = join(folder, 'bit.sqlite');
    const verdicts = new Map<string, number>();
    // Zeros are mostly room that nothing uses.
    const places = [...bytes.keys()].filter((at) => bytes[at] !== 0);
    const count = 400;
    for (let n = 0; n < count; n++) {
      // Spread over the whole file, another bit each time.
      const at = places[Math.floor(((n + 0.5) / count) * places.length)] ?? 0;
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(at) ^ (1 << ((n * 5) % 8)), at);
      writeFileSync(path, changed);
      const { verdict, content: found } = await verdictOn(path);
      if (verdict === 'whole') expect(withoutEndpoint(found), `byte ${at}`).toEqual(withoutEndpoint(content));
      verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
    }
    const refused = count - (verdicts.get('whole') ?? 0);
    expect(refused, JSON.stringify([...verdicts])).toBeGreaterThan(150);
    const allowed = /^(whole|copy-[a-z-]+|store-(corrupt|cannot-open|failed|future))$/;
    expect([...verdicts.keys()].filter((verdict) => !allowed.test(verdict))).toEqual([]);
  });
});

/** The bytes with one bit changed at the start, in the middle and at the end, and one byte shorter and longer. */
function flipped(bytes: Uint8Array): Uint8Array[] {
  const places = [0, Math.floor(bytes.length / 2), bytes.length - 1].filter(
    (at) => at >= 0 && bytes.length > 0,
  );
  const changed = [...new Set(places)].map((at) => {
    const copy = Uint8Array.from(bytes);
    copy[at] = (copy[at] ?? 0) ^ 1;
    return copy;
  });
  return [...changed, bytes.slice(0, Math.max(0, bytes.length - 1)), Uint8Array.of(...bytes, 0)].filter(
    (change) => Buffer.compare(change, bytes) !== 0,
  );
}

/** What of the content is of the record. Names of columns are the same to SQLite in large and in small letters. */
function withoutEndpoint(found: unknown): unknown {
  return JSON.parse(JSON.stringify(found).toLowerCase(), (name, value: unknown) =>
    name === 'endpoint' ? undefined : value,
  );
}
