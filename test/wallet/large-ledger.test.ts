import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { diskReader } from '../../src/engines/disk-reader.ts';
import { startEngines } from '../../src/engines/start.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import { loadBlockLog } from '../../src/firehose/block-log.ts';
import { checkCopy } from '../../src/wallet/sync/check-copy.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { makeLedger } from '../bench/support/make-ledger.ts';
import { emptyCopy } from '../support/endpoint.ts';

const folder = mkdtempSync(join(tmpdir(), 'large-ledger-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function made(name: string, seed: number): Promise<{ path: string; root: string; id: Uint8Array }> {
  const path = join(folder, name);
  await makeLedger({ folder: path, messages: 1300, seed });
  const { log } = (await loadBlockLog(embeddedStorage(path).public)) ?? expect.fail();
  return { path, root: toHex(log.root), id: log.ledger.id };
}

describe('a ledger made for measurements', () => {
  it('is the same for the same seed, and is one that a wallet takes', async () => {
    await startEngines();
    const first = await made('first', 3);
    expect((await made('again', 3)).root).toBe(first.root);
    expect((await made('other', 4)).root).not.toBe(first.root);
    const copy = await emptyCopy(folder);
    const { log } = (await loadBlockLog(embeddedStorage(first.path).public)) ?? expect.fail();
    await copy.store.join(log.ledger, 'http://127.0.0.1:1/');
    const reader = diskReader(join(first.path, 'public'));
    expect(await syncLedger(copy.store, first.id, reader)).toMatchObject({ size: 3, filled: 3 });
    expect(await checkCopy(copy.store, first.id)).toMatchObject({ ok: true, value: { messages: 1300 } });
    await copy.database.close();
  }, 120_000);
});
