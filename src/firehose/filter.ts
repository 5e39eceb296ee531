/**
 * A Bloom filter over tags: says of a tag that it is certainly not in a run, or that it may be. Tags are hashes as a
 * rule, so their own bytes choose the bits. Whoever chooses tags by hand makes the answer for these tags less useful, and
 * never wrong.
 */

const bitsPerTag = 10;
const probes = 7;
/** A filter that would be longer than this is left out, in bytes. */
const mostBytes = 16_777_216;

export class Filter {
  /** The bits. */
  readonly bytes: Uint8Array;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  /** An empty filter for so many tags, of which one in a hundred others will look as if it were there. */
  static forCount(count: number): Filter | undefined {
    const bytes = Math.ceil((count * bitsPerTag) / 8);
    return count === 0 || bytes > mostBytes ? undefined : new Filter(new Uint8Array(bytes));
  }

  /** Adds the tag that begins at `at`. */
  add(bytes: Uint8Array, at = 0): void {
    this.#probe(bytes, at, (byte, bit) => {
      this.bytes[byte] = (this.bytes[byte] ?? 0) | bit;
      return true;
    });
  }

  /** False when the tag was certainly not added. */
  mayHold(tag: Uint8Array): boolean {
    return this.#probe(tag, 0, (byte, bit) => ((this.bytes[byte] ?? 0) & bit) !== 0);
  }

  /** Goes on as long as `visit` says so. @returns whether it always did. */
  #probe(bytes: Uint8Array, at: number, visit: (byte: number, bit: number) => boolean): boolean {
    const view = new DataView(bytes.buffer, bytes.byteOffset + at, 32);
    const bits = this.bytes.length * 8;
    const step = view.getUint32(12);
    let place = view.getUint32(8);
    for (let i = 0; i < probes; i++) {
      const bit = place % bits;
      if (!visit(bit >> 3, 1 << (bit & 7))) return false;
      place += step + i;
    }
    return true;
  }
}
