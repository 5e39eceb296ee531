import { describe, expect, it } from 'vitest';
import { fromUtf8, toHex, toUtf8 } from '../../src/core/bytes.ts';
import { formatVerifierKey } from '../../src/core/log/verifier-key.ts';
import {
  composeLedgerCard,
  isEndpoint,
  ledgerLink,
  matchLedgerCard,
  parseLedgerCard,
  parseLedgerLink,
  readLedgerCard,
  writeLedgerCard,
} from '../../src/core/record/ledger-card.ts';
import { parseLedger } from '../../src/core/record/ledger.ts';
import {
  bytesOf,
  good,
  hex,
  type PackedBytes,
  type Sweep,
  sweepDifferences,
  type TextOrBytes,
  unpack,
  vectors,
  verdict,
} from './support.ts';

interface Refused {
  readonly name: string;
  readonly code: string;
  readonly card: TextOrBytes;
}

const file = vectors('ledger-cards') as {
  readonly founding: string;
  readonly cards: readonly {
    readonly name: string;
    readonly card: string;
    readonly link: string;
    readonly origin: string;
    readonly endpoints: readonly string[];
    readonly ledger: string;
    readonly log: string;
    readonly policy?: string;
  }[];
  readonly given: readonly { readonly name: string; readonly code: string; readonly given: PackedBytes }[];
  readonly addresses: readonly { readonly code: string; readonly address: string }[];
  readonly refused: readonly Refused[];
  readonly founded: readonly { readonly name: string; readonly code: string; readonly card: string }[];
  readonly changed: readonly { readonly card: string; readonly sweep: Sweep }[];
};

const founded = good(parseLedger(hex(file.founding)));

describe('ledger cards of the second implementation', () => {
  it.each(file.cards)('are read, and written to the same bytes: $name', (vector) => {
    const card = good(parseLedgerCard(toUtf8(vector.card)));
    const { endpoints, origin, policy } = card;
    const log = formatVerifierKey(card.log);
    const parts = { endpoints, ledger: toHex(card.ledger), log, origin, ...(policy ? { policy } : {}) };
    const { endpoints: addresses, ledger, log: key, origin: named } = vector;
    const wanted = { endpoints: addresses, ledger, log: key, origin: named };
    expect(parts).toEqual({ ...wanted, ...(vector.policy ? { policy: vector.policy } : {}) });
    expect(fromUtf8(writeLedgerCard(good(composeLedgerCard(card))))).toBe(vector.card);
    expect(ledgerLink(card)).toBe(vector.link);
    expect(good(parseLedgerLink(vector.link))).toEqual(card);
    expect(matchLedgerCard(card, founded).ok).toBe(true);
  });

  it.each(file.given)('are given as $code: $name', ({ code, given }) => {
    expect(verdict(readLedgerCard(unpack(given)))).toBe(code);
  });

  it('have addresses that are read in one way', () => {
    const judged = file.addresses.map(({ address }) => ({
      address,
      code: isEndpoint(address) ? 'ok' : 'ledger-endpoint',
    }));
    expect(judged).toEqual(file.addresses.map(({ address, code }) => ({ address, code })));
    // What is accepted is an address to the program that fetches it too.
    for (const { address, code } of file.addresses)
      if (code === 'ok') expect(URL.canParse(address), address).toBe(true);
    expect(file.addresses.length).toBeGreaterThan(60);
  });

  it.each(file.refused)('are refused as $code: $name', ({ code, card }) => {
    expect(verdict(parseLedgerCard(bytesOf(card)))).toBe(code);
  });

  it.each(file.founded)('are held against the first header as $code: $name', ({ code, card }) => {
    expect(verdict(matchLedgerCard(good(parseLedgerCard(toUtf8(card))), founded))).toBe(code);
  });

  it.each(file.changed)('are judged as stated when any byte changes', ({ card, sweep }) => {
    expect(sweepDifferences(toUtf8(card), sweep, (bytes) => verdict(parseLedgerCard(bytes)))).toEqual([]);
  });
});
