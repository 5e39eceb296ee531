/**
 * How large a picture is, from its first bytes: a picture is foreign, and one that says little in its file can need a lot of
 * memory when it is unpacked. PNG, JPEG, WebP and GIF are known.
 */

export interface PictureSize {
  readonly width: number;
  readonly height: number;
}

function starts(bytes: Uint8Array, text: string, at = 0): boolean {
  return Array.from(text).every((char, i) => bytes[at + i] === char.charCodeAt(0));
}

/** Walks the segments of a JPEG up to the one that names its frame. */
function jpegSize(view: DataView): PictureSize | undefined {
  for (let at = 2; at + 9 <= view.byteLength;) {
    if (view.getUint8(at) !== 0xff) return undefined;
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    // A byte of filling stands alone; a segment has at least the two bytes of its length.
    at += marker === 0xff ? 1 : 2 + Math.max(2, view.getUint16(at + 2));
  }
  return undefined;
}

function webpSize(bytes: Uint8Array, view: DataView): PictureSize | undefined {
  if (view.byteLength < 30) return undefined;
  if (starts(bytes, 'VP8 ', 12)) {
    return { width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
  }
  if (starts(bytes, 'VP8L', 12)) {
    const bits = view.getUint32(21, true);
    return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (!starts(bytes, 'VP8X', 12)) return undefined;
  const three = (at: number): number => view.getUint16(at, true) + view.getUint8(at + 2) * 65_536 + 1;
  return { width: three(24), height: three(27) };
}

/** The size that a picture says it has, in pixels; undefined when it is none of a kind that is known. */
export function pictureSize(bytes: Uint8Array): PictureSize | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (starts(bytes, '\u0089PNG\r\n\u001a\n') && view.byteLength >= 24) {
    return { width: view.getUint32(16), height: view.getUint32(20) };
  }
  if (starts(bytes, 'GIF8') && view.byteLength >= 10) {
    return { width: view.getUint16(6, true), height: view.getUint16(8, true) };
  }
  if (starts(bytes, 'RIFF') && starts(bytes, 'WEBP', 8)) return webpSize(bytes, view);
  return starts(bytes, '\u00ff\u00d8') ? jpegSize(view) : undefined;
}
