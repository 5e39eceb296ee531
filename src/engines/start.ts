import type { Ed25519Engine } from '../core/crypto/ed25519-engine.ts';
import { useSha256 } from '../core/crypto/sha256.ts';
import { portableEd25519, useEd25519Engine } from '../core/crypto/signature.ts';
import { useUtf8Decoder } from '../core/encoding/utf8.ts';
import { nodeSha256 } from './hashes.ts';
import { nodeEd25519 } from './signatures.ts';
import { sodiumEd25519 } from './signatures-sodium.ts';
import { nodeUtf8 } from './texts.ts';

/** An engine that is not used, and why. */
export interface DroppedEngine {
  readonly name: string;
  readonly reason: string;
}

/** Which engines are in use in this thread from now on. */
export interface EngineReport {
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
 * Takes the fastest engines into use that pass their tests, in this thread. Every program and worker calls this once
 * before its work; without it everything works the same, only slower.
 */
export async function startEngines(): Promise<EngineReport> {
  const { name, dropped } = await startSignatures(sources);
  const others: DroppedEngine[] = [...dropped];
  const hashes = useSha256(nodeSha256);
  if (!hashes) others.push({ name: 'node:crypto', reason: 'differs from the portable SHA-256' });
  if (!useUtf8Decoder(nodeUtf8))
    others.push({ name: 'TextDecoder', reason: 'differs from the portable UTF-8' });
  return { signatures: name, hashes: hashes ? 'node:crypto' : '@noble/hashes', dropped: others };
}
