import { concatBytes, toUtf8 } from '../bytes.ts';

/**
 * The pre-authentication encoding of DSSE (secure-systems-lab/dsse, protocol.md): what is signed instead of a bare
 * body, so that a body signed as one type never passes for another.
 *
 * @param payloadType ASCII, or any text: its length is counted in bytes of UTF-8.
 */
export function preAuthEncoding(payloadType: string, body: Uint8Array): Uint8Array {
  const type = toUtf8(payloadType);
  const prefix = toUtf8(`DSSEv1 ${type.length} ${payloadType} ${body.length} `);
  return concatBytes(prefix, body);
}
