import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { documentKeys } from '../../src/core/channel/document.ts';
import { drawSecret, EpochKeys, messageBox } from '../../src/core/channel/keys.ts';
import {
  channelId,
  inboxTag,
  sealedType,
  transactionId,
  transactionTag,
} from '../../src/core/channel/names.ts';
import { padded, sizeStep, unpadded } from '../../src/core/channel/padding.ts';
import { openBox, sealBox } from '../../src/core/crypto/sealed.ts';
import { startEngines } from '../../src/engines/start.ts';
import { hex, vectors } from './support.ts';

type Texts = Readonly<Record<string, string>>;

const file = vectors('channel-keys') as {
  readonly context: { readonly ledger: string; readonly transaction: string; readonly channel: string };
  readonly names: readonly Texts[];
  readonly steps: readonly (readonly [number, number])[];
  readonly padded: readonly { readonly bytes: string; readonly padded: string }[];
  readonly refusedPadded: readonly { readonly name: string; readonly bytes: string }[];
  readonly drawn: readonly {
    readonly purpose: 'epoch' | 'message' | 'document' | 'wrap' | 'letter';
    readonly local: string;
    readonly random: string;
    readonly material: string;
    readonly value: string;
  }[];
  readonly schedules: readonly (Texts & {
    readonly rosterBox: never;
    readonly messageBox: never;
    readonly documentKeys: never;
  })[];
  readonly boxes: readonly {
    readonly length: number;
    readonly key: string;
    readonly nonce: string;
    readonly plain: string;
    readonly box: string;
  }[];
};

const at = (texts: Texts, name: string): Uint8Array => hex(texts[name] ?? expect.fail(name));

beforeAll(startEngines);

describe('keys of channels of the second implementation', () => {
  it.each(file.names)('derives ids and tags from $salt', (vector) => {
    const [ledger, key, salt] = [at(vector, 'ledger'), at(vector, 'key'), at(vector, 'salt')];
    const transaction = transactionId(ledger, key, salt);
    expect(toHex(transaction)).toBe(vector['transaction']);
    expect(toHex(transactionTag(ledger, transaction))).toBe(vector['transactionTag']);
    expect(toHex(channelId(ledger, transaction, key, salt))).toBe(vector['channel']);
    expect(toHex(inboxTag(ledger, key))).toBe(vector['inboxTag']);
  });

  it.each(file.steps)('raises %i to %i', (length, step) => {
    expect(sizeStep(length)).toBe(step);
    expect(sizeStep(step)).toBe(step);
  });

  it('pads and unpads', () => {
    for (const vector of file.padded) {
      expect(toHex(padded(hex(vector.bytes)))).toBe(vector.padded);
      expect(unpadded(hex(vector.padded))).toEqual(hex(vector.bytes));
    }
    for (const { name, bytes } of file.refusedPadded) expect(unpadded(hex(bytes)), name).toBeUndefined();
  });

  it('draws', () => {
    for (const { local, random, purpose, material, value } of file.drawn) {
      const randomness = { localKey: hex(local), random: hex(random) };
      expect(toHex(drawSecret(randomness, purpose, hex(material)))).toBe(value);
    }
  });

  it.each(file.schedules)('derives the keys of $secret', (vector) => {
    const { ledger, transaction, channel } = file.context;
    const ids = { ledger: hex(ledger), transaction: hex(transaction), channel: hex(channel) };
    const previous = vector['previous'] === '' ? undefined : at(vector, 'previous');
    const context = { ...ids, previous, author: at(vector, 'author') };
    const message = {
      ...ids,
      epoch: at(vector, 'epoch'),
      sender: at(vector, 'sender'),
      payloadType: sealedType,
    };
    const keys = new EpochKeys(at(vector, 'secret'));
    const salt = at(vector, 'salt');
    const messageKey = keys.messageKey(message, salt);
    expect(toHex(keys.commitment(context))).toBe(vector['commitment']);
    expect(toHex(keys.tag(context))).toBe(vector['tag']);
    expect(toHex(keys.memberSalt(context, at(vector, 'member')))).toBe(vector['memberSalt']);
    const roster = keys.rosterBox(context, at(vector, 'root'));
    expect([roster.key, roster.nonce].map(toHex)).toEqual(vector.rosterBox);
    expect(toHex(keys.joinedProof(message))).toBe(vector['joined']);
    expect(toHex(messageKey)).toBe(vector['messageKey']);
    const { key, nonce, commitment } = messageBox(messageKey, message, salt);
    expect([key, nonce, commitment].map(toHex)).toEqual(vector.messageBox);
    const document = documentKeys(at(vector, 'secret'), { ...ids, sender: message.sender });
    expect([document.boxKey, document.name].map(toHex)).toEqual(vector.documentKeys);
  });

  it.each(file.boxes)('seals $length bytes', ({ key, nonce, plain, box }) => {
    const sealed = sealBox(hex(key), hex(nonce), hex(plain));
    expect(toHex(sealed)).toBe(box);
    expect(openBox(hex(key), hex(nonce), sealed)).toEqual(hex(plain));
  });
});
