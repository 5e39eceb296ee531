/**
 * What an engine must get right before it is used. The cases (`test/vectors/ed25519_cases.py` makes them) are those
 * on which implementations are known to differ and that the pre-checks let through: keys and R with a part of small
 * order, scalars at their bounds, encodings that are no point; besides ordinary signatures, whole and changed, over
 * messages of up to a million bytes.
 */
import { copyBytes, equalBytes, fromHex } from '../bytes.ts';
import type { SignatureCode } from '../errors/signature.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Ed25519Engine } from './ed25519-engine.ts';
import { engineCases, largeEngineCases } from './engine-self-test-cases.ts';

interface EngineCase {
  readonly name: string;
  readonly valid: boolean;
  readonly seed: Uint8Array | undefined;
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly signature: Uint8Array;
}

/** Each part is a view into a larger buffer: an engine that ignores where a view begins is found out here. */
function viewOf(hex: string): Uint8Array | undefined {
  return fromHex(`ff${hex}ff`)?.subarray(1, -1);
}

/** A large message, `start/length/mask`: the highest bytes of a sequence of 32-bit numbers (see the specification). */
function largeMessage(text: string): Uint8Array {
  const [start = 0, length = 0, mask = 0] = text.split('/').map(Number);
  const whole = new Uint8Array(length + 2);
  let x = start;
  for (let i = 1; i <= length; i++) {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0;
    whole[i] = x >>> 24;
  }
  whole[length] = (whole[length] ?? 0) ^ mask;
  return whole.subarray(1, -1);
}

function readCase(line: string): EngineCase {
  const [name = '', verdict, seed = '', key = '', text = '', last = ''] = line.split(':');
  const publicKey = viewOf(key);
  const message = text.includes('/') ? largeMessage(text) : viewOf(text);
  const signature = viewOf(last);
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
  const before = inputs.map(copyBytes);
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
  return runCases(engine, [...engineCases, ...largeEngineCases]);
}

/** As {@link testEngine}, without the large messages: they take most of the time. */
export function testEngineAgain(engine: Ed25519Engine): Result<void, SignatureCode> {
  return runCases(engine, engineCases);
}

function runCases(engine: Ed25519Engine, lines: readonly string[]): Result<void, SignatureCode> {
  for (const line of lines) {
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
