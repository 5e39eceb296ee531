/**
 * How values travel between a window and the program behind it: JSON in which byte strings stand as base64. The same on
 * every host, so that what is measured and refused is one text, whatever the host can carry by itself.
 */

// Both are there in Node, in a sandboxed preload and in a page; the types of none of them are.
declare function atob(text: string): string;
declare function btoa(text: string): string;

/** The member that stands for a byte string. An object with it and anything else is no value of ours. */
const bytesMember = '$bytes';

function bytesToText(bytes: Uint8Array): string {
  let text = '';
  for (let i = 0; i < bytes.length; i += 8192) {
    text += String.fromCharCode(...bytes.subarray(i, i + 8192));
  }
  return btoa(text);
}

function bytesFromText(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
}

/** A value as text. @throws TypeError for what is neither JSON nor bytes. */
export function encode(value: unknown): string {
  const text = JSON.stringify(value, (_key, member: unknown) => {
    if (member instanceof Uint8Array) return { [bytesMember]: bytesToText(member) };
    if (typeof member === 'object' && member !== null && bytesMember in member)
      throw new TypeError('a name that stands for bytes');
    return member;
  }) as string | undefined;
  return text ?? 'null';
}

/** The value of a text. @throws SyntaxError, DOMException when it is not one of {@link encode}. */
export function decode(text: string): unknown {
  return JSON.parse(text, (_key, member: unknown) => {
    if (typeof member !== 'object' || member === null || !(bytesMember in member)) return member;
    const { [bytesMember]: bytes } = member;
    if (typeof bytes !== 'string' || Object.keys(member).length !== 1) throw new SyntaxError('not bytes');
    return bytesFromText(bytes);
  }) as unknown;
}
