/**
 * At rest: after a thousand operations nothing that is private lies anywhere on the disk, in a log or in an error, in
 * whatever form; nor with the operator. With the real keychain.
 */
import { fork } from 'node:child_process';
import { createWriteStream, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterAll, describe, expect, it } from 'vitest';
import { toUtf8 } from '../../src/core/bytes.ts';
import { deriveKey } from '../../src/core/identity/derive.ts';
import { parseWords, seedOfWords } from '../../src/core/identity/words.ts';
import { osKeychain } from '../../src/wallet/keychain/os-keychain.ts';
import { parseVaultFile } from '../../src/wallet/vault/vault-file.ts';
import { type Canary, secretsBelow, secretsIn } from '../support/canary.ts';
import { canUseKeyring, keyringSuite, Town } from '../support/cli-people.ts';
import { unwrap } from '../support/ledger.ts';
import { stopServices } from '../support/served.ts';
import type { Told } from './canary-life.ts';

const parent = mkdtempSync(join(tmpdir(), 'canary-test-'));
afterAll(async () => {
  await stopServices();
  rmSync(parent, { recursive: true, force: true });
});

/** Texts that stand nowhere else: single words in small letters that begin differently, as an index of words holds them. */
const texts = {
  said: 'gesagterkanarienvogel',
  named: 'benannterkanarienvogel',
  filed: 'abgelegterkanarienvogel',
  noted: 'vermerkterkanarienvogel',
  passphrase: 'gesicherterkanarienvogel',
};

/** Everything secret about an identity, and what its keychain holds. */
async function identityOf(town: Town, who: string): Promise<readonly Canary[]> {
  const words = unwrap(parseWords(readFileSync(town.path(`${who}.words`), 'utf8')));
  const named = words.split(' ').slice(0, 6).join(' ');
  const seed = seedOfWords(words);
  const sealed = readFileSync(join(town.path(who), 'default/identity.sealed'));
  const { profile } = unwrap(parseVaultFile(sealed));
  const keychain = osKeychain({ service: 'Countersign', env: { ...process.env, ...town.keyring.env } });
  const wrapping = await keychain.read(profile);
  return [
    { name: `${who}: words`, secret: toUtf8(named) },
    { name: `${who}: seed`, secret: seed },
    { name: `${who}: wrapping key`, secret: wrapping ?? expect.fail('the keychain has no key') },
    ...(['signing', 'encryption'] as const).map((role) => ({
      name: `${who}: ${role} key`,
      secret: deriveKey(seed, town.served.ledger.id, role, 0),
    })),
  ];
}

describe('the search for canaries', () => {
  it('finds them in every form, in the middle of anything', () => {
    const text = toUtf8(texts.said);
    const list = [{ name: 'it', secret: text }];
    const around = (inner: Uint8Array): Buffer =>
      Buffer.concat([Buffer.alloc(99, 7), inner, Buffer.alloc(99, 7)]);
    const long = Buffer.concat([Buffer.alloc(500, 'some words '), text, Buffer.alloc(500, 'more words ')]);
    for (const form of [
      text,
      Buffer.from(texts.said, 'utf16le'),
      Buffer.from(Buffer.from(text).toString('hex')),
      Buffer.from(long.toString('base64')),
      deflateSync(long),
      gzipSync(long),
    ]) {
      expect(secretsIn('here', around(form), list)).not.toEqual([]);
    }
    expect(secretsIn('here', around(toUtf8('anderer kanarienvogel')), list)).toEqual([]);
    // Without a header nothing says where a stream begins: only what has one is looked into.
    expect(secretsIn('here', around(deflateRawSync(long)), list)).toEqual([]);
  });
});

describe.skipIf(!canUseKeyring)(keyringSuite('what is private'), () => {
  it('lies nowhere after a thousand operations: no text, no name, no key, no word', async () => {
    const town = await Town.start(parent);
    try {
      await town.person('buyer');
      await town.person('seller', '--name', texts.named);
      await town.sync('buyer');
      await town.ok('seller', ['identity', 'card', '--name', texts.named, '--out', town.path('seller.card')]);
      await town.ok('buyer', ['contact', 'add', town.path('seller.card'), '--name', texts.named]);
      rmSync(town.path('seller.card'));
      const system = town.path('system');
      for (const folder of ['home', 'tmp']) mkdirSync(join(system, folder), { recursive: true });
      const log = createWriteStream(join(system, 'log'));
      const { said, named, filed, noted, passphrase } = texts;
      const life = fork(
        join(import.meta.dirname, 'canary-life.ts'),
        [town.folder, said, named, filed, noted, passphrase],
        {
          env: { ...town.env('nobody'), HOME: join(system, 'home'), TMPDIR: join(system, 'tmp') },
          stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        },
      );
      life.stdout?.pipe(log, { end: false });
      life.stderr?.pipe(log, { end: false });
      const ended = new Promise<number | null>((resolve) => life.once('exit', resolve));
      const told = await Promise.race([
        new Promise<Told>((resolve) => life.once('message', resolve as (message: unknown) => void)),
        ended.then((code) =>
          expect.fail(`it ended with ${String(code)}: ${readFileSync(join(system, 'log'), 'utf8')}`),
        ),
      ]);
      expect(told.operations).toBeGreaterThanOrEqual(1000);
      expect(told.temporary).toBe(join(system, 'tmp'));
      const list: readonly Canary[] = [
        ...Object.entries(texts).map(([name, text]) => ({ name, secret: toUtf8(text) })),
        ...(await identityOf(town, 'buyer')),
        ...(await identityOf(town, 'seller')),
        ...told.secrets.map(([name, hex]) => ({ name, secret: Buffer.from(hex, 'hex') })),
      ];
      expect(list.length).toBeGreaterThan(50);
      const places = ['buyer', 'seller', 'system'].map((place) => town.path(place));
      // While the databases are open, with the logs beside them; and once more when they are closed.
      expect(places.flatMap((place) => secretsBelow(place, list))).toEqual([]);
      life.send('end');
      expect(await ended).toBe(0);
      log.end();
      await finished(log);
      expect(places.flatMap((place) => secretsBelow(place, list))).toEqual([]);
      expect(readFileSync(join(system, 'log'), 'utf8')).toContain('export-exists');
      for (const [path, bytes] of town.served.storage.files) expect(secretsIn(path, bytes, list)).toEqual([]);
      // The search would have found one: it is told of what is public too.
      const { id } = town.served.ledger;
      expect(secretsBelow(town.path('buyer'), [{ name: 'ledger', secret: id }])).not.toEqual([]);
    } finally {
      await town.stop();
    }
  }, 300_000);
});
