/** Which of an identity's own keys are on the record of a ledger: found from the words and the record alone. */
import { equalBytes } from '../../core/bytes.ts';
import type { Identity } from '../../core/identity/key-states.ts';
import type { Database } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { OpenVault } from '../vault/open-vault.ts';
import { historyOf, needKey, statementsAbout } from './statements.ts';

/**
 * How many unused keys in a row end the search. Keys are used one after the other, so there should be no gap at all;
 * a few are looked past in case a statement was lost.
 */
export const keyGap = 4;

/** An identity's keys on one ledger, as far as the local copy of the record reaches. */
export interface OwnKeys {
  /** The identity as the record has it; undefined when it was not announced. */
  readonly identity: Identity | undefined;
  /** Number of the key that may act now; undefined before the announcement and after a revocation. */
  readonly current: number | undefined;
  /** Number of the first key that no statement has used up. */
  readonly free: number;
}

/**
 * Finds an identity's keys on a ledger.
 * @throws CountersignError `vault-watch-only`, `vault-closed`, `follow-tag`, or a `store-` code.
 */
export async function findOwnKeys(
  database: Database,
  joined: JoinedLedger,
  vault: OpenVault,
): Promise<OwnKeys> {
  let identity: Identity | undefined;
  let current: number | undefined;
  let free = 0;
  for (let index = 0; index < free + keyGap; index++) {
    const { publicKey } = vault.signerFor(joined.ledger.id, index);
    await needKey(database, joined, publicKey);
    const statements = await statementsAbout(database, joined, publicKey);
    if (statements.length === 0) continue;
    free = index + 1;
    const joinedBy = (await historyOf(database, joined, publicKey)).identityOf(publicKey);
    if (joinedBy?.current !== undefined && equalBytes(joinedBy.current.sign, publicKey)) {
      identity = joinedBy;
      current = index;
    } else if (current === undefined) {
      // One that goes on under other words, or has ended: told only where none of ours counts.
      identity = joinedBy ?? identity;
    }
  }
  return { identity, current, free };
}
