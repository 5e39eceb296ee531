/** Sample people of the practice ledger, and what they record: so that there is something to see. */
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { readFile, writeFile } from 'node:fs/promises';
import { fromHex, toHex } from '../../core/bytes.ts';
import { sha256 } from '../../core/crypto/sha256.ts';
import { wordsOf } from '../../core/identity/words.ts';
import { type SignedMessage, wireBytes } from '../../core/record/envelope.ts';
import { writeLabels } from '../../core/record/record-note.ts';
import { type Signer, seedOf, signerOfSeed } from '../../wallet/vault/signer.ts';
import { announceIdentity, RecoveryKeys } from '../../wallet/workflows/announce.ts';
import { composeFileRecord } from '../../wallet/workflows/record-file.ts';

/** What they call themselves, in public. Nobody is meant. */
const names = ['Sample buyer', 'Sample seller', 'Sample notary', 'Sample bank'] as const;

/** Labels that a few of their records carry. */
const matters = [
  'Sale of a warehouse',
  'Lease of an office',
  'Share transfer',
  'Supply contract',
  'Licence agreement',
  'Loan agreement',
] as const;
const things = [
  'Signed contract',
  'Annex 1',
  'Board resolution',
  'Power of attorney',
  'Payment schedule',
] as const;

function seeded(seed: string): Uint8Array {
  return seedOf(fromHex(seed, 32) ?? new Uint8Array(32));
}

export class SamplePeople {
  readonly #signers: readonly Signer[];
  readonly #ledger: Uint8Array;
  #turn = 0;

  private constructor(ledger: Uint8Array, signers: readonly Signer[]) {
    this.#ledger = ledger;
    this.#signers = signers;
  }

  /** The people of a folder; they are made when they are not there yet. */
  static async open(folder: string, ledger: Uint8Array): Promise<{ people: SamplePeople; isNew: boolean }> {
    const file = join(folder, 'people.json');
    const kept = await readFile(file, 'utf8').catch(() => undefined);
    const seeds =
      kept === undefined ? names.map(() => toHex(randomBytes(32))) : (JSON.parse(kept) as string[]);
    if (kept === undefined) await writeFile(file, JSON.stringify(seeds), { mode: 0o600 });
    const signers = seeds.map((seed) => signerOfSeed(seeded(seed), ledger, 0));
    return { people: new SamplePeople(ledger, signers), isNew: kept === undefined };
  }

  /** The announcements of all of them. @param time seconds since 1970. */
  announcements(time: number): readonly Uint8Array[] {
    return this.#signers.map((signer, i) => {
      const recovery = new RecoveryKeys(wordsOf(new Uint8Array(randomBytes(32))));
      const key = { signer, claims: {}, salt: new Uint8Array(randomBytes(32)) };
      const commitment = recovery.commitment(this.#ledger, 0);
      recovery.close();
      return wireBytes(announceIdentity(key, this.#ledger, commitment, time, names[i]).message);
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
