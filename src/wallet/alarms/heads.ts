/** Proofs about signed heads: that two of them are not of one growing record, and that one says what no head may. */
import { fromUtf8 } from '../../core/bytes.ts';
import { checkpointExtended, headsInconsistent } from '../../core/evidence/heads.ts';
import {
  openCheckpoint,
  openLedgerCheckpoint,
  parseCheckpoint,
  type VerifiedCheckpoint,
} from '../../core/log/checkpoint.ts';
import { parseNote } from '../../core/log/note.ts';
import { type Ledger, parseLedger } from '../../core/record/ledger.ts';
import { verifyPrefixProof } from '../../core/tree/merkle.ts';
import { prefixProofNodes } from '../../core/tree/nodes.ts';
import { fetchEntries } from '../sync/fetch.ts';
import { Prover } from '../records/prover.ts';
import { FoundLie, type LookInto, type Looking, type Outcome, provenBy } from './finding.ts';
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
  return shownByNodes(looking, head.size, plan, (read) => {
    const prefix = plan.map(read);
    const claim = { oldSize: size, newSize: head.size, newRoot: head.root, nodes: prefix };
    if (!verifyPrefixProof(claim).ok) return undefined;
    return { shown: fork(provenBy(headsInconsistent, ledger, checkpoint, { other, prefix })) };
  });
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

/**
 * Whether the address serves a whole other ledger of this name: a head that is signed by the key of the first block beside
 * it. Anything less is garbage.
 */
async function otherLedger({ reader, joined }: Looking, note: Uint8Array): Promise<Outcome | undefined> {
  const read = parseNote(note);
  const head = read.ok ? parseCheckpoint(read.value.text) : read;
  if (!head.ok || head.value.origin !== joined.ledger.origin || head.value.size === 0) return undefined;
  const [first] = await fetchEntries(reader, head.value.size, 0);
  const other = parseLedger(first ?? new Uint8Array());
  const isSigned = other.ok && openLedgerCheckpoint(note, other.value.logKey, []).ok;
  return isSigned ? { code: 'sync-other-key', subject: '', evidence: undefined } : undefined;
}

/**
 * What to say of a head that the ledger's key did not sign in the form that a ledger's has.
 * @param refused why it was refused.
 */
export function foundBadHead(ledger: Ledger, note: Uint8Array, refused: string): FoundLie {
  const lookInto: LookInto = (looking) => otherLedger(looking, note);
  return foundExtension(ledger, note, refused) ?? new FoundLie('sync-checkpoint', '', refused, lookInto);
}
