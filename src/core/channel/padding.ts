/** Size steps (`docs/spec/channels.md`): what is sealed is padded, so that its length says little. */
import { concatBytes, uintToBytes } from '../bytes.ts';

/** The step of a length: four to each doubling, at least 256, at most a quarter more than the length. */
export function sizeStep(length: number): number {
  let unit = 256;
  while (unit * 8 <= length) unit *= 2;
  return Math.max(256, Math.ceil(length / unit) * unit);
}

/** The bytes behind their length, and zeros up to the step. */
export function padded(bytes: Uint8Array): Uint8Array {
  const out = new Uint8Array(sizeStep(4 + bytes.length));
  out.set(concatBytes(uintToBytes(bytes.length, 4), bytes));
  return out;
}

/** What was padded, as a view; undefined when the length or a zero is not as {@link padded} makes it. */
export function unpadded(bytes: Uint8Array): Uint8Array | undefined {
  if (bytes.length < 4) return undefined;
  const length = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0);
  if (sizeStep(4 + length) !== bytes.length) return undefined;
  let rest = 0;
  for (let i = 4 + length; i < bytes.length; i++) rest |= bytes[i] ?? 0;
  return rest === 0 ? bytes.subarray(4, 4 + length) : undefined;
}
