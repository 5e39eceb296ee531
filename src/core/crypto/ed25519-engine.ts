/**
 * Something that decides the cofactorless Ed25519 equation for inputs that passed the pre-checks, and that signs. The
 * functions use no `this`: they are taken out of the engine when it is put to work.
 */
export interface Ed25519Engine {
  readonly name: string;
  /** Whether the encoding of S * B - h * A equals R; false, not an exception, when A is no point. */
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean;
  /** The 64-byte signature of RFC 8032 section 5.1.6 by a 32-byte seed. */
  readonly sign: (seed: Uint8Array, message: Uint8Array) => Uint8Array;
}
