/**
 * Reading UTF-8 as one replaceable engine, like SHA-256: every message that is judged is a text first. An engine changes
 * the speed, never a verdict: a candidate that differs on the test inputs is refused.
 */

/** Reads UTF-8 by the rules of {@link decodeUtf8}: undefined for what they refuse. Neither keeps nor changes its input. */
export type Utf8Decoder = (bytes: Uint8Array) => string | undefined;

/** The decoder that runs everywhere. */
const portableDecoder: Utf8Decoder = (bytes) => {
  const chunks: string[] = [];
  let points: number[] = [];
  for (let i = 0; i < bytes.length;) {
    const first = bytes[i++] ?? 0;
    const more =
      first < 0x80 ? 0 : first < 0xc2 ? -1 : first < 0xe0 ? 1 : first < 0xf0 ? 2 : first < 0xf5 ? 3 : -1;
    if (more < 0 || i + more > bytes.length) return undefined;
    let point = more === 0 ? first : first & (0x3f >> more);
    for (let k = 0; k < more; k++) {
      const next = bytes[i++] ?? 0;
      if ((next & 0xc0) !== 0x80) return undefined;
      point = (point << 6) | (next & 63);
    }
    if (more === 2 && (point < 0x800 || (point >= 0xd800 && point <= 0xdfff))) return undefined;
    if (more === 3 && (point < 0x10000 || point > 0x10ffff)) return undefined;
    points.push(point);
    if (points.length === 4096) {
      chunks.push(String.fromCodePoint(...points));
      points = [];
    }
  }
  chunks.push(String.fromCodePoint(...points));
  return chunks.join('');
};

let decoder = portableDecoder;

/**
 * Reads UTF-8 strictly (RFC 3629): no overlong forms, no surrogates, nothing above U+10FFFF, no broken sequence. A byte
 * order mark is an ordinary character.
 */
export function decodeUtf8(bytes: Uint8Array): string | undefined {
  return decoder(bytes);
}

/** Texts on the borders of the rules: whatever two decoders disagree about is among them. */
const decoderCases: readonly (readonly number[])[] = [
  [],
  [0x00, 0x1f, 0x7f],
  [0xef, 0xbb, 0xbf, 0x61],
  [0x61, 0xef, 0xbb, 0xbf],
  [0xc2, 0x80, 0xdf, 0xbf],
  [0xe0, 0xa0, 0x80, 0xed, 0x9f, 0xbf, 0xee, 0x80, 0x80, 0xef, 0xbf, 0xbf],
  [0xf0, 0x90, 0x80, 0x80, 0xf4, 0x8f, 0xbf, 0xbf],
  [0x80],
  [0xbf, 0x61],
  [0xc0, 0x80],
  [0xc1, 0xbf],
  [0xc2],
  [0xc2, 0x61],
  [0xc2, 0xc2, 0x80],
  [0xe0, 0x9f, 0xbf],
  [0xe1, 0x80],
  [0xe1, 0x80, 0x61],
  [0xed, 0xa0, 0x80],
  [0xed, 0xa0, 0x80, 0xed, 0xb0, 0x80],
  [0xed, 0xbf, 0xbf],
  [0xf0, 0x8f, 0xbf, 0xbf],
  [0xf1, 0x80, 0x80],
  [0xf4, 0x90, 0x80, 0x80],
  [0xf5, 0x80, 0x80, 0x80],
  [0xff],
  [0xfe, 0xff, 0x00, 0x61],
];

/** What stands before and after a case: ASCII, which neither completes nor breaks a sequence. */
const longestPadding = 5000;
const padding = Uint8Array.from({ length: longestPadding }, (_, i) => 0x20 + (i % 0x5f));
const paddingText = String.fromCharCode(...padding);

/** Whether a candidate gives what the portable decoder gives for a case in the middle of a longer text. */
function decodesAlike(candidate: Utf8Decoder, bytes: Uint8Array, around: number): boolean {
  // A view into a larger buffer: a decoder that ignores where a view begins is found out.
  const whole = new Uint8Array(2 * around + bytes.length + 2).fill(0xff);
  whole.set(padding.subarray(0, around), 1);
  whole.set(bytes, 1 + around);
  whole.set(padding.subarray(0, around), 1 + around + bytes.length);
  const before = whole.slice();
  const text = portableDecoder(bytes);
  const side = paddingText.slice(0, around);
  const expected = text === undefined ? undefined : `${side}${text}${side}`;
  if (candidate(whole.subarray(1, -1)) !== expected) return false;
  for (let i = 0; i < whole.length; i++) if (whole[i] !== before[i]) return false;
  return true;
}

/** Whether it does so for all cases, wherever in a longer text they stand; in a very long one for a few of them. */
function decodesAllAlike(candidate: Utf8Decoder): boolean {
  return decoderCases.every((numbers, i) => {
    const lengths = [0, 1, 15, 16, 63, 64, ...(i % 6 === 0 ? [longestPadding] : [])];
    const bytes = Uint8Array.from(numbers);
    return lengths.every((length) => decodesAlike(candidate, bytes, length));
  });
}

/** Takes a faster decoder into use. @returns false, leaving all as it was, when it differs from the portable one. */
export function useUtf8Decoder(candidate: Utf8Decoder): boolean {
  try {
    if (!decodesAllAlike(candidate)) return false;
  } catch {
    return false;
  }
  decoder = candidate;
  return true;
}
