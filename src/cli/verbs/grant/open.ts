import { resolve } from 'node:path';
import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import type { Grant } from '../../../core/channel/grant.ts';
import type { GrantedMessageView, OpenedGrant } from '../../../wallet/disclosure/open-grant.ts';
import type { PinnedLedger } from '../../../wallet/ledgers.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { addChannelOptions, type ReadOptions } from '../../channel/options.ts';
import type { KeyNames } from '../../disclosure/show.ts';
import { exit, type ExitCode, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ReadOptions {
  readonly save?: string;
  readonly to?: string;
  readonly offline?: true;
}

const help = `
Opens a disclosure and shows all that it opens, checked against the copy of the record on this machine: that each message
stands there, was signed by its author, and says this and nothing else. Nobody needs to be a member, and for a file no identity
is needed: a profile that has joined the ledger will do ("countersign ledger join").

What was sent to you over the record is named by the beginning of its message id: see "countersign grant list".

A message that was disclosed by itself shows what its author committed to, not that the members could read it. What was disclosed
as a whole shows both, with the list of members.

Exit codes: 0 everything that it lists opened; 1 something does not open with it; 2 something is not in the copy on this
machine.

Examples:
  countersign grant open quarter.countersign-grant
  countersign grant open 5d0c91aa
  countersign grant open quarter.countersign-grant --save 1204.3 --to ./contract.pdf`;

/** The grant that a person means: a file, or one that was sent to them. */
async function grantFrom(wallet: Wallet, pinned: PinnedLedger, given: string): Promise<Grant> {
  const { existsSync } = await import('node:fs');
  const { grantInFile, receivedGrants } = await import('../../../wallet/disclosure/open-grant.ts');
  const { CountersignError } = await import('../../../core/errors/family.ts');
  if (existsSync(given) || !/^[0-9a-f]{8,64}$/.test(given))
    return grantInFile(given, pinned.joined.ledger.id);
  for await (const { grant, id } of receivedGrants(wallet, pinned)) {
    if (!toHex(id).startsWith(given)) continue;
    if (!grant.ok) throw new CountersignError(grant.code, grant.detail);
    return grant.value;
  }
  throw new UsageError('No disclosure with this beginning was sent to you: see "countersign grant list".');
}

/** What this profile calls keys; nothing while it has no identity that is open without asking. */
async function namesOf(wallet: Wallet, { joined }: PinnedLedger): Promise<KeyNames> {
  const { contactNames } = await import('../../../wallet/channels/people.ts');
  const { hasPrivateRows } = await import('../../../wallet/vault/private-rows.ts');
  const isOpen = (await wallet.vaultState()).name === 'open' && (await hasPrivateRows(wallet.database));
  return isOpen ? contactNames(wallet, joined.ledger.id) : new Map<string, string>();
}

/** Shows what a grant opens. @returns whether all of it opened. */
async function show(
  wallet: Wallet,
  pinned: PinnedLedger,
  opened: OpenedGrant,
  isJson: boolean,
  terminal: Terminal,
): Promise<boolean> {
  const view = await import('../../disclosure/show.ts');
  const { grantedMessages } = await import('../../../wallet/disclosure/open-grant.ts');
  const names = await namesOf(wallet, pinned);
  if (!isJson) for (const line of view.grantLines(opened, names)) terminal.line(line);
  const shown: Record<string, unknown>[] = [];
  let isWhole = opened.channels.every(({ epochs }) =>
    epochs.every((one) => one.epoch === undefined || one.opened.ok),
  );
  let byKey = false;
  for await (const message of grantedMessages(wallet.database, pinned.joined, opened)) {
    isWhole &&= message.opened.ok;
    byKey ||= message.opened.ok && message.opened.value.openedBy === 'message-key';
    if (isJson) shown.push(view.grantedJson(message));
    else for (const line of view.grantedLines(message, names)) terminal.line(line);
  }
  if (isJson) terminal.line(JSON.stringify(view.grantJson(opened, shown)));
  else if (byKey) terminal.say(view.byMessageKey);
  return isWhole;
}

/** Writes a document that a grant opens. */
async function save(
  wallet: Wallet,
  { joined }: PinnedLedger,
  opened: OpenedGrant,
  wanted: string,
  path: string,
  terminal: Terminal,
): Promise<void> {
  const { grantedDocument, grantedMessages } = await import('../../../wallet/disclosure/open-grant.ts');
  const { progressOn, sizeOf } = await import('../../documents/show.ts');
  const { interruptible } = await import('../../records/interrupt.ts');
  const isIt = ({ height, id, position }: GrantedMessageView): boolean =>
    `${height}.${position}` === wanted || (wanted.length >= 8 && toHex(id).startsWith(wanted));
  for await (const message of grantedMessages(wallet.database, joined, opened)) {
    const document = grantedDocument(wallet.database, joined, message);
    if (document === undefined || !(isIt(message) || document.content.name === wanted)) continue;
    await interruptible(terminal, (signal) =>
      document.writeTo(path, { signal, onProgress: progressOn(terminal) }),
    ).finally(() => {
      terminal.progress('');
    });
    terminal.say(`Wrote ${path}: ${document.content.name}, ${sizeOf(document.content.size)}.`);
    return;
  }
  throw new UsageError('The disclosure opens no such document.');
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given = ''] = command.args;
  const { offline, save: wanted, to } = options;
  if (given === '') throw new UsageError('The name of the file is empty.');
  if ((wanted === undefined) !== (to === undefined)) {
    throw new UsageError('To write a document give both: --save DOCUMENT --to FILE');
  }
  const { startEngines } = await import('../../../engines/start.ts');
  const { refreshIfPossible } = await import('../../records/fresh.ts');
  const { interruptible } = await import('../../records/interrupt.ts');
  const { findLedger } = await import('../../../wallet/ledgers.ts');
  const { openGrant } = await import('../../../wallet/disclosure/open-grant.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const found = await findLedger(wallet.database, options.ledger);
      const pinned =
        offline === true
          ? found
          : await interruptible(terminal, (signal) => refreshIfPossible(wallet, found, terminal, signal));
      const opened = await openGrant(wallet.database, pinned.joined, await grantFrom(wallet, pinned, given));
      const isWhole = await show(wallet, pinned, opened, options.json === true, terminal);
      if (wanted !== undefined) await save(wallet, pinned, opened, wanted, resolve(to ?? ''), terminal);
      const isAbsent =
        opened.absent.length > 0 ||
        opened.channels.some(({ epochs }) => epochs.some(({ epoch }) => epoch === undefined));
      if (isAbsent)
        terminal.say('Not all of it is in the copy on this machine: synchronise the whole ledger.');
      return isWhole ? (isAbsent ? exit.insufficient : exit.ok) : exit.failed;
    }),
  );
}

export const verb: Verb = {
  summary: 'show what a disclosure opens, checked against the record',
  configure(command) {
    command.argument('<FILE>', 'the file with the disclosure, or the beginning of the id of its message');
    addChannelOptions(command)
      .option('--save <DOCUMENT>', 'write this document of it: its name, or the place of its message')
      .option('--to <FILE>', 'the file to write, which must not be there yet')
      .option('--offline', 'use the copy as it is, without asking the firehose')
      .addHelpText('after', help);
  },
  run,
};
