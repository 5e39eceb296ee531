/** The engines of a thread that only verifies: signatures, hashes, texts. */
import type { Ed25519Engine } from '../core/crypto/ed25519-engine.ts';
import { useSha256 } from '../core/crypto/sha256.ts';
import { portableEd25519, useEd25519Engine, useEd25519EngineAgain } from '../core/crypto/signature.ts';
import { useUtf8Decoder } from '../core/encoding/utf8.ts';
import { nodeSha256 } from './hashes.ts';
import { nodeEd25519 } from './signatures.ts';
import { sodiumEd25519 } from './sodium.ts';
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

/** Takes engines for hashes and texts into use. @returns those that are not, and why. */
async function startOthers(): Promise<{
  readonly hashes: string;
  readonly dropped: readonly DroppedEngine[];
}> {
  const dropped: DroppedEngine[] = [];
  const hashes = await startOne(() => nodeSha256, useSha256);
  if (hashes !== undefined) dropped.push({ name: 'SHA-256 of node:crypto', reason: hashes });
  const texts = await startOne(() => nodeUtf8, useUtf8Decoder);
  if (texts !== undefined) dropped.push({ name: 'UTF-8 of TextDecoder', reason: texts });
  return { hashes: hashes === undefined ? 'node:crypto' : '@noble/hashes', dropped };
}

/**
 * Takes the fastest engines for signatures, hashes and texts into use that pass their tests, in this thread: all that a
 * thread needs which only verifies.
 */
export async function startVerification(): Promise<VerificationReport> {
  const { name, dropped } = await startSignatures(sources);
  const others = await startOthers();
  return { signatures: name, hashes: others.hashes, dropped: [...dropped, ...others.dropped] };
}

/**
 * As {@link startVerification}, in a further thread of a process: what took long in the first is not done again.
 *
 * @param tested the engine for signatures that is in use in a thread of this very process (`ed25519EngineName`), so that
 *   it passed all cases there. When it fails here, or is the portable one, all is tested as in a first thread.
 */
export async function startFurtherThread(tested: string): Promise<void> {
  const source = sources.find(({ name }) => name === tested);
  // The portable engine is in use where nothing was tested yet.
  const isTested = source !== undefined && source.name !== portableEd25519.name;
  const reason = isTested ? await startOne(source.load, (engine) => useEd25519EngineAgain(engine).ok) : '';
  if (reason !== undefined) await startSignatures(sources);
  await startOthers();
}
