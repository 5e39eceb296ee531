import { concatBytes, toUtf8 } from '../bytes.ts';

/** Whether a text is the same in bytes and in characters. */
function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return false;
  return true;
}

/**
 * The pre-authentication encoding of DSSE (secure-systems-lab/dsse, protocol.md): what is signed instead of a bare
 * body, so that a body signed as one type never passes for another.
 *
 * @param payloadType ASCII, or any text: its length is counted in bytes of UTF-8.
 */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array {
  return concatBytes(startOf(payloadType, body), body);
}

function startOf(payloadType: string, body: Uint8Array): Uint8Array {
  const length = isAscii(payloadType) ? payloadType.length : toUtf8(payloadType).length;
  return toUtf8(`DSSEv1 ${length} ${payloadType} ${body.length} `);
}

/** Takes a usual encoding. */
const passing = new Uint8Array(4096);

/**
 * As {@link preAuthEncoding}, in memory that the next call may take again: for those who judge many messages, because
 * allocating it takes as long as hashing it.
 */
export function passingPreAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array {
  const start = startOf(payloadType, body);
  const length = start.length + body.length;
  if (length > passing.length) return concatBytes(start, body);
  passing.set(start);
  passing.set(body, start.length);
  return passing.subarray(0, length);
}
