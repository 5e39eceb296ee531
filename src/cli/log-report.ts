import { explain } from '../core/errors/family.ts';
import type { AuditCode, AuditReport } from '../core/log/audit-port.ts';
import type { NamedLog } from '../core/log/checkpoint.ts';
import { plainLine } from './output.ts';

/** The report of an audit that ended before it began. */
export function neverRead(code: AuditCode, path: string, detail?: string): AuditReport {
  return {
    failures: [{ code, path, ...(detail === undefined ? {} : { detail }) }],
    size: undefined,
    origin: undefined,
    extensions: [],
    auditedSize: undefined,
    counts: {
      checkpoints: 0,
      tiles: 0,
      bundles: 0,
      entries: 0,
      earlierPartials: 0,
      unsignedFiles: 0,
      foreignFiles: 0,
    },
    examples: [],
  };
}

/** The line that scripts read. */
export function verdictLine(report: AuditReport): string {
  const [first] = report.failures;
  if (first !== undefined) return `log verify: FAILED ${first.code} ${first.path}`;
  return `log verify: OK ${report.size ?? 0}`;
}

function many(count: number, one: string, several: string): string {
  return count === 1 ? `1 ${one}` : `${count} ${several}`;
}

/** How much of the extension lines people are shown; the JSON report has all of them. */
const shownExtensions = { lines: 10, characters: 200 } as const;

/** The extension lines of the checkpoint, as they stand there. */
function extensionsOf({ extensions }: AuditReport): readonly string[] {
  if (extensions.length === 0) return [];
  const { lines, characters } = shownExtensions;
  const shown = extensions.slice(0, lines).map((line) => {
    const beginning = Array.from(line.slice(0, 2 * characters))
      .slice(0, characters)
      .join('');
    return `  ${beginning}${beginning.length < line.length ? ' ...' : ''}`;
  });
  const more = extensions.length - shown.length;
  return [
    `- ${many(extensions.length, 'extension line', 'extension lines')} in the checkpoint, signed but not checked:`,
    ...shown,
    ...(more > 0 ? [`  and ${more} more`] : []),
  ];
}

/** What was looked at, one sentence each; without a verdict on any of it. */
function lookedAt(report: AuditReport): readonly string[] {
  const { counts, size, auditedSize } = report;
  const lines: string[] = [];
  if (size === undefined || auditedSize === undefined) return lines;
  lines.push(`- checkpoint: signed by this key; it states ${many(size, 'entry', 'entries')}.`);
  lines.push(...extensionsOf(report));
  if (counts.checkpoints > 1) {
    lines.push(
      `- ${many(counts.checkpoints - 1, 'other signed checkpoint', 'other signed checkpoints')} read.`,
    );
  }
  if (auditedSize > size) {
    lines.push(`- a later checkpoint is signed too: the audit went up to its ${auditedSize} entries.`);
  }
  if (counts.tiles > 0) {
    const bundles = many(counts.bundles, 'bundle', 'bundles');
    const entries = many(counts.entries, 'entry that is', 'entries that are');
    lines.push(
      `- ${many(counts.tiles, 'tile', 'tiles')} and ${bundles} of entries read, with ${entries} as signed.`,
    );
  }
  if (counts.earlierPartials > 0) {
    lines.push(
      `- ${many(counts.earlierPartials, 'partial file', 'partial files')} of earlier sizes compared.`,
    );
  }
  return lines;
}

/** What no signature speaks about. */
function leftOut(report: AuditReport): readonly string[] {
  const { unsignedFiles, foreignFiles } = report.counts;
  const lines: string[] = [];
  if (unsignedFiles > 0) {
    const files = many(unsignedFiles, 'tile or bundle', 'tiles or bundles');
    lines.push(`- not checked: ${files} beyond the signed size.`);
  }
  if (foreignFiles > 0) {
    lines.push(`- not part of the log: ${many(foreignFiles, 'file or folder', 'files or folders')}.`);
  }
  if (report.examples.length > 0) lines.push(`  for example: ${report.examples.slice(0, 3).join(', ')}`);
  return lines;
}

function failed(report: AuditReport): readonly string[] {
  const lines = report.failures.map(({ code, path, detail }) => {
    const said = explain(code)?.happened ?? '';
    return `- FAILED ${path}: ${said}${detail === undefined ? '' : ` (${detail})`} [${code}]`;
  });
  const first = explain(report.failures[0]?.code ?? '');
  if (first !== undefined) lines.push(first.means, first.next);
  return lines;
}

/** The report in plain words, for people, without the verdict line. */
export function textReport(report: AuditReport, { key, origin }: NamedLog, place: string): readonly string[] {
  const named = origin === key.name ? `key ${key.id}` : `key ${key.name}+${key.id}`;
  const lines = [`Log ${origin} (${named}) at ${place}`, ...lookedAt(report), ...leftOut(report)];
  if (report.failures.length > 0) return [...lines, ...failed(report)];
  const heads = report.counts.checkpoints > 1 ? 'All checkpoints are heads of this one log. ' : '';
  return [
    ...lines,
    `${heads}Nothing that the signed size demands is missing, and nothing differs from what was signed.`,
    'This does not show that everybody is given this same log: only cosignatures of witnesses speak to that.',
  ];
}

/** The report as one line of JSON. */
export function jsonReport(report: AuditReport): string {
  const { size, origin, extensions, auditedSize, counts, examples, failures } = report;
  const verdict = failures.length === 0 ? 'OK' : 'FAILED';
  return JSON.stringify(
    { verdict, size, origin, extensions, auditedSize, counts, examples, failures },
    (_, value: unknown) => (typeof value === 'string' ? plainLine(value) : value),
  );
}
