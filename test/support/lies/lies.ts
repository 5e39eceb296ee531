/** What is shared by the files that build lying ledgers. */
import type { TagStatement } from '../../../src/core/evidence/history.ts';
import { composeEvidence } from '../../../src/core/evidence/verify.ts';
import type { Kind } from '../../../src/core/evidence/kind.ts';
import type { EvidenceSource, LieKind } from '../../../src/core/evidence/verify.ts';
import type { Absence, Presence } from '../../../src/core/record/tag-proof.ts';
import type { Tamper } from '../ledger.ts';
import { bytes32, TestLedger } from '../ledger.ts';

export interface CaughtLie {
  readonly name: string;
  readonly kind: LieKind;
  readonly ledger: TestLedger;
  readonly file: Uint8Array;
}

export const tag = bytes32('tag');
export const otherTag = bytes32('other tag');

/** The presence of a tag, which must be in the index of the block. */
export function present(ledger: TestLedger, height: number, wanted: Uint8Array): Presence {
  const lookup = ledger.lookup(height, wanted);
  if (!lookup.found) throw new RangeError('the tag is absent');
  return lookup.presence;
}

/** The absence of a tag, which must not be in the index of the block. */
export function absent(ledger: TestLedger, height: number, wanted: Uint8Array): Absence {
  const lookup = ledger.lookup(height, wanted);
  if (lookup.found) throw new RangeError('the tag is present');
  return lookup.absence;
}

/** What the index of a block, or its roll-up of level 1, says of a tag. */
export function said(ledger: TestLedger, height: number, level?: 1, wanted = tag): TagStatement {
  const block = ledger.block(height);
  const lookup =
    level === undefined ? ledger.lookup(height, wanted) : ledger.rollupProver(height, level).lookup(wanted);
  const shown = lookup.found ? { presence: lookup.presence } : { absence: lookup.absence };
  return level === undefined ? { block, ...shown } : { block, level, ...shown };
}

export const text = (note: Uint8Array): string => new TextDecoder().decode(note);

/** A ledger with the tag in block 1, another in block 2, and the tag again in block 3, sealed with `tamper`. */
export function threeBlocks(tamper: readonly Tamper[] = []): TestLedger {
  const ledger = new TestLedger();
  ledger.seal([ledger.message({ tags: [tag] })], tamper[0]);
  ledger.seal([ledger.message({ tags: [otherTag] })], tamper[1]);
  ledger.seal([ledger.message({ tags: [tag] }), ledger.message()], tamper[2]);
  return ledger;
}

type Writer<Proof> = Pick<Kind<LieKind, Proof>, 'name' | 'write'>;

/** Collects lies with the evidence against them. */
export class Lies {
  readonly all: CaughtLie[] = [];

  add<Proof>(name: string, kind: Writer<Proof>, ledger: TestLedger, proof: Proof): void {
    this.addWith(name, kind, ledger, ledger.source(), proof);
  }

  /** As {@link add}, with another head than the ledger's newest. */
  addWith<Proof>(
    name: string,
    kind: Writer<Proof>,
    ledger: TestLedger,
    source: EvidenceSource,
    proof: Proof,
  ): void {
    const file = composeEvidence(kind, source, proof);
    this.all.push({ name: `${kind.name}: ${name}`, kind: kind.name, ledger, file });
  }
}
