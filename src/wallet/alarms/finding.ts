/**
 * What a synchronisation came upon that an honest operator does not do, with the way to the proof of it. Who finds
 * something throws a {@link FoundLie} inside `noticing`, which looks for the proof, keeps what it found and reports it.
 */
import type { EvidenceSource } from '../../core/evidence/verify.ts';
import { composeEvidence, type LieKind, verifyEvidence } from '../../core/evidence/verify.ts';
import type { Kind } from '../../core/evidence/kind.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';

/** Where a proof is looked for: in the copy as it is now, and at the address that showed what was found. */
export interface Looking {
  readonly store: RecordStore;
  readonly joined: JoinedLedger;
  readonly reader: LogReader;
  readonly signal: AbortSignal | undefined;
}

/** What something that was found turned out to be. */
export interface Outcome {
  readonly code: SyncCode;
  /** What it is about: the same code and subject are the same lie. Empty when there is one such lie for a ledger. */
  readonly subject: string;
  /** A file of `docs/spec/evidence.md` that verifies ({@link provenBy}); undefined when it is a fault of the address. */
  readonly evidence: Uint8Array | undefined;
}

/** Looks into what was found; undefined when no more can be said than before. */
export type LookInto = (looking: Looking) => Promise<Outcome | undefined>;

/**
 * Something was found. Its code says what is known before a proof is looked for: it stays when there is none.
 */
export class FoundLie extends CountersignError<SyncCode> {
  /** As {@link Outcome.subject}, for when no more can be said. */
  readonly subject: string;
  readonly lookInto: LookInto;

  constructor(code: SyncCode, subject: string, detail: string, lookInto: LookInto) {
    super(code, detail);
    this.subject = subject;
    this.lookInto = lookInto;
  }
}

/** Writes evidence of this kind, if it convinces everybody: nobody is accused by anything else. */
export function provenBy<P>(
  kind: Pick<Kind<LieKind, P>, 'name' | 'write'>,
  ledger: Ledger,
  checkpoint: EvidenceSource['checkpoint'],
  proof: P,
): Uint8Array | undefined {
  try {
    const file = composeEvidence(kind, { founding: ledger.first.bytes, checkpoint }, proof);
    return verifyEvidence(file, ledger.id).ok ? file : undefined;
  } catch (error) {
    // Longer than evidence may be.
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}
