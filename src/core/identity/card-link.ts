/** Contact cards as links and as files (`docs/spec/identities.md`, 'Contact card'). */
import { fromBase64Url, fromUtf8, toBase64Url, toUtf8 } from '../bytes.ts';
import type { CardCode } from '../errors/card.ts';
import type { JsonCode } from '../errors/json.ts';
import type { Result } from '../result.ts';
import { refuse } from '../result.ts';
import type { ContactCard } from './card.ts';
import { maxCardBytes, parseCard, writeCard } from './card.ts';

const linkStart = 'countersign:contact/';

/** The longest link, in characters. */
const maxLinkLength = linkStart.length + Math.ceil((maxCardBytes * 4) / 3);

/** The most bytes in which a card is looked for: a link with white space around it. */
export const maxGivenCardBytes = 2 * maxLinkLength;

/** A card as a link, which is also what a QR code of it holds. @throws RangeError as `writeCard` does. */
export function contactLink(card: ContactCard): string {
  return linkStart + toBase64Url(writeCard(card));
}

/**
 * Reads a card in whichever form it is: the JSON of a file, or the link. White space around it does not count.
 *
 * @param ledgers the ids of the ledgers that a card may be for.
 * @returns `card-ledger` when it is for none of them.
 */
export function readContactCard(
  given: Uint8Array,
  ledgers: readonly Uint8Array[],
): Result<ContactCard, CardCode | JsonCode> {
  const whole = given.length > maxGivenCardBytes ? undefined : fromUtf8(given)?.trim();
  if (whole === undefined) return refuse('card-link', `${given.length} bytes`);
  const bytes = whole.startsWith('{') ? toUtf8(whole) : bytesOfLink(whole);
  if (bytes === undefined) return refuse('card-link');
  let result: Result<ContactCard, CardCode | JsonCode> = refuse('card-ledger');
  for (const ledger of ledgers) {
    result = parseCard(bytes, ledger);
    if (result.ok || result.code !== 'card-ledger') return result;
  }
  return result;
}

function bytesOfLink(link: string): Uint8Array | undefined {
  if (link.length > maxLinkLength || !link.startsWith(linkStart)) return undefined;
  return fromBase64Url(link.slice(linkStart.length));
}
