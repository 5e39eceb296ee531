import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { concatBytes, toUtf8, uintToBytes } from '../bytes.ts';
import { publicKeyOf, signMessage } from '../crypto/signature.ts';
import {
  cosignNote,
  formatNote,
  formatSignatureLine,
  noteLimits,
  openNote,
  parseNote,
  parseSignatureLines,
  signNote,
  type NoteSignature,
} from './note.ts';
import {
  isKeyName,
  keyType,
  parseVerifierKey,
  verifierKey,
  type KeyType,
  type VerifierKey,
} from './verifier-key.ts';

function keyFrom(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  if (!key.ok) throw new Error(key.code);
  return key.value;
}

function makeKey(name: string, type: KeyType, byte: number): { key: VerifierKey; seed: Uint8Array } {
  const seed = new Uint8Array(32).fill(byte);
  return { key: verifierKey(name, type, publicKeyOf(seed)), seed };
}

function codeOf(result: { readonly ok: boolean; readonly code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

const log = makeKey('example.com/log', keyType.ed25519, 1);
const other = makeKey('example.com/other', keyType.ed25519, 2);
const witness = makeKey('example.com/witness', keyType.cosignature, 3);
const text = 'a line\n\nand one more\n';
const logLine = signNote(log.key, log.seed, text);
const otherLine = signNote(other.key, other.seed, text);
const witnessLine = cosignNote(witness.key, witness.seed, text, 1_700_000_000);

describe('notes of others', () => {
  it('verify: the example of C2SP signed-note', () => {
    const note =
      'This is an example message.\n\n\u2014 example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7' +
      'Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';
    const key = keyFrom('example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k');
    const opened = openNote(toUtf8(note), [key]);
    expect(opened.ok && opened.value.text).toBe('This is an example message.\n');
    expect(opened.ok && opened.value.signatures).toEqual([{ kind: 'signature', key }]);
  });

  it('are read: the example whose text holds an empty line', () => {
    const body =
      'Ognuno sta solo sul cuor della terra\ntrafitto da un raggio di sole:\n\ned \u00e8 subito sera.\n';
    const line =
      '\u2014 quasimodo.example/salvatore NnugSzTjtVAewIS+Z/iJhUPeFDkO/5QQ2i5ddnGITLlC+EhfLW9oJKONrMouFSQU0xMcXxj99' +
      'ihAQwaqP3ZekRwNtIc=\n';
    const note = parseNote(toUtf8(`${body}\n${line}`));
    expect(note.ok && note.value.text).toBe(body);
    expect(note.ok && note.value.signatures.map((signature) => signature.name)).toEqual([
      'quasimodo.example/salvatore',
    ]);
    expect(note.ok && note.value.signatures.map(formatSignatureLine).join('')).toBe(line);
  });
});

describe('a note', () => {
  const note = formatNote(text, [logLine, otherLine, witnessLine]);

  it('verifies for each set of keys, with the lines of others ignored', () => {
    for (const keys of [[log.key], [other.key], [log.key, other.key], [witness.key, log.key]]) {
      const opened = openNote(note, keys);
      expect(opened.ok && opened.value.text).toBe(text);
      expect(opened.ok && opened.value.signatures.length).toBe(keys.length);
    }
    const opened = openNote(note, [witness.key]);
    expect(opened.ok && opened.value.signatures).toEqual([
      { kind: 'cosignature', key: witness.key, time: 1_700_000_000 },
    ]);
  });

  it('is refused when no known key signed, even one of the same name or the same id', () => {
    expect(codeOf(openNote(note, []))).toBe('note-unsigned');
    expect(codeOf(openNote(note, [makeKey('example.com/log', keyType.ed25519, 9).key]))).toBe(
      'note-unsigned',
    );
    const renamed = formatNote(text, [{ ...logLine, name: 'example.com/logs' }]);
    expect(codeOf(openNote(renamed, [log.key]))).toBe('note-unsigned');
  });

  it('is refused after every change of one byte, when all its keys are known', () => {
    const keys = [log.key, other.key, witness.key];
    for (let i = 0; i < note.length; i++) {
      for (const flip of [1, 0x20, 0x80]) {
        const changed = Uint8Array.from(note);
        changed[i] = (changed[i] ?? 0) ^ flip;
        const opened = openNote(changed, keys);
        // A change in one line's name or id makes it another's line: then that key has not signed.
        if (opened.ok) {
          expect(opened.value.text).toBe(text);
          expect(opened.value.signatures.length).toBeLessThan(keys.length);
        }
      }
    }
  });

  it('is refused after every change of one byte of text or signature, when one key is known', () => {
    const single = formatNote(text, [logLine]);
    for (let i = 0; i < single.length; i++) {
      for (let bit = 0; bit < 8; bit++) {
        const changed = Uint8Array.from(single);
        changed[i] = (changed[i] ?? 0) ^ (1 << bit);
        expect(openNote(changed, [log.key]).ok).toBe(false);
      }
    }
  });

  it('is refused when cut anywhere, and with anything added', () => {
    for (let end = 0; end < note.length; end++) {
      const cut = openNote(note.subarray(0, end), [log.key, other.key, witness.key]);
      if (cut.ok) expect(cut.value.signatures.length).toBeLessThan(3);
    }
    for (const added of ['\n', ' ', 'x', '\n\n', '\u2014 a AAAAAAA=', '\u2014 a AAAAAAA\n']) {
      expect(openNote(concatBytes(note, toUtf8(added)), [log.key]).ok).toBe(false);
    }
  });

  it('is refused as a whole when one known key of several has a wrong signature', () => {
    const wrong: NoteSignature = { ...otherLine, bytes: logLine.bytes };
    const mixed = formatNote(text, [logLine, wrong]);
    expect(codeOf(openNote(mixed, [log.key, other.key]))).toBe('note-signature-refused');
    expect(openNote(mixed, [log.key]).ok).toBe(true);
  });

  it('counts repeated lines of one key once, checks all of them, and takes the latest time', () => {
    const later = cosignNote(witness.key, witness.seed, text, 1_800_000_000);
    for (const lines of [
      [witnessLine, later, logLine, logLine],
      [later, logLine, witnessLine],
    ]) {
      const opened = openNote(formatNote(text, lines), [log.key, witness.key]);
      expect(opened.ok && opened.value.signatures.length).toBe(2);
      expect(opened.ok && opened.value.signatures.find(({ kind }) => kind === 'cosignature')).toEqual({
        kind: 'cosignature',
        key: witness.key,
        time: 1_800_000_000,
      });
    }
    const second: NoteSignature = { ...logLine, bytes: otherLine.bytes };
    expect(codeOf(openNote(formatNote(text, [logLine, second]), [log.key]))).toBe('note-signature-refused');
  });

  it('ignores lines of types that are not used here', () => {
    const foreign: NoteSignature = { name: 'example.com/pq', keyId: 'deadbeef', bytes: new Uint8Array(2428) };
    expect(openNote(formatNote(text, [foreign, logLine]), [log.key]).ok).toBe(true);
  });

  it('cannot be opened with two keys that cannot be told apart', () => {
    expect(() => openNote(note, [log.key, log.key])).toThrow(RangeError);
  });
});

describe('the form of a note', () => {
  const lines = formatSignatureLine(logLine);
  const cases: readonly (readonly [string, string])[] = [
    ['', 'note-malformed'],
    ['\n', 'note-malformed'],
    ['text\n', 'note-malformed'],
    [`text\n${lines}`, 'note-malformed'],
    [`text\n\n`, 'note-malformed'],
    [`text\n\n${lines.trimEnd()}`, 'note-malformed'],
    [`text\n\n${lines}\n`, 'note-malformed'],
    [`text\r\n\r\n${lines}`, 'note-control-character'],
    [`te\u0000xt\n\n${lines}`, 'note-control-character'],
    [`te\txt\n\n${lines}`, 'note-control-character'],
    [`text\n\n${lines}trailing\n`, 'note-signature-line'],
    [`text\n\n-${lines.slice(1)}`, 'note-signature-line'],
    ['text\n\n\u2014  AAAAAAA=\n', 'note-signature-line'],
    ['text\n\n\u2014 a+b AAAAAAA=\n', 'note-signature-line'],
    ['text\n\n\u2014 a\u2003b AAAAAAA=\n', 'note-signature-line'],
    ['text\n\n\u2014 a\u00a0b AAAAAAA=\n', 'note-signature-line'],
    ['text\n\n\u2014 a AAAAAAA= \n', 'note-signature-line'],
    ['text\n\n\u2014 a AAAAAAA\n', 'note-signature-line'],
    ['text\n\n\u2014 a AAAAAAB=\n', 'note-signature-line'],
    ['text\n\n\u2014 a AAAAAA==\n', 'note-signature-line'],
    ['text\n\n\u2014 a\n', 'note-signature-line'],
  ];

  it('sets no limit to a signature line but that of the whole', () => {
    const note = (length: number): Uint8Array => toUtf8(`text\n\n\u2014 a ${'A'.repeat(length)}\n`);
    for (const length of [16_384, 1_000_000]) {
      expect(codeOf(parseNote(note(length)))).toBe('ok');
      expect(codeOf(openNote(note(length), [log.key]))).toBe('note-unsigned');
    }
    expect(codeOf(parseNote(note(1_048_576)))).toBe('note-too-long');
  });

  it.each(cases)('%j is refused as %s', (note, code) => {
    expect(codeOf(parseNote(toUtf8(note)))).toBe(code);
    expect(codeOf(openNote(toUtf8(note), [log.key]))).toBe(code);
  });

  it('is UTF-8', () => {
    const bytes = concatBytes(toUtf8('te'), Uint8Array.of(0xc3), toUtf8(`xt\n\n${lines}`));
    expect(codeOf(parseNote(bytes))).toBe('note-malformed');
  });

  it('has limits: 64 lines and 1,048,576 bytes are read, more are not', () => {
    const line = '\u2014 a AAAAAAA=\n';
    expect(parseNote(toUtf8(`t\n\n${line.repeat(noteLimits.signatures)}`)).ok).toBe(true);
    expect(codeOf(parseNote(toUtf8(`t\n\n${line.repeat(noteLimits.signatures + 1)}`)))).toBe(
      'note-too-many-signatures',
    );
    const rest = `\n\n${line}`;
    const longest = 't'.repeat(noteLimits.bytes - toUtf8(rest).length);
    expect(parseNote(toUtf8(longest + rest)).ok).toBe(true);
    expect(codeOf(parseNote(toUtf8(`t${longest}${rest}`)))).toBe('note-too-long');
  });

  it('splits at the last empty line', () => {
    const inner = `one\n\n${lines}`;
    const note = parseNote(toUtf8(`${inner}\n${lines}`));
    expect(note.ok && note.value.text).toBe(inner);
    const empty = parseNote(toUtf8(`\n\n${lines}`));
    expect(empty.ok && empty.value.text).toBe('\n');
  });

  it('is the same for signature lines alone', () => {
    expect(parseSignatureLines(lines)).toEqual({ ok: true, value: [logLine] });
    for (const bad of ['', '\n', lines.trimEnd(), `${lines}\n`, `x${lines}`]) {
      expect(parseSignatureLines(bad).ok).toBe(false);
    }
  });

  it('comes back as written, for every text and line', () => {
    const name = fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }).filter(isKeyName);
    const signature = fc.record({
      name,
      keyId: fc.stringMatching(/^[0-9a-f]{8}$/),
      bytes: fc.uint8Array({ minLength: 1, maxLength: 80 }),
    });
    const body = fc
      .string({ unit: 'grapheme' })
      // Control characters are what is taken out.
      // eslint-disable-next-line no-control-regex
      .map((part) => `${part.replace(/[\u0000-\u0009\u000b-\u001f]/g, '')}\n`);
    fc.assert(
      fc.property(body, fc.array(signature, { minLength: 1, maxLength: 5 }), (noteText, signatures) => {
        const bytes = formatNote(noteText, signatures);
        expect(parseNote(bytes)).toEqual({ ok: true, value: { text: noteText, signatures } });
      }),
    );
  });

  it('of whatever bytes never throws, and what is read is written back alike', () => {
    const piece = fc.constantFrom(
      '\n',
      '\n\n',
      '\u2014 ',
      'a ',
      'AAAAAAA=',
      lines,
      'text',
      '\u00a0',
      '\u0001',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const bytes = toUtf8(pieces.join(''));
        const note = parseNote(bytes);
        if (note.ok) expect(formatNote(note.value.text, note.value.signatures)).toEqual(bytes);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => [true, false].includes(parseNote(bytes).ok)),
    );
  });

  it('cannot be written otherwise', () => {
    for (const bad of ['', 'no end', 'tab\t\n', '\ud800\n']) {
      expect(() => formatNote(bad, [logLine])).toThrow(RangeError);
    }
    expect(() => formatNote(text, [])).toThrow(RangeError);
    expect(() => formatNote(text, [{ ...logLine, name: 'a b' }])).toThrow(RangeError);
    expect(() => formatNote(text, [{ ...logLine, bytes: new Uint8Array(0) }])).toThrow(RangeError);
    expect(() => formatNote(text, [{ ...logLine, keyId: 'xyz' }])).toThrow(RangeError);
  });
});

describe('signing', () => {
  it('needs the key of the right type and its own seed', () => {
    expect(() => signNote(log.key, other.seed, text)).toThrow(RangeError);
    expect(() => signNote(witness.key, witness.seed, text)).toThrow(RangeError);
    expect(() => cosignNote(log.key, log.seed, text, 1)).toThrow(RangeError);
    expect(() => cosignNote(witness.key, log.seed, text, 1)).toThrow(RangeError);
  });

  it('cosigns for times up to the end of the year 9999', () => {
    for (const time of [0, 1, 253_402_300_799]) {
      const opened = openNote(formatNote(text, [cosignNote(witness.key, witness.seed, text, time)]), [
        witness.key,
      ]);
      expect(opened.ok && opened.value.signatures).toEqual([{ kind: 'cosignature', key: witness.key, time }]);
    }
    for (const time of [-1, 0.5, 253_402_300_800, NaN]) {
      expect(() => cosignNote(witness.key, witness.seed, text, time)).toThrow(RangeError);
    }
  });

  it('beyond the year 9999 is refused, even where the signature is right', () => {
    for (const [time, code] of [
      [253_402_300_799n, 'ok'],
      [253_402_300_800n, 'note-signature-refused'],
      [2n ** 53n, 'note-signature-refused'],
      [2n ** 64n - 1n, 'note-signature-refused'],
    ] as const) {
      const signed = signMessage(witness.seed, toUtf8(`cosignature/v1\ntime ${time}\n${text}`));
      const bytes = concatBytes(uintToBytes(time, 8), signed);
      const note = formatNote(text, [{ ...witnessLine, bytes }]);
      expect([time, codeOf(openNote(note, [witness.key]))]).toEqual([time, code]);
    }
  });

  it('keeps the two kinds of signatures apart', () => {
    // The same key pair in both roles: a signature of one kind is never one of the other.
    const asWitness = verifierKey(log.key.name, keyType.cosignature, log.key.publicKey);
    const plain: NoteSignature = { name: asWitness.name, keyId: asWitness.id, bytes: logLine.bytes };
    expect(codeOf(openNote(formatNote(text, [plain]), [asWitness]))).toBe('note-signature-refused');
    const padded = { ...plain, bytes: concatBytes(new Uint8Array(8), logLine.bytes) };
    expect(codeOf(openNote(formatNote(text, [padded]), [asWitness]))).toBe('note-signature-refused');
  });

  it('binds the time of a cosignature', () => {
    for (let i = 0; i < 8; i++) {
      const bytes = Uint8Array.from(witnessLine.bytes);
      bytes[i] = (bytes[i] ?? 0) ^ 1;
      const note = formatNote(text, [{ ...witnessLine, bytes }]);
      expect(codeOf(openNote(note, [witness.key]))).toBe('note-signature-refused');
    }
    for (const bytes of [
      witnessLine.bytes.subarray(0, 71),
      concatBytes(witnessLine.bytes, Uint8Array.of(0)),
    ]) {
      const note = formatNote(text, [{ ...witnessLine, bytes }]);
      expect(codeOf(openNote(note, [witness.key]))).toBe('note-signature-refused');
    }
  });
});
