import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex, toHex } from '../../src/core/bytes.ts';
import { hkdfExpand, hkdfExtract } from '../../src/core/crypto/kdf.ts';
import { conformanceName, conformancePath } from '../support/skip.ts';

interface File {
  readonly testGroups: readonly {
    readonly tests: readonly {
      readonly tcId: number;
      readonly ikm: string;
      readonly salt: string;
      readonly info: string;
      readonly size: number;
      readonly okm: string;
      readonly result: string;
    }[];
  }[];
}

const folder = 'wycheproof/testvectors_v1';
const path = conformancePath(folder);
const bytes = (hex: string): Uint8Array => fromHex(hex) ?? expect.fail(`not hexadecimal: ${hex}`);

describe.skipIf(path === undefined)(conformanceName('Wycheproof HKDF-SHA-256', folder), () => {
  it('gives the stated key in 83 cases and refuses 3 that ask for too much', () => {
    const file = JSON.parse(readFileSync(join(path ?? '', 'hkdf_sha256_test.json'), 'utf8')) as File;
    let [valid, refused] = [0, 0];
    for (const { tcId, ikm, salt, info, size, okm, result } of file.testGroups.flatMap(
      ({ tests }) => tests,
    )) {
      const derive = (): string => toHex(hkdfExpand(hkdfExtract(bytes(salt), bytes(ikm)), bytes(info), size));
      if (result === 'valid') {
        expect(derive(), `case ${tcId}`).toBe(okm);
        valid++;
      } else {
        expect(derive, `case ${tcId}`).toThrow(RangeError);
        refused++;
      }
    }
    expect([valid, refused]).toEqual([83, 3]);
  });
});
