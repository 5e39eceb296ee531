import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { hostileLies } from '../support/hostile/lies.ts';
import { honestRun, seeThrough } from '../support/hostile/run.ts';

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

describe('an honest firehose', () => {
  it('raises no alarm, whatever the record', async () => {
    for (let seed = 0; seed < 5; seed++) await honestRun(seed, folder);
  });
});
