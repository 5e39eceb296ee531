/** Proofs about signed heads: that two of them are not of one growing record, and that one says what no head may. */
import { fromUtf8 } from '../../core/bytes.ts';
import { checkpointExtended, headsInconsistent } from '../../core/evidence/heads.ts';
import { openCheckpoint, parseCheckpoint, type VerifiedCheckpoint } from '../../core/log/checkpoint.ts';
import { parseNote } from '../../core/log/note.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import { prefixProofNodes } from '../../core/tree/nodes.ts';
import { Prover } from '../records/prover.ts';
import { FoundLie, type Looking, type Outcome, provenBy } from './finding.ts';
import { shownByNodes } from './nodes.ts';

/** A head that the operator signed, as an address sent it. */
export interface SentHead {
  readonly note: Uint8Array;
  readonly head: VerifiedCheckpoint;
}

function fork(evidence: Uint8Array | undefined): Outcome | undefined {
  return evidence && { code: 'sync-fork', subject: '', evidence };
}

/** Two heads of one size, or a smaller one that is no beginning of what is here: the copy alone shows it. */
export async function shorterFork(
  { store, joined }: Pick<Looking, 'store' | 'joined'>,
  { note, head }: SentHead,
): Promise<Outcome | undefined> {
  const { ledger, checkpoint, size } = joined;
  if (checkpoint === undefined || head.size > size) return undefined;
  const other = fromUtf8(note) ?? '';
  const prefix =
    head.size === size ? {} : { prefix: await new Prover(store.statements, joined).prefix(head.size) };
  return fork(provenBy(headsInconsistent, ledger, checkpoint, { other, ...prefix }));
}

/** A longer head that does not begin with what is here: its own nodes show it. */
export async function longerFork(looking: Looking, { note, head }: SentHead): Promise<Outcome | undefined> {
  const { ledger, checkpoint, size } = looking.joined;
  if (checkpoint === undefined || size === 0 || head.size <= size) return undefined;
  const other = fromUtf8(note) ?? '';
  const plan = prefixProofNodes(size, head.size);
  return shownByNodes(looking, head.size, plan, (read) =>
    fork(provenBy(headsInconsistent, ledger, checkpoint, { other, prefix: plan.map(read) })),
  );
}

/** A head that no reader of a ledger takes, and that the operator signed all the same; undefined when nobody did. */
function foundExtension(ledger: Ledger, note: Uint8Array, refused: string): FoundLie | undefined {
  const opened = openCheckpoint(note, [ledger.logKey], []);
  if (!opened.ok || opened.value.extensions.length === 0) return undefined;
  const lookInto = (): Promise<Outcome | undefined> => {
    const evidence = provenBy(checkpointExtended, ledger, note, {});
    return Promise.resolve(evidence && { code: 'sync-extended', subject: '', evidence });
  };
  return new FoundLie('sync-checkpoint', '', refused, lookInto);
}

/** The id of another key of the name of the ledger's log that a head claims to be signed with. Nobody's word for it. */
function otherKey({ logKey }: Ledger, note: Uint8Array): string | undefined {
  const read = parseNote(note);
  const head = read.ok ? parseCheckpoint(read.value.text) : read;
  if (!read.ok || !head.ok || head.value.origin !== logKey.name) return undefined;
  const ofName = read.value.signatures.filter(({ name }) => name === logKey.name);
  return ofName.some(({ keyId }) => keyId === logKey.id) ? undefined : ofName[0]?.keyId;
}

/**
 * What to say of a head that the ledger's key did not sign in the form that a ledger's has.
 * @param refused why it was refused.
 */
export function foundBadHead(ledger: Ledger, note: Uint8Array, refused: string): FoundLie {
  const extended = foundExtension(ledger, note, refused);
  if (extended !== undefined) return extended;
  const key = otherKey(ledger, note);
  const nothingMore = (): Promise<undefined> => Promise.resolve(undefined);
  return key === undefined
    ? new FoundLie('sync-checkpoint', '', refused, nothingMore)
    : new FoundLie('sync-other-key', `key ${key}`, `the key ${key}, not ${ledger.logKey.id}`, nothingMore);
}
