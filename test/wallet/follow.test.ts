import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { followLedger } from '../../src/wallet/follow/follow.ts';
import type { TestCopy } from '../support/endpoint.ts';
import { allFilesOf, copyToFollow, mine, partEndpoint, type Reads, wish } from '../support/follow.ts';
import { bytes32, TestLedger } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'follow-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function heldIds(copy: TestCopy): Promise<string[]> {
  const rows = await copy.database.all('SELECT message_id FROM followed_message ORDER BY height, position');
  return rows.map((row) => toHex(row['message_id'] as Uint8Array));
}

describe('a copy that follows', () => {
  it('holds everything that carries its tags, in blocks with pages and over roll-ups', async () => {
    const ledger = new TestLedger('many');
    const own: string[] = [];
    for (let height = 1; height < 530; height++) {
      const isOwn = [3, 4, 255, 256, 257, 300, 529].includes(height);
      const count = height === 300 ? 700 : 1;
      const messages = Array.from({ length: count }, (_, i) => {
        const tags = isOwn && i === count - 1 ? [mine] : [bytes32(`${height} ${i}`)];
        return ledger.message({ tags, data: toUtf8('data') });
      });
      if (isOwn) own.push(toHex(messages.at(-1)?.id ?? mine));
      ledger.seal(messages);
    }
    const copy = await copyToFollow(ledger, folder);
    const reads: Reads = { paths: [], bytes: 0 };
    const reader = partEndpoint(allFilesOf(ledger), () => undefined, reads);
    const report = await followLedger(copy.store, ledger.ledger.id, reader, wish);
    expect(report).toEqual({ size: 530, followed: 530, newMessages: 7 });
    expect(await heldIds(copy)).toEqual(own);
  });
});
