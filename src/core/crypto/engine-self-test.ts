/**
 * What an engine must get right before it is used. The cases (`test/vectors/ed25519_cases.py` makes them) are those
 * on which implementations are known to differ and that the pre-checks let through: keys and R with a part of small
 * order, scalars at their bounds, encodings that are no point; besides ordinary signatures, whole and changed.
 */
import { equalBytes, fromHex } from '../bytes.ts';
import type { SignatureCode } from '../errors/signature.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Ed25519Engine } from './ed25519-engine.ts';
import { engineCases } from './engine-self-test-cases.ts';

interface EngineCase {
  readonly name: string;
  readonly valid: boolean;
  readonly seed: Uint8Array | undefined;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

function readCase(line: string): EngineCase {
  const [name = '', verdict, seed = '', ...rest] = line.split(':');
  // Each part is a view into a larger buffer: an engine that ignores where a view begins is found out here.
  const parts = rest.map((hex) => fromHex(`ff${hex}ff`)?.subarray(1, -1));
  const [publicKey, message, signature] = parts;
  if (publicKey === undefined || message === undefined || signature === undefined) {
    throw new RangeError(`the engine case ${name} cannot be read`);
  }
  return {
    name,
    valid: verdict === 'valid',
    seed: seed === '' ? undefined : fromHex(seed),
    publicKey,
    message,
    signature,
  };
}

function judge(engine: Ed25519Engine, test: EngineCase): string | undefined {
  // Copies for comparing: an engine that writes into its inputs would spoil what is stored afterwards.
  const inputs = [test.publicKey, test.message, test.signature];
  const before = inputs.map((bytes) => Uint8Array.from(bytes));
  const verdict: unknown = engine.verify(test.publicKey, test.message, test.signature);
  if (verdict !== test.valid) return `${String(verdict)} instead of ${String(test.valid)}`;
  if (test.seed !== undefined) {
    if (!equalBytes(engine.sign(test.seed, test.message), test.signature)) return 'another signature';
  }
  if (!inputs.every((bytes, i) => equalBytes(bytes, before[i] ?? bytes))) return 'inputs changed';
  return undefined;
}

/** Runs all cases; refused with `signature-engine-differs`, naming the case, at the first difference or exception. */
export function testEngine(engine: Ed25519Engine): Result<void, SignatureCode> {
  for (const line of engineCases) {
    const test = readCase(line);
    try {
      const difference = judge(engine, test);
      if (difference !== undefined) {
        return refuse('signature-engine-differs', `${engine.name}, ${test.name}: ${difference}`);
      }
    } catch (error) {
      return refuse('signature-engine-differs', `${engine.name}, ${test.name}: ${String(error)}`);
    }
  }
  return ok(undefined);
}
