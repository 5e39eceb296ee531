import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromHex, toBase64, toUtf8 } from '../../src/core/bytes.ts';
import { deriveKey } from '../../src/core/identity/derive.ts';
import { entropyOf, parseWords, seedOfWords } from '../../src/core/identity/words.ts';
import { osKeychain } from '../../src/wallet/keychain/os-keychain.ts';
import { openSecrets } from '../../src/wallet/vault/secrets.ts';
import { parseVaultFile } from '../../src/wallet/vault/vault-file.ts';
import { type Canary, secretsBelow, secretsIn } from '../support/canary.ts';
import type { CliRun } from '../support/cli.ts';
import { canUseKeyring, keyringSuite, type RunOptions, Town } from '../support/cli-people.ts';
import { unwrap } from '../support/ledger.ts';
import { stopServices } from '../support/served.ts';

const parent = mkdtempSync(join(tmpdir(), 'cli-contact-'));
afterAll(async () => {
  await stopServices();
  rmSync(parent, { recursive: true, force: true });
});

function endOf(run: CliRun): string {
  return `${String(run.code)} ${/\[([a-z-]+)\]/.exec(run.stderr)?.[1] ?? ''}`.trim();
}

describe.skipIf(!canUseKeyring)(keyringSuite('contacts and backups at the command line'), () => {
  let town: Town;
  /** Everything that any command printed. */
  const printed: string[] = [];
  beforeAll(async () => {
    town = await Town.start(parent);
    for (const who of ['ann', 'ben']) {
      await town.person(who, '--name', `${who} Example`);
      await town.ok(who, ['identity', 'card', '--out', town.path(`${who}.card`)]);
    }
    await town.sync('ann');
  });
  afterAll(() => town.stop());

  const run = async (who: string, args: readonly string[], options: RunOptions = {}): Promise<CliRun> => {
    const env = { COUNTERSIGN_DEBUG: '1', ...options.env };
    const done = await town.run(who, args, { ...options, env });
    printed.push(done.stdout, done.stderr);
    return done;
  };
  const ann = (...args: readonly string[]): Promise<CliRun> => run('ann', args);
  const card = (who: string): string => town.path(`${who}.card`);

  it('add: under a name of one of its own, beside what the card says', async () => {
    expect((await ann('contact', 'add', card('ben'))).code).toBe(64);
    const changed = readFileSync(card('ben'), 'utf8').replace('ben Example', 'bad Example');
    expect(endOf(await ann('contact', 'add', changed, '--name', 'X'))).toBe('1 card-announced');
    const added = await ann('contact', 'add', card('ben'), '--name', 'Ben');
    expect([added.code, added.stdout]).toEqual([
      0,
      'Added Ben, who says of themselves: "ben Example".\nOn firehose.example/test its key counts.\n',
    ]);
    expect(endOf(await ann('contact', 'add', card('ben'), '--name', 'Benjamin'))).toBe('1 contact-exists');
    expect(endOf(await ann('contact', 'add', card('ann'), '--name', 'Me'))).toBe('1 contact-self');
    const link = await town.ok('ben', ['identity', 'card']);
    expect(endOf(await run('ben', ['contact', 'add', link.trim(), '--name', 'Me']))).toBe('1 contact-self');
    expect(endOf(await ann('contact', 'add', town.path('none'), '--name', 'X'))).toBe('1 card-unread');
    expect(endOf(await ann('contact', 'add', town.card, '--name', 'X'))).toBe('1 card-members');
  });

  it('add: points out a name that looks like one of a contact', async () => {
    const fresh = readFileSync(card('ben'), 'utf8').replace(
      /"sign":"[0-9a-f]{64}"/,
      `"sign":"${'1f'.repeat(32)}"`,
    );
    const refused = await ann('contact', 'add', fresh, '--name', 'B3n');
    expect([endOf(refused), refused.stderr.includes('looks like your contact Ben')]).toEqual([
      '1 contact-look-alike',
      true,
    ]);
    const added = await ann('contact', 'add', fresh, '--name', 'B3n', '--accept-look-alike', '--json');
    expect(JSON.parse(added.stdout)).toMatchObject({ name: 'B3n', standing: 'unannounced' });
  });

  it('verify: the same number on both sides; a check is kept with how and when', async () => {
    const shown = await ann('contact', 'verify', 'Ben');
    const number = shown.stdout.split('\n').slice(1, 5).join(' ').trim();
    expect(number).toMatch(/^(?:\d{4}\s+){15}\d{4}$/);
    await run('ben', ['contact', 'add', card('ann'), '--name', 'Ann']);
    const other = await run('ben', ['contact', 'verify', 'Ann', '--json']);
    expect((JSON.parse(other.stdout) as { number: string }).number).toBe(number.replaceAll(/\s+/g, ' '));
    const wrong = number.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
    const verify = ['contact', 'verify', 'Ben', '--how', 'phone', '--number'];
    expect(endOf(await ann(...verify, wrong))).toBe('1 contact-number');
    expect((await ann('contact', 'verify', 'Ben', '--how', 'phone')).code).toBe(64);
    expect((await ann('contact', 'verify', 'Ben', '--number', number)).code).toBe(64);
    expect((await ann('contact', 'list')).stdout).toContain('not checked by safety number');
    expect((await ann(...verify, number, '--note', 'called the office')).code).toBe(0);
    const today = new Date().toISOString().slice(0, 10);
    const list = (await ann('contact', 'list')).stdout;
    expect(list).toContain(`its key counts; checked by phone on ${today} (called the office)`);
    expect(endOf(await ann('contact', 'verify', 'ben'))).toBe('1 contact-unknown');
  });

  it('list: a changed key is blocked until it is approved', async () => {
    await town.ok('ben', ['identity', 'rotate', '--name', 'ben Example', '--yes']);
    await town.sync('ben');
    await town.sync('ann');
    expect((await ann('contact', 'list')).stdout).toMatch(/KEY CHANGED.*the old key was checked by phone/);
    const approved = await ann('contact', 'verify', 'Ben', '--approve-unchecked', '--yes', '--json');
    expect(JSON.parse(approved.stdout)).toMatchObject({ name: 'Ben', standing: 'current' });
    const list = JSON.parse((await ann('contact', 'list', '--json')).stdout) as { contacts: object[] };
    expect(list.contacts).toMatchObject([{ name: 'B3n' }, { name: 'Ben', standing: 'current' }]);
    expect(list.contacts[1]).not.toHaveProperty('checked');
  });

  it('backup, restore: one file, a passphrase of its own, a new profile', async () => {
    const file = town.path('ann.backup');
    const env = { COUNTERSIGN_BACKUP_PASSPHRASE: 'a passphrase for ann' };
    expect(endOf(await ann('backup', file))).toBe('69 backup-passphrase-missing');
    const made = await run('ann', ['backup', file], { env });
    expect([made.code, made.stdout.split('\n')[0]]).toEqual([0, `Wrote ${file}`]);
    expect(endOf(await run('ann', ['backup', file], { env }))).toBe('73 backup-exists');
    const list = await run('ann', ['restore', file, '--list', '--backup-passphrase-fd', '3'], {
      third: 'a passphrase for ann\n',
    });
    expect([list.code, list.stdout.split('\n')[0]]).toEqual([0, 'The backup is whole.']);
    const wrong = { COUNTERSIGN_BACKUP_PASSPHRASE: 'a passphrase for ben' };
    const again = ['restore', file, '--profile', 'again'];
    expect(endOf(await run('ann', again, { env: wrong }))).toBe('1 backup-passphrase');
    expect(endOf(await run('ann', ['restore', file], { env }))).toBe('1 profile-exists');
    expect(endOf(await run('ann', ['restore', card('ann'), '--list'], { env }))).toBe('1 backup-malformed');
    expect((await run('ann', [...again, '--json'], { env })).code).toBe(0);
    await town.sync('ann', 'again');
    const contacts = JSON.parse(
      (await ann('contact', 'list', '--profile', 'again', '--json')).stdout,
    ) as object;
    expect(contacts).toEqual(JSON.parse((await ann('contact', 'list', '--json')).stdout));
  });

  it('leaves no secret in any file, output or error', async () => {
    const keychain = osKeychain({ service: 'Countersign', env: town.env('ann') });
    const secrets: Canary[] = [{ name: 'passphrase', secret: toUtf8('a passphrase for ann') }];
    for (const profile of ['ann/default', 'ann/again', 'ben/default']) {
      const { profile: account, sealed } = unwrap(
        parseVaultFile(readFileSync(town.path(`${profile}/identity.sealed`))),
      );
      const key = (await keychain.read(account)) ?? new Uint8Array();
      const opened = openSecrets(sealed, key, 'keychain', account);
      expect(opened?.entropy).toBeDefined();
      secrets.push(
        { name: `${profile} wrapping key`, secret: key },
        { name: `${profile} profile key`, secret: opened?.profileKey ?? new Uint8Array() },
      );
    }
    for (const name of ['ann.words', 'ann.recovery', 'ben.words', 'ben.recovery']) {
      const words = unwrap(parseWords(readFileSync(town.path(name), 'utf8')));
      const seed = seedOfWords(words);
      secrets.push(
        { name, secret: toUtf8(words.slice(0, 40)) },
        { name: `${name} entropy`, secret: entropyOf(words) },
      );
      secrets.push({ name: `${name} seed`, secret: seed });
      for (const role of ['signing', 'encryption', 'recovery'] as const) {
        for (const index of [0, 1]) {
          const secret = deriveKey(seed, town.served.ledger.id, role, index);
          secrets.push({ name: `${name} ${role} ${index}`, secret });
        }
      }
      rmSync(town.path(name));
    }
    expect(secretsBelow(town.folder, secrets)).toEqual([]);
    const output = printed.join('\n');
    expect(output.length).toBeGreaterThan(10_000);
    expect(secretsIn('what was printed', Buffer.from(output), secrets)).toEqual([]);
    // The search itself finds what is there.
    const [first] = secrets;
    const there = `x${toBase64(first?.secret ?? fromHex('00') ?? new Uint8Array())}`;
    expect(secretsIn('here', Buffer.from(there), secrets)).not.toEqual([]);
  });
});
