import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { ed25519Vectors, largeEd25519Vectors } from '../../../test/support/ed25519-vectors.ts';
import { toHex } from '../bytes.ts';
import type { Ed25519Engine } from './ed25519-engine.ts';
import { engineCases, largeEngineCases } from './engine-self-test-cases.ts';
import { testEngine } from './engine-self-test.ts';
import { sha256 } from './sha256.ts';
import { portableEd25519 } from './signature.ts';

const script = join(import.meta.dirname, '../../../test/vectors/ed25519_cases.py');
const python = spawnSync('python3', ['--version']).status === 0;

/** The vectors' verdicts by signature: an engine that is right at once, so that the tests below are quick. */
const known = new Map(
  [...ed25519Vectors(), ...largeEd25519Vectors()].map((test) => [
    place(test.publicKey, test.message, test.signature),
    test,
  ]),
);

function place(...parts: readonly Uint8Array[]): string {
  return parts.map((part) => toHex(part.length > 500 ? sha256(part) : part)).join(':');
}

const knowing: Ed25519Engine = {
  name: 'knowing',
  verify: (...parts) => known.get(place(...parts))?.valid === true,
  sign: (seed, message) => {
    const signed = [...known.values()].find(
      (test) => test.seed !== undefined && toHex(test.seed) === toHex(seed),
    );
    return signed !== undefined && place(signed.message) === place(message)
      ? signed.signature
      : expect.fail('not signed');
  },
};

/** The engine, but with this verdict on the cases of that name. */
function except(prefix: string, verdict: boolean): Ed25519Engine {
  return {
    ...knowing,
    verify: (...parts) =>
      known.get(place(...parts))?.name.startsWith(prefix) === true ? verdict : knowing.verify(...parts),
  };
}

/** An engine that looks at the beginning of a message only, signer and verifier alike. */
function upTo(longest: number): Ed25519Engine {
  const cut = (message: Uint8Array) => message.subarray(0, longest);
  // The valid large cases are judged by what the vectors say: cutting shows in the changed ones alone.
  const valid = largeEd25519Vectors().filter((test) => test.valid);
  const beginnings = new Set(valid.map((test) => place(test.publicKey, cut(test.message), test.signature)));
  return {
    ...knowing,
    verify: (key, message, signature) =>
      beginnings.has(place(key, cut(message), signature)) || knowing.verify(key, message, signature),
  };
}

describe('the start-up cases', () => {
  it('are passed by the portable engine', () => {
    expect(testEngine(portableEd25519)).toEqual({ ok: true, value: undefined });
    expect(testEngine(knowing)).toEqual({ ok: true, value: undefined });
  });

  it('are among the vectors, pass the pre-checks, and hold both verdicts on mixed points', () => {
    const vectors = new Map(ed25519Vectors().map((test) => [test.name, test]));
    const names = engineCases.map((line) => line.split(':')[0] ?? '');
    expect(new Set(names).size).toBe(54);
    for (const name of names) expect(vectors.get(name)?.preChecks).toBe(true);
    const mixed = names.filter((name) => name.startsWith('mixed-')).map((name) => vectors.get(name)?.valid);
    expect(mixed.filter((valid) => valid === true).length).toBe(10);
    expect(mixed.filter((valid) => valid === false).length).toBe(23);
    const large = largeEd25519Vectors().map((test) => [test.name, test.message.length, test.valid]);
    expect(large).toEqual([
      ['large-65537-bytes', 65_537, true],
      ['large-65537-bytes-last-byte-changed', 65_537, false],
      ['large-1000000-bytes', 1_000_000, true],
      ['large-1000000-bytes-last-byte-changed', 1_000_000, false],
    ]);
    expect(largeEngineCases.map((line) => line.split(':')[0])).toEqual(large.map(([name]) => name));
  });

  it.skipIf(!python)(`are what their script writes${python ? '' : ' (skipped: there is no python3)'}`, () => {
    const run = spawnSync('python3', [script, '--check'], { encoding: 'utf8' });
    expect(run.stderr).toBe('');
    expect(run.status).toBe(0);
  });

  it.each<[string, Ed25519Engine]>([
    ['accepts all', { ...knowing, verify: () => true }],
    ['refuses all', { ...knowing, verify: () => false }],
    ['multiplies by the cofactor', except('mixed-', true)],
    ['refuses mixed keys', except('mixed-', false)],
    ['accepts one mixed case', except('mixed-key-1-r-3-invalid', true)],
    ['accepts a negated R', except('r-negated', true)],
    ['accepts a key that is no point', except('key-not-a-point', true)],
    [
      'fails on a key that is no point',
      { ...knowing, verify: (...args) => knowing.verify(...args) || expect.fail() },
    ],
    // Native code answers what it likes, whatever its type says.
    [
      'says 1 and 0',
      { ...knowing, verify: (...args) => Number(knowing.verify(...args)) as unknown as boolean },
    ],
    ['promises', { ...knowing, verify: () => Promise.resolve(true) as unknown as boolean }],
    [
      'ignores where a view begins',
      { ...knowing, verify: (key, ...rest) => knowing.verify(new Uint8Array(key.buffer, 0, 32), ...rest) },
    ],
    [
      'changes its input',
      {
        ...knowing,
        verify: (key, message, signature) => {
          const verdict = knowing.verify(key, message, signature);
          if (!verdict) signature.reverse();
          return verdict;
        },
      },
    ],
    ['looks at the first 4,096 bytes of a message only', upTo(4096)],
    ['looks at the first 65,536 bytes of a message only', upTo(65_536)],
    ['looks at the first 999,999 bytes of a message only', upTo(999_999)],
    [
      'signs the first 65,536 bytes of a message only',
      { ...knowing, sign: (seed, message) => portableEd25519.sign(seed, message.subarray(0, 65_536)) },
    ],
    ['signs otherwise', { ...knowing, sign: (seed, message) => knowing.sign(seed, message).with(63, 1) }],
    ['cannot sign', { ...knowing, sign: () => expect.fail('no signing here') }],
  ])('refuse an engine that %s', (_, engine) => {
    const verdict = testEngine(engine);
    expect(verdict).toMatchObject({ ok: false, code: 'signature-engine-differs' });
    expect(verdict.ok ? '' : verdict.detail).toMatch(/^knowing, [a-z0-9-]+: ./);
  });
});
