import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/engines.ts';
import { concatBytes, fromUtf8, toBase64, toHex, toUtf8 } from '../bytes.ts';
import { publicKeyOf } from '../crypto/signature.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { writeJson } from '../encoding/json.ts';
import { formatVerifierKey, keyType, verifierKey } from '../log/verifier-key.ts';
import { absoluteLimits } from './founding.ts';
import { composeFoundingHeader } from './header.ts';
import { parseLedger } from './ledger.ts';
import {
  isEndpoint,
  ledgerLink,
  matchLedgerCard,
  maxLedgerLinkLength,
  parseLedgerCard,
  parseLedgerLink,
  readLedgerCard,
  writeLedgerCard,
} from './ledger-card.ts';

// The public key of RFC 8032, section 7.1, test 1. The key id is the first four bytes of SHA-256 over
// 'example.org/ledger', a line feed, the byte 1 and the key, taken with another program.
const key = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
const vkey = 'example.org/ledger+47c1c1b2+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea';
const id = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff';
const minimal = `{"endpoints":["https://example.org/"],"ledger":"${id}","log":"${vkey}","v":1}`;

const json: JsonObject = { endpoints: ['https://example.org/'], ledger: id, log: vkey, v: 1 };
const codeOf = (value: JsonValue): string => {
  const read = parseLedgerCard(writeJson(value));
  return read.ok ? 'accepted' : read.code;
};
const cosigner = verifierKey('witness.example', keyType.cosignature, publicKeyOf(new Uint8Array(32).fill(9)));
const log = verifierKey('example.org/ledger', keyType.ed25519, Buffer.from(key, 'hex'));

describe('a ledger card', () => {
  it('is read as the specification writes it, and written so', () => {
    const read = parseLedgerCard(toUtf8(minimal));
    if (!read.ok) throw new Error(read.code);
    const card = read.value;
    expect(card.origin).toBe('example.org/ledger');
    expect(card.endpoints).toEqual(['https://example.org/']);
    expect([toHex(card.ledger), toHex(card.log.publicKey)]).toEqual([id, key]);
    expect(card.trust).toMatchObject({ quorum: 'none', logs: [{ key: card.log }], witnesses: [] });
    expect(fromUtf8(writeLedgerCard(card))).toBe(minimal);
  });

  it('carries a policy, fitted to its log', () => {
    const policy = `witness w ${formatVerifierKey(cosigner)}\nquorum w\n`;
    const read = parseLedgerCard(writeJson({ ...json, policy }));
    expect(read).toMatchObject({ ok: true, value: { policy, trust: { quorum: { name: 'w' } } } });
    if (read.ok) expect(parseLedgerCard(writeLedgerCard(read.value))).toEqual(read);
  });

  it.each<[string, JsonValue]>([
    ['ledger-members', []],
    ['ledger-members', { ...json, extra: 1 }],
    ['ledger-members', { ...json, origin: 'example.org/ledger' }],
    ['ledger-value', { ...json, v: 2 }],
    ['ledger-value', { ...json, ledger: id.toUpperCase() }],
    ['ledger-value', { ...json, ledger: id.slice(2) }],
    ['ledger-value', { ...json, endpoints: 'https://example.org/' }],
    ['ledger-value', { ...json, endpoints: [1] }],
    ['ledger-value', { ...json, endpoints: Array.from({ length: 9 }, (_, i) => `https://h${i}/`) }],
    ['ledger-value', { ...json, policy: null }],
    ['ledger-key', { ...json, log: '' }],
    ['ledger-key', { ...json, log: vkey.replace('47c1c1b2', '47c1c1b3') }],
    ['ledger-key', { ...json, log: formatVerifierKey(cosigner) }],
    ['ledger-key', { ...json, log: formatVerifierKey(verifierKey('a\u0081', 1, new Uint8Array(32))) }],
    ['ledger-key', { ...json, log: formatVerifierKey(verifierKey('a'.repeat(256), 1, new Uint8Array(32))) }],
    ['ledger-key', { ...json, log: 'x', endpoints: [] }],
    ['ledger-endpoint', { ...json, endpoints: [] }],
    ['ledger-endpoint', { ...json, endpoints: ['https://a/', 'https://a'] }],
    ['ledger-endpoint', { ...json, endpoints: ['https://a/', 'https://a/'] }],
    ['ledger-endpoint', { ...json, endpoints: [], policy: 'x' }],
    ['ledger-policy', { ...json, policy: '' }],
    ['ledger-policy', { ...json, policy: 'quorum none' }],
    [
      'ledger-policy',
      { ...json, policy: `log ${formatVerifierKey(verifierKey('o', 1, cosigner.publicKey))}\nquorum none\n` },
    ],
    [
      'ledger-policy',
      {
        ...json,
        policy: `witness w ${formatVerifierKey(verifierKey('w', keyType.cosignature, log.publicKey))}\nquorum w\n`,
      },
    ],
    ['accepted', { ...json, policy: `log ${vkey}\nquorum none\n` }],
    ['accepted', { ...json, endpoints: Array.from({ length: 8 }, (_, i) => `https://h${i}/`) }],
  ])('%s: %j', (code, value) => {
    expect(codeOf(value)).toBe(code);
  });

  it.each(Object.keys(json))('is refused without %s', (name) => {
    const others = Object.fromEntries(Object.entries(json).filter(([member]) => member !== name));
    expect(codeOf(others)).toBe('ledger-members');
    expect(codeOf({ ...json, [name]: null })).toBe('ledger-value');
  });

  it('is at most 4,096 bytes long and canonical', () => {
    expect(parseLedgerCard(new Uint8Array(4097))).toMatchObject({ code: 'json-too-long' });
    expect(parseLedgerCard(toUtf8(`${minimal}\n`))).toMatchObject({ code: 'json-syntax' });
    expect(parseLedgerCard(toUtf8(minimal.replace(',', ', ')))).toMatchObject({ code: 'json-syntax' });
  });

  it('that a reader would refuse is not written', () => {
    const card = { endpoints: ['https://a/'], ledger: new Uint8Array(32), log };
    expect(() => writeLedgerCard({ ...card, endpoints: [] })).toThrow(RangeError);
    expect(() => writeLedgerCard({ ...card, ledger: new Uint8Array(31) })).toThrow(RangeError);
    expect(() => ledgerLink({ ...card, policy: 'quorum' })).toThrow(RangeError);
  });

  it('does not stay the same card when any byte of it changes', () => {
    const bytes = toUtf8(minimal);
    for (let at = 0; at < bytes.length; at++) {
      for (const change of [1, 2, 32, 128]) {
        const read = parseLedgerCard(bytes.map((byte, i) => (i === at ? byte ^ change : byte)));
        // The id and the address have no check of their own: another one is another card.
        if (read.ok) expect(fromUtf8(writeLedgerCard(read.value))).not.toBe(minimal);
        if (read.ok) expect(toHex(read.value.log.publicKey)).toBe(key);
      }
    }
  });
});

describe('an address on a card', () => {
  it.each([
    ...[
      'https://example.org/',
      'http://127.0.0.1:8080/',
      'http://[::1]:80/',
      'https://xn--bcher-kva.example/',
    ],
    ...['https://a/b/', 'https://a.b-c.d/e_f/~g/h.i/-/', 'https://a/.well-known/x/', 'https://a/.../'],
    `https://a/${'b'.repeat(244)}/`,
    `https://${'a'.repeat(63)}.b/`,
    'https://1.2.3.a/',
    'https://a:65535/',
    'https://[1:2:3:4:5:6:7:8]/',
    'https://[2001:db8::1]/',
  ])('may be %s', (address) => {
    expect(isEndpoint(address)).toBe(true);
    // As the programs that fetch it read it.
    expect(new URL(address).href.replace(/(?<=\]):80(?=\/)/, '')).toBe(
      address.replace(/(?<=\]):80(?=\/)/, ''),
    );
  });

  it.each([
    ...[
      '',
      'example.org',
      'https://',
      'https:///',
      'https://a',
      'https://a/b',
      'ftp://a/',
      'HTTPS://a/',
      'https://A/',
    ],
    ...[
      'https://user@a/',
      'https://a:b@c/',
      'https://a/?q/',
      'https://a/#f/',
      'https://a/%2e/',
      'https://a/./',
    ],
    ...[
      'https://a/../',
      'https://a//',
      'https://a/b c/',
      'https://bücher.example/',
      'https://a:0/',
      'https://a:080/',
    ],
    ...[
      'https://a:123456/',
      'https://-a/',
      'https://a./',
      'https://.a/',
      'https://a:65536/',
      'https://a..b/',
      'https://a-/',
      'https://1.2.3/',
      'https://127.1/',
      'https://1.2.3.256/',
      'https://1.2.3.04/',
      'https://a.0x1f/',
      'https://[]/',
      'https://[:]/',
      'https://[::::]/',
      'https://[1::2::3]/',
      'https://[1:2:3:4:5:6:7]/',
      'https://[1:2:3:4::5:6:7:8]/',
      'https://[::12345]/',
      'https://[::1.2.3.4]/',
      `https://${'a'.repeat(64)}/`,
      'https://a/\n',
      ' https://a/',
      'javascript:x/',
    ],
    ...['https://a\\b/', 'https://[::1/', 'file:///', `https://a/${'b'.repeat(245)}/`, 'https://a_b/'],
  ])('may not be %j', (address) => {
    expect(isEndpoint(address)).toBe(false);
  });

  it('is read the same by every program, whatever it is', () => {
    const part = fc.string({ unit: fc.constantFrom(...Array.from('ab.-:/@?#%\\[]0~_ A')) });
    fc.assert(
      fc.property(fc.constantFrom('http', 'https'), part, part, (scheme, host, path) => {
        const address = `${scheme}://${host}/${path}`;
        if (!isEndpoint(address)) return;
        const url = URL.parse(address);
        // A host of digits and dots that is no address of four numbers is no host for anyone.
        if (url === null) return;
        expect([url.username, url.password, url.search, url.hash]).toEqual(['', '', '', '']);
        expect(url.pathname.endsWith('/')).toBe(true);
      }),
    );
  });
});

describe('the link of a card', () => {
  const link = `countersign:ledger/${Buffer.from(minimal).toString('base64url')}`;

  it('is the card in base64url', () => {
    const read = parseLedgerLink(link);
    expect(read).toEqual(parseLedgerCard(toUtf8(minimal)));
    if (read.ok) expect(ledgerLink(read.value)).toBe(link);
  });

  it('uses the letters of links for every card', () => {
    for (let n = 0; n < 64; n++) {
      const card = {
        endpoints: [`https://a/${'~'.repeat(n + 1)}/`],
        ledger: new Uint8Array(32).fill(n),
        log,
      };
      expect(ledgerLink(card)).toMatch(/^countersign:ledger\/[A-Za-z0-9_-]+$/);
      expect(parseLedgerLink(ledgerLink(card))).toMatchObject({ ok: true, value: card });
    }
  });

  it.each([
    ['another beginning', link.replace('ledger', 'contact')],
    ['an upper-case scheme', link.replace('countersign', 'COUNTERSIGN')],
    ['nothing in it', 'countersign:ledger/'],
    ['padding', `${link}=`],
    ['the letters of plain base64', `countersign:ledger/${toBase64(Uint8Array.of(251, 255, 191))}`],
    ['a length that base64 has not', `${link.slice(0, 23)}A`],
    ['bits left over', 'countersign:ledger/QR'],
    ['more characters than any card has', link.padEnd(maxLedgerLinkLength + 1, 'A')],
    ['white space inside', link.replace('/', '/ ')],
  ])('is refused with %s', (_, text) => {
    expect(parseLedgerLink(text)).toMatchObject({ ok: false, code: 'ledger-link' });
  });

  it('or the card itself is read from a file or a clipboard', () => {
    const card = parseLedgerCard(toUtf8(minimal));
    for (const text of [minimal, `${minimal}\n`, `\n ${link}\r\n`, link]) {
      expect(readLedgerCard(toUtf8(text))).toEqual(card);
    }
    for (const given of [new Uint8Array(), toUtf8('hello'), Uint8Array.of(0xff), new Uint8Array(100_000)]) {
      expect(readLedgerCard(given)).toMatchObject({ ok: false, code: 'ledger-link' });
    }
    expect(readLedgerCard(concatBytes(toUtf8(minimal), toUtf8('{')))).toMatchObject({ code: 'json-syntax' });
  });
});

describe('a card and a ledger', () => {
  const promise = verifierKey('example.org/ledger/promise', 1, publicKeyOf(new Uint8Array(32).fill(2)));
  const founding = { origin: 'example.org/ledger', limits: absoluteLimits, log, promise };
  const ledger = parseLedger(composeFoundingHeader(founding, 1).bytes);
  if (!ledger.ok) throw new Error(ledger.code);
  const card = { endpoints: ['https://a/'], ledger: ledger.value.id, log: ledger.value.logKey };

  it('belong together by id and key', () => {
    expect(matchLedgerCard(card, ledger.value)).toEqual({ ok: true, value: undefined });
    const refused = { ok: false, code: 'ledger-mismatch' };
    expect(matchLedgerCard({ ...card, ledger: new Uint8Array(32) }, ledger.value)).toMatchObject(refused);
    for (const other of [
      verifierKey(log.name, log.type, new Uint8Array(32)),
      verifierKey('example.org/other', log.type, log.publicKey),
    ]) {
      expect(matchLedgerCard({ ...card, log: other }, ledger.value)).toMatchObject(refused);
    }
  });
});
