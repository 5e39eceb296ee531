import { describe, expect, it } from 'vitest';
import { fromBase64, fromUtf8, toUtf8 } from '../../src/core/bytes.ts';
import { chainBroken, headerInvalid } from '../../src/core/evidence/headers.ts';
import { checkpointExtended, headsInconsistent } from '../../src/core/evidence/heads.ts';
import { tagHistory } from '../../src/core/evidence/history.ts';
import { messageInvalid, messageRepeated } from '../../src/core/evidence/messages.ts';
import { promiseBroken } from '../../src/core/evidence/promises.ts';
import { rollupMalformed, rollupUnsorted } from '../../src/core/evidence/rollups.ts';
import { tagForeign, tagMalformed, tagMissing, tagUnsorted } from '../../src/core/evidence/tags.ts';
import { composeEvidence, lieKinds } from '../../src/core/evidence/verify.ts';
import { hex, vectors } from './support.ts';

interface FileVector {
  readonly name: string;
  readonly kind: string;
  readonly file: string;
}

type Members = Readonly<Record<string, unknown>>;

const { proven } = vectors('evidence') as { readonly proven: readonly FileVector[] };

const kinds = [
  checkpointExtended,
  headsInconsistent,
  headerInvalid,
  chainBroken,
  messageInvalid,
  messageRepeated,
  tagMissing,
  tagForeign,
  tagMalformed,
  tagUnsorted,
  tagHistory,
  rollupMalformed,
  rollupUnsorted,
  promiseBroken,
] as const;

function base64(text: unknown): Uint8Array {
  const bytes = typeof text === 'string' ? fromBase64(text) : undefined;
  if (bytes === undefined) throw new Error('no base64');
  return bytes;
}

/** A value of a proof as the composers take it: what it is follows from its members, or from its name. */
function valueOf(name: string, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => valueOf(name, item));
  if (typeof value === 'object' && value !== null) {
    const members = Object.entries(value as Members).map(([inner, item]) => [inner, valueOf(inner, item)]);
    return Object.fromEntries(members) as unknown;
  }
  if (typeof value !== 'string') return value;
  if (name === 'path' || name === 'prefix' || name === 'tag') return hex(value);
  return name === 'header' || name === 'leaf' || name === 'indices' ? base64(value) : value;
}

describe('evidence of the second implementation, composed', () => {
  it.each(proven)('$kind: $name', ({ kind, file }) => {
    const { checkpoint, founding, proof } = JSON.parse(file) as Members;
    const source = { founding: base64(founding), checkpoint: toUtf8(String(checkpoint)) };
    const found = kinds.find(({ name }) => name === kind);
    expect(found?.name).toBe(kind);
    expect(fromUtf8(composeEvidence(found as never, source, valueOf('proof', proof)))).toBe(file);
  });

  it('has every kind that there is', () => {
    expect([...new Set(proven.map(({ kind }) => kind))].sort()).toEqual([...lieKinds].sort());
    expect(kinds.map(({ name }) => name).sort()).toEqual([...lieKinds].sort());
  });
});
