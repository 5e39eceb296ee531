import { beforeAll, describe, expect, it } from 'vitest';
import { compareBytes, fromUtf8, toHex, toUtf8 } from '../../src/core/bytes.ts';
import {
  formatCheckpoint,
  openCheckpoint,
  openLedgerCheckpoint,
  parseCheckpoint,
  parseLedgerCheckpoint,
} from '../../src/core/log/checkpoint.ts';
import type { VerifiedSignature } from '../../src/core/log/note.ts';
import { cosignNote, formatNote, formatSignatureLine, openNote, signNote } from '../../src/core/log/note.ts';
import type { KeyType } from '../../src/core/log/verifier-key.ts';
import { formatVerifierKey, parseVerifierKey, verifierKey } from '../../src/core/log/verifier-key.ts';
import { startEngines } from '../../src/engines/start.ts';
import type { Cuts, Sweep, TextOrBytes } from './support.ts';
import { bytesOf, cutDifferences, good, hex, sweepDifferences, vectors, verdict } from './support.ts';

interface Refused {
  readonly name: string;
  readonly code: string;
}

interface Signed {
  readonly vkey: string;
  readonly time: number | null;
}

const file = vectors('notes') as {
  readonly keys: readonly {
    readonly name: string;
    readonly type: KeyType;
    readonly key: string;
    readonly id: string;
    readonly vkey: string;
  }[];
  readonly refusedKeys: readonly (Refused & { readonly vkey: string })[];
  readonly signing: readonly {
    readonly name: string;
    readonly vkey: string;
    readonly seed: string;
    readonly text: string;
    readonly time: number | null;
    readonly line: string;
    readonly note: string;
  }[];
  readonly notes: readonly {
    readonly name: string;
    readonly keys: readonly string[];
    readonly note: TextOrBytes;
    readonly text: string | null;
    readonly signed: readonly Signed[];
  }[];
  readonly refusedNotes: readonly (Refused & {
    readonly keys: readonly string[];
    readonly note: TextOrBytes;
  })[];
  readonly checkpointTexts: readonly {
    readonly name: string;
    readonly text: string;
    readonly origin: string;
    readonly size: number;
    readonly root: string;
    readonly extensions: readonly string[];
    readonly ledger: string;
  }[];
  readonly refusedCheckpointTexts: readonly (Refused & { readonly text: string })[];
  readonly checkpoints: readonly (Refused & {
    readonly ledger: string;
    readonly logs: readonly string[];
    readonly others: readonly string[];
    readonly note: string;
    readonly signed?: readonly Signed[];
  })[];
  readonly changed: readonly {
    readonly name: string;
    readonly log: string;
    readonly witness: string;
    readonly note: string;
    readonly sweep: Sweep;
    readonly cuts: Cuts;
  }[];
};

const keyOf = (vkey: string) => good(parseVerifierKey(vkey));

function shown(signatures: readonly VerifiedSignature[]): Signed[] {
  const list = signatures.map((signature) => ({
    vkey: formatVerifierKey(signature.key),
    time: signature.kind === 'cosignature' ? signature.time : null,
  }));
  return list.sort((a, b) => compareBytes(toUtf8(a.vkey), toUtf8(b.vkey)));
}

beforeAll(startEngines);

describe('verifier keys and notes of the second implementation', () => {
  it.each(file.keys)('reads and writes a key: $name', ({ name, type, key, id, vkey }) => {
    expect(keyOf(vkey)).toMatchObject({ name, type, id, publicKey: hex(key) });
    expect(formatVerifierKey(verifierKey(name, type, hex(key)))).toBe(vkey);
  });

  it.each(file.refusedKeys)('refuses a key with $code: $name', ({ vkey, code }) => {
    expect(verdict(parseVerifierKey(vkey))).toBe(code);
  });

  it.each(file.signing)('signs: $name', ({ vkey, seed, text, time, line, note }) => {
    const key = keyOf(vkey);
    const made = time === null ? signNote(key, hex(seed), text) : cosignNote(key, hex(seed), text, time);
    expect(formatSignatureLine(made)).toBe(line);
    expect(fromUtf8(formatNote(text, [made]))).toBe(note);
  });

  it.each(file.notes)('opens: $name', ({ keys, note, text, signed }) => {
    const opened = good(openNote(bytesOf(note), keys.map(keyOf)));
    if (text !== null) expect(opened.text).toBe(text);
    expect(shown(opened.signatures)).toEqual(signed);
  });

  it.each(file.refusedNotes)('refuses a note with $code: $name', ({ keys, note, code }) => {
    expect(verdict(openNote(bytesOf(note), keys.map(keyOf)))).toBe(code);
  });
});

describe('checkpoints of the second implementation', () => {
  it.each(file.checkpointTexts)(
    'reads and writes: $name',
    ({ text, origin, size, root, extensions, ledger }) => {
      const checkpoint = { origin, size, root: hex(root), extensions };
      expect(good(parseCheckpoint(text))).toEqual(checkpoint);
      expect(formatCheckpoint(checkpoint)).toBe(text);
      expect(verdict(parseLedgerCheckpoint(text))).toBe(ledger);
    },
  );

  it.each(file.refusedCheckpointTexts)('refuses a text with $code: $name', ({ text, code }) => {
    expect(verdict(parseCheckpoint(text))).toBe(code);
  });

  it.each(file.checkpoints)('opens as $code: $name', ({ logs, others, note, code, ledger, signed = [] }) => {
    const cosigners = others.map(keyOf);
    const found = openCheckpoint(toUtf8(note), logs.map(keyOf), cosigners);
    expect(verdict(found)).toBe(code);
    if (found.ok) {
      const cosigned = signed.filter(({ time }) => time !== null);
      expect(shown(found.value.cosignatures)).toEqual(cosigned);
      expect(signed.map(({ vkey }) => vkey)).toContain(formatVerifierKey(found.value.logKey));
    }
    const [log] = logs;
    if (log === undefined || logs.length > 1) return;
    expect(verdict(openLedgerCheckpoint(toUtf8(note), keyOf(log), cosigners))).toBe(ledger);
  });

  it.each(file.changed)('judges $name', ({ log, witness, note, sweep, cuts }) => {
    const keys = { log: keyOf(log), witness: keyOf(witness) };
    const judge = (bytes: Uint8Array): string =>
      verdict(openLedgerCheckpoint(bytes, keys.log, [keys.witness]));
    expect(sweepDifferences(toUtf8(note), sweep, judge)).toEqual([]);
    expect(cutDifferences(toUtf8(note), cuts, judge)).toEqual([]);
    expect(toHex(good(openLedgerCheckpoint(toUtf8(note), keys.log, [keys.witness])).root)).toHaveLength(64);
  });
});
