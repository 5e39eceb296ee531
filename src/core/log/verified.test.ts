import { describe, expect, it } from 'vitest';
import { announce, ledger, revocationDraft, send, signer } from '../../../test/support/key-statements.ts';
import { toUtf8 } from '../bytes.ts';
import { publicKeyOf } from '../crypto/signature.ts';
import type { KeyStatement } from '../identity/statement.ts';
import type { VerifiedMessage } from '../record/message.ts';
import { leafHash } from '../tree/merkle.ts';
import { formatCheckpoint, openCheckpoint, type VerifiedCheckpoint } from './checkpoint.ts';
import { judgeCheckpoint, type PolicyVerdict, type WitnessedCheckpoint } from './judge.ts';
import { formatNote, openNote, signNote, type VerifiedNote } from './note.ts';
import { parsePolicy } from './policy.ts';
import { verifyLogProof, type VerifiedEntry } from './proof.ts';
import type { Result } from '../result.ts';
import { formatVerifierKey, keyType, verifierKey, type VerifierKey } from './verifier-key.ts';

function good<T>(result: Result<T>): T {
  return result.ok ? result.value : expect.fail(result.code);
}

const seed = new Uint8Array(32).fill(3);
const key = verifierKey('log.example', keyType.ed25519, publicKeyOf(seed));
const entry = toUtf8('entry');
const text = formatCheckpoint({ origin: key.name, size: 1, root: leafHash(entry), extensions: ['more'] });
const bytes = formatNote(text, [signNote(key, seed, text)]);
const note = good(openNote(bytes, [key]));
const checkpoint = good(openCheckpoint(bytes, [key], []));
const policy = good(parsePolicy(toUtf8(`log ${formatVerifierKey(key)}\nquorum none\n`)));
const verdict = good(judgeCheckpoint(bytes, policy));
const witnessed = verdict.quorum === 'met' ? verdict : expect.fail('not met');
const proven = good(verifyLogProof({ index: 0, hashes: [], checkpoint: bytes }, leafHash(entry), policy));
const message = send(revocationDraft(signer(1), signer(1)), signer(1));
const statement = announce(signer(1), signer(2));

// That the lint rules refuse these too is what is wanted everywhere else.
/* eslint-disable @typescript-eslint/no-misused-spread, @typescript-eslint/no-unsafe-class-instance-assignment */
/** Functions that compile only because each next line is an error: with one less the type check of tests fails. */
export const forgeries = {
  // @ts-expect-error A spread is no verified checkpoint.
  checkpoint: (real: VerifiedCheckpoint): VerifiedCheckpoint => ({ ...real, size: 2 }),
  // @ts-expect-error A spread with everything that can be seen is none either.
  whole: (real: VerifiedCheckpoint): VerifiedCheckpoint => ({ ...real, root: real.root }),
  // @ts-expect-error A spread is no opened note.
  note: (real: VerifiedNote): VerifiedNote => ({ ...real, text: 'x', signatures: real.signatures }),
  // @ts-expect-error A spread is no verifier key.
  key: (real: VerifierKey): VerifierKey => ({ ...real, publicKey: real.publicKey }),
  // @ts-expect-error A spread is no met quorum.
  witnessed: (real: WitnessedCheckpoint): PolicyVerdict => ({ ...real, checkpoint, time: 2e9 }),
  // @ts-expect-error A spread is no verified entry.
  entry: (real: VerifiedEntry): VerifiedEntry => ({ ...real, leafHash: real.leafHash, index: 7 }),
  // @ts-expect-error A spread is no verified message.
  message: ({ id, sender, head, dataHash, leaf, data, ...real }: VerifiedMessage): VerifiedMessage => ({
    ...real,
    id,
    sender,
    head,
    dataHash,
    leaf,
    data,
  }),
  // @ts-expect-error A spread is no statement.
  statement: (real: KeyStatement): KeyStatement => ({ ...real, message, sender: real.sender }),
};
/* eslint-enable @typescript-eslint/no-misused-spread, @typescript-eslint/no-unsafe-class-instance-assignment */

const everything = { key, note, checkpoint, witnessed, proven, message, statement };

/** All byte strings that are reached from an object, by the path that leads there. */
function bytesIn(value: unknown, path: string, found: Map<string, Uint8Array>): Map<string, Uint8Array> {
  if (value instanceof Uint8Array) return found.set(path, value);
  if (typeof value !== 'object' || value === null) return found;
  const names = new Set(Object.keys(value));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== Array.prototype && prototype !== null) {
    for (const name of Object.getOwnPropertyNames(prototype)) if (name !== 'constructor') names.add(name);
  }
  for (const name of names) bytesIn((value as Record<string, unknown>)[name], `${path}.${name}`, found);
  return found;
}

describe('what was verified', () => {
  it.each(Object.entries(everything))('cannot be made from outside: %s', (_, real) => {
    const maker = real.constructor as new (...parts: readonly unknown[]) => unknown;
    for (const token of [undefined, Symbol('made by verifierKey'), real]) {
      expect(() => new maker(token, real, real, real)).toThrow(TypeError);
    }
  });

  it.each(Object.entries(everything))('cannot be changed by assignment: %s', (_, real) => {
    expect(Object.isFrozen(real)).toBe(true);
    for (const name of ['size', 'root', 'text', 'time', 'head', 'publicKey', 'index', 'new']) {
      expect(() => Object.assign(real, { [name]: 1 })).toThrow(TypeError);
    }
    expect(() => Object.assign(message.head, { time: 1 })).toThrow(TypeError);
    expect(() => Object.assign(message.head.body, { key: '' })).toThrow(TypeError);
    expect(() => Object.assign(statement.content, { name: 'x' })).toThrow(TypeError);
    expect(() => Object.assign(checkpoint.extensions, ['x'])).toThrow(TypeError);
    expect(() => Object.assign(note.signatures, [])).not.toThrow();
    expect(() => Object.assign(note.signatures, { 0: 1 })).toThrow(TypeError);
  });

  it.each(Object.entries({ key, note, checkpoint, witnessed, proven, message }))(
    'cannot be changed through the bytes that it gives out: %s',
    (name, real) => {
      const before = bytesIn(real, name, new Map());
      if (name !== 'witnessed' || before.size > 0) expect(before.size).toBeGreaterThan(0);
      const copies = new Map([...before].map(([path, value]) => [path, Uint8Array.from(value)]));
      for (const value of before.values()) value.fill(0xee);
      expect(bytesIn(real, name, new Map())).toEqual(copies);
      for (const value of copies.values()) expect(value.buffer.byteLength).toBe(value.length);
    },
  );

  it('shows nothing beyond it: each byte string has a buffer of its own', () => {
    for (const value of bytesIn(message, 'message', new Map()).values()) {
      expect(value.buffer.byteLength).toBe(value.length);
    }
    expect(message.head.ledger).toEqual(ledger);
  });

  it("does not follow the buffers that it was made from, Node's included", () => {
    const publicKey = Buffer.from(key.publicKey);
    const made = verifierKey('log.example', keyType.ed25519, publicKey);
    publicKey.fill(0);
    expect(made.publicKey).toEqual(key.publicKey);
    const given = Buffer.from(bytes);
    const opened = good(openCheckpoint(given, [key], []));
    given.fill(0);
    expect(opened.root).toEqual(leafHash(entry));
  });
});
