import type { Command } from 'commander';
import { tellAlarm } from '../alarm/tell.ts';
import { exit, type ExitCode } from '../exit.ts';
import { withExits } from '../exits.ts';
import type { Terminal } from '../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../profile-option.ts';
import { addLedgerOption, addLimitOption, numberFrom } from '../records/options.ts';
import { blockJson, blockLine } from '../records/show.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly ledger?: string;
  readonly limit: number;
  readonly before?: number;
  readonly json?: true;
}

const help = `
Lists the blocks of the verified copy on this machine, newest first: height, sealing time (UTC), number of messages, size
and hash. Go on with --before and the last height that was shown.

Examples:
  countersign blocks
  countersign blocks --limit 50 --before 1000`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { ledger, limit, before, json } = command.opts<Options>();
  const { startEngines } = await import('../../engines/start.ts');
  const { findLedger } = await import('../../wallet/ledgers.ts');
  const { findBlocks } = await import('../../wallet/explorer/look-up.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async ({ database }) => {
      const { joined, card } = await findLedger(database, ledger);
      await tellAlarm(database, joined, terminal);
      const blocks = await findBlocks(database, joined, limit, before ?? joined.size);
      const last = blocks.at(-1);
      const next = last !== undefined && last.height > 0 ? { next: last.height } : {};
      if (json === true) {
        const list = blocks.map(blockJson);
        terminal.line(JSON.stringify({ origin: card.origin, blocks: list, ...next }));
        return;
      }
      for (const header of blocks) terminal.line(blockLine(header));
      if (blocks.length === 0 && before !== undefined)
        terminal.say('There are no blocks below this height here.');
      else if (blocks.length === 0) terminal.say('There are no blocks here. Synchronise to fetch them.');
      else if (next.next !== undefined) terminal.say(`Older ones: --before ${next.next}`);
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'list the blocks of the record, newest first',
  configure(command) {
    addLimitOption(addLedgerOption(addProfileOption(command)), 20).option(
      '--before <HEIGHT>',
      'only blocks below this height',
      numberFrom(0, Number.MAX_SAFE_INTEGER),
    );
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
