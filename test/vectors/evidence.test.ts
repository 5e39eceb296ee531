import { beforeAll, describe, expect, it } from 'vitest';
import { toUtf8 } from '../../src/core/bytes.ts';
import type { JsonValue } from '../../src/core/encoding/json.ts';
import { parseJson, writeJson } from '../../src/core/encoding/json.ts';
import { maxEvidenceBytes, verifyEvidence } from '../../src/core/evidence/verify.ts';
import { startEngines } from '../../src/engines/start.ts';
import { good, hex, vectors, verdict } from './support.ts';

interface RefusedFile {
  readonly name: string;
  readonly code: string;
  readonly ledger: string;
  readonly file: string;
}

/** A proven file in which what `where` leads to becomes `value`, or is removed when there is no value. */
interface ChangedFile {
  readonly name: string;
  readonly code: string;
  readonly of: string;
  readonly where: readonly (string | number)[];
  readonly value?: JsonValue;
}

const { proven, refused } = vectors('evidence') as {
  readonly proven: readonly {
    readonly name: string;
    readonly kind: string;
    readonly ledger: string;
    readonly file: string;
  }[];
  readonly refused: readonly (RefusedFile | ChangedFile)[];
};

/** A copy of a JSON value in which what `where` leads to is replaced or removed. */
function changed(value: unknown, where: ChangedFile['where'], replacement: unknown): unknown {
  const [step, ...rest] = where;
  if (step === undefined) return replacement;
  if (Array.isArray(value)) {
    return value.map((item: unknown, at) => (at === step ? changed(item, rest, replacement) : item));
  }
  const members = new Map(Object.entries(value as Record<string, unknown>));
  const member = changed(members.get(String(step)), rest, replacement);
  if (member === undefined) members.delete(String(step));
  else members.set(String(step), member);
  return Object.fromEntries(members);
}

function fileOf(vector: RefusedFile | ChangedFile): {
  readonly bytes: Uint8Array;
  readonly ledger: Uint8Array;
} {
  if ('file' in vector) return { bytes: toUtf8(vector.file), ledger: hex(vector.ledger) };
  const base = proven.find(({ name }) => name === vector.of);
  if (base === undefined) throw new Error(`no file named ${vector.of}`);
  const value = changed(JSON.parse(base.file), vector.where, vector.value);
  return { bytes: writeJson(value as JsonValue), ledger: hex(base.ledger) };
}

beforeAll(startEngines);

describe('evidence of the second implementation', () => {
  it.each(proven)('proves $kind: $name', ({ kind, ledger, file }) => {
    expect(good(verifyEvidence(toUtf8(file), hex(ledger))).kind).toBe(kind);
    expect(writeJson(good(parseJson(toUtf8(file), maxEvidenceBytes)))).toEqual(toUtf8(file));
  });

  it('has every kind', () => {
    expect(new Set(proven.map(({ kind }) => kind)).size).toBe(14);
  });

  it.each(refused)('refuses with $code: $name', (vector) => {
    const { bytes, ledger } = fileOf(vector);
    expect(verdict(verifyEvidence(bytes, ledger))).toBe(vector.code);
  });

  it('says nothing of another ledger', () => {
    for (const { file } of proven) {
      expect(verdict(verifyEvidence(toUtf8(file), new Uint8Array(32)))).toBe('evidence-ledger');
    }
  });
});
