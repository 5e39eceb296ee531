import { type Command, InvalidArgumentError } from 'commander';
import { fromHex } from '../../core/bytes.ts';
import type { VerifyCode } from '../../core/errors/verify.ts';
import type { VerifierKey } from '../../core/log/verifier-key.ts';
import { profileExists } from '../../wallet/profile.ts';
import type { FileVerdict } from '../../core/verify/file.ts';
import type { NamedTrust } from '../../wallet/verify-files.ts';
import { exit, type ExitCode, Stop, UsageError } from '../exit.ts';
import { withExits } from '../exits.ts';
import { startOf, Unreadable } from '../given.ts';
import { explanationOf, type Terminal } from '../output.ts';
import { addJsonOption, addProfileOption, profileFrom, withWallet } from '../profile-option.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly card?: readonly string[];
  readonly ledger?: readonly Uint8Array[];
  readonly vkey?: readonly string[];
  readonly json?: true;
}

const help = `
Checks files by their content, without any network and without an identity: evidence that an operator lied, receipts of
recorded files, promises to record a message, ledger cards and contact cards. What kind a file is, is seen from its content.

No file brings its own judge. Say which ledger you mean: with its card, its id or its log key, from a source that you trust.
Without any of them the ledgers that the profile has joined count, and receipts are compared with the copy here.

A promise is signed with a key that stands in the first block of the ledger: give a receipt or evidence of the same ledger
along with it, or use a profile that has joined the ledger.

The last line is 'verify: OK N' (all N files are valid, exit 0), 'verify: FAILED CODE FILE' (exit 1) or
'verify: OPEN CODE FILE' (nothing is wrong with it, and it does not suffice for a verdict; exit 2).

Examples:
  countersign verify --card ledger-card.json evidence.json
  countersign verify contract.pdf-0a1b2c3d4e5f.receipt.json`;

function ledgerId(text: string, before: readonly Uint8Array[] | undefined): readonly Uint8Array[] {
  const id = fromHex(text, 32);
  if (id === undefined) throw new InvalidArgumentError('Give the whole id: 64 hexadecimal digits.');
  return [...(before ?? []), id];
}

function collect(text: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), text];
}

async function keyFrom(text: string): Promise<VerifierKey> {
  const { parseVerifierKey } = await import('../../core/log/verifier-key.ts');
  const key = parseVerifierKey(text);
  if (key.ok) return key.value;
  throw new UsageError(`--vkey: ${(await explanationOf(key.code)).happened} [${key.code}]`);
}

async function namedTrust({ card = [], ledger = [], vkey = [] }: Options): Promise<NamedTrust> {
  const { readCard } = await import('../ledger/given.ts');
  const cards = await Promise.all(card.map((given) => readCard(given)));
  return { cards, ids: ledger, keys: await Promise.all(vkey.map(keyFrom)) };
}

async function readFile(path: string, longest: number): Promise<Uint8Array> {
  try {
    return await startOf(path, longest);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const code: VerifyCode = 'verify-unreadable';
    throw new Stop(exit.failed, code, `${path}: ${error.message}`, { cause: error });
  }
}

const words = { valid: 'valid', invalid: 'NOT VALID', open: 'not enough for a verdict' } as const;

async function sayFile(path: string, found: FileVerdict, terminal: Terminal): Promise<void> {
  const { kind, verdict, code, detail, ledger, origin, shows } = found;
  terminal.line(`${path}: ${kind ?? 'a file of no known kind'}, ${words[verdict]}`);
  if (ledger !== undefined) terminal.line(`  ledger  ${origin ?? ''}`.trimEnd());
  if (ledger !== undefined) terminal.line(`          ${ledger}`);
  for (const sentence of shows) terminal.line(`  ${sentence}`);
  if (code === undefined) return;
  const { happened, means, next } = await explanationOf(code);
  terminal.line(`  ${happened} [${code}]${detail === undefined ? '' : ` (${detail})`}`);
  terminal.line(`  ${means}`);
  terminal.line(`  ${next}`);
}

async function fileJson(path: string, found: FileVerdict): Promise<Record<string, unknown>> {
  const { kind, verdict, code, detail, ledger, origin, shows } = found;
  const explanation = code === undefined ? {} : { code, ...(await explanationOf(code)) };
  return { file: path, kind, verdict, ledger, origin, shows, ...explanation, detail };
}

/** The file that decides: one that is not valid before one that does not suffice. */
function worst(all: readonly { readonly path: string; readonly verdict: FileVerdict }[]): {
  readonly code: ExitCode;
  readonly line: string;
} {
  for (const [verdict, word, code] of [
    ['invalid', 'FAILED', exit.failed] as const,
    ['open', 'OPEN', exit.insufficient] as const,
  ]) {
    const first = all.find((one) => one.verdict.verdict === verdict);
    if (first !== undefined)
      return { code, line: `verify: ${word} ${first.verdict.code ?? ''} ${first.path}` };
  }
  return { code: exit.ok, line: `verify: OK ${all.length}` };
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const paths = command.args;
  if (paths.includes('')) throw new UsageError('The name of a file is empty.');
  const { startEngines } = await import('../../engines/start.ts');
  const { maxFileBytes } = await import('../../core/verify/file.ts');
  const { isNamed, verifyFiles } = await import('../../wallet/verify-files.ts');
  await startEngines();
  const named = await namedTrust(options);
  const files = paths.map((path) => ({ path, read: () => readFile(path, maxFileBytes) }));
  const all: { path: string; verdict: FileVerdict }[] = [];
  const judge = async (database?: Parameters<typeof verifyFiles>[2]): Promise<void> => {
    for await (const one of verifyFiles(files, named, database)) {
      all.push(one);
      if (options.json !== true) await sayFile(one.path, one.verdict, terminal);
    }
  };
  // Anybody can check, with or without a profile; what is named counts alone.
  const isAlone = isNamed(named) || !(await profileExists(profileFrom(command)));
  await withExits(() =>
    isAlone ? judge() : withWallet(command, terminal, 'existing', ({ database }) => judge(database)),
  );
  const { code, line } = worst(all);
  if (options.json === true) {
    const files = await Promise.all(all.map(({ path, verdict }) => fileJson(path, verdict)));
    terminal.line(JSON.stringify({ verdict: line.split(' ')[1], files }));
  } else terminal.line(line);
  return code;
}

export const verb: Verb = {
  summary: 'check evidence, receipts, promises and cards, without any network',
  configure(command) {
    command.argument('<FILE...>', 'the files');
    addProfileOption(command)
      .option('--card <CARD>', 'the card of the ledger that you mean: a file or a link (repeatable)', collect)
      .option('--ledger <ID>', 'the whole id of the ledger that you mean (repeatable)', ledgerId)
      .option(
        '--vkey <KEY>',
        'the log key of the ledger that you mean, NAME+ID+BASE64 (repeatable)',
        collect,
      );
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
