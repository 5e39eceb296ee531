import type { Command } from 'commander';
import { exit, type ExitCode, Stop, UsageError } from '../exit.ts';
import { withExits } from '../exits.ts';
import type { Terminal } from '../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../profile-option.ts';
import { interruptible } from '../records/interrupt.ts';
import {
  addLabelOptions,
  addLedgerOption,
  type LabelOptions,
  labelsOf,
  numberFrom,
} from '../records/options.ts';
import type { NotarizeJob } from '../records/notarize-job.ts';
import type { Verb } from '../verb.ts';

interface Options extends LabelOptions {
  readonly ledger?: string;
  readonly publicHash?: true;
  readonly publish?: true;
  readonly yes?: true;
  readonly again?: true;
  readonly receipts?: string;
  readonly offline?: true;
  readonly wait: number;
  readonly json?: true;
}

const help = `
Puts the hash of each file on the record; of a folder, of every file in it and below. The files themselves stay where they
are. The hash is salted: without the receipt nobody can tell, or guess, which file was recorded. Salts and labels are kept
sealed in the profile; with --receipts each record gets a receipt that a stranger can check, as JSON and as a page to print.

What cannot be sent waits, signed and sealed, and is sent by the next run. Without a file, notarize sends what waits and
says what became of it; with --receipts it then writes the receipts of all your records on the ledger.

Files that you recorded before in the same way are not recorded again, so an interrupted run can simply be repeated.

With --public-hash the plain hash goes on the record: whoever has the file, or guesses what is in it, can tell that you
recorded it. With --publish everybody can read the labels. Neither can ever be taken back.

Exit codes: 0 done; 1 a file was refused, or a promise was broken; 69 not everything could be sent yet.

Examples:
  countersign notarize contract.pdf --matter 2026-117 --client 'Acme Ltd' --receipts ./receipts
  countersign notarize ./bundle --reference 'Disclosure 3'
  countersign notarize`;

const publicWarning =
  'With a public hash, whoever has the file or guesses what is in it can tell that you recorded it, for ever.';
const publishWarning = 'Published labels can be read by everybody, for ever.';

function checkOptions(options: Options, files: readonly string[]): void {
  if (files.includes('')) throw new UsageError('The name of a file is empty.');
  if (options.receipts === '') throw new UsageError('The name of the folder for receipts is empty.');
  const labels = Object.keys(labelsOf(options)).length;
  if (options.publish === true && labels === 0) {
    throw new UsageError('There is nothing to publish: give --matter, --client, --reference or --text.');
  }
  const about = labels > 0 || options.publicHash === true || options.again === true;
  if (files.length === 0 && about) throw new UsageError('Name the files that this is about.');
  if (files.length === 0 && options.offline === true) {
    throw new UsageError('Without a file there is only sending to do, and --offline says not to.');
  }
}

/** Says what cannot be taken back, and asks. @throws Stop, UsageError */
async function askFirst(options: Options, terminal: Terminal): Promise<boolean> {
  const warnings = [
    ...(options.publicHash === true ? [publicWarning] : []),
    ...(options.publish === true ? [publishWarning] : []),
  ];
  if (warnings.length === 0) return true;
  for (const warning of warnings) terminal.say(warning);
  const { confirmed } = await import('../confirm.ts');
  return confirmed('Do you want that?', options.yes === true);
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const files = command.args;
  checkOptions(options, files);
  if (!(await askFirst(options, terminal))) {
    terminal.say('Nothing was done.');
    return exit.insufficient;
  }
  const { startEngines } = await import('../../engines/start.ts');
  const { runNotarize } = await import('../records/notarize-job.ts');
  await startEngines();
  const job: NotarizeJob = {
    files,
    ledger: options.ledger,
    method: options.publicHash === true ? 'public' : 'salted',
    labels: labelsOf(options),
    publish: options.publish === true,
    again: options.again === true,
    receipts: options.receipts,
    offline: options.offline === true,
    waitSeconds: options.wait,
    isJson: options.json === true,
  };
  const done = await withExits(() =>
    withWallet(command, terminal, 'existing', (wallet) =>
      interruptible(terminal, (signal) => runNotarize(wallet, job, terminal, signal)),
    ),
  );
  if (done.failure !== undefined) {
    const { code, detail } = done.failure;
    throw new Stop(done.isBad ? exit.failed : exit.unavailable, code, detail);
  }
  return done.isBad ? exit.failed : exit.ok;
}

export const verb: Verb = {
  summary: 'record that files existed, without showing them to anybody',
  configure(command) {
    command.argument('[FILE...]', 'files and folders');
    addLedgerOption(addIdentityOptions(command));
    addLabelOptions(command, 'that this belongs to; private unless --publish is given')
      .option('--receipts <DIR>', 'write a receipt for each record into this folder')
      .option('--public-hash', 'record the plain hash instead of a salted one')
      .option('--publish', 'put the labels on the record too, for everybody to read')
      .option('--yes', 'do what cannot be taken back without asking')
      .option('--again', 'record files that were recorded before once more')
      .option('--offline', 'sign and keep; send with a later run')
      .option('--wait <SECONDS>', 'wait at most so long for the block', numberFrom(0, 86_400), 60);
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
