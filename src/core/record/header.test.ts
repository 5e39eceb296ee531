import { describe, expect, it } from 'vitest';
import { bytes32, headerOf, TestLedger, testTime, unwrap } from '../../../test/support/ledger.ts';
import { fromUtf8, toUtf8 } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { parseJson, writeJson } from '../encoding/json.ts';
import { formatVerifierKey, keyType, verifierKey } from '../log/verifier-key.ts';
import { absoluteLimits } from './founding.ts';
import { composeFoundingHeader, composeHeader, maxHeaderBytes, parseHeader, rollupCount } from './header.ts';
import { checkLink, ledgerId, parseHeaderAt, parseLedger } from './ledger.ts';

const test = new TestLedger();
const { ledger } = test;
const one = test.seal([test.message()]).header;
const two = test.seal([test.message(), test.message()]).header;
const root = bytes32('root');

/** The header with some members replaced; undefined takes one out. */
function changed(bytes: Uint8Array, members: Readonly<Record<string, JsonValue | undefined>>): Uint8Array {
  const value = unwrap(parseJson(bytes, maxHeaderBytes)) as JsonObject;
  const entries = Object.entries({ ...value, ...members });
  return writeJson(Object.fromEntries(entries.flatMap(([name, v]) => (v === undefined ? [] : [[name, v]]))));
}

function codeOf(result: { ok: boolean; code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

const hex = 'ab'.repeat(32);

describe('a header', () => {
  it('is read back as it was composed', () => {
    expect(parseHeader(one.bytes)).toEqual({ ok: true, value: one });
    expect(one.hash).toEqual(sha256(one.bytes));
    expect(composeHeader(one).bytes).toEqual(one.bytes);
    expect(fromUtf8(one.bytes)).toMatch(
      /^\{"body":\{"hash":"[0-9a-f]{64}","size":\d+\},"height":1,"ledger":"/,
    );
  });

  it('of height 0 founds a ledger', () => {
    expect(ledger.id).toEqual(ledgerId(test.founding));
    expect(ledger.idText).toMatch(/^[0-9a-f]{64}$/);
    expect(parseLedger(one.bytes)).toMatchObject({ code: 'header-position' });
    expect(parseHeader(test.founding)).toMatchObject({ value: { height: 0, rollups: [] } });
  });

  const commitment = { count: 1, root: hex };
  it.each<[string, Readonly<Record<string, JsonValue | undefined>>, string]>([
    ['an unknown member', { extra: 1 }, 'header-members'],
    ['no height', { height: undefined }, 'header-members'],
    ['no tags', { tags: undefined }, 'header-members'],
    ['no ledger', { ledger: undefined }, 'header-members'],
    ['a founding member', { founding: {} }, 'header-members'],
    ['a roll-up where there is none', { rollups: [commitment] }, 'header-members'],
    ['no roll-up where there is one', { height: 256 }, 'header-members'],
    ['a height that is no integer', { height: '1' }, 'header-value'],
    ['a negative height', { height: -1 }, 'header-value'],
    ['another version', { v: 2 }, 'header-value'],
    ['a time after the year 9999', { time: 253_402_300_800 }, 'header-value'],
    ['a hash in upper case', { previous: hex.toUpperCase() }, 'header-value'],
    ['a short hash', { previous: hex.slice(2) }, 'header-value'],
    ['a commitment with a foreign member', { tags: { ...commitment, extra: 1 } }, 'header-value'],
    ['a commitment without a root', { tags: { count: 1 } }, 'header-value'],
    ['a body hint without a size', { body: { hash: hex } }, 'header-value'],
    ['one roll-up where there are two', { height: 65_536, rollups: [commitment] }, 'header-value'],
    ['two roll-ups where there is one', { height: 256, rollups: [commitment, commitment] }, 'header-value'],
    ['no messages', { messages: { count: 0, root: hex } }, 'header-empty'],
    ['no tags', { tags: { count: 0, root: hex } }, 'header-empty'],
    ['an empty roll-up', { height: 256, rollups: [{ count: 0, root: hex }] }, 'header-empty'],
    ['too many messages', { messages: { count: 65_537, root: hex } }, 'header-limits'],
    ['more than nine tags a message', { tags: { count: 10, root: hex } }, 'header-limits'],
    ['a body too large', { body: { hash: hex, size: 268_435_457 } }, 'header-limits'],
    [
      'too large a roll-up',
      { height: 256, rollups: [{ count: 589_824 * 256 + 1, root: hex }] },
      'header-limits',
    ],
    ['nothing wrong', { height: 65_536, rollups: [commitment, commitment] }, 'ok'],
    ['nothing wrong either', { tags: { count: 9, root: hex } }, 'ok'],
  ])('is judged with %s', (_, members, code) => {
    expect(codeOf(parseHeader(changed(one.bytes, members)))).toBe(code);
  });

  it('is not read when it is no object or too long', () => {
    for (const bytes of ['[]', '1', 'null', '"x"']) {
      expect(codeOf(parseHeader(toUtf8(bytes)))).toBe('header-members');
    }
    expect(codeOf(parseHeader(toUtf8('{"height":1'))).startsWith('json-')).toBe(true);
    expect(codeOf(parseHeader(new Uint8Array(65_536)))).toBe('header-too-long');
  });

  it('is another one, or none, when any byte is changed', () => {
    for (let at = 0; at < one.bytes.length; at++) {
      for (const flip of [1, 2, 0x20]) {
        const read = parseHeader(one.bytes.map((byte, i) => (i === at ? byte ^ flip : byte)));
        if (read.ok) expect(codeOf(checkLink(read.value, two, ledger))).toMatch(/^chain-(height|previous)$/);
      }
    }
  });

  it('of height 0 is that of another ledger, or none, when any byte is changed', () => {
    for (let at = 0; at < test.founding.length; at++) {
      const copy = test.founding.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect(parseHeaderAt(copy, 0, ledger).ok).toBe(false);
    }
  });

  it('stands at its height and in its ledger only', () => {
    expect(codeOf(parseHeaderAt(one.bytes, 1, ledger))).toBe('ok');
    expect(codeOf(parseHeaderAt(one.bytes, 2, ledger))).toBe('header-position');
    expect(codeOf(parseHeaderAt(changed(one.bytes, { ledger: hex }), 1, ledger))).toBe('header-position');
    expect(codeOf(parseHeaderAt(test.founding, 0, ledger))).toBe('ok');
    expect(codeOf(parseHeaderAt(new TestLedger('other').founding, 0, ledger))).toBe('header-position');
  });

  it('is not composed against the rules', () => {
    expect(() => composeHeader({ ...one, messages: { count: 0, root } })).toThrow(RangeError);
    expect(() => composeHeader({ ...one, height: 256 })).toThrow(RangeError);
  });

  it('commits to roll-ups at multiples of 256 and 65,536', () => {
    expect([0, 1, 255, 256, 512, 65_280, 65_536, 65_792, 131_072].map(rollupCount)).toEqual([
      0, 0, 0, 1, 1, 1, 2, 1, 2,
    ]);
  });
});

describe('the founding member', () => {
  const key = (name: string, type: 1 | 4, seed: string): string =>
    formatVerifierKey(verifierKey(name, type, bytes32(seed)));
  const origin = 'test.example/ledger';
  const founding = {
    limits: { ...absoluteLimits },
    log: key(origin, keyType.ed25519, 'log'),
    origin,
    promise: key(`${origin}/promise`, keyType.ed25519, 'promise'),
  };
  const named = (name: string): JsonObject => ({
    log: key(name, 1, 'log'),
    origin: name,
    promise: key(`${name}/promise`, 1, 'promise'),
  });

  it.each<[string, JsonObject, string]>([
    ['nothing wrong', {}, 'ok'],
    ['an unknown member', { extra: 1 }, 'header-founding'],
    ['a log key of another name', { log: key('x', 1, 'log') }, 'header-founding'],
    ['a log key of a cosigner', { log: key(origin, 4, 'log') }, 'header-founding'],
    ['a promise key of another name', { promise: key(origin, 1, 'promise') }, 'header-founding'],
    ['one key for both', { promise: key(`${origin}/promise`, 1, 'log') }, 'header-founding'],
    ['a key that is none', { log: 'key' }, 'header-founding'],
    ['a limit of 0', { limits: { ...absoluteLimits, dataBytes: 0 } }, 'header-founding'],
    [
      'a limit above the absolute one',
      { limits: { ...absoluteLimits, headBytes: 65_536 } },
      'header-founding',
    ],
    ['a limit missing', { limits: { blockBytes: 1 } }, 'header-founding'],
    ['the longest origin', named('a'.repeat(255)), 'ok'],
    ['an origin too long', named('a'.repeat(256)), 'header-founding'],
    ['an origin too long in bytes', named('é'.repeat(128)), 'header-founding'],
    ['a control character in the origin', named('a\u007fb'), 'header-founding'],
    ['a C1 control character in the origin', named('a\u009fb'), 'header-founding'],
  ])('is judged with %s', (_, members, code) => {
    const bytes = changed(test.founding, { founding: { ...founding, ...members } });
    expect(codeOf(parseHeader(bytes))).toBe(code);
  });

  it.each(['', 'a b', 'a+b', 'a\u00a0b', 'a\u2028b', 'a\u3000b'])('does not take the origin %j', (bad) => {
    const bytes = changed(test.founding, { founding: { ...founding, origin: bad } });
    expect(codeOf(parseHeader(bytes))).toBe('header-founding');
  });

  it.each<[string, Readonly<Record<string, JsonValue>>]>([
    ['messages', { messages: { count: 1, root: hex } }],
    ['a root that is not that of nothing', { tags: { count: 0, root: hex } }],
    ['a body', { body: { hash: hex, size: 0 } }],
  ])('stands over an empty block, without %s', (_, members) => {
    expect(codeOf(parseHeader(changed(test.founding, members)))).toBe('header-empty');
  });

  it('is composed by its own function', () => {
    const { founding: content } = ledger.first;
    if (content === undefined) throw new RangeError('no founding member');
    expect(composeFoundingHeader(content, testTime).bytes).toEqual(test.founding);
  });
});

describe('a link', () => {
  it('holds between consecutive headers', () => {
    expect(checkLink(ledger.first, one, ledger)).toEqual({ ok: true, value: undefined });
    expect(checkLink(one, two, ledger).ok).toBe(true);
  });

  it.each<[string, Readonly<Record<string, JsonValue>>, string]>([
    ['another height', { height: 3 }, 'chain-height'],
    ['another header below', { previous: hex }, 'chain-previous'],
    ['another ledger', { ledger: hex }, 'chain-ledger'],
    ['an earlier time', { time: testTime + 4 }, 'chain-time'],
    ['all at once, by the first rule', { height: 3, previous: hex, ledger: hex, time: 0 }, 'chain-height'],
    ['the same time', { time: testTime + 5 }, 'ok'],
  ])('is judged with %s', (_, members, code) => {
    expect(codeOf(checkLink(one, headerOf(changed(two.bytes, members)), ledger))).toBe(code);
  });

  it('keeps within the limits of the ledger', () => {
    const small = new TestLedger('small', { blockMessages: 1, blockBytes: 400 });
    const next = small.seal([small.message()]).header;
    expect(codeOf(checkLink(small.ledger.first, next, small.ledger))).toBe('ok');
    for (const members of [
      { messages: { count: 2, root: hex }, tags: { count: 2, root: hex } },
      { body: { hash: hex, size: 401 } },
    ]) {
      const over = headerOf(changed(next.bytes, members));
      expect(codeOf(checkLink(small.ledger.first, over, small.ledger))).toBe('chain-limits');
    }
  });

  it('does not lead to a founding header', () => {
    expect(codeOf(checkLink(one, ledger.first, ledger))).toBe('chain-height');
  });
});
