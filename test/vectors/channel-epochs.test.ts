import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { draftFounding } from '../../src/core/channel/announcement.ts';
import type { Announcement } from '../../src/core/channel/announcement.ts';
import type { Chain } from '../../src/core/channel/chain.ts';
import { resolveEpochs } from '../../src/core/channel/chain.ts';
import { draftNextEpoch, openEpoch, openEpochBySecret } from '../../src/core/channel/epoch.ts';
import { epochType } from '../../src/core/channel/names.ts';
import { composeMessage, signDraft } from '../../src/core/record/envelope.ts';
import { verifyMessage } from '../../src/core/record/message.ts';
import type { Result } from '../../src/core/result.ts';
import { startEngines } from '../../src/engines/start.ts';
import type { Cast, OnRecord } from './channel-support.ts';
import {
  announcementOf,
  chainOf,
  epochOf,
  keysOf,
  known,
  memberOf,
  messageOf,
  personOf,
} from './channel-support.ts';
import type { Sweep } from './support.ts';
import { good, hex, sweepDifferences, unpack, vectors, verdict } from './support.ts';

interface Composed extends OnRecord {
  readonly name: string;
  readonly author: string;
  readonly members: readonly string[];
  readonly random: string;
  readonly nonce: string;
  readonly time: number;
  readonly salt: string | null;
  readonly previous: number | null;
  readonly secret: string;
}

const file = vectors('channel-epochs') as Cast & {
  readonly announcements: readonly Composed[];
  readonly refusedAnnouncements: readonly (OnRecord & { readonly name: string; readonly code: string })[];
  readonly scene: readonly (OnRecord & { readonly name: string })[];
  readonly chains: readonly {
    readonly name: string;
    readonly placed: readonly (readonly [name: string, height: number, index: number, code: string])[];
    readonly ended: readonly (readonly [who: string, height: number])[];
    readonly epochs: readonly string[];
  }[];
  readonly refusedChains: readonly {
    readonly name: string;
    readonly code: string;
    readonly placed: readonly (OnRecord & {
      readonly ledger: string;
      readonly height: number;
      readonly index: number;
    })[];
  }[];
  readonly openings: readonly { readonly epoch: number; readonly who: string; readonly code: string }[];
  readonly refusedOpenings: readonly (OnRecord & {
    readonly name: string;
    readonly code: string;
    readonly who?: string;
    readonly secret?: string;
    readonly absent: boolean;
  })[];
  readonly changed: readonly (OnRecord & {
    readonly author: string;
    readonly who: string;
    readonly sweep: Sweep;
  })[];
};

const limits = { headBytes: 65_535, dataBytes: 16_777_216 };
const first = known(file.chain[0]);

/** The ledger that a leaf names, whichever it is. */
function ledgerOf(leaf: string): string {
  const found = /226c6564676572223a22(([0-9a-f]{2}){64})/.exec(leaf)?.[1];
  return new TextDecoder().decode(hex(known(found)));
}

/** The chain of the first announcement and another that follows on it. */
function twoOf(second: Announcement): Chain {
  const placed = [
    { announcement: good(announcementOf(first, file.ledger)), height: 1, index: 0 },
    { announcement: second, height: 2, index: 0 },
  ];
  return good(resolveEpochs(hex(file.channel), placed, () => false));
}

beforeAll(startEngines);

describe('epochs of the second implementation', () => {
  it.each(file.announcements)('composes the same message: $name', (vector) => {
    const author = personOf(file, vector.author);
    const [nonce, time] = [hex(vector.nonce), vector.time];
    const origin = { ledger: hex(file.ledger), sender: hex(author.sign), nonce, time };
    const members = vector.members.map((name) => memberOf(personOf(file, name)));
    const randomness = { localKey: hex(author.local), random: hex(vector.random) };
    const chain = chainOf({ ...file, chain: file.chain.slice(0, (vector.previous ?? 0) + 1) });
    const draft =
      vector.salt === null
        ? good(
            draftNextEpoch(chain, good(openEpoch(known(chain.current), keysOf(author))), {
              origin,
              members,
              randomness,
            }),
          )
        : draftFounding(
            { origin, transaction: hex(file.transaction), members, randomness },
            hex(vector.salt),
          );
    expect(toHex(composeMessage(draft).id)).toBe(toHex(messageOf(vector, file.ledger).id));
    expect(toHex(draft.data)).toBe(toHex(unpack(vector.data ?? '')));
    expect(verdict(announcementOf(vector, file.ledger))).toBe('ok');
  });

  it.each(file.refusedAnnouncements)('refuses with $code: $name', ({ code, leaf, data }) => {
    const vector = data === undefined ? { leaf } : { leaf, data };
    expect(verdict(announcementOf(vector, ledgerOf(leaf)))).toBe(code);
  });

  it.each(file.chains)('resolves: $name', ({ placed, ended, epochs }) => {
    const chain = good(
      resolveEpochs(
        hex(file.channel),
        placed.map(([name, height, index]) => {
          const vector = known(file.scene.find((entry) => entry.name === name));
          return { announcement: good(announcementOf(vector, file.ledger)), height, index };
        }),
        (key, at) =>
          ended.some(([who, height]) => personOf(file, who).sign === toHex(key) && height <= at.height),
      ),
    );
    expect(chain.epochs.map(({ id }) => toHex(id))).toEqual(epochs);
    const codes = placed.map(([, height, index]) => {
      const outcome = known(chain.outcomes.find((one) => one.height === height && one.index === index));
      return outcome.void ?? 'ok';
    });
    expect(codes).toEqual(placed.map(([, , , code]) => code));
  });

  it.each(file.refusedChains)('refuses as no one record with $code: $name', ({ code, placed }) => {
    const announcements = placed.map(({ ledger, height, index, ...vector }) => ({
      announcement: good(announcementOf(vector, ledger)),
      height,
      index,
    }));
    expect(verdict(resolveEpochs(hex(file.channel), announcements, () => false))).toBe(code);
  });

  it.each(file.openings)('opens epoch $epoch for $who: $code', ({ epoch, who, code }) => {
    const opened = openEpoch(epochOf(chainOf(file), epoch), keysOf(personOf(file, who)));
    expect(verdict(opened)).toBe(code);
    if (!opened.ok) return;
    const composed = known(file.announcements[epoch]);
    expect(toHex(opened.value.secret)).toBe(composed.secret);
    const signs = composed.members.map((name) => personOf(file, name).sign).sort();
    expect(opened.value.members.map(({ sign }) => toHex(sign))).toEqual(signs);
    const bySecret = good(openEpochBySecret(opened.value.epoch, hex(composed.secret)));
    expect(bySecret.members).toEqual(opened.value.members);
  });

  it.each(file.refusedOpenings)('does not open, with $code: $name', (vector) => {
    const chain = twoOf(good(announcementOf(vector, file.ledger, vector.absent)));
    const epoch = epochOf(chain, 1);
    const opened: Result<unknown> =
      vector.who === undefined
        ? openEpochBySecret(epoch, hex(vector.secret ?? ''))
        : openEpoch(epoch, keysOf(personOf(file, vector.who)));
    expect(verdict(opened)).toBe(vector.code);
  });

  it.each(file.changed)('judges every changed byte as stated', ({ leaf, data, author, who, sweep }) => {
    const { head } = messageOf({ leaf, data: data ?? '' }, file.ledger);
    const seed = hex(personOf(file, author).seed);
    const me = keysOf(personOf(file, who));
    const judge = (changed: Uint8Array): string => {
      const signed = signDraft({ payloadType: epochType, head, data: changed }, seed);
      const message = good(verifyMessage(signed.leaf, signed.data, hex(file.ledger), limits));
      const announcement = good(
        announcementOf({ leaf: toHex(message.leaf), data: toHex(changed) }, file.ledger),
      );
      const chain = good(
        resolveEpochs(hex(file.channel), [{ announcement, height: 1, index: 0 }], () => false),
      );
      return verdict(openEpoch(epochOf(chain, 0), me));
    };
    expect(sweepDifferences(unpack(data ?? ''), sweep, judge)).toEqual([]);
  });
});
