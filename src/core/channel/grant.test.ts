import { beforeAll, describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { bytes32, codeOf, person, TestChannel, value } from '../../../test/support/channels.ts';
import type { Person } from '../../../test/support/channels.ts';
import { toHex } from '../bytes.ts';
import type { Grant, GrantContent } from './grant.ts';
import { parseGrant, writeGrant } from './grant.ts';
import { discloseEpoch, discloseMessage, openGrantedEpoch, openGrantedMessage } from './granted.ts';
import type { OpenEpoch } from './epoch.ts';
import type { SealedMessageOnRecord } from './sealed.ts';
import { openByMessageKey, openMessage } from './sealed.ts';

const [ann, bob, cat] = ['Ann', 'Bob', 'Cat'].map(person) as [Person, Person, Person];

/** Two channels with two epochs each and two messages in each epoch: the whole record of these tests. */
interface Said {
  readonly of: TestChannel;
  readonly open: OpenEpoch;
  readonly sealed: SealedMessageOnRecord;
}

const buy = new TestChannel(ann, [ann, bob], 'buy side');
const sell = new TestChannel(ann, [ann, cat], 'sell side');
let record: readonly Said[] = [];

beforeAll(() => {
  const talk = (of: TestChannel, other: Person, text: string): Said[] =>
    [ann, other].map((author) => ({ of, open: of.open(ann), sealed: of.say(author, text) }));
  record = [...talk(buy, bob, 'first'), ...talk(sell, cat, 'first')];
  buy.change(ann, [ann, bob]);
  sell.change(cat, [ann, cat]);
  record = [...record, ...talk(buy, bob, 'second'), ...talk(sell, cat, 'second')];
});

function granted(of: TestChannel, content: Partial<GrantContent> & Pick<GrantContent, 'scope'>): Grant {
  const { ledger, transaction } = of;
  const bytes = writeGrant({ ledger, transaction, epochs: [], messages: [], ...content });
  return value(parseGrant(bytes, ledger));
}

/** Whether someone who has a grant and the public record can open a message, by any way there is. */
function opens(grant: Grant, { open, sealed }: Said): boolean {
  const { epoch } = open;
  if (openGrantedMessage(grant, epoch, sealed).ok) return true;
  const whole = openGrantedEpoch(grant, epoch);
  if (whole.ok && openMessage(whole.value, sealed).ok) return true;
  // Every key in the grant, tried on everything.
  const { epochs, messages } = grant.content;
  const keys = [...epochs.map(({ secret }) => secret), ...messages.map(({ key }) => key)];
  return keys.some((key) => openByMessageKey(epoch, sealed, key).ok);
}

function opened(grant: Grant): readonly number[] {
  return record.flatMap((said, i) => (opens(grant, said) ? [i] : []));
}

describe('exactness: a grant opens what it lists and nothing else', () => {
  it('one message', () => {
    for (const [i, { of, open, sealed }] of record.entries()) {
      const messages = [value(discloseMessage(open, sealed))];
      expect(opened(granted(of, { scope: 'message', messages }))).toEqual([i]);
    }
  });

  it('a period', () => {
    const some = [0, 1, 4].flatMap((i) => record[i] ?? []);
    const messages = some.map(({ open, sealed }) => value(discloseMessage(open, sealed)));
    const grant = granted(buy, { scope: 'period', messages, period: { from: 1, to: 2 } });
    expect(opened(grant)).toEqual([0, 1, 4]);
  });

  it('an epoch, with its roster', () => {
    const grant = granted(buy, { scope: 'epoch', epochs: [discloseEpoch(buy.open(bob, 0))] });
    expect(opened(grant)).toEqual([0, 1]);
    const whole = value(openGrantedEpoch(grant, buy.open(ann, 0).epoch));
    expect(whole.members.map(({ sign }) => toHex(sign))).toEqual(
      [ann, bob].map(({ sign }) => toHex(sign)).sort(),
    );
  });

  it('a channel', () => {
    const epochs = [0, 1].map((number) => discloseEpoch(sell.open(cat, number)));
    expect(opened(granted(sell, { scope: 'channel', epochs }))).toEqual([2, 3, 6, 7]);
  });

  it('nothing of another channel, though the same person reads both', () => {
    const epochs = [0, 1].map((number) => discloseEpoch(buy.open(ann, number)));
    expect(opened(granted(buy, { scope: 'transaction', epochs }))).toEqual([0, 1, 4, 5]);
  });
});

describe('a grant', () => {
  it('opens for someone who never was a member, and says what it shows', () => {
    const said = record[0] ?? expect.fail('no message');
    const grant = granted(buy, {
      scope: 'message',
      messages: [value(discloseMessage(said.open, said.sealed))],
    });
    const shown = value(openGrantedMessage(grant, said.open.epoch, said.sealed));
    expect(shown.openedBy).toBe('message-key');
    const whole = granted(buy, { scope: 'epoch', epochs: [discloseEpoch(said.open)] });
    const open = value(openGrantedEpoch(whole, said.open.epoch));
    expect(value(openMessage(open, said.sealed)).openedBy).toBe('epoch');
  });

  it('is refused where its keys are not those of the record', () => {
    const said = record[0] ?? expect.fail('no message');
    const item = value(discloseMessage(said.open, said.sealed));
    const wrong = granted(buy, { scope: 'message', messages: [{ ...item, key: bytes32('wrong') }] });
    expect(codeOf(openGrantedMessage(wrong, said.open.epoch, said.sealed))).toBe('sealed-commitment');
    const secret = granted(buy, {
      scope: 'epoch',
      epochs: [{ ...discloseEpoch(said.open), secret: bytes32('wrong') }],
    });
    expect(codeOf(openGrantedEpoch(secret, said.open.epoch))).toBe('channel-commitment');
    const elsewhere = granted(buy, { scope: 'message', messages: [{ ...item, channel: sell.channel }] });
    expect(codeOf(openGrantedMessage(elsewhere, said.open.epoch, said.sealed))).toBe('grant-not-covered');
    const foreign = granted(sell, { scope: 'message', messages: [item] });
    expect(codeOf(openGrantedMessage(foreign, said.open.epoch, said.sealed))).toBe('grant-transaction');
    const other = value(
      parseGrant(
        writeGrant({ ...wrong.content, ledger: bytes32('other ledger'), messages: [item] }),
        bytes32('other ledger'),
      ),
    );
    expect(codeOf(openGrantedMessage(other, said.open.epoch, said.sealed))).toBe('grant-ledger');
    expect(codeOf(openGrantedEpoch(other, said.open.epoch))).toBe('grant-ledger');
  });

  it('is not made of a message that does not open', () => {
    const [one, other] = [record[0], record[4]];
    if (one === undefined || other === undefined) expect.fail('no messages');
    expect(codeOf(discloseMessage(one.open, other.sealed))).toBe('sealed-epoch');
  });

  it('that no reader accepts is not written', () => {
    const { ledger, transaction } = buy;
    const nothing = { ledger, transaction, epochs: [], messages: [] };
    expect(() => writeGrant({ ...nothing, scope: 'channel' })).toThrow(RangeError);
    const epochs = [discloseEpoch(buy.open(ann, 0))];
    expect(() => writeGrant({ ...nothing, scope: 'epoch', epochs: [...epochs, ...epochs] })).toThrow(
      RangeError,
    );
    expect(() => writeGrant({ ...nothing, scope: 'message', epochs })).toThrow(RangeError);
  });

  it('is refused with any byte changed, or names and keys that open nothing', () => {
    const said = record[0] ?? expect.fail('no message');
    const item = value(discloseMessage(said.open, said.sealed));
    const { ledger, transaction } = buy;
    const bytes = writeGrant({ ledger, transaction, scope: 'message', epochs: [], messages: [item] });
    for (let at = 0; at < bytes.length; at++) {
      const grant = parseGrant(bytes.with(at, (bytes[at] ?? 0) ^ 1), ledger);
      if (!grant.ok) continue;
      expect(codeOf(openGrantedMessage(grant.value, said.open.epoch, said.sealed)), `byte ${at}`).not.toBe(
        'ok',
      );
    }
  });
});
