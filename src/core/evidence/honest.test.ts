import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { aboutHistory, candidates } from '../../../test/support/candidates.ts';
import { bytes32, TestLedger } from '../../../test/support/ledger.ts';
import { writeJson } from '../encoding/json.ts';
import { toBase64, toHex } from '../bytes.ts';
import { lieKinds, verifyEvidence } from './verify.ts';

const noLie = { ok: false, code: 'evidence-no-lie' };
const tags = ['a', 'b', 'c'].map(bytes32);

/** For each block its messages, for each message which tags it carries; 3 stands for the id of the first message. */
const plan = fc.array(
  fc.array(fc.uniqueArray(fc.integer({ min: 0, max: 3 }), { maxLength: 3 }), { minLength: 1, maxLength: 2 }),
  { minLength: 1, maxLength: 2 },
);

/** An honest ledger whose last block, at height 256, carries a roll-up. */
function build(blocks: readonly (readonly (readonly number[])[])[]): {
  ledger: TestLedger;
  asked: Uint8Array[];
} {
  const ledger = new TestLedger();
  ledger.skipTo(256 - blocks.length);
  const first = ledger.message();
  const asked = [...tags, first.id];
  const pick = (carried: readonly number[]): Uint8Array[] => carried.map((i) => asked[i] ?? first.id);
  for (const [i, messages] of blocks.entries()) {
    const sealed = messages.map((carried) => ledger.message({ tags: pick(carried) }));
    ledger.seal(i === 0 ? [first, ...sealed] : sealed);
  }
  ledger.seal([ledger.message({ tags: tags.slice(0, 1) })]);
  return { ledger, asked };
}

describe('an honest ledger', () => {
  it('never yields evidence', () => {
    const judged = new Map<string, number>();
    const property = fc.property(plan, (blocks) => {
      const { ledger, asked } = build(blocks);
      const log = ledger.log();
      for (const { judge, kind } of candidates(ledger, asked)) {
        const verdict = judge(log);
        const outcome = verdict.ok ? verdict.value : `${kind} ${verdict.code}`;
        expect(['evidence-no-lie', 'evidence-proof'].map((code) => `${kind} ${code}`)).toContain(outcome);
        judged.set(outcome, (judged.get(outcome) ?? 0) + 1);
      }
    });
    fc.assert(property, { numRuns: 60 });
    // Every kind was tried with proofs that verify, so that it was the contradiction which was missing.
    for (const kind of lieKinds) expect([kind, judged.has(`${kind} evidence-no-lie`)]).toEqual([kind, true]);
  });

  it('states one history of a tag, whatever statements are paired', () => {
    const counts = fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 5, maxLength: 5 });
    const property = fc.property(counts, counts, ([, ...below], above) => {
      const ledger = new TestLedger();
      const [tag] = tags;
      if (tag === undefined) throw new RangeError('no tag');
      const seal = (count: number): void => {
        ledger.seal([
          ledger.message(),
          ...Array.from({ length: count }, () => ledger.message({ tags: [tag] })),
        ]);
      };
      for (const count of below.slice(0, 2)) seal(count);
      ledger.skipTo(254);
      for (const count of below.slice(2)) seal(count);
      for (const count of above.slice(0, 3)) seal(count);
      ledger.skipTo(512);
      for (const count of above.slice(3)) seal(count);
      const log = ledger.log();
      for (const { judge } of aboutHistory(ledger, tag)) expect(judge(log)).toMatchObject(noLie);
    });
    fc.assert(property, { numRuns: 25 });
  });

  it('is not shown to lie by whole files either', () => {
    const { ledger, asked } = build([[[0, 3], [1]], [[0]]]);
    const { founding, checkpoint } = ledger.source();
    for (const { kind, proof } of candidates(ledger, asked)) {
      const file = writeJson({
        checkpoint: new TextDecoder().decode(checkpoint),
        evidence: 'countersign/evidence/v1',
        founding: toBase64(founding),
        kind,
        ledger: toHex(ledger.ledger.id),
        proof,
      });
      expect(verifyEvidence(file, ledger.ledger.id).ok).toBe(false);
    }
  });
});
