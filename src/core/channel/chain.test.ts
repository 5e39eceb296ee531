import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import {
  bytes32,
  codeOf,
  onRecord,
  originOf,
  person,
  TestChannel,
  value,
} from '../../../test/support/channels.ts';
import type { Person } from '../../../test/support/channels.ts';
import { toHex } from '../bytes.ts';
import { draftFounding, readAnnouncement } from './announcement.ts';
import type { Announcement } from './announcement.ts';
import type { Chain } from './chain.ts';
import { resolveEpochs } from './chain.ts';
import { openEpoch } from './epoch.ts';
import { channelId } from './names.ts';

const [ann, bob, cat] = ['Ann', 'Bob', 'Cat'].map(person) as [Person, Person, Person];

function ids({ epochs }: Chain): readonly string[] {
  return epochs.map(({ id }) => toHex(id));
}

describe('which epochs a channel has', () => {
  const channel = new TestChannel(ann, [ann, bob]);
  const [byAnn, byBob] = [ann, bob].map((author) =>
    value(readAnnouncement(onRecord(channel.nextDraft(author, [ann, bob, cat]), author))),
  ) as [Announcement, Announcement];
  const first = channel.placed[0]?.announcement ?? byAnn;

  it('is decided by block order alone: of two made at once the first counts, for everyone', () => {
    const orders = [
      [byAnn, byBob],
      [byBob, byAnn],
    ] as const;
    for (const [winner, loser] of orders) {
      const placed = [
        { announcement: first, height: 1, index: 0 },
        { announcement: winner, height: 5, index: 2 },
        { announcement: loser, height: 5, index: 7 },
      ];
      const chain = value(resolveEpochs(channel.channel, placed, () => false));
      expect(ids(chain)).toEqual([toHex(first.id), toHex(winner.id)]);
      expect(chain.outcomes.map((outcome) => outcome.void)).toEqual([
        undefined,
        undefined,
        'channel-void-sibling',
      ]);
    }
  });

  it('does not depend on the order in which announcements are handed in, or on what a stranger adds', () => {
    const long = new TestChannel(ann, [ann, bob]);
    long.change(bob, [ann, bob, cat]);
    long.change(cat, [bob, cat]);
    long.change(bob, [bob]);
    const expected = ids(long.chain);
    fc.assert(
      fc.property(fc.shuffledSubarray(long.placed, { minLength: 4 }), (placed) => {
        expect(ids(value(resolveEpochs(long.channel, placed, () => false)))).toEqual(expected);
      }),
      { numRuns: 20 },
    );
  });

  it('needs every link: without one, what follows on it is void', () => {
    const long = new TestChannel(ann, [ann, bob]);
    long.change(bob, [ann, bob, cat]);
    long.change(cat, [bob, cat]);
    const without = long.placed.filter((_, i) => i !== 1);
    const chain = value(resolveEpochs(long.channel, without, () => false));
    expect(chain.outcomes.map((outcome) => outcome.void)).toEqual([undefined, 'channel-void-unknown']);
  });

  it('may differ between two channels on one transaction', () => {
    const other = new TestChannel(bob, [bob, cat], 'other');
    const { ledger } = channel;
    const salt = bytes32('beside');
    const id = channelId(ledger, channel.transaction, bob.sign, salt);
    const randomness = { localKey: bob.localKey, random: bytes32('random') };
    const plan = {
      origin: originOf(bob, ledger),
      transaction: channel.transaction,
      members: [bob, cat],
      randomness,
    };
    const announcement = value(readAnnouncement(onRecord(draftFounding(plan, salt), bob)));
    const chain = value(resolveEpochs(id, [{ announcement, height: 3, index: 0 }], () => false));
    const epoch = chain.current ?? expect.fail('no epoch');
    expect(codeOf(openEpoch(epoch, cat))).toBe('ok');
    expect(codeOf(openEpoch(epoch, ann))).toBe('channel-wrap');
    expect(epoch.context.transaction).toEqual(channel.transaction);
    expect(other.transaction).not.toEqual(channel.transaction);
  });

  it('is refused as a whole for announcements of two channels', () => {
    const other = new TestChannel(bob, [bob], 'other');
    expect(codeOf(resolveEpochs(channel.channel, [...channel.placed, ...other.placed], () => false))).toBe(
      'channel-other',
    );
  });
});

describe('the place of a message', () => {
  const channel = new TestChannel(ann, [ann, bob]);
  channel.change(ann, [ann]);
  const { chain } = channel;
  const [zero, one] = chain.epochs;
  if (zero === undefined || one === undefined) throw new Error('no epochs');

  it('is before, in or after its epoch; only in it something may act', () => {
    // The announcements stand at 1/0 and 2/0.
    const standings = [
      [0, 9, 'before'],
      [1, 0, 'before'],
      [1, 1, 'current'],
      [1, 65_535, 'current'],
      [2, 0, 'after'],
      [2, 1, 'after'],
      [9, 0, 'after'],
    ] as const;
    for (const [height, index, standing] of standings) {
      expect(chain.standing(zero, { height, index })).toBe(standing);
      const acts = standing === 'current' ? 'ok' : `channel-void-${standing}`;
      expect(codeOf(chain.mayAct(zero, { height, index }))).toBe(acts);
    }
    expect(chain.standing(one, { height: 9, index: 0 })).toBe('current');
    expect(codeOf(chain.mayAct(one, { height: 2, index: 0 }))).toBe('channel-void-before');
  });

  it('is asked of its own channel only', () => {
    const other = new TestChannel(ann, [ann], 'other').chain.epochs[0] ?? expect.fail('no epoch');
    expect(() => chain.mayAct(other, { height: 9, index: 0 })).toThrow(RangeError);
  });

  it('says which epoch was in force', () => {
    expect(chain.currentAt({ height: 1, index: 0 })).toBeUndefined();
    expect(chain.currentAt({ height: 1, index: 1 })).toBe(zero);
    expect(chain.currentAt({ height: 2, index: 0 })).toBe(zero);
    expect(chain.currentAt({ height: 2, index: 1 })).toBe(one);
    expect(chain.epoch(one.id)).toBe(one);
    expect(chain.epoch(bytes32('none'))).toBeUndefined();
  });
});
