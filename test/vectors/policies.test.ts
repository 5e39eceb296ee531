import { beforeAll, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { judgeCheckpoint } from '../../src/core/log/judge.ts';
import type { PolicyMember } from '../../src/core/log/policy.ts';
import { parsePolicy, policyForLog } from '../../src/core/log/policy.ts';
import { formatLogProof, parseLogProof, verifyLogProof } from '../../src/core/log/proof.ts';
import { formatVerifierKey, parseVerifierKey } from '../../src/core/log/verifier-key.ts';
import { leafHash } from '../../src/core/tree/merkle.ts';
import { startEngines } from '../../src/engines/start.ts';
import type { Cuts, TextOrBytes } from './support.ts';
import { bytesOf, cutDifferences, good, hex, vectors, verdict } from './support.ts';

interface Refused {
  readonly name: string;
  readonly code: string;
}

interface GroupVector {
  readonly name: string;
  readonly k: number;
  readonly members: readonly string[];
}

const file = vectors('policies') as {
  readonly policies: readonly {
    readonly name: string;
    readonly policy: TextOrBytes;
    readonly logs: readonly string[];
    readonly witnesses: readonly { readonly name: string; readonly vkey: string }[];
    readonly groups: readonly GroupVector[];
    readonly quorum: string;
  }[];
  readonly refusedPolicies: readonly (Refused & { readonly policy: TextOrBytes })[];
  readonly verdicts: readonly (Refused & {
    readonly policy: string;
    readonly note: string;
    readonly knownLog: string | null;
    readonly met?: boolean;
    readonly time?: number | null;
    readonly witnesses?: readonly { readonly name: string; readonly time: number }[];
  })[];
  readonly proofs: readonly {
    readonly name: string;
    readonly proof: TextOrBytes;
    readonly index: number;
    readonly path: readonly string[];
    readonly extra: string | null;
    readonly checkpoint: TextOrBytes;
    readonly entry?: string;
    readonly log?: string;
  }[];
  readonly refusedProofs: readonly (Refused & { readonly proof: TextOrBytes })[];
  readonly proofPrefixes: readonly { readonly proof: string; readonly cuts: Cuts }[];
};

const keyOf = (vkey: string) => good(parseVerifierKey(vkey));

/** All groups that a member is made of, itself included, in the form of the vectors. */
function groupsOf(member: PolicyMember): readonly GroupVector[] {
  if (member.kind === 'witness') return [];
  const { name, threshold, members } = member;
  return [...members.flatMap(groupsOf), { name, k: threshold, members: members.map((one) => one.name) }];
}

/** Vectors state names byte by byte; only those in ASCII can be compared with names for people. */
const isAscii = (text: string): boolean => /^[\x20-\x7e]*$/.test(text);

beforeAll(startEngines);

describe('policies of the second implementation', () => {
  it.each(file.policies)('reads: $name', ({ policy, logs, witnesses, groups, quorum }) => {
    const read = good(parsePolicy(bytesOf(policy)));
    expect(read.logs.map(({ key }) => formatVerifierKey(key))).toEqual(logs);
    expect(read.witnesses.map(({ key }) => formatVerifierKey(key))).toEqual(
      witnesses.map(({ vkey }) => vkey),
    );
    for (const [at, { name }] of witnesses.entries()) {
      if (isAscii(name)) expect(read.witnesses[at]?.name).toBe(name);
    }
    const name = read.quorum === 'none' ? 'none' : read.quorum.name;
    if (isAscii(quorum)) expect(name).toBe(quorum);
    for (const group of read.quorum === 'none' ? [] : groupsOf(read.quorum))
      expect(groups).toContainEqual(group);
  });

  it.each(file.refusedPolicies)('refuses with $code: $name', ({ policy, code }) => {
    expect(verdict(parsePolicy(bytesOf(policy)))).toBe(code);
  });

  it.each(file.verdicts)(
    'judges as $code: $name',
    ({ policy, note, knownLog, code, met, time, witnesses }) => {
      const read = good(parsePolicy(toUtf8(policy)));
      const narrowed =
        knownLog === null ? ({ ok: true, value: read } as const) : policyForLog(read, keyOf(knownLog));
      const found = narrowed.ok ? judgeCheckpoint(toUtf8(note), narrowed.value) : narrowed;
      expect(verdict(found)).toBe(code);
      if (!found.ok) return;
      expect(found.value.quorum).toBe(met === true ? 'met' : 'insufficient');
      if (found.value.quorum === 'met') expect(found.value.time ?? null).toBe(time);
      const seen = found.value.witnesses.map((one) => ({ name: one.name, time: one.time }));
      expect(seen.sort((a, b) => (a.name < b.name ? -1 : 1))).toEqual(witnesses);
    },
  );
});

describe('log proofs of the second implementation', () => {
  it.each(file.proofs)('reads and writes: $name', ({ proof, index, path, extra, checkpoint, entry, log }) => {
    const read = good(parseLogProof(bytesOf(proof)));
    expect(read.index).toBe(index);
    expect(read.hashes.map(toHex)).toEqual(path);
    expect(read.extra === undefined ? null : toHex(read.extra)).toBe(extra);
    expect(read.checkpoint).toEqual(bytesOf(checkpoint));
    expect(formatLogProof(read)).toEqual(bytesOf(proof));
    if (entry === undefined || log === undefined) return;
    const policy = good(parsePolicy(toUtf8(`log ${log}\nquorum none\n`)));
    expect(good(verifyLogProof(read, leafHash(hex(entry)), policy)).index).toBe(index);
    expect(verdict(verifyLogProof(read, leafHash(hex(`${entry}00`)), policy))).toBe('tree-root');
  });

  it.each(file.refusedProofs)('refuses with $code: $name', ({ proof, code }) => {
    expect(verdict(parseLogProof(bytesOf(proof)))).toBe(code);
  });

  it.each(file.proofPrefixes)('refuses every prefix', ({ proof, cuts }) => {
    expect(cutDifferences(toUtf8(proof), cuts, (prefix) => verdict(parseLogProof(prefix)))).toEqual([]);
  });
});
