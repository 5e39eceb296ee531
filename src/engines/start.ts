import type { Ed25519Engine } from '../core/crypto/ed25519-engine.ts';
import { useScalarMult } from '../core/crypto/scalar-mult.ts';
import { useBoxes } from '../core/crypto/sealed.ts';
import { useRunningSha256, useSha256 } from '../core/crypto/sha256.ts';
import { portableEd25519, useEd25519Engine } from '../core/crypto/signature.ts';
import { useUtf8Decoder } from '../core/encoding/utf8.ts';
import { nodeRunningSha256, nodeSha256 } from './hashes.ts';
import { nodeEd25519 } from './signatures.ts';
import { sodiumBoxes, sodiumEd25519, sodiumScalarMult } from './sodium.ts';
import { nodeUtf8 } from './texts.ts';

/** An engine that is not used, and why. */
export interface DroppedEngine {
  readonly name: string;
  readonly reason: string;
}

/** Which engines for verifying are in use in this thread from now on. */
export interface VerificationReport {
  readonly signatures: string;
  readonly hashes: string;
  readonly dropped: readonly DroppedEngine[];
}

/** Which engines are in use in this thread from now on. */
export interface EngineReport extends VerificationReport {
  /** Secretboxes. */
  readonly boxes: string;
  /** X25519. */
  readonly agreement: string;
}

/** A way to get an engine; it may fail. */
export interface EngineSource {
  readonly name: string;
  readonly load: () => Ed25519Engine | Promise<Ed25519Engine>;
}

/** The engines for signatures, the fastest first. */
const sources: readonly EngineSource[] = [
  { name: 'libsodium', load: sodiumEd25519 },
  { name: nodeEd25519.name, load: () => nodeEd25519 },
  { name: portableEd25519.name, load: () => portableEd25519 },
];

/**
 * Takes the first of these engines into use that loads and passes the start-up cases.
 *
 * @throws Error when none does: then no signature could be judged.
 */
export async function startSignatures(
  candidates: readonly EngineSource[],
): Promise<{ readonly name: string; readonly dropped: readonly DroppedEngine[] }> {
  const dropped: DroppedEngine[] = [];
  for (const { name, load } of candidates) {
    try {
      const verdict = useEd25519Engine(await load());
      if (verdict.ok) return { name, dropped };
      dropped.push({ name, reason: verdict.detail ?? verdict.code });
    } catch (error) {
      dropped.push({ name, reason: error instanceof Error ? error.message : String(error) });
    }
  }
  const reasons = dropped.map(({ name, reason }) => `${name}: ${reason}`);
  throw new Error(`no engine for signatures passes its test: ${reasons.join('; ')}`);
}

/**
 * Loads an engine and takes it into use, if `use` finds that it agrees with the portable one.
 *
 * @returns why it was not taken, else undefined.
 */
export async function startOne<T>(
  load: () => T | Promise<T>,
  use: (engine: T) => boolean,
): Promise<string | undefined> {
  try {
    return use(await load()) ? undefined : 'differs from the portable engine';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/**
 * Takes the fastest engines for signatures, hashes and texts into use that pass their tests, in this thread: all that a
 * thread needs which only verifies.
 */
export async function startVerification(): Promise<VerificationReport> {
  const { name, dropped } = await startSignatures(sources);
  const others: DroppedEngine[] = [...dropped];
  const hashes = await startOne(() => nodeSha256, useSha256);
  if (hashes !== undefined) others.push({ name: 'SHA-256 of node:crypto', reason: hashes });
  const texts = await startOne(() => nodeUtf8, useUtf8Decoder);
  if (texts !== undefined) others.push({ name: 'UTF-8 of TextDecoder', reason: texts });
  return {
    signatures: name,
    hashes: hashes === undefined ? 'node:crypto' : '@noble/hashes',
    dropped: others,
  };
}

/**
 * Takes the fastest engines into use that pass their tests, in this thread. Every program and worker calls this, or
 * {@link startVerification}, once before its work; without it everything works the same, only slower.
 */
export async function startEngines(): Promise<EngineReport> {
  const { dropped, ...verification } = await startVerification();
  const others: DroppedEngine[] = [...dropped];
  const drop = (engine: string, reason: string | undefined): boolean => {
    if (reason !== undefined) others.push({ name: engine, reason });
    return reason === undefined;
  };
  drop('SHA-256 of node:crypto for pieces', await startOne(() => nodeRunningSha256, useRunningSha256));
  const boxes = drop('secretbox of libsodium', await startOne(sodiumBoxes, useBoxes));
  const agreement = drop('X25519 of libsodium', await startOne(sodiumScalarMult, useScalarMult));
  return {
    ...verification,
    boxes: boxes ? 'libsodium' : 'tweetnacl',
    agreement: agreement ? 'libsodium' : 'tweetnacl',
    dropped: others,
  };
}
