import type { Command } from 'commander';
import { addChannelOptions, type ReadOptions } from '../channel/options.ts';
import type { TargetOptions } from '../disclosure/target.ts';
import { exit, type ExitCode, UsageError } from '../exit.ts';
import { withExits } from '../exits.ts';
import type { Terminal } from '../output.ts';
import { withWallet } from '../profile-option.ts';
import { addTimeOptions, numberFrom } from '../records/options.ts';
import type { Verb } from '../verb.ts';
import type { Recipient } from '../../wallet/disclosure/disclosure-rows.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';

interface Options extends ReadOptions, TargetOptions {
  readonly to?: string;
  readonly file?: string;
  readonly preview?: true;
  readonly yes?: true;
  readonly wait: number;
}

const help = `
Opens something of a channel to somebody who is no member: one message, what was said in a time, everything between two
changes of members (an epoch), the whole channel, or all channels of a transaction. Exactly that and nothing else.

It goes to a contact, sealed over the record, or into a file, which whoever has it can use. First the members are told on the
record that you disclosed it, and where the key of what is said now is among it, they get a new one; only when the record shows
both it is handed out. Stopped before, it goes on with "countersign disclose" without anything else.

Nothing of it can be taken back. What was disclosed can be passed on, and everything that it opens is signed by its author.

Exit codes: 0 handed out, or waiting for its block; 1 it cannot be done; 2 there is nothing to disclose, or you said no; 69 not
everything could be sent yet.

Examples:
  countersign disclose Price --message 1204.3 --to Auditor
  countersign disclose Price --since 2026-01-01 --until 2026-03-31 --file quarter.countersign-grant
  countersign disclose Price --all --to Auditor
  countersign disclose`;

/** Who is to get it, and what they are called. */
async function recipientOf(
  wallet: Wallet,
  pinned: PinnedLedger,
  { file, to }: Options,
): Promise<{ readonly recipient: Recipient; readonly words: string; readonly cautions: readonly string[] }> {
  if (file !== undefined) {
    const words = 'whoever has the file';
    return { recipient: { kind: 'file', path: file }, words, cautions: [] };
  }
  const { cautions, contactsNamed } = await import('../channel/members.ts');
  const { needCurrent } = await import('../../wallet/contacts/contacts.ts');
  const contacts = await contactsNamed(wallet, pinned, [to ?? '']);
  const [contact] = contacts;
  if (contact === undefined) throw new UsageError('Say to whom: --to CONTACT, or --file FILE.');
  const { approved, name } = needCurrent(contact);
  return { recipient: { kind: 'key', keys: approved }, words: name, cautions: cautions(contacts) };
}

/** Begins a disclosure that a person wants. @returns undefined when they only looked, or said no. */
async function begin(
  wallet: Wallet,
  pinned: PinnedLedger,
  given: string,
  options: Options,
  terminal: Terminal,
): Promise<Record<string, unknown> | undefined> {
  const { planJson, planLines } = await import('../disclosure/show.ts');
  const { targetOf } = await import('../disclosure/target.ts');
  const { confirmed } = await import('../confirm.ts');
  const { findChannel } = await import('../../wallet/channels/find.ts');
  const { contactNames } = await import('../../wallet/channels/people.ts');
  const { beginDisclosure } = await import('../../wallet/disclosure/disclose.ts');
  const { planDisclosure } = await import('../../wallet/disclosure/plan.ts');
  const row = await findChannel(wallet, pinned, given);
  const plan = await planDisclosure(wallet, await targetOf(wallet, pinned, row, options));
  const { cautions, recipient, words } = await recipientOf(wallet, pinned, options);
  const names = await contactNames(wallet, pinned.joined.ledger.id);
  const lines = [...planLines(plan, words, names), ...cautions];
  const isJson = options.json === true;
  if (options.preview === true) {
    if (isJson) terminal.line(JSON.stringify(planJson(plan)));
    else for (const line of lines) terminal.line(line);
    return undefined;
  }
  for (const line of lines) if (!isJson || options.yes !== true) terminal.say(line);
  if (!(await confirmed('Disclose this?', options.yes === true))) {
    terminal.say('Nothing was disclosed.');
    return undefined;
  }
  const now = Math.floor(Date.now() / 1000);
  await beginDisclosure(wallet, pinned, plan, recipient, now);
  return planJson(plan);
}

function checkOptions(given: string | undefined, options: Options): void {
  const { file, to } = options;
  const asked = Object.keys(options).filter((name) =>
    ['message', 'since', 'until', 'epoch', 'all', 'transaction', 'to', 'file', 'preview'].includes(name),
  );
  if (given === undefined) {
    if (asked.length > 0) throw new UsageError('Say of which channel: countersign disclose CHANNEL ...');
    return;
  }
  if (file === '') throw new UsageError('The name of the file is empty.');
  if ((file === undefined) === (to === undefined)) {
    throw new UsageError('Say to whom: --to CONTACT, or --file FILE.');
  }
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given] = command.args;
  checkOptions(given, options);
  const { startEngines } = await import('../../engines/start.ts');
  const { channelsOf } = await import('../channel/carry-out.ts');
  const { carryThrough, reportSteps } = await import('../disclosure/run.ts');
  const { scopeOf } = await import('../disclosure/target.ts');
  const { contactNames } = await import('../../wallet/channels/people.ts');
  if (given !== undefined) scopeOf(options);
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await channelsOf(wallet, options, terminal);
      const isJson = options.json === true;
      const begun = given === undefined ? {} : await begin(wallet, pinned, given, options, terminal);
      if (begun === undefined) return options.preview === true ? exit.ok : exit.insufficient;
      const end = await carryThrough(wallet, pinned, options.wait, terminal);
      const names = await contactNames(wallet, pinned.joined.ledger.id);
      const code = reportSteps(end, isJson ? begun : undefined, names, terminal);
      if (end.steps.length === 0 && !isJson) terminal.say('No disclosure waits here.');
      if (end.failure !== undefined) throw end.failure;
      return code;
    }),
  );
}

export const verb: Verb = {
  summary: 'open something of a channel to somebody who is no member',
  configure(command) {
    command.argument('[CHANNEL]', 'its name, or the beginning of its id; without it, go on with what waits');
    addTimeOptions(addChannelOptions(command))
      .option('--message <PLACE>', 'one message: its place as "channel read" shows it, or its id')
      .option(
        '--epoch <N>',
        'everything between two changes of members, counted from 0',
        numberFrom(0, 1_000_000),
      )
      .option('--all', 'the whole channel, as far as you can read it')
      .option('--transaction', 'all channels of its transaction that you can read')
      .option('--to <CONTACT>', 'send it to this contact, sealed')
      .option('--file <FILE>', 'write it into this file, which must not be there yet')
      .option('--preview', 'show what it would open, and do nothing')
      .option('--yes', 'do it without asking')
      .option('--wait <SECONDS>', 'wait at most so long for the block', numberFrom(0, 86_400), 60)
      .addHelpText('after', help);
  },
  run,
};
