import { useScalarMult } from '../core/crypto/scalar-mult.ts';
import { useBoxes } from '../core/crypto/sealed.ts';
import { useRunningSha256 } from '../core/crypto/sha256.ts';
import { nodeRunningSha256 } from './hashes.ts';
import { sodiumBoxes, sodiumScalarMult } from './sodium.ts';
import { type DroppedEngine, startOne, startVerification, type VerificationReport } from './verification.ts';

/** Which engines are in use in this thread from now on. */
export interface EngineReport extends VerificationReport {
  /** Secretboxes. */
  readonly boxes: string;
  /** X25519. */
  readonly agreement: string;
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
