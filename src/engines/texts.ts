/** Refuses what the rules of `docs/spec/encodings.md` refuse; a byte order mark stays the character that it is. */
const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Strict UTF-8 on the decoder inside Node. */
export function nodeUtf8(bytes: Uint8Array): string | undefined {
  try {
    return strict.decode(bytes);
  } catch {
    return undefined;
  }
}
