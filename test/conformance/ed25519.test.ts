import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { fromHex, toUtf8 } from '../../src/core/bytes.ts';
import type { Ed25519Engine } from '../../src/core/crypto/ed25519-engine.ts';
import {
  passesPreChecks,
  portableEd25519,
  useEd25519Engine,
  verifySignature,
} from '../../src/core/crypto/signature.ts';
import { nodeEd25519 } from '../../src/engines/signatures.ts';
import { sodiumEd25519 } from '../../src/engines/sodium.ts';
import { conformanceName, conformancePath } from '../support/skip.ts';

interface Case {
  readonly name: string;
  readonly flags: readonly string[];
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

const engines: readonly (() => Ed25519Engine | Promise<Ed25519Engine>)[] = [
  () => portableEd25519,
  () => nodeEd25519,
  sodiumEd25519,
];

function bytes(hex: string): Uint8Array {
  const read = fromHex(hex);
  if (read === undefined) throw new RangeError(`not hexadecimal: ${hex}`);
  return read;
}

/** The verdicts of every engine under the one rule, by the engine's name. */
async function verdicts(cases: readonly Case[]): Promise<Map<string, readonly boolean[]>> {
  const all = new Map<string, readonly boolean[]>();
  for (const load of engines) {
    const engine = await load();
    expect(useEd25519Engine(engine)).toEqual({ ok: true, value: undefined });
    all.set(
      engine.name,
      cases.map((test) => verifySignature(test.publicKey, test.message, test.signature)),
    );
  }
  expect([...all.keys()]).toEqual(['tweetnacl', 'node:crypto', 'libsodium']);
  return all;
}

afterAll(() => {
  useEd25519Engine(portableEd25519);
});

const wycheproof = 'wycheproof/testvectors_v1';
const wycheproofPath = conformancePath(wycheproof);

describe.skipIf(wycheproofPath === undefined)(conformanceName('Wycheproof Ed25519', wycheproof), () => {
  interface File {
    readonly testGroups: readonly {
      readonly publicKey: { readonly pk: string };
      readonly tests: readonly {
        readonly tcId: number;
        readonly flags: readonly string[];
        readonly msg: string;
        readonly sig: string;
        readonly result: string;
      }[];
    }[];
  }

  it('gives the stated verdict on all 151 cases, with every engine', async () => {
    const file = JSON.parse(readFileSync(join(wycheproofPath ?? '', 'ed25519_test.json'), 'utf8')) as File;
    const cases: (Case & { readonly valid: boolean })[] = [];
    for (const { publicKey, tests } of file.testGroups) {
      for (const { tcId, flags, msg, sig, result } of tests) {
        expect(['valid', 'invalid']).toContain(result);
        cases.push({
          name: `wycheproof ${tcId}`,
          flags,
          publicKey: bytes(publicKey.pk),
          message: bytes(msg),
          signature: bytes(sig),
          valid: result === 'valid',
        });
      }
    }
    expect(cases.length).toBe(151);
    expect(cases.filter((test) => test.valid).length).toBe(88);
    for (const [engine, given] of await verdicts(cases)) {
      const wrong = cases.filter((test, i) => given[i] !== test.valid).map((test) => test.name);
      expect(wrong, engine).toEqual([]);
    }
  });
});

const cctv = 'cctv/ed25519';
const cctvPath = conformancePath(cctv);

/** What an encoding or a point has that the pre-checks refuse. */
const refusedFlags = ['low_order_A', 'low_order_R', 'non_canonical_A', 'non_canonical_R'];

describe.skipIf(cctvPath === undefined)(conformanceName('CCTV Ed25519', cctv), () => {
  interface Row {
    readonly number: number;
    readonly key: string;
    readonly sig: string;
    readonly msg: string;
    readonly flags: readonly string[] | null;
  }
  const rows =
    cctvPath === undefined
      ? []
      : (JSON.parse(readFileSync(join(cctvPath, 'ed25519vectors.json'), 'utf8')) as readonly Row[]);
  const cases: readonly Case[] = rows.map(({ number, key, sig, msg, flags }) => ({
    name: `cctv ${number}`,
    flags: flags ?? [],
    publicKey: bytes(key),
    message: toUtf8(msg),
    signature: bytes(sig),
  }));

  it('has its 914 cases, of which 106 pass the pre-checks, exactly by their flags', () => {
    expect(cases.length).toBe(914);
    const passing = cases.filter((test) => passesPreChecks(test.publicKey, test.signature));
    expect(passing.length).toBe(106);
    expect(passing).toEqual(cases.filter((test) => !test.flags.some((flag) => refusedFlags.includes(flag))));
  });

  it('is valid without any refused flag and without a residue of small order: 43, with every engine', async () => {
    const expected = cases.map(
      (test) =>
        !test.flags.includes('low_order_residue') && !test.flags.some((f) => refusedFlags.includes(f)),
    );
    expect(expected.filter(Boolean).length).toBe(43);
    for (const [engine, given] of await verdicts(cases)) {
      const wrong = cases.filter((_, i) => given[i] !== expected[i]).map((test) => test.name);
      expect(wrong, engine).toEqual([]);
    }
  });
});
