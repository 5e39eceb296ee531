import { copyBytes, toHex, toUtf8, uintToBytes } from '../../core/bytes.ts';
import type { MemberKeys } from '../../core/channel/epoch.ts';
import { equalSecrets, hkdfExpand, hkdfExtract, label } from '../../core/crypto/kdf.ts';
import { zeroize } from '../../core/crypto/signature.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { VaultCode } from '../../core/errors/vault.ts';
import { deriveKey } from '../../core/identity/derive.ts';
import { openAt, PlaceHash, type RowPlace, rowsKeyOf, sealAt } from './rows.ts';
import { sealSecrets, type Secrets } from './secrets.ts';
import { seedOf, type Signer, signerOfSeed } from './signer.ts';

/**
 * An open vault. It signs and it seals rows; after `close` it does neither, and every signer that it gave out is
 * closed with it.
 */
export class OpenVault {
  /** The profile's random name, 32 hexadecimal digits: also the account in the keychain. */
  readonly profile: string;
  /** Whether it holds the words of an identity. Without them the profile only watches. */
  readonly canSign: boolean;
  readonly #profileKey: Uint8Array;
  readonly #entropy: Uint8Array | undefined;
  readonly #rowsKey: Uint8Array;
  readonly #placeHash: PlaceHash;
  readonly #signers = new Map<string, Signer>();
  /** Made when first needed: it takes tens of milliseconds. */
  #seed: Uint8Array | undefined;
  #closed = false;
  readonly #onClose: (() => void)[] = [];

  /** @param secrets copied. */
  constructor(profile: string, secrets: Secrets) {
    this.profile = profile;
    this.canSign = secrets.entropy !== undefined;
    this.#profileKey = copyBytes(secrets.profileKey);
    this.#entropy = secrets.entropy && copyBytes(secrets.entropy);
    this.#rowsKey = rowsKeyOf(this.#profileKey);
    this.#placeHash = new PlaceHash(this.#rowsKey);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  #need(): void {
    if (this.#closed) throw new CountersignError<VaultCode>('vault-closed');
  }

  #openSeed(): Uint8Array {
    this.#need();
    if (this.#entropy === undefined) throw new CountersignError<VaultCode>('vault-watch-only');
    this.#seed ??= seedOf(this.#entropy);
    return this.#seed;
  }

  /**
   * The signer with the keys number `index` for a ledger. It belongs to the vault: the vault closes it.
   * @throws CountersignError `vault-closed`, `vault-watch-only`
   */
  signerFor(ledger: Uint8Array, index: number): Signer {
    const seed = this.#openSeed();
    const name = `${toHex(ledger)}/${index}`;
    const signer = this.#signers.get(name) ?? signerOfSeed(seed, ledger, index);
    this.#signers.set(name, signer);
    return signer;
  }

  /**
   * Lends the keys number `index` for a ledger to open what is sealed to them: what is done with them is done at once, and
   * the copy is overwritten.
   * @throws CountersignError `vault-closed`, `vault-watch-only`
   */
  withMemberKeys<T>(ledger: Uint8Array, index: number, use: (keys: MemberKeys) => T): T {
    const { publicKey: sign } = this.signerFor(ledger, index);
    const encryptSecret = deriveKey(this.#openSeed(), ledger, 'encryption', index);
    try {
      return use({ sign, encryptSecret });
    } finally {
      zeroize(encryptSecret);
    }
  }

  /**
   * The 32 bytes that salt the contact card of the keys number `index`: made from the words, so that the same card can be
   * made again from them. Nobody else can.
   * @throws CountersignError `vault-closed`, `vault-watch-only`
   */
  cardSalt(ledger: Uint8Array, index: number): Uint8Array {
    this.#need();
    if (this.#entropy === undefined) throw new CountersignError<VaultCode>('vault-watch-only');
    const pseudorandom = hkdfExtract(toUtf8('countersign/card-salt/v1'), this.#entropy);
    const salt = hkdfExpand(pseudorandom, label(ledger, uintToBytes(index, 4)), 32);
    zeroize(pseudorandom);
    return salt;
  }

  /**
   * The 32 bytes that salt the file record with this nonce: made from the words, so that the words and the record are
   * enough to tell again which file was recorded. Nobody else can, and one salt says nothing about another.
   * @throws CountersignError `vault-closed`, `vault-watch-only`
   */
  recordSalt(ledger: Uint8Array, nonce: Uint8Array): Uint8Array {
    this.#need();
    if (this.#entropy === undefined) throw new CountersignError<VaultCode>('vault-watch-only');
    const pseudorandom = hkdfExtract(toUtf8('countersign/record-salt/v1'), this.#entropy);
    const salt = hkdfExpand(pseudorandom, label(ledger, nonce), 32);
    zeroize(pseudorandom);
    return salt;
  }

  /** Whether these are the 32 bytes of this identity's own words. @throws CountersignError `vault-closed` */
  holds(entropy: Uint8Array): boolean {
    this.#need();
    return this.#entropy !== undefined && equalSecrets(this.#entropy, entropy);
  }

  /** Seals one value of a local private row for its place. @throws CountersignError `vault-closed` */
  sealRow(place: RowPlace, plain: Uint8Array): Uint8Array {
    this.#need();
    return sealAt(this.#rowsKey, place, plain);
  }

  /**
   * Opens what {@link sealRow} sealed for this very place; undefined when it was changed, exchanged or put back.
   * @throws CountersignError `vault-closed`
   */
  openRow(place: RowPlace, sealed: Uint8Array): Uint8Array | undefined {
    this.#need();
    return openAt(this.#rowsKey, place, sealed);
  }

  /** 32 bytes for a place, which nobody else can make: counts rows, seals nothing. @throws CountersignError `vault-closed` */
  rowHash(place: RowPlace): Uint8Array {
    this.#need();
    return this.#placeHash.of(place);
  }

  /** The secrets sealed under another key of 32 bytes, for a backup. @throws CountersignError `vault-closed` */
  sealedUnder(key: Uint8Array, purpose: string): Uint8Array {
    this.#need();
    const entropy = this.#entropy === undefined ? {} : { entropy: this.#entropy };
    return sealSecrets({ profileKey: this.#profileKey, ...entropy }, key, purpose, this.profile);
  }

  /** Has something done when the vault is closed: what was made of private things has to go with it. */
  onClose(work: () => void): void {
    this.#need();
    this.#onClose.push(work);
  }

  /** Overwrites every secret in memory. */
  close(): void {
    this.#closed = true;
    for (const work of this.#onClose.splice(0)) work();
    for (const signer of this.#signers.values()) signer.close();
    this.#signers.clear();
    zeroize(this.#profileKey, this.#rowsKey);
    this.#placeHash.close();
    if (this.#entropy !== undefined) zeroize(this.#entropy);
    if (this.#seed !== undefined) zeroize(this.#seed);
  }
}
