import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { equalBytes, toHex, toUtf8 } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { wordsOf } from '../../src/core/identity/words.ts';
import {
  announce,
  ownCard,
  ownPublicKeys,
  recover,
  revoke,
  rotate,
  type Sent,
  watch,
} from '../../src/wallet/identity/own-identity.ts';
import { historyOf } from '../../src/wallet/identity/statements.ts';
import { createVault, newSecrets } from '../../src/wallet/vault/vault.ts';
import type { Wallet } from '../../src/wallet/wallet.ts';
import { RecoveryKeys } from '../../src/wallet/workflows/announce.ts';
import { bytes32 } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { now, type Person, Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'identity-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let place: Place;
let alice: Person;
let wallet: Wallet;
let count = 0;
beforeEach(async () => {
  place = await Place.start(join(folder, String(++count)));
  alice = await place.person('alice');
  ({ wallet } = alice);
});
afterEach(async () => {
  await place.close();
  await stopServices();
});

async function codeOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'none';
  } catch (error) {
    if (error instanceof CountersignError) return String(error.code);
    throw error;
  }
}

const claims = { name: 'Alice Example', firm: 'Example Ltd' };
const noRecovery = (): Promise<undefined> => Promise.resolve(undefined);
const ledger = (): Uint8Array => place.served.ledger.id;
const settled = async (sent: Promise<Sent>): Promise<void> => {
  await place.settle(wallet, await sent);
};
const current = async (of = wallet): Promise<string> => {
  const { identity } = await place.identity(of);
  return identity?.current === undefined ? 'none' : toHex(identity.current.sign);
};

describe('announcing an identity', () => {
  it('makes its key count from its block on, with the card that it commits to', async () => {
    expect(await codeOf(ownCard(wallet, await place.pinned(wallet)))).toBe('own-unannounced');
    const before = (await wallet.signer(ledger())).publicKey;
    await place.announce(wallet, claims);
    expect(await current()).toBe(toHex(before));
    const { card, isOnRecord } = await ownCard(wallet, await place.pinned(wallet));
    expect([card.claims, isOnRecord, toHex(card.sign)]).toEqual([claims, true, toHex(before)]);
    const own = await place.identity(wallet);
    expect(own).toMatchObject({ current: 0, free: 1, pending: [], isWatched: false });
    expect((await wallet.signer(ledger())).publicKey).toEqual(before);
  });

  it('is done once, and waits for its block', async () => {
    const options = { claims, recovery: noRecovery, now: now() };
    const sent = await announce(wallet, await place.pinned(wallet), options);
    expect(sent.promise).toBeDefined();
    expect(await codeOf(announce(wallet, await place.pinned(wallet), options))).toBe('own-pending');
    expect((await ownCard(wallet, await place.pinned(wallet))).isOnRecord).toBe(false);
    await place.settle(wallet, sent);
    expect(await codeOf(announce(wallet, await place.pinned(wallet), options))).toBe('own-announced');
  });

  it('puts a public name on the record only when it is asked for', async () => {
    await place.announce(wallet, claims);
    const bob = await place.person('bob');
    const options = { claims, recovery: noRecovery, now: now(), publicName: 'Bob of Example' };
    await place.settle(bob.wallet, await announce(bob.wallet, await place.pinned(bob.wallet), options));
    expect((await place.identity(wallet)).identity).not.toHaveProperty('name');
    expect((await place.identity(bob.wallet)).identity).toMatchObject({ name: 'Bob of Example' });
  });

  it('asks for the recovery words of a ledger that was joined after the identity was made', async () => {
    const keychain = new MemoryKeychain();
    const late = await place.open('late', keychain);
    const secrets = newSecrets(bytes32('late'));
    late.vault.adopt(await createVault(late.profile.vaultFile, { kind: 'keychain', keychain }, secrets));
    await place.join(late);
    const pinned = await place.sync(late);
    const options = { claims: {}, recovery: noRecovery, now: now() };
    expect(await codeOf(announce(late, pinned, options))).toBe('own-recovery-needed');
    const keys = new RecoveryKeys(wordsOf(bytes32('recovery')));
    const commitment = toHex(keys.commitment(ledger(), 0));
    const sent = await announce(late, pinned, { ...options, recovery: () => Promise.resolve(keys) });
    await place.settle(late, sent);
    expect(toHex((await place.identity(late)).identity?.recovery ?? new Uint8Array())).toBe(commitment);
  });

  it('signs nothing before the copy of the ledger is there', async () => {
    const keychain = new MemoryKeychain();
    const empty = await place.open('empty', keychain);
    await place.join(empty);
    const secrets = newSecrets(bytes32('empty'));
    empty.vault.adopt(await createVault(empty.profile.vaultFile, { kind: 'keychain', keychain }, secrets));
    expect(await codeOf(empty.signer(ledger()))).toBe('own-unsynced');
    const options = { claims: {}, recovery: noRecovery, now: now() };
    expect(await codeOf(announce(empty, await place.pinned(empty), options))).toBe('own-unsynced');
    expect(await codeOf(empty.signer(bytes32('nowhere')))).toBe('copy-no-ledger');
  });

  it('waits on this machine when the firehose cannot be reached, and keeps its bytes', async () => {
    await stopServices();
    const pinned = await place.pinned(wallet);
    const sent = await announce(wallet, pinned, { claims, recovery: noRecovery, now: now() });
    expect([sent.promise, sent.failure?.code]).toEqual([undefined, 'sync-unreachable']);
    const own = await place.identity(wallet);
    expect(own.pending.map(({ kind, id }) => [kind, toHex(id)])).toEqual([
      ['announcement', toHex(sent.message)],
    ]);
  });
});

describe('rotating a key', () => {
  beforeEach(() => place.announce(wallet, claims));

  it('hands over to the next key, and signs nothing until that is in a block', async () => {
    const first = await wallet.signer(ledger());
    const sent = await rotate(wallet, await place.pinned(wallet), { name: 'Alice 2' }, now());
    expect(await codeOf(wallet.signer(ledger()))).toBe('own-pending');
    expect(await codeOf(rotate(wallet, await place.pinned(wallet), {}, now()))).toBe('own-pending');
    await place.settle(wallet, sent);
    const second = await wallet.signer(ledger());
    expect([second.index, equalBytes(first.publicKey, second.publicKey)]).toEqual([1, false]);
    const { card } = await ownCard(wallet, await place.pinned(wallet));
    expect(card.claims).toEqual({ name: 'Alice 2' });
    const { joined } = await place.pinned(wallet);
    const history = await historyOf(wallet.database, joined, first.publicKey);
    const at = { height: joined.size, index: 0 };
    expect(history.keyVerdictAt(first.publicKey, at).status).toBe('rotated');
    expect(history.keyVerdictAt(second.publicKey, at).status).toBe('valid');
  });

  it('takes the next free key when a later one was used by somebody with the same words', async () => {
    const twin = await place.person('twin', alice.entropy);
    await place.settle(twin.wallet, await rotate(twin.wallet, await place.pinned(twin.wallet), {}, now()));
    // This machine has not seen it yet: its rotation comes too late, and its key is used up.
    await settled(rotate(wallet, await place.pinned(wallet), { name: 'late' }, now()));
    expect(await current()).toBe(await current(twin.wallet));
    expect(await place.identity(wallet)).toMatchObject({
      current: 1,
      free: 2,
      void: [{ statement: { kind: 'rotation' }, reason: 'identity-void-current' }],
    });
    await settled(rotate(wallet, await place.pinned(wallet), {}, now()));
    expect((await wallet.signer(ledger())).index).toBe(2);
  });
});

describe('ending and recovering', () => {
  beforeEach(() => place.announce(wallet, claims));
  const recoveryKeys = (): RecoveryKeys => new RecoveryKeys(alice.recoveryWords);

  it('a revoked key signs nothing more, and the recovery words bring the identity back', async () => {
    const old = await current();
    const options = { reason: 'compromised', since: 1000, now: now() } as const;
    await settled(revoke(wallet, await place.pinned(wallet), options));
    expect(await current()).toBe('none');
    expect(await codeOf(wallet.signer(ledger()))).toBe('vault-revoked');
    expect(await codeOf(rotate(wallet, await place.pinned(wallet), {}, now()))).toBe('vault-revoked');
    expect(await codeOf(ownCard(wallet, await place.pinned(wallet)))).toBe('vault-revoked');
    expect(await codeOf(ownPublicKeys(wallet, await place.pinned(wallet)))).toBe('vault-revoked');
    await settled(recover(wallet, await place.pinned(wallet), recoveryKeys(), claims, now()));
    expect(await current()).not.toBe(old);
    expect((await wallet.signer(ledger())).sign(toUtf8('x'))).toHaveLength(64);
    // Each recovery key serves once; the next of the same words serves the next time.
    await settled(recover(wallet, await place.pinned(wallet), recoveryKeys(), claims, now()));
    expect(await place.identity(wallet)).toMatchObject({ current: 2, free: 3 });
  });

  it('other words recover nothing, and nothing is sent', async () => {
    const pinned = await place.pinned(wallet);
    for (const words of [alice.words, wordsOf(bytes32('others'))]) {
      const work = recover(wallet, pinned, new RecoveryKeys(words), claims, now());
      expect(await codeOf(work)).toBe('own-recovery-words');
    }
    const recovery = new RecoveryKeys(alice.words);
    expect(await codeOf(revoke(wallet, pinned, { reason: 'lost', now: now(), recovery }))).toBe(
      'own-recovery-words',
    );
    expect((await place.identity(wallet)).pending).toEqual([]);
  });

  it('the recovery words end any key of the identity, and only such', async () => {
    const first = (await wallet.signer(ledger())).publicKey;
    await settled(rotate(wallet, await place.pinned(wallet), {}, now()));
    const pinned = await place.pinned(wallet);
    const revocation = { reason: 'lost', now: now(), recovery: recoveryKeys() } as const;
    const foreign = revoke(wallet, pinned, { ...revocation, key: bytes32('foreign') });
    expect(await codeOf(foreign)).toBe('own-not-key');
    await settled(revoke(wallet, pinned, { ...revocation, key: first }));
    expect((await place.identity(wallet)).current).toBe(1);
    await settled(revoke(wallet, await place.pinned(wallet), { ...revocation, recovery: recoveryKeys() }));
    expect(await current()).toBe('none');
  });

  it('an identity whose words were seen goes on under other words', async () => {
    const old = (await wallet.signer(ledger())).publicKey;
    const fresh = await place.person('alice', bytes32('fresh'), 'fresh');
    const pinned = await place.sync(fresh.wallet);
    expect(await codeOf(recover(fresh.wallet, pinned, recoveryKeys(), claims, now()))).toBe(
      'own-unannounced',
    );
    const stranger = recover(fresh.wallet, pinned, recoveryKeys(), claims, now(), bytes32('stranger'));
    expect(await codeOf(stranger)).toBe('own-not-key');
    await place.settle(fresh.wallet, await recover(fresh.wallet, pinned, recoveryKeys(), claims, now(), old));
    expect(await place.identity(fresh.wallet)).toMatchObject({ current: 0, free: 1 });
    await place.sync(wallet);
    expect(await place.identity(wallet)).toMatchObject({ current: undefined });
    expect(await current()).toBe(await current(fresh.wallet));
    expect(await codeOf(rotate(wallet, await place.pinned(wallet), {}, now()))).toBe('own-not-current');
  });
});

describe('words and firehose alone', () => {
  it('bring back the keys that count, and the card when it is said again', async () => {
    await place.announce(wallet, claims);
    await settled(rotate(wallet, await place.pinned(wallet), claims, now()));
    const again = await place.person('second machine', alice.entropy);
    expect(await place.identity(again.wallet)).toMatchObject({ current: 1, free: 2 });
    expect(await current(again.wallet)).toBe(await current());
    const pinned = await place.pinned(again.wallet);
    expect(await codeOf(ownCard(again.wallet, pinned))).toBe('own-card-unknown');
    expect(await codeOf(ownCard(again.wallet, pinned, { name: 'Alice' }))).toBe('own-card-differs');
    const { card } = await ownCard(again.wallet, pinned, claims);
    expect(card).toEqual((await ownCard(wallet, await place.pinned(wallet))).card);
    const message = toUtf8('signed on the second machine');
    const signer = await again.wallet.signer(ledger());
    expect(toHex(signer.sign(message))).toBe(toHex((await wallet.signer(ledger())).sign(message)));
  });
});

describe('a profile that only watches', () => {
  it('sees how the identity stands, and changes nothing', async () => {
    await place.announce(wallet, claims);
    const { card } = await ownCard(wallet, await place.pinned(wallet));
    const keychain = new MemoryKeychain();
    const watcher = await place.open('watcher', keychain);
    watcher.vault.adopt(
      await createVault(watcher.profile.vaultFile, { kind: 'keychain', keychain }, newSecrets()),
    );
    await place.join(watcher);
    expect(await codeOf(ownCard(watcher, await place.pinned(watcher)))).toBe('own-unannounced');
    await watch(watcher, card);
    await place.sync(watcher);
    expect(await place.identity(watcher)).toMatchObject({ isWatched: true, current: undefined });
    expect(await current(watcher)).toBe(toHex(card.sign));
    await settled(rotate(wallet, await place.pinned(wallet), {}, now()));
    await place.sync(watcher);
    expect(await current(watcher)).toBe(await current());
    const pinned = await place.pinned(watcher);
    expect(await codeOf(watcher.signer(ledger()))).toBe('vault-watch-only');
    expect(await codeOf(rotate(watcher, pinned, {}, now()))).toBe('vault-watch-only');
    expect(await codeOf(watch(wallet, card))).toBe('own-not-watching');
  });
});

describe('the vault of a profile with private rows', () => {
  it('is missed when it is gone, and not taken for another one', async () => {
    await place.announce(wallet, claims);
    const { profile } = wallet;
    await wallet.close();
    rmSync(profile.vaultFile);
    const open = await place.open('alice', alice.keychain);
    expect(await open.vaultState()).toEqual({ name: 'gone', code: 'vault-gone' });
    expect(await codeOf(open.unlock())).toBe('vault-gone');
    expect(await codeOf(open.needNoVault())).toBe('vault-gone');
    const keeper = { kind: 'keychain', keychain: alice.keychain } as const;
    (await createVault(profile.vaultFile, keeper, newSecrets(alice.entropy))).close();
    expect(await codeOf(open.privateRows())).toBe('vault-foreign');
    expect(await codeOf(open.signer(ledger()))).toBe('vault-foreign');
  });
});
