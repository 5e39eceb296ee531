import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromBase64 } from '../../src/core/bytes.ts';
import { verifyConsistency, verifyInclusion } from '../../src/core/tree/merkle.ts';
import { conformanceName, conformancePath } from '../support/skip.ts';

const folder = 'merkle/testdata';
const path = conformancePath(folder);

/** Its two roots are 12 bytes long, and it is called valid because they are equal. We refuse what is no hash. */
const exception = 'additional/sizes-are-equal-one-and-proof-is-empty.json';

type Fields = Readonly<Record<string, unknown>>;

/** A case; integers of 16 digits and more as bigint, because some lie beyond 2^53. */
function readCase(file: string): Fields {
  const text = readFileSync(file, 'utf8').replace(/: (\d{16,})/g, ': "$1"');
  return JSON.parse(text) as Fields;
}

function count(value: unknown): number | bigint {
  return typeof value === 'string'
    ? BigInt(value)
    : typeof value === 'number'
      ? value
      : expect.fail('no count');
}

function hash(value: unknown): Uint8Array {
  if (value === null) return new Uint8Array(0);
  return (typeof value === 'string' ? fromBase64(value) : undefined) ?? expect.fail('no base64');
}

function hashes(value: unknown): readonly Uint8Array[] {
  return Array.isArray(value) ? value.map(hash) : [];
}

function run(
  kind: string,
  judge: (fields: Fields) => boolean,
): { valid: number; invalid: number; odd: string[] } {
  const outcome = { valid: 0, invalid: 0, odd: [] as string[] };
  const base = join(path ?? '', kind);
  for (const name of readdirSync(base, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith('.json')) continue;
    const fields = readCase(join(base, name));
    const expected = fields['wantErr'] === false;
    if (judge(fields) !== expected) outcome.odd.push(name);
    if (expected) outcome.valid++;
    else outcome.invalid++;
  }
  return outcome;
}

describe.skipIf(path === undefined)(conformanceName('RFC 6962 proofs', folder), () => {
  it('of inclusion: 98 files, each with the stated verdict', () => {
    const outcome = run(
      'inclusion',
      (fields) =>
        verifyInclusion({
          leafHash: hash(fields['leafHash']),
          index: count(fields['leafIdx']),
          size: count(fields['treeSize']),
          proof: hashes(fields['proof']),
          root: hash(fields['root']),
        }).ok,
    );
    expect(outcome).toEqual({ valid: 6, invalid: 92, odd: [] });
  });

  it('of consistency: 98 files, each with the stated verdict but for the one exception', () => {
    const outcome = run(
      'consistency',
      (fields) =>
        verifyConsistency({
          oldSize: count(fields['size1']),
          oldRoot: hash(fields['root1']),
          newSize: count(fields['size2']),
          newRoot: hash(fields['root2']),
          proof: hashes(fields['proof']),
        }).ok,
    );
    expect(outcome).toEqual({ valid: 6, invalid: 92, odd: [exception] });
  });
});
