/** Bytes as people read them. */

const perLine = 16;

function pairsOf(bytes: Uint8Array): readonly string[] {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0'));
}

/** Pairs of hexadecimal digits, with a space between them: they may be broken into lines anywhere. */
export function hexPairs(bytes: Uint8Array): string {
  return pairsOf(bytes).join(' ');
}

/** Pairs of hexadecimal digits, sixteen to a line. */
export function hexLines(bytes: Uint8Array): string {
  const pairs = pairsOf(bytes);
  const lines = Array.from({ length: Math.ceil(pairs.length / perLine) }, (_, i) =>
    pairs.slice(perLine * i, perLine * i + perLine).join(' '),
  );
  return lines.join('\n');
}

/** All digits in a row. */
export function hex(bytes: Uint8Array): string {
  return pairsOf(bytes).join('');
}

/** The text that bytes are; undefined when they are none, or have characters that cannot be seen. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    return /^[^\p{C}]*$/u.test(text.replace(/[\n\t]/g, '')) ? text : undefined;
  } catch {
    return undefined;
  }
}
