import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { bytes32, codeOf, originOf, person, TestChannel, value } from '../../../test/support/channels.ts';
import type { Person } from '../../../test/support/channels.ts';
import { toHex } from '../bytes.ts';
import { draftNextEpoch, openEpoch, openEpochBySecret } from './epoch.ts';
import { EpochKeys } from './keys.ts';
import { isMember, maxMembers } from './roster.ts';

const [ann, bob, cat, eve] = ['Ann', 'Bob', 'Cat', 'Eve'].map(person) as [Person, Person, Person, Person];

describe('an epoch', () => {
  const channel = new TestChannel(ann, [ann, bob]);
  const zero = channel.open(ann);
  channel.change(bob, [ann, bob, cat]);
  const one = channel.open(cat);
  channel.change(ann, [ann, cat]);
  const two = channel.open(ann);

  it('opens for its members and for nobody else, each epoch by its own', () => {
    const opens = [ann, bob, cat, eve].map((who) =>
      channel.chain.epochs.map((epoch) => codeOf(openEpoch(epoch, who))),
    );
    expect(opens).toEqual([
      ['ok', 'ok', 'ok'],
      ['ok', 'ok', 'channel-wrap'],
      ['channel-wrap', 'ok', 'ok'],
      ['channel-wrap', 'channel-wrap', 'channel-wrap'],
    ]);
  });

  it('opens by its own secret and by no other', () => {
    const all = [zero, one, two];
    for (const [i, { secret }] of all.entries()) {
      const opens = all.map(({ epoch }) => codeOf(openEpochBySecret(epoch, secret)));
      expect(opens).toEqual(all.map((_, k) => (k === i ? 'ok' : 'channel-commitment')));
    }
    expect(codeOf(openEpochBySecret(zero.epoch, zero.secret.subarray(1)))).toBe('channel-commitment');
  });

  it('has a secret that nothing outside changes', () => {
    const secret = zero.secret;
    zero.secret.fill(0);
    expect(zero.secret).toEqual(secret);
  });

  it('shows one member without the others, and no member who is none', () => {
    const { announced, announcement } = one.epoch;
    const roster = { size: 3, root: announcement.content.roster };
    const proof = one.proveMember(cat.sign) ?? expect.fail('no proof');
    expect(isMember(cat.sign, proof, announced, roster)).toBe(true);
    expect(isMember(bob.sign, proof, announced, roster)).toBe(false);
    expect(isMember(cat.sign, { ...proof, encrypt: bob.encrypt }, announced, roster)).toBe(false);
    expect(
      isMember(cat.sign, proof, announced, { ...roster, root: two.epoch.announcement.content.roster }),
    ).toBe(false);
    expect(one.proveMember(eve.sign)).toBeUndefined();
    const shown = [proof.salt, ...proof.path].map(toHex).join();
    for (const { sign, encrypt } of [ann, bob]) {
      expect(shown).not.toContain(toHex(sign));
      expect(shown).not.toContain(toHex(encrypt));
    }
  });

  it('keeps its roster from those who try keys: the salts come from the secret', () => {
    const { announced, announcement } = one.epoch;
    const guess = new EpochKeys(bytes32('guess')).memberSalt(announced, cat.sign);
    const proof = one.proveMember(cat.sign) ?? expect.fail('no proof');
    const roster = { size: 3, root: announcement.content.roster };
    expect(isMember(cat.sign, { ...proof, salt: guess }, announced, roster)).toBe(false);
  });

  it('is followed only by members, and only the current one', () => {
    const next = (author: Person) => ({
      origin: originOf(author, channel.ledger),
      members: [ann, bob, cat, eve].filter(({ sign }) => toHex(sign) !== toHex(author.sign)).concat(author),
      randomness: { localKey: author.localKey, random: bytes32('next') },
    });
    expect(codeOf(draftNextEpoch(channel.chain, two, next(cat)))).toBe('ok');
    expect(codeOf(draftNextEpoch(channel.chain, two, next(bob)))).toBe('channel-not-member');
    expect(codeOf(draftNextEpoch(channel.chain, one, next(ann)))).toBe('channel-not-current');
    expect(() => draftNextEpoch(channel.chain, two, { ...next(ann), members: [cat] })).toThrow(RangeError);
    expect(() => draftNextEpoch(channel.chain, two, { ...next(ann), members: [ann, ann] })).toThrow(
      RangeError,
    );
    expect(() => draftNextEpoch(channel.chain, two, { ...next(ann), members: [] })).toThrow(RangeError);
  });

  it('holds 256 members and no more', { timeout: 60_000 }, () => {
    const many = Array.from({ length: maxMembers - 1 }, (_, i) => person(`member ${i}`));
    const full = new TestChannel(ann, [ann, ...many]);
    const last = many.at(-1) ?? ann;
    expect(value(openEpoch(full.chain.epochs[0] ?? expect.fail('no epoch'), last)).members).toHaveLength(256);
    expect(() => new TestChannel(ann, [ann, bob, ...many])).toThrow(RangeError);
    // The longest proof of a member still fits.
    full.change(last, [last]);
    expect(full.open(last).members).toHaveLength(1);
  });
});
