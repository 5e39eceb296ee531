import { InvalidArgumentError, type Command } from 'commander';
import { explain } from '../../../core/errors/family.ts';
import { auditNamedLog } from '../../../core/log/audit.ts';
import type { AuditReport, GivenCheckpoint, LogReader } from '../../../core/log/audit-port.ts';
import type { NamedLog } from '../../../core/log/checkpoint.ts';
import { noteLimits } from '../../../core/log/note.ts';
import { keyType, parseVerifierKey, type VerifierKey } from '../../../core/log/verifier-key.ts';
import { checkFolder, diskReader, readNamedFile } from '../../../engines/disk-reader.ts';
import { httpReader } from '../../../engines/http-reader.ts';
import { startEngines } from '../../../engines/start.ts';
import { exit, UsageError } from '../../exit.ts';
import { jsonReport, neverRead, textReport, verdictLine } from '../../log-report.ts';
import { loadExplanations, type Terminal } from '../../output.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly vkey: string;
  readonly origin?: string;
  readonly checkpoint?: readonly string[];
  readonly timeout: number;
  readonly json?: true;
}

const help = `
Reads every file that the log's signed size demands and checks it against the signed root: tiles of every level,
entries, every checkpoint.SIZE beside the log, and partial tiles of earlier sizes that are still there. Nothing is
written. Works for any log in the C2SP tlog-tiles layout.

The last line is 'log verify: OK SIZE' (exit 0) or 'log verify: FAILED CODE PATH' (exit 1).

Examples:
  countersign log verify --vkey 'example.com/log+33d7b496+AeHT...' ./log
  countersign log verify --vkey 'example.com/log+33d7b496+AeHT...' --checkpoint kept.txt https://example.com/log/`;

function collect(file: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), file];
}

function seconds(text: string): number {
  const value = /^[1-9][0-9]{0,3}$/.test(text) ? Number(text) : 0;
  if (value < 1 || value > 3600) throw new InvalidArgumentError('Give whole seconds, 1 to 3600.');
  return value;
}

/** An origin is one line of a signed note. */
function originName(text: string): string {
  // Control characters are what is looked for.
  // eslint-disable-next-line no-control-regex
  if (text === '' || /[\u0000-\u001f\p{Cs}]/u.test(text))
    throw new InvalidArgumentError('Give one line of text.');
  return text;
}

function configure(command: Command): void {
  command
    .argument('<DIR|URL>', 'where the file named checkpoint lies: a folder, or an http or https address')
    .requiredOption('--vkey <KEY>', "the log's verifier key, NAME+ID+BASE64, from someone you trust")
    .option('--origin <NAME>', "the log's origin, where it is not the name in the key", originName)
    .option(
      '--checkpoint <FILE>',
      'a checkpoint from elsewhere that the log must agree with (repeatable)',
      collect,
    )
    .option('--timeout <SECONDS>', 'how long one request to a web server may take', seconds, 30)
    .option('--json', 'print one JSON object instead of sentences')
    .addHelpText('after', help);
}

/** The log's key. @throws UsageError in words. */
function readKey(text: string): VerifierKey {
  const key = parseVerifierKey(text);
  const code = key.ok ? (key.value.type === keyType.ed25519 ? undefined : 'note-key-type') : key.code;
  if (key.ok && code === undefined) return key.value;
  const said = explain(code ?? '');
  throw new UsageError(`--vkey: ${said?.happened ?? ''} ${said?.next ?? ''} [${code ?? ''}]`);
}

/** The address of a log, or undefined for a folder's path. @throws UsageError in words. */
function readAddress(place: string): URL | undefined {
  if (place === '') throw new UsageError('The folder or address is empty.');
  if (!/^([a-z][a-z0-9+.-]+:\/\/|file:)/i.test(place)) return undefined;
  const url = URL.parse(place);
  if (url === null) throw new UsageError(`Not an address: ${place}`);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') {
    throw new UsageError('Only http and https addresses are read; for a folder give its path.');
  }
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '') {
    throw new UsageError('Give the address of the log without user, password, ? and #.');
  }
  return url;
}

/** Reads the checkpoints from elsewhere; a report without anything but the failure when one cannot be read. */
async function readGiven(files: readonly string[]): Promise<readonly GivenCheckpoint[] | AuditReport> {
  const given: GivenCheckpoint[] = [];
  for (const path of files) {
    const read = await readNamedFile(path, noteLimits.bytes);
    if (!read.ok) return neverRead(read.code, path, read.detail);
    if (read.value === undefined) return neverRead('log-missing', path);
    given.push({ path, bytes: read.value });
  }
  return given;
}

async function audit(
  log: NamedLog,
  place: string,
  url: URL | undefined,
  options: Options,
  terminal: Terminal,
): Promise<AuditReport> {
  const given = await readGiven(options.checkpoint ?? []);
  if ('failures' in given) return given;
  let reader: LogReader;
  if (url === undefined) {
    const folder = await checkFolder(place);
    if (!folder.ok) return neverRead(folder.code, place, folder.detail);
    reader = diskReader(place);
  } else {
    reader = httpReader(url, options.timeout * 1000);
  }
  await startEngines();
  let shown = 0;
  return await auditNamedLog(reader, log, given, (checked, of) => {
    if (terminal.abandoned.aborted) throw new Abandoned();
    const now = Date.now();
    if (now - shown < 100) return;
    shown = now;
    terminal.progress(`${checked} of ${of} entries checked (${Math.floor((checked / of) * 100)} %)`);
  });
}

/** Thrown when nobody reads the output any more. */
class Abandoned extends Error {}

export const verb: Verb = {
  summary: 'audit every file of a transparency log against its signed root',
  configure,
  run: async (command, terminal) => {
    const options = command.opts<Options>();
    const [place = ''] = command.args;
    await loadExplanations();
    const key = readKey(options.vkey);
    const log = { key, origin: options.origin ?? key.name };
    const url = readAddress(place);
    try {
      const report = await audit(log, place, url, options, terminal);
      terminal.progress('');
      if (options.json === true) terminal.line(jsonReport(report));
      else {
        for (const line of textReport(report, log, place)) terminal.line(line);
        terminal.line(verdictLine(report));
      }
      return report.failures.length === 0 ? exit.ok : exit.failed;
    } catch (error) {
      if (error instanceof Abandoned) return exit.cannotWrite;
      throw error;
    }
  },
};
