import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { fromUtf8, toUtf8 } from '../../src/core/bytes.ts';
import type { Database, Row, SqlValue } from '../../src/wallet/store/driver.ts';
import { openStore } from '../../src/wallet/store/open.ts';
import { OpenVault } from '../../src/wallet/vault/open-vault.ts';
import { hasPrivateRows, PrivateRows } from '../../src/wallet/vault/private-rows.ts';

const folder = mkdtempSync(join(tmpdir(), 'rows-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

const vault = new OpenVault('p', { profileKey: new Uint8Array(32).fill(5) });
let database: Database;
let rows: PrivateRows;
let count = 0;
beforeEach(async () => {
  database = await openStore(join(folder, `${++count}.sqlite`));
  rows = await PrivateRows.open(database, vault);
});
afterEach(() => database.close());

const text = async (kind: string, key: string): Promise<string | undefined> => {
  const plain = await rows.get(kind, key);
  return plain && fromUtf8(plain);
};
const dump = (table: string): Promise<readonly Row[]> => database.all(`SELECT * FROM ${table}`);
const restore = async (table: string, saved: readonly Row[]): Promise<void> => {
  await database.run(`DELETE FROM ${table}`);
  for (const row of saved) {
    const values: readonly SqlValue[] = Object.values(row);
    const places = values.map(() => '?').join(', ');
    await database.run(`INSERT INTO ${table} VALUES (${places})`, ...values);
  }
};
const reopened = (): Promise<PrivateRows> => PrivateRows.open(database, vault);

describe('private rows', () => {
  it('are kept, replaced, listed and removed', async () => {
    expect(await hasPrivateRows(database)).toBe(false);
    await rows.put('contact', 'b', toUtf8('two'));
    await rows.put('contact', 'a', toUtf8('one'));
    await rows.put('card', 'a', toUtf8('mine'));
    await rows.put('contact', 'b', toUtf8('2'));
    expect(await text('contact', 'b')).toBe('2');
    expect(await text('contact', 'c')).toBeUndefined();
    expect((await rows.all('contact')).map(({ key }) => key)).toEqual(['a', 'b']);
    await rows.remove('contact', 'a');
    await rows.remove('contact', 'never');
    expect((await (await reopened()).all('contact')).length).toBe(1);
    expect(await hasPrivateRows(database)).toBe(true);
  });

  it('cannot be read from the database file', async () => {
    await rows.put('contact', 'a', toUtf8('Alice of Acme'));
    const [row] = await dump('private_row');
    expect(Buffer.from(row?.['sealed'] as Uint8Array).includes('Alice')).toBe(false);
  });

  it('do not open when they are moved, renamed or changed', async () => {
    await rows.put('contact', 'a', toUtf8('one'));
    await rows.put('contact', 'b', toUtf8('two'));
    const saved = await dump('private_row');
    await database.exec("UPDATE private_row SET key = 'c' WHERE key = 'a'");
    await expect(rows.get('contact', 'c')).rejects.toMatchObject({ code: 'vault-rows' });
    await expect(reopened()).rejects.toMatchObject({ code: 'vault-rows' });
    await restore('private_row', saved);
    await database.exec("UPDATE private_row SET kind = 'card' WHERE key = 'a'");
    await expect(rows.get('card', 'a')).rejects.toMatchObject({ code: 'vault-rows' });
    await restore('private_row', saved);
    await database.exec(
      "UPDATE private_row SET sealed = (SELECT sealed FROM private_row WHERE key = 'b') WHERE key = 'a'",
    );
    await expect(rows.get('contact', 'a')).rejects.toMatchObject({ code: 'vault-rows' });
    await expect(rows.all('contact')).rejects.toMatchObject({ code: 'vault-rows' });
    await restore('private_row', saved);
    await database.exec("UPDATE private_row SET version = 9 WHERE key = 'a'");
    await expect(rows.get('contact', 'a')).rejects.toMatchObject({ code: 'vault-rows' });
    await restore('private_row', saved);
    expect(await text('contact', 'a')).toBe('one');
    await reopened();
  });

  it('are found out when one of them is put back to an older state', async () => {
    await rows.put('contact', 'a', toUtf8('old key'));
    await rows.put('contact', 'b', toUtf8('x'));
    const older = await dump('private_row');
    await rows.put('contact', 'a', toUtf8('new key'));
    const newer = await dump('private_row');
    await restore('private_row', older);
    await expect(reopened()).rejects.toMatchObject({ code: 'vault-rows' });
    await restore('private_row', newer);
    await reopened();
  });

  it('are found out when one is taken away or brought back', async () => {
    await rows.put('contact', 'a', toUtf8('one'));
    await rows.put('contact', 'b', toUtf8('two'));
    const both = await dump('private_row');
    await rows.remove('contact', 'a');
    const one = await dump('private_row');
    await restore('private_row', both);
    await expect(reopened()).rejects.toMatchObject({ code: 'vault-rows' });
    await restore('private_row', []);
    await expect(reopened()).rejects.toMatchObject({ code: 'vault-rows' });
    await restore('private_row', one);
    await reopened();
  });

  it('are found out when their mark is gone, older, or of another vault', async () => {
    await rows.put('contact', 'a', toUtf8('one'));
    const older = await dump('private_mark');
    await rows.put('contact', 'a', toUtf8('two'));
    const newer = await dump('private_mark');
    await restore('private_mark', older);
    await expect(reopened()).rejects.toMatchObject({ code: 'vault-rows' });
    await restore('private_mark', []);
    await expect(reopened()).rejects.toMatchObject({ code: 'vault-rows' });
    await restore('private_mark', newer);
    const other = new OpenVault('p', { profileKey: new Uint8Array(32).fill(6) });
    await expect(PrivateRows.open(database, other)).rejects.toMatchObject({ code: 'vault-foreign' });
  });

  it('count on from where they were: a row that comes back gets another version', async () => {
    await rows.put('contact', 'a', toUtf8('one'));
    await rows.remove('contact', 'a');
    await rows.put('contact', 'a', toUtf8('one'));
    expect((await dump('private_row')).map((row) => row['version'])).toEqual([3]);
    await rows.put('contact', 'b', toUtf8('two'));
    await rows.put('contact', 'a', toUtf8('one'));
    await rows.put('contact', 'b', toUtf8('two'));
    expect((await dump('private_row')).map((row) => row['version'])).toEqual([5, 6]);
  });
});
