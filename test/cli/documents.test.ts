import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { canUseKeyring, keyringSuite, Town } from '../support/cli-people.ts';
import { stopServices } from '../support/served.ts';

const parent = mkdtempSync(join(tmpdir(), 'cli-documents-'));
afterAll(async () => {
  await stopServices();
  rmSync(parent, { recursive: true, force: true });
});

interface Granted {
  readonly messages: readonly { readonly text?: string; readonly name?: string; readonly opened: boolean }[];
}

describe.skipIf(!canUseKeyring)(keyringSuite('documents and disclosures at the command line'), () => {
  let town: Town;
  beforeAll(async () => {
    town = await Town.start(parent);
    for (const who of ['buyer', 'seller', 'auditor']) await town.person(who, '--name', who);
    await town.sync('buyer');
    for (const other of ['seller', 'auditor']) {
      await town.ok(other, ['identity', 'card', '--name', other, '--out', town.path(`${other}.card`)]);
      await town.ok('buyer', ['contact', 'add', town.path(`${other}.card`), '--name', other]);
    }
    await town.ok('buyer', ['channel', 'new', '--name', 'Price', '--with', 'seller']);
    for (const [who, text] of [
      ['buyer', 'We offer 100.'],
      ['seller', 'We ask 110.'],
    ] as const) {
      await town.ok(who, ['channel', 'post', 'Price'], { input: text });
    }
  }, 120_000);
  afterAll(() => town.stop());

  it('are sent, listed and written out; the other member reads them, the auditor does not', async () => {
    const file = town.path('contract.pdf');
    writeFileSync(file, 'The contract.');
    const sent = await town.run('buyer', ['document', 'put', 'Price', file]);
    expect(sent).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('the members can read it') as string,
    });
    // Said before it was sent, and not a word of what is in it.
    expect(sent.stderr).toContain('1 part of a document, 272 bytes');
    expect(await town.ok('seller', ['document', 'list', 'Price'])).toContain('contract.pdf  13 bytes');
    const out = town.path('out.pdf');
    await town.ok('seller', ['document', 'get', 'Price', 'contract.pdf', '--to', out]);
    expect(readFileSync(out, 'utf8')).toBe('The contract.');
    const other = await town.run('auditor', [
      'document',
      'get',
      'Price',
      'contract.pdf',
      '--to',
      town.path('x'),
    ]);
    expect(other).toMatchObject({ code: 2, stderr: expect.stringContaining('channel-unknown') as string });
    expect(readdirSync(town.folder)).not.toContain('x');
  });

  it('one message to a key, then the channel to a file: the auditor reads exactly that', async () => {
    const read = JSON.parse(await town.ok('buyer', ['channel', 'read', 'Price', '--json'])) as {
      readonly entries: readonly { readonly text?: string; readonly message: string }[];
    };
    const { message = '' } = read.entries.find(({ text }) => text === 'We ask 110.') ?? {};
    const disclose = ['disclose', 'Price', '--message', message, '--to', 'auditor'];
    expect((await town.run('buyer', disclose)).code).toBe(64);
    expect(await town.ok('buyer', [...disclose, '--yes'])).toContain('Sent to auditor');
    const { grants } = JSON.parse(await town.ok('auditor', ['grant', 'list', '--json'])) as {
      readonly grants: readonly { readonly message: string }[];
    };
    expect(grants).toHaveLength(1);
    const opened = async (who: string, what: string): Promise<Granted> =>
      JSON.parse(await town.ok(who, ['grant', 'open', what, '--json'])) as Granted;
    const one = await opened('auditor', grants[0]?.message ?? '');
    expect(one.messages).toMatchObject([{ text: 'We ask 110.', opened: true }]);

    const file = town.path('price.countersign-grant');
    await town.ok('buyer', ['disclose', 'Price', '--all', '--file', file, '--yes']);
    await town.ok('buyer', ['channel', 'post', 'Price'], { input: 'Said afterwards.' });
    // Without any identity: a profile that joined the ledger.
    await town.ok('judge', ['ledger', 'join', town.card, '--yes']);
    const all = await opened('judge', file);
    const texts = all.messages.flatMap(({ name, text }) => text ?? name ?? []);
    expect(texts).toEqual(['We offer 100.', 'We ask 110.', 'contract.pdf']);
    const out = town.path('judge.pdf');
    await town.ok('judge', ['grant', 'open', file, '--save', 'contract.pdf', '--to', out]);
    expect(readFileSync(out, 'utf8')).toBe('The contract.');
    expect(await town.run('judge', ['grant', 'open', out])).toMatchObject({ code: 1 });
  });
});
