import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { logKey, signedCheckpoint, testEntry, testKey } from '../../../test/support/log.ts';
import { concatBytes, toBase64, toUtf8 } from '../bytes.ts';
import { inclusionProof, leafHash, treeNodes } from '../tree/merkle.ts';
import { emptyEdge, growLog } from './edge.ts';
import { parsePolicy, type Policy } from './policy.ts';
import { formatLogProof, parseLogProof, proofLimits, verifyLogProof, type LogProof } from './proof.ts';
import { formatVerifierKey, keyType } from './verifier-key.ts';

function codeOf(result: { readonly ok: boolean; readonly code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

function policyFrom(text: string): Policy {
  const policy = parsePolicy(toUtf8(text));
  if (!policy.ok) throw new Error(policy.code);
  return policy.value;
}

const log = formatVerifierKey(logKey.key);
const policy = policyFrom(`log ${log}\nquorum none\n`);
const size = 21;
const entries = Array.from({ length: size }, (_, i) => testEntry(i));
const leaves = entries.map(leafHash);
const { edge } = growLog(emptyEdge, entries);
const checkpoint = signedCheckpoint(edge);

function proofOf(index: number): LogProof {
  return { index, hashes: inclusionProof(treeNodes(leaves), index, size), checkpoint };
}

const leaf = leaves[13] ?? new Uint8Array(32);
const proof = proofOf(13);

describe('a log proof', () => {
  it('shows each entry at its place, and at no other', () => {
    for (let index = 0; index < size; index++) {
      const written = parseLogProof(formatLogProof(proofOf(index)));
      if (!written.ok) throw new Error(written.code);
      const own = leaves[index] ?? leaf;
      const verified = verifyLogProof(written.value, own, policy);
      expect(verified).toMatchObject({
        ok: true,
        value: { index, leafHash: own, verdict: { quorum: 'met' } },
      });
      const elsewhere = leaves[(index + 1) % size] ?? leaf;
      expect(codeOf(verifyLogProof(written.value, elsewhere, policy))).toBe('tree-root');
    }
  });

  it('is refused after every change of one byte, extra data apart', () => {
    const extra = toUtf8('more');
    const bytes = formatLogProof({ ...proof, extra });
    const unsigned = toUtf8('c2sp.org/tlog-proof@v1\nextra ').length;
    for (let i = 0; i < bytes.length; i++) {
      const isExtra = i >= unsigned && i < unsigned + toBase64(extra).length;
      for (const flip of [1, 0x10, 0x80]) {
        const changed = Uint8Array.from(bytes);
        changed[i] = (changed[i] ?? 0) ^ flip;
        const read = parseLogProof(changed);
        const verified = read.ok ? verifyLogProof(read.value, leaf, policy) : read;
        if (!isExtra) expect([i, verified.ok]).toEqual([i, false]);
      }
    }
  });

  it('is refused when cut anywhere', () => {
    const bytes = formatLogProof(proof);
    for (let end = 0; end < bytes.length; end++) {
      const read = parseLogProof(bytes.subarray(0, end));
      expect(read.ok && verifyLogProof(read.value, leaf, policy).ok).toBe(false);
    }
  });

  it('proves no more than the log says when the quorum is missed', () => {
    const witness = testKey('example.com/w', keyType.cosignature, 9);
    const strict = policyFrom(`log ${log}\nwitness w ${formatVerifierKey(witness.key)}\nquorum w\n`);
    const verified = verifyLogProof(proof, leaf, strict);
    expect(verified).toMatchObject({ ok: true, value: { verdict: { quorum: 'insufficient', needed: 'w' } } });
  });

  it('of an index or a path that does not fit the size is refused', () => {
    expect(codeOf(verifyLogProof({ ...proof, index: size }, leaf, policy))).toBe('tree-index');
    expect(codeOf(verifyLogProof({ ...proof, hashes: proof.hashes.slice(1) }, leaf, policy))).toBe(
      'tree-proof-length',
    );
    expect(codeOf(verifyLogProof(proof, leaf.subarray(1), policy))).toBe('tree-hash-length');
  });
});

describe('the file of a log proof', () => {
  const hash = toBase64(new Uint8Array(32));
  const cases: readonly (readonly [string, string])[] = [
    ['', 'proof-malformed'],
    ['c2sp.org/tlog-proof@v1\nindex 1\n', 'proof-malformed'],
    ['c2sp.org/tlog-proof@v2\nindex 1\n\n', 'proof-malformed'],
    ['\nc2sp.org/tlog-proof@v1\nindex 1\n\n', 'proof-malformed'],
    ['\n\n', 'proof-malformed'],
    ['c2sp.org/tlog-proof@v1\n\n', 'proof-malformed'],
    ['c2sp.org/tlog-proof@v1\r\nindex 1\n\n', 'proof-malformed'],
    ['c2sp.org/tlog-proof@v1\nIndex 1\n\n', 'proof-malformed'],
    ['c2sp.org/tlog-proof@v1\nextra QQ==\n\n', 'proof-malformed'],
    ['c2sp.org/tlog-proof@v1\nextra QQ==\nextra QQ==\nindex 1\n\n', 'proof-malformed'],
    ['c2sp.org/tlog-proof@v1\nextra\nindex 1\n\n', 'proof-malformed'],
    ['c2sp.org/tlog-proof@v1\nextra \nindex 1\n\n', 'proof-extra'],
    ['c2sp.org/tlog-proof@v1\nextra Q\nindex 1\n\n', 'proof-extra'],
    ['c2sp.org/tlog-proof@v1\nextra QR==\nindex 1\n\n', 'proof-extra'],
    ['c2sp.org/tlog-proof@v1\nindex \n\n', 'proof-index'],
    ['c2sp.org/tlog-proof@v1\nindex 01\n\n', 'proof-index'],
    ['c2sp.org/tlog-proof@v1\nindex -1\n\n', 'proof-index'],
    ['c2sp.org/tlog-proof@v1\nindex 9007199254740992\n\n', 'proof-index'],
    ['c2sp.org/tlog-proof@v1\nindex 1\nx\n\n', 'proof-hash'],
    [`c2sp.org/tlog-proof@v1\nindex 1\n${hash} \n\n`, 'proof-hash'],
    [`c2sp.org/tlog-proof@v1\nindex 1\n${hash}\nextra QQ==\n\n`, 'proof-hash'],
    [`c2sp.org/tlog-proof@v1\nindex 1\n${`${hash}\n`.repeat(64)}\n`, 'proof-malformed'],
    [`c2sp.org/tlog-proof@v1\nindex 1\n${`${hash}\n`.repeat(63)}\n`, 'ok'],
    ['c2sp.org/tlog-proof@v1\nindex 0\n\n', 'ok'],
  ];

  it.each(cases)('%j is judged %s', (text, code) => {
    expect(codeOf(parseLogProof(toUtf8(text)))).toBe(code);
  });

  it('has a limit', () => {
    const start = toUtf8('c2sp.org/tlog-proof@v1\nindex 0\n\n');
    const rest = new Uint8Array(proofLimits.bytes - start.length);
    expect(codeOf(parseLogProof(concatBytes(start, rest)))).toBe('ok');
    expect(codeOf(parseLogProof(concatBytes(start, rest, Uint8Array.of(0))))).toBe('proof-too-long');
  });

  it('comes back as written', () => {
    const value = fc.record(
      {
        index: fc.maxSafeNat(),
        hashes: fc.array(fc.uint8Array({ minLength: 32, maxLength: 32 }), { maxLength: 63 }),
        checkpoint: fc.uint8Array({ maxLength: 200 }),
        extra: fc.uint8Array({ minLength: 1, maxLength: 50 }),
      },
      { requiredKeys: ['index', 'hashes', 'checkpoint'] },
    );
    fc.assert(
      fc.property(value, (written) => {
        const read = parseLogProof(formatLogProof(written));
        expect(read).toEqual({ ok: true, value: { ...written } });
      }),
    );
  });

  it('cannot be written otherwise', () => {
    for (const bad of [
      { ...proof, index: -1 },
      { ...proof, hashes: [new Uint8Array(31)] },
      { ...proof, hashes: Array.from({ length: 64 }, () => new Uint8Array(32)) },
      { ...proof, extra: new Uint8Array(0) },
    ]) {
      expect(() => formatLogProof(bad)).toThrow(RangeError);
    }
  });
});
