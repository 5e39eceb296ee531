import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hostileLies } from '../support/hostile/lies.ts';
import { honestRun, seeBrokenPromise, seeThrough } from '../support/hostile/run.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostile-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

describe('a hostile firehose', () => {
  it.each(hostileLies.map((lie, i) => [lie.name, lie.code, i] as const))(
    'that serves %s is seen through: %s',
    async (name, code, seed) => {
      expect(await seeThrough(name, seed, folder)).toMatchObject({ code });
    },
  );
});

describe('a firehose that does not keep its word', () => {
  it('is shown to, goes on being read, and gets the message again when its sender says so', async () => {
    const { code, sentence } = await seeBrokenPromise(1, folder);
    expect(code).toBe('outbox-broken');
    expect(sentence).toMatch(/^The operator promised to seal the message/);
  });
});

describe('an honest firehose', () => {
  it('raises no alarm, whatever the record', async () => {
    for (let seed = 0; seed < 5; seed++) await honestRun(seed, folder);
  });
});
