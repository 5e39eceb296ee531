/**
 * One secretbox that opens under two keys to two texts: what a secretbox alone allows, and why channels commit to their
 * keys. Two blocks of the box are free; they solve the two linear equations that the two authenticators are.
 */
import nacl from 'tweetnacl';

/** A key with its nonce. */
export interface KeyAndNonce {
  readonly key: Uint8Array;
  readonly nonce: Uint8Array;
}

const p = 2n ** 130n - 5n;
const blockEnd = 2n ** 128n;
const lowlevel = (
  nacl as unknown as {
    readonly lowlevel: {
      readonly crypto_stream: (
        out: Uint8Array,
        at: number,
        length: number,
        nonce: Uint8Array,
        key: Uint8Array,
      ) => void;
    };
  }
).lowlevel;

function keyStream({ key, nonce }: KeyAndNonce, length: number): Uint8Array {
  const out = new Uint8Array(length);
  lowlevel.crypto_stream(out, 0, length, nonce, key);
  return out;
}

function little(bytes: Uint8Array): bigint {
  return bytes.reduceRight((number, byte) => number * 256n + BigInt(byte), 0n);
}

function bytesOf(number: bigint): Uint8Array {
  return Uint8Array.from({ length: 16 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n));
}

function mod(number: bigint): bigint {
  return ((number % p) + p) % p;
}

function inverse(number: bigint): bigint {
  let result = 1n;
  let base = mod(number);
  for (let rest = p - 2n; rest > 0n; rest >>= 1n) {
    if ((rest & 1n) === 1n) result = (result * base) % p;
    base = (base * base) % p;
  }
  return result;
}

/** The two numbers of Poly1305 that a key and its nonce give. */
function authenticatorKey(stream: Uint8Array): { readonly r: bigint; readonly s: bigint } {
  const r = little(stream.subarray(0, 16)) & 0x0ffffffc0ffffffc0ffffffc0fffffffn;
  return { r, s: little(stream.subarray(16, 32)) };
}

/**
 * A box that opens under both. What it opens to is `first` under one key and `second` under the other where these say
 * something (not undefined at that byte; never both at the same byte), and anything elsewhere.
 *
 * @param length of the plaintext, a multiple of 16; its last 32 bytes are left free.
 */
export function boxForTwo(
  one: KeyAndNonce,
  other: KeyAndNonce,
  length: number,
  first: ReadonlyMap<number, number>,
  second: ReadonlyMap<number, number>,
): Uint8Array {
  const streams = [keyStream(one, 32 + length), keyStream(other, 32 + length)] as const;
  const sealed = Uint8Array.from({ length }, (_, i) => {
    const [a, b] = [first.get(i), second.get(i)];
    if (a !== undefined) return a ^ (streams[0][32 + i] ?? 0);
    return (b ?? 0) ^ (streams[1][32 + i] ?? 0);
  });
  const blocks = length / 16;
  const keys = streams.map(authenticatorKey);
  const [k1, k2] = keys as [{ r: bigint; s: bigint }, { r: bigint; s: bigint }];
  /** What the fixed blocks add to the sum, for one key; a block in front weighs more. */
  const fixed = (r: bigint): bigint => {
    let sum = 0n;
    for (let i = 0; i < blocks; i++) {
      const block = i < blocks - 2 ? little(sealed.subarray(16 * i, 16 * i + 16)) + blockEnd : 0n;
      sum = ((sum + block) * r) % p;
    }
    return sum;
  };
  const [c1, c2] = [fixed(k1.r), fixed(k2.r)];
  const determinant = inverse(mod(k1.r * k1.r * k2.r - k2.r * k2.r * k1.r));
  for (let tag = 1n; ; tag++) {
    for (let carry = 0n; carry < 16n; carry++) {
      const t1 = mod(((tag - k1.s + 2n * blockEnd) % blockEnd) + (carry & 3n) * blockEnd - c1);
      const t2 = mod(((tag - k2.s + 2n * blockEnd) % blockEnd) + (carry >> 2n) * blockEnd - c2);
      // x weighs r squared, y weighs r.
      const x = mod((t1 * k2.r - t2 * k1.r) * determinant);
      const y = mod((t1 - x * k1.r * k1.r) * inverse(k1.r));
      if (x >> 128n !== 1n || y >> 128n !== 1n) continue;
      sealed.set(bytesOf(x), length - 32);
      sealed.set(bytesOf(y), length - 16);
      const box = new Uint8Array(16 + length);
      box.set(bytesOf(tag));
      box.set(sealed, 16);
      return box;
    }
  }
}
