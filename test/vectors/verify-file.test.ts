import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, toUtf8 } from '../../src/core/bytes.ts';
import { contactLink } from '../../src/core/identity/card-link.ts';
import { writeCard } from '../../src/core/identity/card.ts';
import { composeLedgerCard, ledgerLink, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import {
  type FileVerdict,
  judgeFile,
  ledgerIn,
  maxFileBytes,
  type Trust,
} from '../../src/core/verify/file.ts';
import { startEngines } from '../../src/engines/start.ts';
import { bytes32, TestLedger, unwrap } from '../support/ledger.ts';
import { everyLie } from '../support/lies/every.ts';
import { bytesOf, hex, type TextOrBytes, vectors } from './support.ts';

const receipts = vectors('receipts') as {
  readonly ledger: string;
  readonly receipts: readonly {
    readonly name: string;
    readonly receipt: TextOrBytes;
    readonly place?: unknown;
  }[];
  readonly refused: readonly {
    readonly name: string;
    readonly code: string;
    readonly receipt: TextOrBytes;
  }[];
};

beforeAll(startEngines);

const nobody: Trust = { ids: [], keys: [], ledgers: [], isAsked: false };
const asking = (...ids: readonly Uint8Array[]): Trust => ({ ...nobody, ids, isAsked: true });
const short = ({ kind, verdict, code }: FileVerdict): unknown[] => [kind, verdict, code];

const [lie] = everyLie();
if (lie === undefined) throw new Error('no lie');
const { ledger } = lie.ledger;

describe('a file that somebody hands over', () => {
  it('is evidence against the ledger that the reader names, by id or by key, and against no other', () => {
    expect(short(judgeFile(lie.file, asking(ledger.id)))).toEqual(['evidence', 'valid', undefined]);
    const byKey = { ...nobody, keys: [ledger.logKey], isAsked: true };
    expect(short(judgeFile(lie.file, byKey))).toEqual(['evidence', 'valid', undefined]);
    const other = judgeFile(lie.file, asking(bytes32('another')));
    expect(short(other)).toEqual(['evidence', 'invalid', 'evidence-ledger']);
    expect(other.shows).toEqual([]);
    const open = judgeFile(lie.file, nobody);
    expect(short(open)).toEqual(['evidence', 'open', 'verify-no-anchor']);
    expect(open.shows[0]).toMatch(/^The operator signed/);
  });

  it.each(receipts.receipts)('is a receipt: $name', ({ receipt, place }) => {
    const bytes = bytesOf(receipt);
    const verdict = judgeFile(bytes, asking(hex(receipts.ledger)));
    const isRecorded = place !== undefined;
    const expected = isRecorded ? ['valid', undefined] : ['open', 'verify-not-recorded'];
    expect(short(verdict)).toEqual(['receipt', ...expected]);
    expect(verdict.receipt?.place !== undefined).toBe(isRecorded);
    expect(verdict.shows.join(' ').includes('It stands on the record')).toBe(isRecorded);
    expect(judgeFile(bytes, nobody).code).toBe('verify-no-anchor');
    expect(judgeFile(bytes, asking(bytes32('another'))).code).toBe('receipt-ledger');
    expect(ledgerIn(bytes)?.idText).toBe(receipts.ledger);
  });

  it('is never valid when it is a receipt that is refused', () => {
    for (const { name, receipt } of receipts.refused) {
      expect(judgeFile(bytesOf(receipt), asking(hex(receipts.ledger))).verdict, name).toBe('invalid');
    }
  });

  it('is a promise, when the first block of its ledger is at hand', () => {
    const message = bytes32('message');
    const note = lie.ledger.promise({ message, size: 1, lastHeight: 2, lastTime: 1_700_000_000 });
    const trust = { ...asking(ledger.id), ledgers: [ledger] };
    expect(short(judgeFile(note, trust))).toEqual(['promise', 'valid', undefined]);
    expect(short(judgeFile(note, asking(ledger.id)))).toEqual(['promise', 'open', 'verify-no-founding']);
    expect(judgeFile(note, { ...nobody, ledgers: [ledger] }).code).toBe('verify-no-anchor');
    expect(judgeFile(note, { ...asking(bytes32('another')), ledgers: [ledger] }).code).toBe('promise-ledger');
    const changed = note.with(150, (note[150] ?? 0) ^ 1);
    expect(judgeFile(changed, trust).verdict).not.toBe('valid');
  });

  it('is a card, which is valid only where the reader knows its ledger already', () => {
    const content = { endpoints: ['http://127.0.0.1/'], ledger: ledger.id, log: ledger.logKey };
    const card = writeLedgerCard(content);
    const known = { ...nobody, ids: [ledger.id], ledgers: [ledger] };
    for (const form of [card, concatBytes(card, toUtf8('\n')), toUtf8(` ${ledgerLink(content)}\n`)]) {
      expect(short(judgeFile(form, nobody))).toEqual(['ledger card', 'open', 'verify-unsigned']);
      expect(short(judgeFile(form, known))).toEqual(['ledger card', 'valid', undefined]);
    }
    const forger = new TestLedger('test', {}, 'forger').ledger;
    const forged = unwrap(composeLedgerCard({ ...content, log: forger.logKey }));
    expect(judgeFile(writeLedgerCard(forged), known).code).toBe('ledger-changed');
    expect(judgeFile(toUtf8('countersign:ledger/AAAA'), known).verdict).toBe('invalid');
  });

  it('is a contact card, which nobody signs', () => {
    const sign = ledger.logKey.publicKey;
    const [claims, salt, encrypt] = [{ name: 'Anna', role: 'Notary' }, bytes32('salt'), bytes32('x')];
    const card = { claims, encrypt, ledger: ledger.id, salt, sign };
    expect(short(judgeFile(writeCard(card), nobody))).toEqual(['contact card', 'open', 'verify-unsigned']);
    expect(judgeFile(writeCard(card), nobody).shows[0]).toMatch(
      /^The card claims the key .* for Anna, Notary\.$/,
    );
    const link = toUtf8(contactLink(card));
    expect(judgeFile(link, nobody).code).toBe('verify-no-anchor');
    expect(judgeFile(link, asking(ledger.id)).code).toBe('verify-unsigned');
  });

  it('is nothing that is known, and never more than is read of it', () => {
    const rubbish = [
      '',
      'x',
      '{}',
      '[]',
      'null',
      '{"evidence":1}',
      '{"receipt":1}',
      '{"card":1}',
      '\u0000',
      '{"a":',
    ];
    for (const text of [...rubbish, '{"endpoints":1}', 'countersign/promise/v1\n', 'countersign:contact/x']) {
      expect(judgeFile(toUtf8(text), asking(ledger.id)).verdict, text).not.toBe('valid');
    }
    expect(judgeFile(Uint8Array.of(0xff, 0xfe), nobody).code).toBe('verify-kind');
    const long = new Uint8Array(maxFileBytes + 1).fill(0x5b);
    expect(judgeFile(long, nobody)).toMatchObject({ kind: undefined, verdict: 'invalid' });
  });
});
