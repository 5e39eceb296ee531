/** Words and firehose alone: what comes back on a second machine, what does not, and that the output says which. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canUseKeyring, keyringSuite, Town } from '../support/cli-people.ts';
import { stopServices } from '../support/served.ts';

const parent = mkdtempSync(join(tmpdir(), 'second-machine-'));
afterAll(async () => {
  await stopServices();
  rmSync(parent, { recursive: true, force: true });
});

interface Shown {
  readonly ledgers: readonly { readonly current: string; readonly usable: boolean }[];
}

interface Found {
  readonly records: readonly { readonly message: string; readonly file?: string; readonly labels: object }[];
  readonly elsewhere: number;
}

describe.skipIf(!canUseKeyring)(keyringSuite('an identity on a second machine'), () => {
  let town: Town;
  const json = async <T>(who: string, ...args: readonly string[]): Promise<T> =>
    JSON.parse(await town.ok(who, [...args, '--json'])) as T;
  const file = (name: string): string => town.path(`${name}.txt`);
  const published = ['--matter', '2026-117', '--publish', '--yes'];

  beforeAll(async () => {
    town = await Town.start(parent);
    for (const name of ['open', 'secret', 'other']) writeFileSync(file(name), `the file ${name}`);
    await town.person('ann', '--name', 'Ann Example');
    await town.ok('ann', ['identity', 'card', '--out', town.path('ann.card')]);
    await town.ok('ann', ['notarize', file('open'), ...published]);
    await town.ok('ann', ['notarize', file('secret'), '--matter', '2026-118']);
    await town.ok('ann', ['notarize', file('other'), '--public-hash', '--yes']);
    await town.person('ben', '--name', 'Ben Example');
    await town.ok('ben', ['identity', 'card', '--out', town.path('ben.card')]);

    const restored = await town.run('again', ['identity', 'restore', '--words-from', town.path('ann.words')]);
    expect([restored.code, restored.stdout.split('\n')[0]]).toEqual([
      0,
      'Restored an identity into the profile default, protected by the keychain.',
    ]);
    expect(restored.stderr).toContain('they come back from a backup only.');
    await town.ok('again', ['ledger', 'join', town.card, '--yes']);
    await town.ok('again', ['sync']);
  });
  afterAll(() => town.stop());

  it('has the key that counts, and can sign with it', async () => {
    await town.sync('ann');
    const [first, second] = [
      await json<Shown>('ann', 'identity', 'show'),
      await json<Shown>('again', 'identity', 'show'),
    ];
    expect(second.ledgers[0]).toMatchObject({ current: first.ledgers[0]?.current, usable: true });
  });

  it('finds its records: by published labels, and by the files themselves', async () => {
    const all = await json<Found>('again', 'search', '--matter', '2026');
    expect([all.records, all.elsewhere]).toMatchObject([[{ labels: { matter: '2026-117' } }], 3]);
    expect(all.records[0]).not.toHaveProperty('file');
    const secret = await town.run('again', ['search', '--matter', '2026-118']);
    expect([secret.code, secret.stdout]).toEqual([0, '']);
    expect(secret.stderr).toContain('3 records of yours were made elsewhere, or before a restore');
    for (const name of ['open', 'secret', 'other']) {
      expect(await town.ok('again', ['check', file(name)])).toContain(
        ' is identical to the file recorded in block ',
      );
    }
  });

  it('records nothing twice, and has receipts again', async () => {
    const receipts = town.path('receipts');
    const runs = [
      await town.ok('again', ['notarize', file('open'), ...published, '--receipts', receipts]),
      await town.ok('again', ['notarize', file('secret'), '--matter', '2026-118', '--receipts', receipts]),
      await town.ok('again', ['notarize', file('other'), '--public-hash', '--yes', '--receipts', receipts]),
    ];
    for (const run of runs)
      expect(run).toMatch(/^\w+\.txt: recorded before; on record in block \d+, sealed /);
    const names = readdirSync(receipts).filter((name) => name.endsWith('.json'));
    expect(names).toHaveLength(3);
    for (const name of names) {
      const path = town.path(name.replace(/-[0-9a-f]{12}\.receipt\.json$/, ''));
      const { ledger } = town.served;
      const args = ['check', path, '--receipt', join(receipts, name), '--ledger', ledger.idText];
      expect((await town.run('stranger', args)).code, name).toBe(0);
    }
    const mine = await json<Found>('again', 'search', '--matter', '2026');
    expect(mine.records.map(({ file: known }) => known).sort()).toEqual(['open.txt', 'secret.txt']);
    expect(mine.elsewhere).toBe(0);
    // Other labels are another record: it is new.
    const other = await town.ok('again', [
      'notarize',
      file('open'),
      '--matter',
      '2026-119',
      '--publish',
      '--yes',
    ]);
    expect(other).not.toContain('recorded before');
  });

  it('has no contacts, and the statements of theirs: a card that is given again is held against the record', async () => {
    expect(await town.ok('again', ['contact', 'list'])).toBe('');
    const added = await town.ok('again', ['contact', 'add', town.path('ben.card'), '--name', 'Ben']);
    expect(added).toContain('its key counts');
    const card = await town.run('again', ['identity', 'card']);
    expect([card.code, card.stderr.includes('[own-card-unknown]')]).toEqual([2, true]);
    await town.ok('again', ['identity', 'card', '--name', 'Ann Example']);
  });
});
