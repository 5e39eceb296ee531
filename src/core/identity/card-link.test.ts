import { describe, expect, it } from 'vitest';
import { ledger, signer } from '../../../test/support/key-statements.ts';
import { concatBytes, fromBase64Url, toBase64Url, toUtf8 } from '../bytes.ts';
import { type ContactCard, writeCard } from './card.ts';
import { contactLink, maxGivenCardBytes, readContactCard } from './card-link.ts';

const owner = signer(1);
const card: ContactCard = {
  claims: { name: 'Ä. Owner' },
  encrypt: owner.encrypt,
  ledger,
  salt: new Uint8Array(32).fill(0xfb),
  sign: owner.key,
};
const other = new Uint8Array(32).fill(7);
const codeOf = (given: string | Uint8Array, ledgers = [ledger]): string => {
  const read = readContactCard(typeof given === 'string' ? toUtf8(given) : given, ledgers);
  return read.ok ? 'accepted' : read.code;
};

describe('a card in the hand', () => {
  const link = contactLink(card);

  it('is read from its file and from its link, with white space around it', () => {
    expect(link).toMatch(/^countersign:contact\/[A-Za-z0-9_-]+$/);
    for (const given of [link, ` \r\n${link}\n`]) {
      expect(readContactCard(toUtf8(given), [other, ledger])).toEqual({ ok: true, value: card });
    }
    const file = concatBytes(toUtf8('\n'), writeCard(card), toUtf8('\n'));
    expect(readContactCard(file, [ledger])).toEqual({ ok: true, value: card });
  });

  it('is for a ledger that is known', () => {
    expect(codeOf(link, [])).toBe('card-ledger');
    expect(codeOf(link, [other])).toBe('card-ledger');
  });

  it('is refused when it is anything else', () => {
    const digits = link.slice('countersign:contact/'.length);
    for (const given of [
      '',
      'countersign:contact/',
      'countersign:ledger/' + digits,
      digits,
      link + '=',
      link.replace('countersign:', 'Countersign:'),
      link.slice(0, -1) + '+',
      'countersign:contact/' + 'A'.repeat(6000),
      ' '.repeat(maxGivenCardBytes + 1),
      Uint8Array.of(0xff),
    ]) {
      expect(['card-link', 'json-syntax']).toContain(codeOf(given));
    }
    expect(codeOf('{}')).toBe('card-members');
    expect(codeOf('{"a":1}x')).toBe('json-syntax');
  });

  it('is refused when any character of the link is changed', () => {
    const start = 'countersign:contact/'.length;
    for (let i = 0; i < link.length; i++) {
      const changed = link.slice(0, i) + (link[i] === 'A' ? 'B' : 'A') + link.slice(i + 1);
      const read = readContactCard(toUtf8(changed), [ledger]);
      // What a card says cannot be checked by itself: a changed name is still a card, but never the same one.
      if (read.ok) expect(writeCard(read.value)).not.toEqual(writeCard(card));
      else if (i < start) expect(read.code).toBe('card-link');
    }
  });
});

describe('base64url', () => {
  it('is exact', () => {
    expect(toBase64Url(Uint8Array.of(0xfb, 0xff))).toBe('-_8');
    expect(fromBase64Url('-_8')).toEqual(Uint8Array.of(0xfb, 0xff));
    for (const text of ['-_8=', '+/8', '-_9', 'A', '-_8\n']) expect(fromBase64Url(text)).toBeUndefined();
  });
});
