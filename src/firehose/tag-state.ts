/**
 * What the record holds of one tag, as it is kept in the runs of the index on disk: 60 bytes.
 *
 *     32 bytes   tag
 *     u64        newest block with the tag
 *     u64        running total
 *     u64        block of the message whose id the tag is, 0 for none (block 0 holds no message)
 *     u32        its position there
 */

/** Where a message stands. */
export interface Place {
  readonly height: number;
  readonly position: number;
}

/** A tag as of the newest block that had it. */
export interface TagState {
  readonly height: number;
  /** Messages with this tag up to and including that block. */
  readonly total: number;
  /** Where the message stands whose id the tag is. */
  readonly own: Place | undefined;
}

export const recordBytes = 60;
export const tagBytes = 32;
const two32 = 2 ** 32;

function putUint64(bytes: Buffer, value: number, at: number): void {
  bytes.writeUInt32BE(Math.floor(value / two32), at);
  bytes.writeUInt32BE(value % two32, at + 4);
}

function uint64At(bytes: Buffer, at: number): number {
  return bytes.readUInt32BE(at) * two32 + bytes.readUInt32BE(at + 4);
}

/** A tag as the key of a map: one character for each byte. */
export function keyOf(tag: Uint8Array): string {
  return Buffer.from(tag.buffer, tag.byteOffset, tag.length).toString('latin1');
}

/** The first six bytes of a tag as a number: decides nearly every comparison at once. */
export function prefixOf(bytes: Buffer, at: number): number {
  return bytes.readUIntBE(at, 6);
}

/** Writes a record at a place of `bytes`. */
export function putRecord(bytes: Buffer, at: number, key: string, state: TagState): void {
  bytes.write(key, at, tagBytes, 'latin1');
  putUint64(bytes, state.height, at + 32);
  putUint64(bytes, state.total, at + 40);
  putUint64(bytes, state.own?.height ?? 0, at + 48);
  bytes.writeUInt32BE(state.own?.position ?? 0, at + 56);
}

/** Reads what a record says of its tag. */
export function stateAt(bytes: Buffer, at: number): TagState {
  const ownHeight = uint64At(bytes, at + 48);
  return {
    height: uint64At(bytes, at + 32),
    total: uint64At(bytes, at + 40),
    own: ownHeight === 0 ? undefined : { height: ownHeight, position: bytes.readUInt32BE(at + 56) },
  };
}
