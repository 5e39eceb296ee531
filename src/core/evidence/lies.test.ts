import { describe, expect, it } from 'vitest';
import { everyLie } from '../../../test/support/lies/every.ts';
import { bytes32 } from '../../../test/support/ledger.ts';
import { lieKinds, verifyEvidence } from './verify.ts';

const lies = everyLie();

describe('evidence', () => {
  it('exists for every kind of lie', () => {
    expect([...new Set(lies.map(({ kind }) => kind))].sort()).toEqual([...lieKinds].sort());
  });

  it.each(lies)('shows $name', ({ file, kind, ledger }) => {
    const verdict = verifyEvidence(file, ledger.ledger.id);
    expect(verdict).toMatchObject({ ok: true, value: { kind } });
    expect(verifyEvidence(file, bytes32('another ledger'))).toMatchObject({ code: 'evidence-ledger' });
  });
});
