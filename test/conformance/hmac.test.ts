import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fromHex } from '../../src/core/bytes.ts';
import { equalSecrets, hmacSha256 } from '../../src/core/crypto/kdf.ts';
import { conformanceName, conformancePath } from '../support/skip.ts';

interface File {
  readonly testGroups: readonly {
    readonly tagSize: number;
    readonly tests: readonly {
      readonly tcId: number;
      readonly key: string;
      readonly msg: string;
      readonly tag: string;
      readonly result: string;
    }[];
  }[];
}

const folder = 'wycheproof/testvectors_v1';
const path = conformancePath(folder);
const bytes = (hex: string): Uint8Array => fromHex(hex) ?? expect.fail(`not hexadecimal: ${hex}`);

describe.skipIf(path === undefined)(conformanceName('Wycheproof HMAC-SHA-256', folder), () => {
  it('accepts the 66 valid tags, whole and cut to 128 bits, and none of the 108 invalid ones', () => {
    const file = JSON.parse(readFileSync(join(path ?? '', 'hmac_sha256_test.json'), 'utf8')) as File;
    let [valid, invalid] = [0, 0];
    for (const { tagSize, tests } of file.testGroups) {
      for (const { tcId, key, msg, tag, result } of tests) {
        const computed = hmacSha256(bytes(key), bytes(msg)).subarray(0, tagSize / 8);
        expect(equalSecrets(computed, bytes(tag)), `case ${tcId}`).toBe(result === 'valid');
        if (result === 'valid') valid++;
        else invalid++;
      }
    }
    expect([valid, invalid]).toEqual([66, 108]);
  });
});
