import { describe, expect, it } from 'vitest';
import { bytes32 } from '../../../test/support/ledger.ts';
import { everyLie } from '../../../test/support/lies/every.ts';
import { lieKinds, verifyEvidence } from './verify.ts';

const lies = everyLie();

/** The next character that could stand in the same place: a digit for a digit, a letter for a letter. */
function neighbour(byte: number): number {
  const char = String.fromCharCode(byte);
  for (const alphabet of ['0123456789abcdef', 'ghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ']) {
    const at = alphabet.indexOf(char);
    if (at !== -1) return alphabet.charCodeAt((at + 1) % alphabet.length);
  }
  return byte ^ 1;
}

describe('evidence', () => {
  it('exists for every kind of lie', () => {
    expect([...new Set(lies.map(({ kind }) => kind))].sort()).toEqual([...lieKinds].sort());
  });

  it.each(lies)('shows $name', ({ file, kind, ledger }) => {
    const verdict = verifyEvidence(file, ledger.ledger.id);
    expect(verdict).toMatchObject({ ok: true, value: { kind, origin: 'test.example/ledger' } });
    expect(verdict.ok && verdict.value.sentence).toMatch(/^The operator (signed|sealed|promised)\b.*\.$/);
    expect(verifyEvidence(file, bytes32('another ledger'))).toMatchObject({ code: 'evidence-ledger' });
  });

  /** One lie of each kind, and where its own part begins: what stands before is much the same in all files. */
  const oneOfEach = lieKinds.map((kind, i) => {
    const lie = lies.find((candidate) => candidate.kind === kind);
    if (lie === undefined) throw new RangeError(`no lie of the kind ${kind}`);
    return { ...lie, from: i === 0 ? 0 : new TextDecoder().decode(lie.file).indexOf('"kind":') };
  });

  it.each(oneOfEach)('is worth nothing when any byte of it is changed: $name', ({ file, from, ledger }) => {
    const accepted: number[] = [];
    for (let at = from; at < file.length; at++) {
      const byte = file[at] ?? 0;
      file[at] = neighbour(byte);
      if (verifyEvidence(file, ledger.ledger.id).ok) accepted.push(at);
      file[at] = byte;
    }
    expect(accepted).toEqual([]);
  });

  it.each(lies)('is worth nothing when cut short or padded: $name', ({ file, ledger }) => {
    for (const length of [0, 1, file.length >> 1, file.length - 1]) {
      expect(verifyEvidence(file.subarray(0, length), ledger.ledger.id).ok).toBe(false);
    }
    const padded = new Uint8Array(file.length + 1);
    padded.set(file);
    padded[file.length] = 0x0a;
    expect(verifyEvidence(padded, ledger.ledger.id)).toMatchObject({ code: 'json-syntax' });
  });
});
