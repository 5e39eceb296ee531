import { describe, expect, it } from 'vitest';
import { bytes32, onRecord, originOf, person, TestChannel, value } from '../../../test/support/channels.ts';
import type { Person } from '../../../test/support/channels.ts';
import { sha256 } from '../crypto/sha256.ts';
import { signDraft } from '../record/envelope.ts';
import { verifyMessage } from '../record/message.ts';
import { checkPart, draftPart, locateChunks, readPart } from './part.ts';
import type { DocumentPart } from './part.ts';
import { sealedSlot } from './slot.ts';

const [ann, bob] = ['Ann', 'Bob'].map(person) as [Person, Person];
const channel = new TestChannel(ann, [ann, bob]);
const name = bytes32('document');

function part(first: number, bytes: number, author = ann): DocumentPart {
  const origin = originOf(author, channel.ledger);
  const draft = draftPart(origin, channel.transaction, { document: name, first }, new Uint8Array(bytes));
  return value(readPart(onRecord(draft, author)));
}

describe('sealed slots', () => {
  it('say of a message what everyone sees: author, time, id, size, hash, epoch, place', () => {
    const sealed = channel.say(ann, 'The price is 100.');
    const { data, id } = sealed.message;
    expect(sealedSlot(sealed, { height: 7, index: 3 })).toEqual({
      id,
      author: ann.sign,
      time: 1_700_000_000,
      size: 272,
      hash: sha256(data ?? expect.fail('no data')),
      of: { epoch: channel.open(bob).epoch.id },
      height: 7,
      index: 3,
    });
  });

  it('are the same for texts of one size step', () => {
    const sizes = ['yes', 'no', 'x'.repeat(150)].map(
      (text) => sealedSlot(channel.say(bob, text), { height: 1, index: 0 }).size,
    );
    expect(new Set(sizes)).toEqual(new Set([272]));
  });

  it('say of a part which parts belong together', () => {
    const slot = sealedSlot(part(0, 272), { height: 1, index: 0 });
    expect(slot).toMatchObject({ author: ann.sign, of: { document: name }, size: 272 });
  });
});

describe('parts of a document', () => {
  const whole = 65_552;

  it('that hold the same chunk: the first in block order does', () => {
    const parts = [part(2, 2 * whole), part(0, 3 * whole), part(1, whole)];
    const { runs, missing } = locateChunks(parts, 6);
    const ids = parts.map(({ message }) => message.id);
    expect(runs).toEqual([
      { part: ids[1], first: 0, count: 2, skip: 0 },
      { part: ids[0], first: 2, count: 2, skip: 0 },
    ]);
    expect(missing).toEqual([{ first: 4, count: 2 }]);
  });

  it('are cut into runs that say what to skip, and none beyond the last chunk counts', () => {
    const parts = [part(1, whole), part(0, 4 * whole)];
    const { runs, missing } = locateChunks(parts, 3);
    expect(runs.map(({ first, count, skip }) => [first, count, skip])).toEqual([
      [0, 1, 0],
      [1, 1, 0],
      [2, 1, 2],
    ]);
    expect(missing).toEqual([]);
    expect(locateChunks([], 3).missing).toEqual([{ first: 0, count: 3 }]);
  });

  it('whose data was withheld are told', () => {
    const draft = draftPart(
      originOf(ann, channel.ledger),
      channel.transaction,
      { document: name, first: 0 },
      new Uint8Array(272),
    );
    const { leaf } = signDraft(draft, ann.seed);
    const limits = { headBytes: 65_535, dataBytes: 16_777_216 };
    const withheld = value(readPart(value(verifyMessage(leaf, undefined, channel.ledger, limits))));
    expect(withheld.boxes()).toMatchObject({ code: 'document-withheld' });
  });

  it('come from the author of the document alone', () => {
    const { ledger, transaction } = channel;
    const of = { ledger, transaction, sender: ann.sign, document: name };
    expect(checkPart(part(0, 272), of)).toEqual({ ok: true, value: undefined });
    expect(checkPart(part(0, 272, bob), of)).toMatchObject({ code: 'document-sender' });
    expect(checkPart(part(0, 272), { ...of, document: bytes32('other') })).toMatchObject({
      code: 'document-name',
    });
  });
});
