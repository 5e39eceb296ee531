import { type Command, InvalidArgumentError } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import type { ContactCode } from '../../../core/errors/contact.ts';
import type { SafetyNumber } from '../../../core/identity/safety-number.ts';
import { checkMethods, checkNote, type CheckMethod } from '../../../wallet/contacts/contact-rows.ts';
import type { KnownContact } from '../../../wallet/contacts/contacts.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { confirmed } from '../../confirm.ts';
import { contactJson, methodWords, standingWords } from '../../contact/show.ts';
import { exit, type ExitCode, Stop, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly how?: CheckMethod;
  readonly note?: string;
  readonly number?: string;
  readonly approveUnchecked?: true;
  readonly yes?: true;
  readonly json?: true;
}

const help = `
Shows the safety number with a contact: the same 64 digits stand on the other side's screen when both of you have the right
keys of each other and nobody is between you. Compare them over a way on which you recognise the person.

With --how it keeps a sealed note that you checked this key, how and when. In a terminal you are asked whether the numbers
are the same; otherwise give the number that the other side read out with --number, or --yes.

When the contact's key changed, the number is the one of the new key: checking it approves it. --approve-unchecked approves
it without a check; it is then shown as not checked.

Exit codes: 0 the number was shown, or the check was kept; 1 the numbers differ; 2 you said no, or it cannot be told.

Examples:
  countersign contact verify Bob
  countersign contact verify Bob --how in-person
  countersign contact verify Bob --how phone --number '0123 4567 ...' --note 'called the number on his letterhead'`;

function method(text: string): CheckMethod {
  const found = checkMethods.find((one) => one === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Give one of ${checkMethods.join(', ')}.`);
}

function note(text: string): string {
  if (checkNote(text) !== undefined) return text;
  throw new InvalidArgumentError('Give 1 to 500 characters, without line breaks and invisible characters.');
}

function digits(text: string): string {
  const only = text.replace(/[ \t-]/g, '');
  if (/^\d{64}$/.test(only)) return only;
  throw new InvalidArgumentError('Give all 64 digits, in groups or not.');
}

/** The number in four rows of four groups, as people read it out. */
function numberLines({ groups, qr }: SafetyNumber): readonly string[] {
  const rows = [0, 4, 8, 12].map((at) => `  ${groups.slice(at, at + 4).join(' ')}`);
  return ['Safety number:', ...rows, `QR text: ${qr}`];
}

/** Whether the numbers are the same, as far as it can be told. @throws Stop `contact-number` when they are not. */
async function isSame(number: SafetyNumber, options: Options): Promise<boolean> {
  if (options.number !== undefined) {
    if (options.number === number.groups.join('')) return true;
    throw new Stop(exit.failed, 'contact-number' satisfies ContactCode);
  }
  return confirmed('Does the very same number stand on the other side?', options.yes === true);
}

/** Does what the options ask for after the number was shown. @returns what was done, as a sentence. */
async function act(
  wallet: Wallet,
  known: KnownContact,
  number: SafetyNumber,
  options: Options,
): Promise<string | undefined> {
  const { approveKeys, recordCheck } = await import('../../../wallet/contacts/contacts.ts');
  const { name } = known.contact;
  if (options.approveUnchecked === true) {
    const question = `Approve the new key of ${name} without having checked it?`;
    if (!(await confirmed(question, options.yes === true))) {
      throw new Stop(exit.insufficient, 'contact-declined' satisfies ContactCode);
    }
    await approveKeys(wallet, known);
    return `Approved the key of ${name} without a check.`;
  }
  if (options.how === undefined) return undefined;
  if (!(await isSame(number, options))) {
    throw new Stop(exit.insufficient, 'contact-declined' satisfies ContactCode);
  }
  await recordCheck(wallet, known, options.how, Math.floor(Date.now() / 1000), options.note);
  return `Kept that you checked the key of ${name} ${methodWords[options.how]}.`;
}

function checkOptions({ how, number, note: said, approveUnchecked }: Options): void {
  if (how === undefined && (number ?? said) !== undefined) {
    throw new UsageError(`Say how you compared the numbers: --how ${checkMethods.join('|')}.`);
  }
  if (how !== undefined && approveUnchecked === true) {
    throw new UsageError('Either you checked the key (--how), or you approve it unchecked. Not both.');
  }
}

async function verify(
  wallet: Wallet,
  given: string,
  options: Options,
  terminal: Terminal,
): Promise<ExitCode> {
  const { findContact, keysToCompare, numberWith } = await import('../../../wallet/contacts/contacts.ts');
  const known = await findContact(wallet, given);
  const number = await numberWith(wallet, known);
  const isJson = options.json === true;
  if (!isJson) {
    for (const line of numberLines(number)) terminal.line(line);
    if (known.standing !== 'current') {
      terminal.say(`${known.contact.name}: ${standingWords[known.standing]}.`);
      terminal.say(`The number is about the key ${toHex(keysToCompare(known).sign)}.`);
    }
  }
  const done = await act(wallet, known, number, options);
  if (isJson) {
    const after = await findContact(wallet, given);
    const { groups, qr } = number;
    terminal.line(JSON.stringify({ ...contactJson(after), number: groups.join(' '), qr }));
  } else if (done !== undefined) terminal.line(done);
  else terminal.say('Compare it with the other side, then run this again with --how to keep that you did.');
  return exit.ok;
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given = ''] = command.args;
  checkOptions(options);
  const { startEngines } = await import('../../../engines/start.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', (wallet) => verify(wallet, given, options, terminal)),
  );
}

export const verb: Verb = {
  summary: 'compare the safety number with a contact, and keep that you did',
  configure(command) {
    command.argument('<NAME>', 'your name for the contact, or 8 or more digits of its key');
    addIdentityOptions(command)
      .option('--how <HOW>', `how you compared: ${checkMethods.join(', ')}`, method)
      .option('--number <DIGITS>', 'the number that the other side has', digits)
      .option('--note <TEXT>', 'anything to remember about the check', note)
      .option('--approve-unchecked', 'approve a changed key without comparing')
      .option('--yes', 'say yes without being asked');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
