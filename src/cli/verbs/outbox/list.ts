import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { openPromise } from '../../../core/record/promise.ts';
import type { OutboxItem, OutboxState } from '../../../wallet/outbox/outbox.ts';
import type { JoinedLedger } from '../../../wallet/store/record-reader.ts';
import { alarmMember } from '../../alarm/tell.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../../profile-option.ts';
import { addLedgerOption, addLimitOption } from '../../records/options.ts';
import { utc } from '../../records/show.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly ledger?: string;
  readonly limit: number;
  readonly json?: true;
}

const help = `
Lists the messages that you signed and how far they are, the newest first: queued (signed and sealed here, not sent),
accepted (the operator promised, signed, to record it by a certain time), in block (found there by your own check), refused,
or broken: promised, and not recorded in time. Of a broken promise the evidence is kept: countersign alarm list.

Nothing is sent: countersign notarize does that.

Example:
  countersign outbox list`;

function promisedBy({ promise: note }: OutboxItem, { ledger }: JoinedLedger): number | undefined {
  const promise = note && openPromise(note, ledger);
  return promise?.ok === true ? promise.value.lastTime : undefined;
}

function words(item: OutboxItem, joined: JoinedLedger): string {
  const by = promisedBy(item, joined);
  const until = by === undefined ? '' : ` by ${utc(by)}`;
  const all: Readonly<Record<OutboxState, string>> = {
    queued: `queued${item.problem === undefined ? '' : `; ${item.problem}`}`,
    accepted: `promised${until}`,
    'in-block': `in block ${item.height ?? 0}${item.evidence === undefined ? '' : `, after a promise${until} was broken`}`,
    refused: `refused: ${item.problem ?? ''}`,
    broken: `promised${until} and not recorded`,
  };
  return all[item.state];
}

function itemJson(item: OutboxItem, joined: JoinedLedger): Record<string, unknown> {
  const { id, state, attempts, height, problem, evidence } = item;
  const by = promisedBy(item, joined);
  return {
    message: toHex(id),
    state,
    attempts,
    ...(by === undefined ? {} : { promisedBy: utc(by) }),
    ...(height === undefined ? {} : { height }),
    ...(problem === undefined ? {} : { problem }),
    broken: evidence !== undefined,
  };
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { ledger, limit, json } = command.opts<Options>();
  const { startEngines } = await import('../../../engines/start.ts');
  const { findLedger } = await import('../../../wallet/ledgers.ts');
  const { newestItems } = await import('../../../wallet/outbox/outbox.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async ({ database }) => {
      const { card, joined } = await findLedger(database, ledger);
      const items = await newestItems(database, joined, limit);
      const told = await alarmMember(database, joined);
      if (json === true) {
        const messages = items.map((item) => itemJson(item, joined));
        terminal.line(JSON.stringify({ origin: card.origin, messages, ...told }));
        return;
      }
      for (const item of items) terminal.line(`${toHex(item.id)}  ${words(item, joined)}`);
      if (items.length === 0) terminal.say('Nothing was ever sent from here.');
      if (told.alarm !== undefined) terminal.line(told.alarm);
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'list the messages that you signed, and how far they are',
  configure(command) {
    addLimitOption(addLedgerOption(addProfileOption(command)), 20);
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
