/** How a ledger and its card are shown. */
import { toHex } from '../../core/bytes.ts';
import { formatVerifierKey } from '../../core/log/verifier-key.ts';
import { type LedgerCard, ledgerLink, noWitnessPolicy } from '../../core/record/ledger-card.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Terminal } from '../output.ts';

/** UTC, to the second. */
function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Blocks whose messages are here. The first block has none, so with its header all of it is here. */
export function blocksHere({ filled, size }: Pick<PinnedLedger['joined'], 'filled' | 'size'>): number {
  return Math.min(Math.max(filled, 1), size);
}

/** Blocks up to which everything that is one's own is here. */
export function ownHere({ filled, followed, size }: PinnedLedger['joined']): number {
  return blocksHere({ filled: Math.max(filled, followed), size });
}

/** How much of a ledger is here, in words. */
export function copyWords({ filled, followed, mode, size }: PinnedLedger['joined']): string {
  const here = blocksHere({ filled, size });
  if (mode === 'full' || here === size) return `${here} of ${size} blocks`;
  const own = `${size} block headers, your own messages up to block ${Math.max(filled, followed, 1) - 1}`;
  return here > 1 ? `${own}, all messages of the first ${here} blocks` : own;
}

/** The parts of a card, one to a line. */
export function cardLines(card: LedgerCard): readonly string[] {
  const policy = (card.policy ?? noWitnessPolicy).replace(/\n$/, '').split('\n');
  const asks = card.trust.quorum === 'none' ? 'asks for no witness' : 'asks for witnesses';
  return [
    `origin     ${card.origin}`,
    `ledger id  ${toHex(card.ledger)}`,
    `log key    ${formatVerifierKey(card.log)}`,
    ...card.endpoints.map((address, i) => `${i === 0 ? 'endpoint ' : '         '}  ${address}`),
    `policy     ${asks}`,
    ...policy.map((line) => `             ${line}`),
  ];
}

/** A card as JSON, in the form of the command line. */
export function cardJson(card: LedgerCard): Record<string, unknown> {
  return {
    origin: card.origin,
    ledger: toHex(card.ledger),
    logKey: formatVerifierKey(card.log),
    endpoints: card.endpoints,
    policy: card.policy ?? noWitnessPolicy,
    link: ledgerLink(card),
  };
}

/** A joined ledger as JSON. */
export function pinnedJson({ card, joined, pinnedAt }: PinnedLedger): Record<string, unknown> {
  const { followed, mode, size } = joined;
  const copy = { mode, headers: size, blocks: blocksHere(joined), followed };
  return { ...cardJson(card), pinned: utc(pinnedAt), ...copy };
}

/** A joined ledger, one part to a line. */
export function pinnedLines({ card, joined, pinnedAt }: PinnedLedger): readonly string[] {
  return [...cardLines(card), `pinned     ${utc(pinnedAt)}`, `copy       ${copyWords(joined)}`];
}

/** Prints the lines, or the object where JSON is asked for. */
export function print(
  terminal: Terminal,
  isJson: boolean,
  json: Record<string, unknown>,
  lines: readonly string[],
): void {
  if (isJson) terminal.line(JSON.stringify(json));
  else for (const line of lines) terminal.line(line);
}
