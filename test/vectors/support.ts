import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { concatBytes, fromHex, toUtf8 } from '../../src/core/bytes.ts';
import type { Result } from '../../src/core/result.ts';

/** Bytes in a vector file: hexadecimal, or pieces of which `[byte in hex, count]` is a run of one byte. */
export type PackedBytes = string | readonly (string | readonly [string, number])[];

/** `[mask, first offset, last offset, code]`: changing any one byte in between by the mask is refused so. */
export type Sweep = readonly (readonly [number, number, number, string])[];

/** `[shortest length, longest length, code]`: any prefix of a length in between is refused so. */
export type Cuts = readonly (readonly [number, number, string])[];

/** The groups of a vector file of this folder. What they are is the caller's claim. */
export function vectors(area: string): unknown {
  return JSON.parse(readFileSync(join(import.meta.dirname, `${area}.json`), 'utf8'));
}

/** Bytes of hexadecimal that the generator wrote. @throws RangeError when it is none. */
export function hex(text: string): Uint8Array {
  const bytes = fromHex(text);
  if (bytes === undefined) throw new RangeError(`not hexadecimal: ${text.slice(0, 80)}`);
  return bytes;
}

export function unpack(packed: PackedBytes): Uint8Array {
  if (typeof packed === 'string') return hex(packed);
  return concatBytes(
    ...packed.map((piece) =>
      typeof piece === 'string' ? hex(piece) : new Uint8Array(piece[1]).fill(Number.parseInt(piece[0], 16)),
    ),
  );
}

/** The code of a refusal, or 'ok'. */
export function verdict(result: Result<unknown>): string {
  return result.ok ? 'ok' : result.code;
}

/** The value of a result that must be good. @throws Error with the code when it is refused. */
export function good<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`refused: ${result.code} ${result.detail ?? ''}`);
  return result.value;
}

/** Every difference between a sweep and what `judge` says of the changed bytes; empty when there is none. */
export function sweepDifferences(
  bytes: Uint8Array,
  sweep: Sweep,
  judge: (changed: Uint8Array) => string,
): string[] {
  const differences: string[] = [];
  for (const [mask, first, last, code] of sweep) {
    for (let at = first; at <= last; at++) {
      const changed = Uint8Array.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ mask;
      const found = judge(changed);
      if (found !== code) differences.push(`byte ${at} by ${mask}: ${found} instead of ${code}`);
    }
  }
  return differences;
}

/** Every difference between the codes of the prefixes and what `judge` says of them; empty when there is none. */
export function cutDifferences(
  bytes: Uint8Array,
  cuts: Cuts,
  judge: (prefix: Uint8Array) => string,
): string[] {
  const differences: string[] = [];
  for (const [shortest, longest, code] of cuts) {
    for (let length = shortest; length <= longest; length++) {
      const found = judge(bytes.slice(0, length));
      if (found !== code) differences.push(`the first ${length} bytes: ${found} instead of ${code}`);
    }
  }
  return differences;
}

/** A text as it is, or bytes that are no text or too long to read. */
export type TextOrBytes = { readonly text: string } | { readonly bytes: PackedBytes };

export function bytesOf(value: TextOrBytes): Uint8Array {
  return 'text' in value ? toUtf8(value.text) : unpack(value.bytes);
}
