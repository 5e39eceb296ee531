import { toHex } from '../bytes.ts';
import { preAuthEncoding } from '../encoding/dsse.ts';
import { writeJson } from '../encoding/json.ts';

const consentType = 'application/vnd.countersign.rotation-consent.v1';

/** What a new key agrees to when it takes over. All have 32 bytes but the nonce, which has 16. */
export interface RotationTerms {
  readonly card: Uint8Array;
  readonly encrypt: Uint8Array;
  readonly from: Uint8Array;
  readonly ledger: Uint8Array;
  /** That of the rotation's head: the consent is to this message only. */
  readonly nonce: Uint8Array;
  readonly recovery?: Uint8Array;
  readonly sender: Uint8Array;
  readonly sign: Uint8Array;
}

/** The bytes that the new key of a rotation signs (`docs/spec/identities.md`, 'Rotation'). */
export function consentBytes(terms: RotationTerms): Uint8Array {
  return preAuthEncoding(
    consentType,
    writeJson({
      card: toHex(terms.card),
      encrypt: toHex(terms.encrypt),
      from: toHex(terms.from),
      ledger: toHex(terms.ledger),
      nonce: toHex(terms.nonce),
      ...(terms.recovery === undefined ? {} : { recovery: toHex(terms.recovery) }),
      sender: toHex(terms.sender),
      sign: toHex(terms.sign),
    }),
  );
}
