import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { logKey, testKey } from '../../../test/support/log.ts';
import { toBase64, toUtf8 } from '../bytes.ts';
import {
  formatCheckpoint,
  openCheckpoint,
  openLedgerCheckpoint,
  parseCheckpoint,
  parseDecimal,
  parseLedgerCheckpoint,
} from './checkpoint.ts';
import { cosignNote, formatNote, signNote } from './note.ts';
import { keyType } from './verifier-key.ts';

function codeOf(result: { readonly ok: boolean; readonly code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

const root = new Uint8Array(32).fill(7);
const rootLine = toBase64(root);
const origin = logKey.key.name;
const text = `${origin}\n42\n${rootLine}\n`;
const witness = testKey('example.com/witness', keyType.cosignature, 5);
const stranger = testKey('example.com/stranger', keyType.ed25519, 6);

describe('the text of a checkpoint', () => {
  it('is read: the example of C2SP tlog-checkpoint', () => {
    const example = 'example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n';
    const checkpoint = parseCheckpoint(example);
    expect(checkpoint.ok && checkpoint.value.origin).toBe('example.com/behind-the-sofa');
    expect(checkpoint.ok && checkpoint.value.size).toBe(20_852_163);
    expect(checkpoint.ok && formatCheckpoint(checkpoint.value)).toBe(example);
  });

  const cases: readonly (readonly [string, string])[] = [
    ['', 'checkpoint-malformed'],
    ['\n', 'checkpoint-malformed'],
    [text.trimEnd(), 'checkpoint-malformed'],
    [`${origin}\n42\n`, 'checkpoint-malformed'],
    [`\n42\n${rootLine}\n`, 'checkpoint-malformed'],
    [`${text}\n`, 'checkpoint-malformed'],
    [`${text}a\n\nb\n`, 'checkpoint-malformed'],
    [`${origin}\n042\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n-1\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n+1\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n4.0\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n1e3\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n0x10\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n 42\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n\u0664\u0662\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n9007199254740992\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n99999999999999999999\n${rootLine}\n`, 'checkpoint-size'],
    [`${origin}\n42\n${rootLine.slice(0, -1)}\n`, 'checkpoint-root'],
    [`${origin}\n42\n${rootLine} \n`, 'checkpoint-root'],
    [`${origin}\n42\n${toBase64(root.subarray(1))}\n`, 'checkpoint-root'],
    [`${origin}\n42\n${toBase64(new Uint8Array(33))}\n`, 'checkpoint-root'],
    [`${origin}\n42\n${rootLine.slice(0, -2)}d=\n`, 'checkpoint-root'],
  ];

  it.each(cases)('%j is refused as %s', (bad, code) => {
    expect(codeOf(parseCheckpoint(bad))).toBe(code);
    expect(codeOf(parseLedgerCheckpoint(bad))).toBe(code);
  });

  it('has sizes from 0 to 2^53 - 1', () => {
    for (const size of [0, 1, Number.MAX_SAFE_INTEGER]) expect(parseDecimal(String(size))).toBe(size);
    for (const bad of ['', '00', '9007199254740992', '9007199254740993'])
      expect(parseDecimal(bad)).toBeUndefined();
  });

  it('may have further lines, but not in a ledger', () => {
    const extended = `${text}one\ntwo more words\n`;
    const checkpoint = parseCheckpoint(extended);
    expect(checkpoint.ok && checkpoint.value.extensions).toEqual(['one', 'two more words']);
    expect(checkpoint.ok && formatCheckpoint(checkpoint.value)).toBe(extended);
    expect(codeOf(parseLedgerCheckpoint(extended))).toBe('checkpoint-extension');
    expect(codeOf(parseLedgerCheckpoint(text))).toBe('ok');
  });

  it('has an origin of few characters that look like nothing else, in a ledger', () => {
    const inLedger = (origin: string): string => codeOf(parseLedgerCheckpoint(`${origin}\n1\n${rootLine}\n`));
    const characters = /^[A-Za-z0-9._~/:-]$/;
    for (let point = 0x20; point < 0x500; point++) {
      const char = String.fromCodePoint(point);
      expect(codeOf(parseCheckpoint(`a${char}\n1\n${rootLine}\n`))).toBe('ok');
      expect(inLedger(`a${char}`)).toBe(characters.test(char) ? 'ok' : 'checkpoint-malformed');
    }
    for (const origin of ['a\u200b', '\ufeffa', '\u202ea', 'a\u{e0041}', '日本', 'x'.repeat(256)]) {
      expect(inLedger(origin)).toBe('checkpoint-malformed');
    }
    expect(inLedger('x'.repeat(255))).toBe('ok');
  });

  it('comes back as written', () => {
    const line = fc.string({ minLength: 1, unit: 'grapheme-ascii' });
    const checkpoint = fc.record({
      origin: line,
      size: fc.maxSafeNat(),
      root: fc.uint8Array({ minLength: 32, maxLength: 32 }),
      extensions: fc.array(line, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(checkpoint, (value) => {
        expect(parseCheckpoint(formatCheckpoint(value))).toEqual({ ok: true, value });
      }),
    );
  });

  it('cannot be written otherwise', () => {
    const good = { origin: 'a', size: 1, root, extensions: [] };
    for (const bad of [
      { ...good, origin: '' },
      { ...good, origin: 'a\n1' },
      { ...good, size: -1 },
      { ...good, size: 1.5 },
      { ...good, size: 2 ** 53 },
      { ...good, root: new Uint8Array(31) },
      { ...good, extensions: [''] },
      { ...good, extensions: ['a\nb'] },
    ]) {
      expect(() => formatCheckpoint(bad)).toThrow(RangeError);
    }
  });
});

describe('a signed checkpoint', () => {
  const line = signNote(logKey.key, logKey.seed, text);
  const cosignature = cosignNote(witness.key, witness.seed, text, 1_700_000_000);
  const note = formatNote(text, [line, cosignature]);

  it('opens with the key of its log, and tells who cosigned', () => {
    const opened = openCheckpoint(note, [stranger.key, logKey.key], [witness.key]);
    expect(opened).toMatchObject({
      ok: true,
      value: { origin, size: 42, root, extensions: [], text, logKey: logKey.key },
    });
    expect(opened.ok && opened.value.cosignatures).toEqual([
      { kind: 'cosignature', key: witness.key, time: 1_700_000_000 },
    ]);
    expect(openLedgerCheckpoint(note, logKey.key, [])).toMatchObject({
      ok: true,
      value: { cosignatures: [] },
    });
  });

  it('is refused when only witnesses signed it', () => {
    const cosigned = formatNote(text, [cosignature]);
    expect(codeOf(openCheckpoint(cosigned, [logKey.key], [witness.key]))).toBe('checkpoint-not-by-log');
    expect(codeOf(openCheckpoint(note, [stranger.key], [witness.key]))).toBe('checkpoint-not-by-log');
    expect(codeOf(openCheckpoint(note, [stranger.key], []))).toBe('note-unsigned');
  });

  it('is refused when the key that signed is another name than the origin', () => {
    const signed = formatNote(text, [signNote(stranger.key, stranger.seed, text)]);
    expect(codeOf(openCheckpoint(signed, [stranger.key], []))).toBe('checkpoint-origin');
    // With both keys accepted, the one of that name must have signed.
    expect(codeOf(openCheckpoint(signed, [stranger.key, logKey.key], []))).toBe('checkpoint-origin');
  });

  it('is refused when a known witness signature is wrong', () => {
    const wrong = formatNote(text, [line, { ...cosignature, bytes: new Uint8Array(72) }]);
    expect(codeOf(openCheckpoint(wrong, [logKey.key], [witness.key]))).toBe('note-signature-refused');
    expect(codeOf(openCheckpoint(wrong, [logKey.key], []))).toBe('ok');
  });

  it('is judged by its signature before its text is looked at', () => {
    const bad = 'not a checkpoint\n';
    const unsigned = toUtf8(`${bad}\n\u2014 ${origin} AAAAAAAA\n`);
    expect(codeOf(openCheckpoint(unsigned, [logKey.key], []))).toBe('note-unsigned');
    const signed = formatNote(bad, [signNote(logKey.key, logKey.seed, bad)]);
    expect(codeOf(openCheckpoint(signed, [logKey.key], []))).toBe('checkpoint-malformed');
  });

  it('of a ledger has no further lines, even signed ones', () => {
    const extended = `${text}more\n`;
    const signed = formatNote(extended, [signNote(logKey.key, logKey.seed, extended)]);
    expect(codeOf(openCheckpoint(signed, [logKey.key], []))).toBe('ok');
    expect(codeOf(openLedgerCheckpoint(signed, logKey.key, []))).toBe('checkpoint-extension');
  });

  it('takes keys in their own role only', () => {
    expect(() => openCheckpoint(note, [witness.key], [])).toThrow(RangeError);
    expect(() => openCheckpoint(note, [], [logKey.key])).toThrow(RangeError);
  });
});
