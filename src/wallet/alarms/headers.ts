/** Proofs about entries of the block log: one that is no header, one that does not continue the one before. */
import { equalBytes } from '../../core/bytes.ts';
import { chainBroken, headerInvalid } from '../../core/evidence/headers.ts';
import type { SyncCode } from '../../core/errors/sync.ts';
import { parseHeader } from '../../core/record/header.ts';
import type { BlockProof } from '../../core/record/log-headers.ts';
import { fullWidth } from '../../core/log/tiles.ts';
import { assembleProof, leafHash, type NodeReader, verifyInclusion } from '../../core/tree/merkle.ts';
import { inclusionProofNodes, type NodeId, type ProofPlan } from '../../core/tree/nodes.ts';
import { fetchEntries } from '../sync/fetch.ts';
import { FoundLie, type Looking, type Outcome, provenBy } from './finding.ts';
import { longerFork, type SentHead } from './heads.ts';
import { shownByNodes } from './nodes.ts';

/** An entry as the address serves it, the place where it is said to stand, and what shows what the signed log has there. */
interface Planned {
  readonly height: number;
  readonly header: Uint8Array;
  readonly plan: ProofPlan;
  /** The leaf of that place, and all nodes of the plan. */
  readonly nodes: readonly NodeId[];
}

function plannedAt(header: Uint8Array, height: number, size: number): Planned {
  const plan = inclusionProofNodes(height, size);
  return { height, header, plan, nodes: [leafAt(height), ...plan.flat()] };
}

function leafAt(height: number): NodeId {
  return { level: 0, index: BigInt(height) };
}

async function served({ reader }: Looking, size: number, height: number): Promise<Uint8Array> {
  const index = Math.floor(height / fullWidth);
  const entries = await fetchEntries(reader, size, index);
  return entries[height - index * fullWidth] ?? new Uint8Array();
}

function blockOf({ header, height, plan }: Planned, read: NodeReader): BlockProof {
  return { header, height, path: assembleProof(plan, read) };
}

/** Whether the nodes are those of the signed head: then they say what stands at the place. */
function areSigned({ height, plan }: Planned, { size, root }: SentHead['head'], read: NodeReader): boolean {
  const proof = assembleProof(plan, read);
  return verifyInclusion({ leafHash: read(leafAt(height)), index: height, size, proof, root }).ok;
}

/** That the operator signed this very entry, which may not stand there or not upon the one below. */
async function badHeader(
  looking: Looking,
  { note, head }: SentHead,
  height: number,
): Promise<Outcome | undefined> {
  const { ledger } = looking.joined;
  const { size } = head;
  const upper = plannedAt(await served(looking, size, height), height, size);
  const below = height === 0 ? undefined : await served(looking, size, height - 1);
  const lower = below && plannedAt(below, height - 1, size);
  const evidence = await shownByNodes(looking, size, [...upper.nodes, ...(lower?.nodes ?? [])], (read) => {
    if (!areSigned(upper, head, read)) return undefined;
    const block = blockOf(upper, read);
    const invalid = provenBy(headerInvalid, ledger, note, { block });
    if (invalid !== undefined || lower === undefined) return { shown: invalid };
    return { shown: provenBy(chainBroken, ledger, note, { lower: blockOf(lower, read), upper: block }) };
  });
  return evidence && { code: 'sync-invalid', subject: `block ${height}`, evidence };
}

/** That the entry is one of the signed ones, sent in another's place. */
async function misplaced(looking: Looking, { head }: SentHead, height: number): Promise<Outcome | undefined> {
  const header = await served(looking, head.size, height);
  const read = parseHeader(header);
  if (!read.ok || read.value.height === height || read.value.height >= head.size) return undefined;
  const own = plannedAt(header, read.value.height, head.size);
  const isThere = await shownByNodes(looking, head.size, own.nodes, (nodes) => {
    if (!areSigned(own, head, nodes)) return undefined;
    return { shown: equalBytes(nodes(leafAt(own.height)), leafHash(header)) };
  });
  return isThere === true ? { code: 'sync-reordered', subject: '', evidence: undefined } : undefined;
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
