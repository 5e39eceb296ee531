/**
 * Auditing a whole log: everything that its signed size demands is there, and nothing in it differs from what
 * was signed. Works for any log in the tlog-tiles layout. Specified in `docs/spec/tiles.md`, 'Audit'.
 */
import { auditTiles } from './audit-tiles.ts';
import { verifiedEdge } from './audit-edge.ts';
import { noteOtherFiles } from './audit-files.ts';
import { OtherHeads, readHead, type Head } from './audit-heads.ts';
import type { AuditProgress, AuditReport, GivenCheckpoint, LogReader } from './audit-port.ts';
import { AuditRun } from './audit-run.ts';
import type { NamedLog } from './checkpoint.ts';
import type { VerifierKey } from './verifier-key.ts';

/**
 * Audits a log whose origin is the name of its key, as {@link auditNamedLog}.
 *
 * @param key the log's key (type 1)
 */
export async function auditLog(
  reader: LogReader,
  key: VerifierKey,
  given: readonly GivenCheckpoint[],
  progress: AuditProgress,
): Promise<AuditReport> {
  return await auditNamedLog(reader, { key, origin: key.name }, given, progress);
}

/**
 * Audits a log. Memory is bounded by a few tiles and bundles, whatever the log's size.
 *
 * @param reader where the files come from
 * @param log the log's key (type 1) and its origin
 * @param given checkpoints from elsewhere that the log must be consistent with
 * @param progress told after each bundle; what it throws ends the audit and passes through
 * @returns a report whose `failures` are empty when all is right; at most 20 are listed, in the order found
 * @throws RangeError when the key is not of type 1
 */
export async function auditNamedLog(
  reader: LogReader,
  log: NamedLog,
  given: readonly GivenCheckpoint[],
  progress: AuditProgress,
): Promise<AuditReport> {
  const run = new AuditRun(reader);
  const head = await readHead(run, log);
  if (head === undefined) return reportOf(run, undefined, undefined);
  const heads = new OtherHeads(run, log);
  heads.give(given);
  if (reader.canList) await heads.find(head.checkpoint.size);
  // A later head beside the log is signed just the same: what it covers must be there too.
  const top = heads.largest(head);
  const auditedSize = top.checkpoint.size;
  const edge = await verifiedEdge(run, top);
  if (edge !== undefined) {
    if (top !== head) heads.add(head);
    await heads.compareUpTo(0, () => undefined);
    await auditTiles(run, auditedSize, edge, heads, progress);
  }
  if (reader.canList) await noteOtherFiles(run, auditedSize);
  return reportOf(run, head, auditedSize);
}

function reportOf(run: AuditRun, head: Head | undefined, auditedSize: number | undefined): AuditReport {
  const { failures, counts, examples } = run;
  const { size, origin, extensions = [] } = head?.checkpoint ?? {};
  return { failures, size, origin, extensions, auditedSize, counts, examples };
}
