import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import type { Content } from '../../src/core/channel/content.ts';
import { checkJoined, readContent, writeContent } from '../../src/core/channel/content.ts';
import { sealedType } from '../../src/core/channel/names.ts';
import { draftMessage, messageKeyOf, openByMessageKey, openMessage } from '../../src/core/channel/sealed.ts';
import { composeMessage, signDraft } from '../../src/core/record/envelope.ts';
import { startEngines } from '../../src/engines/start.ts';
import type { Cast, OnRecord } from './channel-support.ts';
import { chainOf, epochOf, known, messageOf, openedBy, personOf, sealedOf } from './channel-support.ts';
import type { Sweep } from './support.ts';
import { good, hex, sweepDifferences, unpack, vectors, verdict } from './support.ts';

interface Refused extends OnRecord {
  readonly name: string;
  readonly code: string;
}

const file = vectors('channel-messages') as Cast & {
  readonly messages: readonly (OnRecord & {
    readonly name: string;
    readonly sender: string;
    readonly epoch: number;
    readonly random: string;
    readonly nonce: string;
    readonly time: number;
    readonly contentType: string;
    readonly content: string;
    readonly known: Readonly<Record<string, string | number | readonly string[]>> | null;
    readonly key: string;
  })[];
  readonly refusedReading: readonly Refused[];
  readonly refusedOpening: readonly (Refused & {
    readonly key: string | null;
    readonly absent: boolean;
    readonly ledger: string;
  })[];
  readonly refusedContents: readonly {
    readonly name: string;
    readonly code: string;
    readonly contentType: string;
    readonly content: string;
  }[];
  readonly joinings: readonly (Refused & { readonly epoch: number })[];
  readonly changed: readonly (OnRecord & {
    readonly what: 'data' | 'salt' | 'commitment' | 'epoch';
    readonly sender: string;
    readonly sweep: Sweep;
  })[];
};

/** The chain as it was when the epoch was the current one. */
function chainUpTo(epoch: number) {
  return chainOf({ ...file, chain: file.chain.slice(0, epoch + 1) });
}

/** What a content says, with bytes as hexadecimal. */
function shown(content: Content): object {
  const members = Object.entries(content).filter(([name]) => name !== 'kind');
  const text = (value: unknown): unknown =>
    value instanceof Uint8Array ? toHex(value) : Array.isArray(value) ? value.map(text) : value;
  return Object.fromEntries(members.map(([name, value]) => [name, text(value)]));
}

beforeAll(startEngines);

describe('sealed messages of the second implementation', () => {
  it.each(file.messages)('composes and opens: $name', (vector) => {
    const { contentType, content, epoch, sender } = vector;
    const chain = chainUpTo(epoch);
    const open = openedBy(file, chain, epoch, sender);
    const person = personOf(file, sender);
    const draft = good(
      draftMessage(chain, open, {
        origin: {
          ledger: hex(file.ledger),
          sender: hex(person.sign),
          nonce: hex(vector.nonce),
          time: vector.time,
        },
        plain: { contentType, content: hex(content) },
        randomness: { localKey: hex(person.local), random: hex(vector.random) },
      }),
    );
    expect(toHex(composeMessage(draft).id)).toBe(toHex(messageOf(vector, file.ledger).id));
    const sealed = good(sealedOf(vector, file.ledger));
    expect(toHex(messageKeyOf(open, sealed))).toBe(vector.key);
    const both = [
      openMessage(open, sealed),
      openByMessageKey(epochOf(chain, epoch), sealed, hex(vector.key)),
    ];
    for (const opened of both.map(good)) {
      expect(opened.contentType).toBe(contentType);
      expect(toHex(opened.content)).toBe(content);
      const read = readContent(opened);
      if (vector.known === null) expect(read).toBeUndefined();
      else {
        expect(shown(good(known(read)))).toEqual(vector.known);
        expect(toHex(writeContent(good(known(read))).content)).toBe(content);
      }
    }
  });

  it.each(file.refusedReading)('refuses with $code: $name', (vector) => {
    expect(verdict(sealedOf(vector, file.ledger))).toBe(vector.code);
  });

  it.each(file.refusedOpening)('does not open, with $code: $name', (vector) => {
    const chain = chainUpTo(0);
    const sealed = good(sealedOf(vector, vector.ledger, vector.absent));
    const opened =
      vector.key === null
        ? openMessage(openedBy(file, chain, 0, 'Bob'), sealed)
        : openByMessageKey(epochOf(chain, 0), sealed, hex(vector.key));
    expect(verdict(opened)).toBe(vector.code);
  });

  it.each(file.refusedContents)('refuses a content with $code: $name', ({ contentType, content, code }) => {
    const chain = chainUpTo(0);
    const open = openedBy(file, chain, 0, 'Ann');
    const ann = personOf(file, 'Ann');
    const draft = good(
      draftMessage(chain, open, {
        origin: { ledger: hex(file.ledger), sender: hex(ann.sign), nonce: new Uint8Array(16), time: 0 },
        plain: { contentType, content: hex(content) },
        randomness: { localKey: hex(ann.local), random: new Uint8Array(32) },
      }),
    );
    const { leaf, data } = signDraft(draft, hex(ann.seed));
    const sealed = good(sealedOf({ leaf: toHex(leaf), data: toHex(data) }, file.ledger));
    expect(verdict(known(readContent(good(openMessage(open, sealed)))))).toBe(code);
  });

  it.each(file.joinings)('judges a joining with $code: $name', (vector) => {
    const open = openedBy(file, chainOf(file), vector.epoch, 'Ann');
    const opened = good(openMessage(open, good(sealedOf(vector, file.ledger))));
    expect(verdict(known(checkJoined(open, opened)))).toBe(vector.code);
  });

  it.each(file.changed)('refuses every changed byte of $what', ({ what, sender, sweep, ...vector }) => {
    const { head, data } = messageOf(vector, file.ledger);
    const open = openedBy(file, chainUpTo(0), 0, 'Bob');
    const seed = hex(personOf(file, sender).seed);
    const judge = (changed: Uint8Array): string => {
      const body = what === 'data' ? head.body : { ...head.body, [what]: toHex(changed) };
      const box = what === 'data' ? changed : known(data);
      const signed = signDraft({ payloadType: sealedType, head: { ...head, body }, data: box }, seed);
      const made = { leaf: toHex(signed.leaf), data: toHex(signed.data) };
      return verdict(openMessage(open, good(sealedOf(made, file.ledger))));
    };
    const whole = what === 'data' ? unpack(vector.data ?? '') : hex(head.body[what] as string);
    expect(sweepDifferences(whole, sweep, judge)).toEqual([]);
  });
});
