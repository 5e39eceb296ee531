import { describe, expect, it } from 'vitest';
import { fetchLedger } from '../../src/wallet/sync/fetch.ts';
import { endpointOf, filesOf } from '../support/endpoint.ts';
import { TestLedger } from '../support/ledger.ts';

function grow(ledger: TestLedger, size: number): TestLedger {
  while (ledger.size < size) ledger.seal([ledger.message()]);
  return ledger;
}

describe('the ledger with an id', () => {
  it('is fetched from anyone', async () => {
    const ledger = grow(new TestLedger('fetched'), 3);
    const found = await fetchLedger(endpointOf(filesOf(ledger)), ledger.ledger.id);
    expect(found.idText).toBe(ledger.ledger.idText);
  });

  it.each([
    ['no checkpoint', 'sync-checkpoint', (files: Map<string, Uint8Array>) => files.delete('checkpoint')],
    [
      'text for a checkpoint',
      'sync-no-ledger',
      (files) => files.set('checkpoint', Buffer.from('hello\n3\n')),
    ],
    ['an endless size', 'sync-no-ledger', (files) => files.set('checkpoint', note(files, '9'.repeat(30)))],
    ['a size below zero', 'sync-no-ledger', (files) => files.set('checkpoint', note(files, '-1'))],
    ['an empty log', 'sync-no-ledger', (files) => files.set('checkpoint', note(files, '0'))],
    [
      'a size that its files do not have',
      'sync-withheld',
      (files) => files.set('checkpoint', note(files, '2')),
    ],
    ['no entries', 'sync-withheld', (files) => files.delete('tile/entries/000.p/3')],
    [
      'half of its entries',
      'sync-malformed',
      (files) => files.set('tile/entries/000.p/3', new Uint8Array(5)),
    ],
    [
      'another first entry',
      'sync-no-ledger',
      (files) => files.set('tile/entries/000.p/3', new Uint8Array(6)),
    ],
  ] as readonly (readonly [string, string, (files: Map<string, Uint8Array>) => unknown])[])(
    'is not found where there is %s',
    async (_, code, change) => {
      const ledger = grow(new TestLedger('fetched'), 3);
      const files = filesOf(ledger);
      change(files);
      await expect(fetchLedger(endpointOf(files), ledger.ledger.id)).rejects.toMatchObject({ code });
    },
  );

  it('is not another ledger of the same name', async () => {
    const [one, two] = [new TestLedger('name'), new TestLedger('name', { dataBytes: 5 })];
    await expect(fetchLedger(endpointOf(filesOf(two)), one.ledger.id)).rejects.toMatchObject({
      code: 'sync-no-ledger',
    });
  });
});

/** The checkpoint with another size in it, which nobody signed. */
function note(files: ReadonlyMap<string, Uint8Array>, size: string): Uint8Array {
  return Buffer.from(
    Buffer.from(files.get('checkpoint') ?? [])
      .toString()
      .replace('\n3\n', `\n${size}\n`),
  );
}
