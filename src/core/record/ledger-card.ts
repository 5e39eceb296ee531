/**
 * Ledger cards (`docs/spec/ledger-card.md`): what one must be told to join a ledger, passed from hand to hand as a file
 * or a link. Whoever has the right card needs to trust no endpoint: the ledger's id is the hash of its first header.
 */
import { equalBytes, fromBase64Url, fromUtf8, toBase64Url, toHex, toUtf8 } from '../bytes.ts';
import type { JsonValue } from '../encoding/json.ts';
import { parseJson, writeJson } from '../encoding/json.ts';
import { arrayOf, hexOf, integerFrom, readObject } from '../encoding/members.ts';
import type { JsonCode } from '../errors/json.ts';
import type { LedgerCode } from '../errors/ledger.ts';
import { parsePolicy, policyForLog, type Policy } from '../log/policy.ts';
import { formatVerifierKey, keyType, parseVerifierKey, type VerifierKey } from '../log/verifier-key.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { isLedgerOrigin } from '../log/checkpoint.ts';
import type { Ledger } from './ledger.ts';

/** The longest card, in bytes. */
export const maxLedgerCardBytes = 4096;

/** The most addresses on one card, and the longest of them in bytes. */
const maxEndpoints = 8;
const maxEndpointLength = 255;

const linkStart = 'countersign:ledger/';

/** The longest link, in characters. */
export const maxLedgerLinkLength = linkStart.length + Math.ceil((maxLedgerCardBytes * 4) / 3);

/** What a card says. Nobody vouches for it but whoever handed it over. */
export interface LedgerCardContent {
  /** Where the ledger's `checkpoint` lies: http or https addresses that end with a slash, the preferred one first. */
  readonly endpoints: readonly string[];
  /** The ledger's id, 32 bytes. */
  readonly ledger: Uint8Array;
  /** The key that signs the ledger's checkpoints; its name is the ledger's origin. */
  readonly log: VerifierKey;
  /** The text of a trust policy (`docs/spec/notes.md`); without one no witness is asked for. */
  readonly policy?: string;
}

/** A card that was read: its parts are sound each for itself. That they belong together shows the first header. */
export interface LedgerCard extends LedgerCardContent {
  readonly origin: string;
  /** The policy that the text states, for this log. */
  readonly trust: Policy;
}

/** What a card without a policy stands for. */
export const noWitnessPolicy = 'quorum none\n';

const codes = { members: 'ledger-members', value: 'ledger-value' } as const;
const text = (value: JsonValue): string | undefined => (typeof value === 'string' ? value : undefined);

/**
 * Scheme, host and port, path in folders. No user, query, fragment or dot segment, and nothing that different
 * programs read differently. A host in upper case or other scripts is written as the network knows it.
 */
const endpointForm =
  /^https?:\/\/([a-z0-9.-]+|\[[0-9a-f:]+\])(?::([1-9][0-9]{0,4}))?\/(?:(?!\.{1,2}\/)[A-Za-z0-9._~-]+\/)*$/;

/** A name of labels, or four numbers. What ends in a number and is not four of them, programs read differently. */
function isHostName(host: string): boolean {
  const labels = host.split('.');
  if (!labels.every((label) => /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/.test(label))) return false;
  if (!/^(?:[0-9]+|0x[0-9a-f]*)$/.test(labels.at(-1) ?? '')) return true;
  return (
    labels.length === 4 &&
    labels.every((label) => /^(?:0|[1-9][0-9]{0,2})$/.test(label) && Number(label) <= 255)
  );
}

/** Eight groups of hexadecimal digits, of which `::` may stand for one or more. */
function isIPv6(text: string): boolean {
  const halves = text.split('::').map((half) => (half === '' ? [] : half.split(':')));
  const groups = halves.flat();
  const isWhole = halves.length === 1 ? groups.length === 8 : halves.length === 2 && groups.length < 8;
  return isWhole && groups.every((group) => /^[0-9a-f]{1,4}$/.test(group));
}

/** Whether a text is an address as a card has it. */
export function isEndpoint(address: string): boolean {
  const parts = address.length <= maxEndpointLength ? endpointForm.exec(address) : null;
  const [, host = '', port = '1'] = parts ?? [];
  if (Number(port) > 65_535) return false;
  return host.startsWith('[') ? isIPv6(host.slice(1, -1)) : isHostName(host);
}

/** Reads a card. */
export function parseLedgerCard(bytes: Uint8Array): Result<LedgerCard, LedgerCode | JsonCode> {
  const json = parseJson(bytes, maxLedgerCardBytes);
  if (!json.ok) return json;
  const required = {
    endpoints: arrayOf(text, maxEndpoints),
    ledger: hexOf(32),
    log: text,
    v: integerFrom(1, 1),
  };
  const card = readObject(json.value, codes, required, { policy: text });
  if (!card.ok) return card;
  const { endpoints, ledger, policy } = card.value;
  const log = parseVerifierKey(card.value.log);
  if (!log.ok) return refuse('ledger-key', log.code);
  if (log.value.type !== keyType.ed25519) return refuse('ledger-key', `type ${log.value.type}`);
  if (!isLedgerOrigin(log.value.name)) return refuse('ledger-key', 'its name is not an origin');
  if (endpoints.length === 0) return refuse('ledger-endpoint', 'there is none');
  for (const [i, address] of endpoints.entries()) {
    if (!isEndpoint(address)) return refuse('ledger-endpoint', `number ${i + 1} has the wrong form`);
    if (endpoints.indexOf(address) !== i)
      return refuse('ledger-endpoint', `number ${i + 1} stands there twice`);
  }
  const trust = trustIn(policy ?? noWitnessPolicy, log.value);
  if (!trust.ok) return trust;
  return ok({
    endpoints,
    ledger,
    log: log.value,
    ...(policy === undefined ? {} : { policy }),
    origin: log.value.name,
    trust: trust.value,
  });
}

function trustIn(policy: string, log: VerifierKey): Result<Policy, LedgerCode> {
  const read = parsePolicy(toUtf8(policy));
  const fitted = read.ok ? policyForLog(read.value, log) : read;
  return fitted.ok ? fitted : refuse('ledger-policy', `${fitted.code} ${fitted.detail ?? ''}`.trim());
}

function cardBytes({ endpoints, ledger, log, policy }: LedgerCardContent): Uint8Array {
  return writeJson({
    endpoints: [...endpoints],
    ledger: toHex(ledger),
    log: formatVerifierKey(log),
    ...(policy === undefined ? {} : { policy }),
    v: 1,
  });
}

/** The card with this content, judged as a reader would judge it. */
export function composeLedgerCard(content: LedgerCardContent): Result<LedgerCard, LedgerCode | JsonCode> {
  return parseLedgerCard(cardBytes(content));
}

/** The bytes of a card. @throws RangeError when a reader would refuse it. */
export function writeLedgerCard(card: LedgerCardContent): Uint8Array {
  const readBack = composeLedgerCard(card);
  if (!readBack.ok) throw new RangeError(`not a ledger card: ${readBack.code} ${readBack.detail ?? ''}`);
  return cardBytes(card);
}

/** The card as a link, which is also what a QR code of it holds. @throws RangeError as {@link writeLedgerCard}. */
export function ledgerLink(card: LedgerCardContent): string {
  return linkStart + toBase64Url(writeLedgerCard(card));
}

/** Reads a card from its link. */
export function parseLedgerLink(link: string): Result<LedgerCard, LedgerCode | JsonCode> {
  if (link.length > maxLedgerLinkLength) return refuse('ledger-link', `${link.length} characters`);
  if (!link.startsWith(linkStart)) return refuse('ledger-link');
  const bytes = fromBase64Url(link.slice(linkStart.length));
  if (bytes === undefined || bytes.length === 0) return refuse('ledger-link', 'not base64url');
  return parseLedgerCard(bytes);
}

/** Reads a card in whichever form it is: the JSON of a file, or the link. White space around it does not count. */
export function readLedgerCard(given: Uint8Array): Result<LedgerCard, LedgerCode | JsonCode> {
  if (given.length > 2 * maxLedgerLinkLength) return refuse('ledger-link', `${given.length} bytes`);
  const whole = fromUtf8(given)?.trim();
  if (whole === undefined) return refuse('ledger-link', 'not text');
  return whole.startsWith('{') ? parseLedgerCard(toUtf8(whole)) : parseLedgerLink(whole);
}

/** Whether this ledger, as its first header founds it, is the one that the card names. */
export function matchLedgerCard(card: LedgerCardContent, ledger: Ledger): Result<void, LedgerCode> {
  if (!equalBytes(card.ledger, ledger.id)) return refuse('ledger-mismatch', 'the id');
  const same = formatVerifierKey(card.log) === formatVerifierKey(ledger.logKey);
  return same ? ok(undefined) : refuse('ledger-mismatch', 'the log key');
}
