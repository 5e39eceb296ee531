/** Proofs about entries of the block log: one that is no header, one that does not continue the one before. */
import { chainBroken, headerInvalid } from '../../core/evidence/headers.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import { parseHeader } from '../../core/record/header.ts';
import { type BlockProof, LogHeaders } from '../../core/record/log-headers.ts';
import { fullWidth } from '../../core/log/tiles.ts';
import { assembleProof, type NodeReader } from '../../core/tree/merkle.ts';
import { inclusionProofNodes, type ProofPlan } from '../../core/tree/nodes.ts';
import { fetchEntries } from '../sync/fetch.ts';
import { FoundLie, type Looking, type Outcome, provenBy } from './finding.ts';
import { longerFork, type SentHead } from './heads.ts';
import { shownByNodes } from './nodes.ts';

/** An entry as the address serves it, and the plan of the proof that it stands in the signed log. */
interface Planned {
  readonly height: number;
  readonly header: Uint8Array;
  readonly plan: ProofPlan;
}

async function planned({ reader }: Looking, size: number, height: number): Promise<Planned> {
  const index = Math.floor(height / fullWidth);
  const entries = await fetchEntries(reader, size, index);
  const header = entries[height - index * fullWidth] ?? new Uint8Array();
  return { height, header, plan: inclusionProofNodes(height, size) };
}

function blockOf({ header, height, plan }: Planned, read: NodeReader): BlockProof {
  return { header, height, path: assembleProof(plan, read) };
}

/** That the operator signed this very entry, which may not stand there or not upon the one below. */
async function badHeader(
  looking: Looking,
  { note, head }: SentHead,
  height: number,
): Promise<Outcome | undefined> {
  const { ledger } = looking.joined;
  const upper = await planned(looking, head.size, height);
  const lower = height === 0 ? undefined : await planned(looking, head.size, height - 1);
  const wanted = [...upper.plan, ...(lower?.plan ?? [])].flat();
  const evidence = await shownByNodes(looking, head.size, wanted, (read) => {
    const block = blockOf(upper, read);
    const invalid = provenBy(headerInvalid, ledger, note, { block });
    if (invalid !== undefined || lower === undefined) return invalid;
    return provenBy(chainBroken, ledger, note, { lower: blockOf(lower, read), upper: block });
  });
  return evidence && { code: 'sync-invalid', subject: `block ${height}`, evidence };
}

/** That the entry is one of the signed ones, sent in another's place. */
async function misplaced(
  looking: Looking,
  { note, head }: SentHead,
  height: number,
): Promise<Outcome | undefined> {
  const { header } = await planned(looking, head.size, height);
  const read = parseHeader(header);
  const log = LogHeaders.open(looking.joined.ledger, note);
  if (!read.ok || !log.ok || read.value.height === height || read.value.height >= head.size) return undefined;
  const own = { height: read.value.height, header, plan: inclusionProofNodes(read.value.height, head.size) };
  const isSigned = await shownByNodes(looking, head.size, own.plan.flat(), (nodes) =>
    log.value.verifyEntry(blockOf(own, nodes)).ok ? true : undefined,
  );
  return isSigned && { code: 'sync-reordered', subject: '', evidence: undefined };
}

/**
 * What to say of an entry of the log that is no header or does not continue the one below.
 * @param code when it is not the operator's: the address sent something else than what is signed.
 */
export function foundHeader(code: SyncCode, height: number, refused: string, sent: SentHead): FoundLie {
  return new FoundLie(
    code,
    `block ${height}`,
    `header ${height}: ${refused}`,
    async (looking) =>
      (await longerFork(looking, sent)) ??
      (await badHeader(looking, sent, height)) ??
      misplaced(looking, sent, height),
  );
}

/** What to say of headers that are not those of the signed head. */
export function foundOther(sent: SentHead): FoundLie {
  return new FoundLie('sync-mismatch', '', `${sent.head.size} blocks`, (looking) =>
    longerFork(looking, sent),
  );
}
