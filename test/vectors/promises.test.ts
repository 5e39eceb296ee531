import { beforeAll, describe, expect, it } from 'vitest';
import { fromUtf8, toHex, toUtf8 } from '../../src/core/bytes.ts';
import { parseLedger } from '../../src/core/record/ledger.ts';
import { composePromise, judgePromise, openPromise } from '../../src/core/record/promise.ts';
import { startEngines } from '../../src/engines/start.ts';
import type { Sweep } from './support.ts';
import { good, hex, sweepDifferences, vectors, verdict } from './support.ts';

const file = vectors('promises') as {
  readonly key: {
    readonly founding: string;
    readonly seed: string;
    readonly ledger: string;
    readonly message: string;
  };
  readonly promises: readonly {
    readonly name: string;
    readonly size: number;
    readonly lastHeight: number;
    readonly lastTime: number;
    readonly note: string;
  }[];
  readonly refused: readonly { readonly name: string; readonly code: string; readonly note: string }[];
  readonly accepted: readonly {
    readonly name: string;
    readonly code: string;
    readonly newest: number;
    readonly received: number;
    readonly note: string;
  }[];
  readonly changed: readonly { readonly note: string; readonly sweep: Sweep }[];
};

const ledger = good(parseLedger(hex(file.key.founding)));
const message = hex(file.key.message);

beforeAll(startEngines);

describe('promises of the second implementation', () => {
  it.each(file.promises)('writes and opens: $name', ({ size, lastHeight, lastTime, note }) => {
    const content = { message, size, lastHeight, lastTime };
    expect(fromUtf8(composePromise(ledger, content, hex(file.key.seed)))).toBe(note);
    expect(good(openPromise(toUtf8(note), ledger))).toMatchObject({ ...content, ledger: ledger.id });
    expect(toHex(ledger.id)).toBe(file.key.ledger);
  });

  it.each(file.refused)('refuses with $code: $name', ({ note, code }) => {
    expect(verdict(openPromise(toUtf8(note), ledger))).toBe(code);
  });

  it.each(file.accepted)('accepts with $code: $name', ({ note, newest, received, code }) => {
    const promise = good(openPromise(toUtf8(note), ledger));
    expect(verdict(judgePromise(promise, { newestSize: newest, receivedAt: received }))).toBe(code);
  });

  it.each(file.changed)('refuses every changed byte', ({ note, sweep }) => {
    const judge = (bytes: Uint8Array): string => verdict(openPromise(bytes, ledger));
    expect(sweepDifferences(toUtf8(note), sweep, judge)).toEqual([]);
  });
});
