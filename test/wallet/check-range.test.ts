import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toUtf8 } from '../../src/core/bytes.ts';
import { openDatabase } from '../../src/wallet/store/driver.ts';
import { RecordStore } from '../../src/wallet/store/record-store.ts';
import type { CheckProgress } from '../../src/wallet/sync/check-copy.ts';
import { checkRange } from '../../src/wallet/sync/check-range.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { emptyCopy, endpointOf, filesOf } from '../support/endpoint.ts';
import { bytes32, TestLedger } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'range-test-'));
const good = join(folder, 'good.sqlite');
const ledger = new TestLedger('range');

beforeAll(async () => {
  for (const count of [2, 1, 3, 1, 2]) {
    const messages = Array.from({ length: count }, () =>
      ledger.message({ data: toUtf8('data'), tags: [bytes32('tag')] }),
    );
    ledger.seal(messages);
  }
  const copy = await emptyCopy(folder);
  await copy.store.join(ledger.ledger, 'http://127.0.0.1/');
  await syncLedger(copy.store, ledger.ledger.id, endpointOf(filesOf(ledger)));
  await copy.database.close();
  copyFileSync(copy.path, good);
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  readonly from: number;
  readonly to: number;
}

/** Checks a range of the good copy, with a statement done to it. */
async function checked(range: Asked, sql?: string, onProgress?: (progress: CheckProgress) => void) {
  const path = join(folder, 'changed.sqlite');
  copyFileSync(good, path);
  const database = await openDatabase(path, 'create');
  try {
    await database.exec('PRAGMA foreign_keys = OFF');
    if (sql !== undefined) expect(await database.run(sql)).toBeGreaterThan(0);
    const options = onProgress === undefined ? {} : { onProgress };
    return await checkRange(new RecordStore(database), ledger.ledger.id, range, options);
  } finally {
    await database.close();
  }
}

const value = { size: 6, withoutData: 0, unfilled: 0, followed: 0 };

describe('the check of some blocks', () => {
  it('says what it went through', async () => {
    expect(await checked({ from: 0, to: 5 })).toEqual({
      ok: true,
      value: { ...value, messages: 9, isWhole: true },
    });
    expect(await checked({ from: 2, to: 4 })).toEqual({
      ok: true,
      value: { ...value, messages: 5, isWhole: false },
    });
    expect(await checked({ from: 0, to: 0 })).toMatchObject({ value: { messages: 0 } });
    expect(await checked({ from: 5, to: 5 })).toMatchObject({ value: { messages: 2 } });
    await expect(checked({ from: 3, to: 6 })).rejects.toThrow(RangeError);
    await expect(checked({ from: 3, to: 2 })).rejects.toThrow(RangeError);
  });

  it('says how far it is', async () => {
    const seen: CheckProgress[] = [];
    await checked({ from: 2, to: 4 }, undefined, (progress) => seen.push(progress));
    expect(seen[0]).toMatchObject({ phase: 'headers', done: 6, of: 6 });
    expect(seen.at(-1)).toMatchObject({ phase: 'messages', done: 5, of: 5 });
  });

  const flipped = (column: string): string =>
    `${column} = CAST(substr(${column}, 1, 2) || char(1) || substr(${column}, 4) AS BLOB)`;

  it.each(['leaf', 'data', 'message_id'])(
    'finds a changed byte in the column %s, in its block alone',
    async (column) => {
      const sql = `UPDATE message SET ${flipped(column)} WHERE height = 3 AND position = 1`;
      expect(await checked({ from: 2, to: 4 }, sql)).toMatchObject({ ok: false, code: 'copy-message' });
      expect(await checked({ from: 3, to: 3 }, sql)).toMatchObject({ ok: false, code: 'copy-message' });
      expect(await checked({ from: 4, to: 5 }, sql)).toMatchObject({ ok: true });
    },
  );

  it.each([
    'DELETE FROM message WHERE height = 3 AND position = 2',
    'UPDATE message SET position = 7 WHERE height = 3 AND position = 2',
  ])('finds messages that are not where they were: %s', async (sql) => {
    expect(await checked({ from: 2, to: 4 }, sql)).toMatchObject({ ok: false, code: 'copy-message' });
  });

  it('finds a changed header wherever it is', async () => {
    const sql = `UPDATE block SET header = CAST(replace(CAST(header AS TEXT), '"size":', '"size":1') AS BLOB) WHERE height = 4`;
    for (const range of [
      { from: 1, to: 2 },
      { from: 4, to: 5 },
    ])
      expect(await checked(range, sql)).toMatchObject({ ok: false, code: 'copy-header' });
  });

  it('finds a header that the signed head does not commit to', async () => {
    const sql = `UPDATE block SET header = CAST(replace(CAST(header AS TEXT), '"size":', '"size":1') AS BLOB) WHERE height = 5`;
    expect(await checked({ from: 1, to: 2 }, sql)).toMatchObject({ ok: false, code: 'copy-root' });
  });

  it('finds lists that leave messages out when all blocks are checked', async () => {
    const sql = 'DELETE FROM tagged WHERE message = (SELECT min(message) FROM tagged)';
    expect(await checked({ from: 0, to: 5 }, sql)).toMatchObject({ ok: false, code: 'copy-index' });
  });

  it('counts data that is not here', async () => {
    const sql = 'UPDATE message SET data = NULL WHERE height = 3';
    expect(await checked({ from: 3, to: 4 }, sql)).toMatchObject({ ok: true, value: { withoutData: 3 } });
  });
});
