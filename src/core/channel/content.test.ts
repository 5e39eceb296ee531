import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { bytes32, person, TestChannel, value } from '../../../test/support/channels.ts';
import type { Content } from './content.ts';
import { readContent, writeContent } from './content.ts';
import { openMessage } from './sealed.ts';

const ann = person('Ann');
const channel = new TestChannel(ann, [ann]);
const pair = [bytes32('a'), bytes32('b')].sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));

function said(content: Content): Content {
  const opened = value(openMessage(channel.open(ann), channel.say(ann, content)));
  return value(readContent(opened));
}

describe('contents', () => {
  it.each<Content>([
    { kind: 'text', text: 'One line\nand another' },
    { kind: 'leave' },
    { kind: 'remove', members: pair },
    { kind: 'read', messages: pair },
    {
      kind: 'document',
      hash: bytes32('h'),
      key: bytes32('k'),
      media: 'text/plain',
      name: 'a b.txt',
      size: 0,
    },
    { kind: 'disclosed', grant: bytes32('g'), scope: 'epoch' },
    { kind: 'disclosed', grant: bytes32('g'), scope: 'period', to: ann.sign },
    { kind: 'joined', proof: bytes32('p') },
  ])('are read as they were written: $kind', (content) => {
    expect(said(content)).toEqual(content);
  });

  it.each<Content>([
    { kind: 'text', text: '' },
    { kind: 'text', text: '\n\n' },
    { kind: 'text', text: 'a\u202eb' },
    { kind: 'text', text: 'x'.repeat(65_537) },
    { kind: 'remove', members: [] },
    { kind: 'remove', members: [...pair].reverse() },
    { kind: 'read', messages: [bytes32('a'), bytes32('a')] },
    { kind: 'document', hash: bytes32('h'), key: bytes32('k'), media: 'x', name: 'x', size: 2 ** 32 + 1 },
    { kind: 'document', hash: bytes32('h'), key: bytes32('k').subarray(1), media: 'x', name: 'x', size: 1 },
  ])('that no reader accepts are not written: $kind', (content) => {
    expect(() => writeContent(content)).toThrow(RangeError);
  });

  it('of texts hold every word that people can read', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 50 }), (text) => {
        let written;
        try {
          written = writeContent({ kind: 'text', text });
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError);
          return;
        }
        expect(new TextDecoder().decode(written.content)).toBe(JSON.stringify({ text }));
      }),
      { numRuns: 100 },
    );
  });
});
