/** How contacts are shown: what the user calls them is never mixed with what they say of themselves. */
import { toHex } from '../../core/bytes.ts';
import type { CardClaims } from '../../core/identity/card.ts';
import type { CheckMethod, KeyCheck } from '../../wallet/contacts/contact-rows.ts';
import type { KnownContact, Standing } from '../../wallet/contacts/contacts.ts';

/** UTC, to the day. */
function day(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** What a contact says of itself, in quotation marks, with the words that it is only said. */
export function claimsLine(claims: CardClaims): string {
  const parts = [claims.name, claims.role, claims.firm].filter((text) => text !== undefined);
  return parts.length === 0
    ? 'says nothing of themselves'
    : `says of themselves: ${parts.map(quoted).join(', ')}`;
}

function quoted(text: string): string {
  return `"${text.replaceAll('"', "'")}"`;
}

/** How a standing reads. */
export const standingWords: Readonly<Record<Standing, string>> = {
  current: 'its key counts',
  unannounced: 'its key is not on the record of the local copy',
  changed: 'KEY CHANGED: another key counts now, which you did not approve',
  revoked: 'REVOKED: it has no key that counts',
  mismatch: 'MISMATCH: the card is not the one that its key announced',
};

/** How a check was made, as a sentence has it. */
export const methodWords: Readonly<Record<CheckMethod, string>> = {
  'in-person': 'in person',
  video: 'over video',
  phone: 'by phone',
  other: 'in another way',
};

function checkLine(check: KeyCheck | undefined, standing: Standing): string {
  const which = standing === 'changed' ? 'the old key was ' : '';
  if (check === undefined) return `${which}not checked by safety number`;
  const note = check.note === undefined ? '' : ` (${check.note})`;
  return `${which}checked ${methodWords[check.how]} on ${day(check.at)}${note}`;
}

/** A contact, one part to a line. */
export function contactLines({ contact, pinned, standing, check }: KnownContact): readonly string[] {
  return [
    contact.name,
    `  ${claimsLine(contact.card.claims)}`,
    `  key     ${toHex(contact.approved.sign)}`,
    `  ledger  ${pinned.card.origin}`,
    `  state   ${standingWords[standing]}; ${checkLine(check, standing)}`,
  ];
}

/** A contact as JSON, in the form of the command line. */
export function contactJson(known: KnownContact): Record<string, unknown> {
  const { contact, pinned, standing, check, identity } = known;
  const { card, approved } = contact;
  return {
    name: contact.name,
    says: { ...card.claims },
    ledger: toHex(card.ledger),
    origin: pinned.card.origin,
    sign: toHex(approved.sign),
    encrypt: toHex(approved.encrypt),
    standing,
    ...(identity?.current === undefined ? {} : { current: toHex(identity.current.sign) }),
    added: day(contact.added),
    ...(check === undefined
      ? {}
      : {
          checked: {
            how: check.how,
            on: day(check.at),
            ...(check.note === undefined ? {} : { note: check.note }),
          },
        }),
  };
}
