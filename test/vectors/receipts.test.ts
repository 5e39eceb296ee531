import { beforeAll, describe, expect, it } from 'vitest';
import { fromUtf8, toHex } from '../../src/core/bytes.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { composeReceipt, parseReceipt, verifyReceipt } from '../../src/core/record/receipt.ts';
import { startEngines } from '../../src/engines/start.ts';
import {
  bytesOf,
  good,
  hex,
  type Sweep,
  sweepDifferences,
  type TextOrBytes,
  vectors,
  verdict,
} from './support.ts';

interface Refused {
  readonly name: string;
  readonly code: string;
  readonly receipt: TextOrBytes;
}

const file = vectors('receipts') as {
  readonly ledger: string;
  readonly file: string;
  readonly receipts: readonly {
    readonly name: string;
    readonly receipt: TextOrBytes;
    readonly message: string;
    readonly method: string;
    readonly promised: boolean;
    readonly place?: {
      readonly height: number;
      readonly index: number;
      readonly time: number;
      readonly size: number;
    };
  }[];
  readonly refused: readonly Refused[];
  readonly lying: readonly (Refused & { readonly ledger: string })[];
  readonly changed: readonly { readonly receipt: TextOrBytes; readonly sweep: Sweep }[];
};

const ledger = hex(file.ledger);

beforeAll(startEngines);

describe('receipts of the second implementation', () => {
  it.each(file.receipts)('show what they state: $name', (vector) => {
    const bytes = bytesOf(vector.receipt);
    const { message, record, place, promise, file: about } = good(verifyReceipt(bytes, ledger));
    expect(toHex(message.id)).toBe(vector.message);
    expect(record.method).toBe(vector.method);
    expect(about.hash).toEqual(sha256(hex(file.file)));
    expect(promise !== undefined).toBe(vector.promised);
    const shown = place && {
      height: place.header.height,
      index: place.position,
      time: place.header.time,
      size: place.log.size,
    };
    expect(shown).toEqual(vector.place);
  });

  it.each(file.receipts)('are composed to the same bytes: $name', ({ receipt }) => {
    const bytes = bytesOf(receipt);
    expect(fromUtf8(composeReceipt(good(parseReceipt(bytes))))).toBe(fromUtf8(bytes));
  });

  it.each(file.refused)('are refused as $code: $name', ({ code, receipt }) => {
    expect(verdict(verifyReceipt(bytesOf(receipt), ledger))).toBe(code);
  });

  it.each(file.lying)('from an index that lies are refused as $code: $name', (vector) => {
    expect(verdict(verifyReceipt(bytesOf(vector.receipt), hex(vector.ledger)))).toBe(vector.code);
  });

  it.each(file.changed)('are judged as stated when any byte changes', ({ receipt, sweep }) => {
    const judge = (bytes: Uint8Array): string => verdict(verifyReceipt(bytes, ledger));
    expect(sweepDifferences(bytesOf(receipt), sweep, judge)).toEqual([]);
  });
});
