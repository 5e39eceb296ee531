import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { publicKeyOf, x25519PublicKey } from '../../src/core/crypto/signature.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import type { CardClaims, ContactCard } from '../../src/core/identity/card.ts';
import { allChecks } from '../../src/wallet/contacts/contact-rows.ts';
import {
  addContact,
  approveKeys,
  findContact,
  knownContacts,
  needCurrent,
  numberWith,
  type Proposal,
  proposeContact,
  recordCheck,
} from '../../src/wallet/contacts/contacts.ts';
import { keysLookAlike, mixesScripts, skeleton } from '../../src/wallet/contacts/look-alike.ts';
import { ownCard, revoke, rotate } from '../../src/wallet/identity/own-identity.ts';
import type { Wallet } from '../../src/wallet/wallet.ts';
import { bytes32 } from '../support/ledger.ts';
import { now, Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'contact-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

let place: Place;
let alice: Wallet;
let bob: Wallet;
let count = 0;
beforeEach(async () => {
  place = await Place.start(join(folder, String(++count)));
  alice = (await place.person('alice')).wallet;
  bob = (await place.person('bob')).wallet;
  await place.announce(alice, { name: 'Alice Example' });
  await place.announce(bob, { name: 'Robert Example', firm: 'Example Ltd' });
  await place.sync(alice);
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

const cardOf = async (wallet: Wallet): Promise<ContactCard> =>
  (await ownCard(wallet, await place.pinned(wallet))).card;
const propose = async (card: ContactCard, name: string): Promise<Proposal> =>
  proposeContact(alice, await place.pinned(alice), card, name, now());
const add = async (card: ContactCard, name: string): Promise<void> => {
  await addContact(alice, await propose(card, name));
};
const standing = async (name = 'Bob'): Promise<string> => (await findContact(alice, name)).standing;
const rotateBob = async (claims: CardClaims = { name: 'Robert Example' }): Promise<void> => {
  await place.settle(bob, await rotate(bob, await place.pinned(bob), claims, now()));
  await place.sync(alice);
};
/** The card of a stranger, with keys made from a name. */
const stranger = (name: string, claims: CardClaims = {}): ContactCard => ({
  claims,
  encrypt: x25519PublicKey(bytes32(`${name} encrypt`)),
  ledger: place.served.ledger.id,
  salt: bytes32('salt'),
  sign: publicKeyOf(bytes32(name)),
});

describe('adding a contact', () => {
  it('keeps the card under the name that the user gives', async () => {
    const proposal = await propose(await cardOf(bob), 'Bob');
    expect([proposal.standing, proposal.warnings]).toEqual(['current', []]);
    await addContact(alice, proposal);
    const [known, ...others] = await knownContacts(alice);
    expect(others).toEqual([]);
    expect(known?.contact).toMatchObject({ name: 'Bob', card: await cardOf(bob) });
    expect([known?.standing, known?.check]).toEqual(['current', undefined]);
  });

  it('refuses what is no name, and a name that is taken', async () => {
    const card = await cardOf(bob);
    for (const name of ['', ' Bob', 'Bob ', 'B\nob', 'B\u202eob', 'x'.repeat(101)]) {
      expect(await codeOf(propose(card, name))).toBe('contact-name');
    }
    await add(card, 'Bob');
    expect(await codeOf(propose(stranger('x'), 'Bob'))).toBe('contact-name-taken');
  });

  it("refuses the user's own card and a contact that is there", async () => {
    expect(await codeOf(propose(await cardOf(alice), 'Me'))).toBe('contact-self');
    await add(await cardOf(bob), 'Bob');
    expect(await codeOf(propose(await cardOf(bob), 'Bob 2'))).toBe('contact-exists');
  });

  it('refuses a card that its key did not announce, and keeps one whose key is not on the record yet', async () => {
    const card = await cardOf(bob);
    const renamed = { ...card, claims: { ...card.claims, name: 'Mallory' } };
    expect(await codeOf(propose(renamed, 'Bob'))).toBe('card-announced');
    const otherKey = { ...card, encrypt: stranger('x').encrypt };
    expect(await codeOf(propose(otherKey, 'Bob'))).toBe('card-announced');
    await add(stranger('carol', { name: 'Carol' }), 'Carol');
    expect(await standing('Carol')).toBe('unannounced');
    const known = await findContact(alice, 'Carol');
    expect(() => needCurrent(known)).toThrow('contact-unannounced');
    expect((await numberWith(alice, known)).groups).toHaveLength(16);
    expect(await codeOf(approveKeys(alice, known))).toBe('contact-unannounced');
  });

  it('takes a later key of a contact for the same person', async () => {
    await add(await cardOf(bob), 'Bob');
    await rotateBob();
    expect(await codeOf(propose(await cardOf(bob), 'Bob 2'))).toBe('contact-same-person');
  });

  it('points out names and keys that look alike', async () => {
    await add(await cardOf(bob), 'Bob');
    const warningsOf = async (card: ContactCard, name: string): Promise<number> =>
      (await propose(card, name)).warnings.length;
    expect(await warningsOf(stranger('x', { name: 'Xavier' }), 'Xavier')).toBe(0);
    expect(await warningsOf(stranger('x'), 'B0b')).toBe(1);
    expect(await warningsOf(stranger('x'), 'Воb')).toBe(2);
    expect(await warningsOf(stranger('x', { name: 'R0bert  Example' }), 'Xavier')).toBe(1);
    expect(await warningsOf(stranger('x', { name: 'bob' }), 'Xavier')).toBe(1);
    const { sign } = (await findContact(alice, 'Bob')).contact.card;
    const near = {
      ...stranger('x'),
      sign: Uint8Array.from([...sign.subarray(0, 3), ...bytes32('rest').subarray(3)]),
    };
    expect(await warningsOf(near, 'Xavier')).toBe(1);
  });
});

describe('finding a contact', () => {
  it('goes by its whole name or the beginning of its key', async () => {
    const card = await cardOf(bob);
    await add(card, 'Bob');
    const key = toHex(card.sign);
    for (const given of ['Bob', key, key.slice(0, 8)]) {
      expect((await findContact(alice, given)).contact.name).toBe('Bob');
    }
    for (const given of ['bob', 'Bo', key.slice(0, 7), 'Robert Example', '']) {
      expect(await codeOf(findContact(alice, given))).toBe('contact-unknown');
    }
    await add(stranger('x'), key.slice(0, 8));
    expect((await findContact(alice, key.slice(0, 8))).contact.name).toBe(key.slice(0, 8));
  });
});

describe('checking a key', () => {
  it('shows the same number on both sides, and keeps how and when it was checked', async () => {
    await add(await cardOf(bob), 'Bob');
    await addContact(
      bob,
      await proposeContact(bob, await place.sync(bob), await cardOf(alice), 'Alice', now()),
    );
    const known = await findContact(alice, 'Bob');
    const number = await numberWith(alice, known);
    expect(number).toEqual(await numberWith(bob, await findContact(bob, 'Alice')));
    await recordCheck(alice, known, 'phone', 1000, 'called the office');
    const { check, contact } = await findContact(alice, 'Bob');
    expect(check).toMatchObject({ how: 'phone', at: 1000, note: 'called the office', contact: contact.id });
    await recordCheck(alice, await findContact(alice, 'Bob'), 'in-person', 2000);
    expect((await findContact(alice, 'Bob')).check).toMatchObject({ how: 'in-person', at: 2000 });
    expect(await allChecks(await alice.privateRows())).toHaveLength(2);
  });

  it('blocks a changed key until it is approved or checked', async () => {
    await add(await cardOf(bob), 'Bob');
    const before = await findContact(alice, 'Bob');
    const oldNumber = await numberWith(alice, before);
    await recordCheck(alice, before, 'video', 1000);
    expect(needCurrent(await findContact(alice, 'Bob')).name).toBe('Bob');
    await rotateBob();
    const changed = await findContact(alice, 'Bob');
    expect(changed.standing).toBe('changed');
    expect(() => needCurrent(changed)).toThrow('contact-changed');
    expect(await numberWith(alice, changed)).not.toEqual(oldNumber);
    await approveKeys(alice, changed);
    const approved = await findContact(alice, 'Bob');
    expect([approved.standing, approved.check]).toEqual(['current', undefined]);
    await rotateBob();
    await recordCheck(alice, await findContact(alice, 'Bob'), 'phone', 3000);
    expect(await findContact(alice, 'Bob')).toMatchObject({ standing: 'current', check: { at: 3000 } });
  });

  it('has no number for a revoked contact, and approves nothing of it', async () => {
    await add(await cardOf(bob), 'Bob');
    await place.settle(bob, await revoke(bob, await place.pinned(bob), { reason: 'lost', now: now() }));
    await place.sync(alice);
    const known = await findContact(alice, 'Bob');
    expect(known.standing).toBe('revoked');
    expect(() => needCurrent(known)).toThrow('contact-revoked');
    expect(await codeOf(numberWith(alice, known))).toBe('contact-revoked');
    expect(await codeOf(approveKeys(alice, known))).toBe('contact-revoked');
    expect(await codeOf(recordCheck(alice, known, 'phone', 1))).toBe('contact-revoked');
    expect(await allChecks(await alice.privateRows())).toEqual([]);
  });

  it('finds out a card that was kept before its key announced another one', async () => {
    const eve = (await place.person('eve')).wallet;
    const signer = await eve.signer(place.served.ledger.id);
    const misleading = {
      ...stranger('x', { name: 'Eve' }),
      sign: signer.publicKey,
      encrypt: signer.encryptionKey,
    };
    await add(misleading, 'Eve');
    await place.announce(eve, { name: 'Somebody else' });
    await place.sync(alice);
    const known = await findContact(alice, 'Eve');
    expect(known.standing).toBe('mismatch');
    expect(() => needCurrent(known)).toThrow('card-announced');
    expect(await codeOf(numberWith(alice, known))).toBe('card-announced');
  });
});

describe('what the hasty eye takes for the same', () => {
  it.each([
    ['Alice', 'A1ice'],
    ['Alice', 'АIice'],
    ['Morgan', 'Mоrgаn'],
    ['Bernard', 'Bemard'],
    ['William', 'VViIIiam'],
    ['Zoë Müller', 'zoe-muller'],
    ['Example Ltd', 'Examp1e Ltd.'],
    ['ανα', 'ava'],
  ])('%s and %s', (one, other) => {
    expect(skeleton(one)).toBe(skeleton(other));
  });

  it.each([
    ['Alice', 'Bob'],
    ['Anna', 'Hanna'],
    ['李', '王'],
    ['Müller', 'Miller'],
  ])('but not %s and %s', (one, other) => {
    expect(skeleton(one)).not.toBe(skeleton(other));
  });

  it('is a word of two scripts, and no name in one', () => {
    expect(['Аlice', 'Bοb Example'].map(mixesScripts)).toEqual([true, true]);
    expect(['Alice', 'Алиса Example', 'Ελένη', '李 Li'].map(mixesScripts)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('are keys that begin or end alike, and no key with itself', () => {
    const key = bytes32('key');
    const like = (change: (bytes: Uint8Array) => void): boolean => {
      const other = key.slice();
      change(other);
      return keysLookAlike(key, other);
    };
    expect(like(() => undefined)).toBe(false);
    expect(like((bytes) => bytes.fill(1, 3))).toBe(true);
    expect(like((bytes) => bytes.fill(1, 0, 29))).toBe(true);
    expect(like((bytes) => bytes.fill(1, 2))).toBe(false);
    expect(like((bytes) => bytes.fill(1, 0, 30))).toBe(false);
  });
});
