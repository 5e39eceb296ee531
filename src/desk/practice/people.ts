/** Sample people of the practice ledger, and what they record: so that there is something to see. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { fromHex, toHex } from '../../core/bytes.ts';
import { sha256 } from '../../core/crypto/sha256.ts';
import type { CardClaims } from '../../core/identity/card.ts';
import { contactLink } from '../../core/identity/card-link.ts';
import { wordsOf } from '../../core/identity/words.ts';
import { type SignedMessage, wireBytes } from '../../core/record/envelope.ts';
import { writeLabels } from '../../core/record/record-note.ts';
import { type Signer, seedOf, signerOfSeed } from '../../wallet/vault/signer.ts';
import { announceIdentity, type NewKey, RecoveryKeys } from '../../wallet/workflows/announce.ts';
import { composeFileRecord } from '../../wallet/workflows/record-file.ts';

/** What they call themselves, in public and on their cards. Nobody is meant. */
const people: readonly CardClaims[] = [
  { name: 'Sample buyer', role: 'Managing director' },
  { name: 'Sample seller', role: 'Head of sales' },
  { name: 'Sample notary', firm: 'Practice notaries' },
  { name: 'Sample bank', firm: 'Practice bank' },
];

/** What is kept of each of them: throw-away secrets. */
interface Kept {
  /** The seed of the keys, and the salt of the card: 64 hexadecimal digits each. */
  readonly seed: string;
  readonly salt: string;
}

/** Labels that a few of their records carry: a matter, and what it is. */
export const matters = [
  'Sale of a warehouse',
  'Lease of an office',
  'Share transfer',
  'Supply contract',
  'Licence agreement',
  'Loan agreement',
] as const;
export const things = [
  'Signed contract',
  'Annex 1',
  'Board resolution',
  'Power of attorney',
  'Payment schedule',
] as const;

const bytesOf = (text: string): Uint8Array => fromHex(text, 32) ?? new Uint8Array(32);
const random = (): string => toHex(randomBytes(32));

export class SamplePeople {
  readonly #signers: readonly Signer[];
  readonly #kept: readonly Kept[];
  readonly #ledger: Uint8Array;
  #turn = 0;

  private constructor(ledger: Uint8Array, kept: readonly Kept[]) {
    this.#ledger = ledger;
    this.#kept = kept;
    this.#signers = kept.map(({ seed }) => signerOfSeed(seedOf(bytesOf(seed)), ledger, 0));
  }

  /** The people of a folder; they are made when they are not there yet. */
  static async open(folder: string, ledger: Uint8Array): Promise<{ people: SamplePeople; isNew: boolean }> {
    const file = join(folder, 'sample-people.json');
    const found = await readFile(file, 'utf8').catch(() => undefined);
    const isNew = found === undefined;
    const kept = isNew
      ? people.map((): Kept => ({ seed: random(), salt: random() }))
      : (JSON.parse(found) as Kept[]);
    if (isNew) await writeFile(file, JSON.stringify(kept), { mode: 0o600 });
    return { people: new SamplePeople(ledger, kept), isNew };
  }

  #keyOf(signer: Signer, i: number): NewKey {
    return { signer, claims: people[i] ?? {}, salt: bytesOf(this.#kept[i]?.salt ?? '') };
  }

  /** Links of their contact cards. */
  cards(): readonly string[] {
    return this.#signers.map((signer, i) => {
      const { claims, salt } = this.#keyOf(signer, i);
      const { publicKey: sign, encryptionKey: encrypt } = signer;
      return contactLink({ claims, encrypt, ledger: this.#ledger, salt, sign });
    });
  }

  /** The announcements of all of them. @param time seconds since 1970. */
  announcements(time: number): readonly Uint8Array[] {
    return this.#signers.map((signer, i) => {
      const recovery = new RecoveryKeys(wordsOf(new Uint8Array(randomBytes(32))));
      const key = this.#keyOf(signer, i);
      const commitment = recovery.commitment(this.#ledger, 0);
      recovery.close();
      return wireBytes(announceIdentity(key, this.#ledger, commitment, time, key.claims.name).message);
    });
  }

  /** The next record of one of them: of something that no file on this machine is. */
  record(time: number): Uint8Array {
    const turn = this.#turn++;
    const signer = this.#signers[turn % this.#signers.length];
    if (signer === undefined) throw new RangeError('there are no people');
    return wireBytes(this.#compose(signer, turn, time));
  }

  #compose(signer: Signer, turn: number, time: number): SignedMessage {
    const salt = new Uint8Array(randomBytes(32));
    const matter = matters[turn % matters.length];
    const text = things[turn % things.length];
    const isLabelled = turn % 3 !== 2 && matter !== undefined && text !== undefined;
    const data = isLabelled ? writeLabels({ matter, text }) : new Uint8Array();
    const hash = sha256(new Uint8Array(randomBytes(64)));
    return composeFileRecord(signer, this.#ledger, hash, time, { salt: () => salt, data }).message;
  }
}
