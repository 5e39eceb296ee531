import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toUtf8 } from '../../src/core/bytes.ts';
import { deriveKey } from '../../src/core/identity/derive.ts';
import { seedOfWords, wordsOf } from '../../src/core/identity/words.ts';
import { httpReader } from '../../src/engines/http-reader.ts';
import { openStore } from '../../src/wallet/store/open.ts';
import { RecordStore } from '../../src/wallet/store/record-store.ts';
import { checkCopy } from '../../src/wallet/sync/check-copy.ts';
import { KnownHead } from '../../src/wallet/sync/known-head.ts';
import { sendMessage } from '../../src/wallet/sync/send.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { createVault, newSecrets, openVault } from '../../src/wallet/vault/vault.ts';
import { announceIdentity, RecoveryKeys } from '../../src/wallet/workflows/announce.ts';
import { hashFile, recordFile } from '../../src/wallet/workflows/record-file.ts';
import { type Canary, secretsBelow, secretsIn, wordsOfError } from '../support/canary.ts';
import { startTime, until } from '../support/firehose.ts';
import { bytes32 } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { served, stopServices } from '../support/served.ts';

const folder = mkdtempSync(join(tmpdir(), 'secrets-test-'));
afterAll(async () => {
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
});

const ledger = bytes32('ledger');
const entropy = bytes32('entropy');

function freshFile(): string {
  return join(mkdtempSync(join(folder, 'profile-')), 'identity.sealed');
}

/** Everything secret about the identity, and whatever a keychain holds. */
function canaries(keychain: MemoryKeychain): readonly Canary[] {
  const words = wordsOf(entropy);
  const seed = seedOfWords(words);
  const named = words.split(' ').slice(0, 6).join(' ');
  return [
    { name: 'entropy', secret: entropy },
    { name: 'words', secret: toUtf8(named) },
    { name: 'words without spaces', secret: toUtf8(named.replaceAll(' ', '')) },
    { name: 'seed', secret: seed },
    ...(['signing', 'encryption', 'acting', 'recovery'] as const).map((role) => ({
      name: `${role} key`,
      secret: deriveKey(seed, ledger, role, 0),
    })),
    ...[...keychain.keys.values()].map((secret) => ({ name: 'wrapping key', secret })),
  ];
}

describe('secrets of an identity', () => {
  it('are found by the search that the next test relies on', () => {
    const secret = bytes32('secret');
    const list = [{ name: 'it', secret }];
    const hidden = (content: Uint8Array | string): boolean =>
      secretsIn('here', Buffer.concat([Buffer.from('xy'), Buffer.from(content), Buffer.from('z')]), list)
        .length > 0;
    const buffer = Buffer.from(secret);
    for (const content of [
      buffer,
      buffer.toString('hex'),
      buffer.toString('hex').toUpperCase(),
      buffer.toString('base64'),
      buffer.toString('base64url'),
      Buffer.concat([Buffer.from('a'), buffer, Buffer.from('b')]).toString('base64'),
      Buffer.concat([Buffer.from('ab'), buffer]).toString('base64'),
      Buffer.from(buffer.toString('hex'), 'utf16le'),
      JSON.stringify([...secret]),
    ]) {
      expect(hidden(content)).toBe(true);
    }
    expect(hidden(Buffer.from(bytes32('another')))).toBe(false);
  });

  it('stand in no file and in no error, whatever goes wrong', async () => {
    const file = freshFile();
    const keychain = new MemoryKeychain();
    const errors: unknown[] = [];
    const failing = async (work: () => Promise<unknown>): Promise<void> => {
      await work().catch((error: unknown) => errors.push(error));
    };
    const vault = await createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy));
    const list = canaries(keychain);
    expect(list).toHaveLength(9);
    const good = readFileSync(file);
    await failing(() => createVault(file, { kind: 'keychain', keychain }, newSecrets(entropy)));
    await failing(() =>
      createVault(join(folder, 'no', 'x'), { kind: 'keychain', keychain }, newSecrets(entropy)),
    );
    await failing(async () =>
      createVault(freshFile(), { kind: 'keychain', keychain }, newSecrets(entropy.slice(1))),
    );
    for (const bad of [good.subarray(3), good.toString().replace('"v":1', '"v":2'), 'x', good]) {
      writeFileSync(file, bad);
      await failing(() => openVault(file, { keychain: new MemoryKeychain() }));
    }
    keychain.keys.set(vault.profile, bytes32('another'));
    await failing(() => openVault(file, { keychain }));
    vault.close();
    await failing(() => Promise.resolve().then(() => vault.signerFor(ledger, 0)));
    expect(errors).toHaveLength(9);
    const said = errors.map(wordsOfError).join('\n');
    expect(secretsIn('errors', Buffer.from(said), list)).toEqual([]);
    expect(secretsBelow(folder, list)).toEqual([]);
  });

  it('stand nowhere in the profile, the record, or what the firehose keeps, after all that one does with them', async () => {
    const { url, ledger: real, storage, sequencer } = await served();
    const keychain = new MemoryKeychain();
    const profile = mkdtempSync(join(folder, 'journey-'));
    const vault = await createVault(
      join(profile, 'identity.sealed'),
      { kind: 'keychain', keychain },
      newSecrets(entropy),
    );
    const signer = vault.signerFor(real.id, 0);
    const recovery = new RecoveryKeys(wordsOf(bytes32('recovery')));
    const key = { signer, claims: { role: 'Tester' }, salt: vault.cardSalt(real.id, 0) };
    const announced = announceIdentity(key, real.id, recovery.commitment(real.id, 0), startTime);
    const secretFile = join(profile, 'contract.txt');
    writeFileSync(secretFile, 'the text of a contract that nobody may guess');
    const fileHash = await hashFile(secretFile);
    rmSync(secretFile);
    const recorded = recordFile(signer, real.id, fileHash, startTime);
    for (const { message } of [announced, recorded])
      await sendMessage(new URL(url), new KnownHead(real), message, 5000);
    await until(() => sequencer.waiting === 0);
    const database = await openStore(join(profile, 'record.sqlite'));
    const store = new RecordStore(database);
    await store.join(real, url);
    await syncLedger(store, real.id, httpReader(new URL(url), 5000));
    expect(await checkCopy(store, real.id)).toMatchObject({ ok: true, value: { messages: 2 } });

    const seed = seedOfWords(wordsOf(entropy));
    const own = (['signing', 'encryption', 'acting', 'recovery'] as const).map((role) => ({
      name: `${role} key`,
      secret: deriveKey(seed, real.id, role, 0),
    }));
    const list = [
      ...canaries(keychain),
      ...own,
      { name: 'salt of the file', secret: recorded.receipt.salt },
      { name: 'hash of the file', secret: fileHash },
      { name: 'salt of the card', secret: announced.card.salt },
      { name: 'claims of the card', secret: toUtf8('Tester') },
      // Even its public half stays hidden until it is used: the record holds a commitment.
      { name: 'recovery key', secret: recovery.signer(real.id, 0).publicKey },
    ];
    // The search looks into the log beside the database too, which is there as long as it is open.
    expect(readdirSync(profile).sort()).toEqual([
      'identity.sealed',
      'record.sqlite',
      'record.sqlite-shm',
      'record.sqlite-wal',
    ]);
    expect(secretsBelow(profile, list)).toEqual([]);
    for (const [path, bytes] of storage.files) expect(secretsIn(path, bytes, list)).toEqual([]);
    expect(secretsBelow(profile, [{ name: 'id', secret: recorded.message.id }])).not.toEqual([]);
    await database.close();
    vault.close();
    expect(secretsBelow(profile, list)).toEqual([]);
  });
});
