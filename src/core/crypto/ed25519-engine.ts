/** Something that decides the cofactorless Ed25519 equation for inputs that passed the pre-checks, and that signs. */
export interface Ed25519Engine {
  readonly name: string;
  /** Whether the encoding of S * B - h * A equals R; false, not an exception, when A is no point. */
  verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean;
  /** The 64-byte signature of RFC 8032 section 5.1.6 by a 32-byte seed. */
  sign(seed: Uint8Array, message: Uint8Array): Uint8Array;
}
