import type { Command } from 'commander';
import { CountersignError } from '../../core/errors/family.ts';
import type { Tail } from '../../wallet/explorer/tail.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { exit, type ExitCode } from '../exit.ts';
import { withExits } from '../exits.ts';
import { tellAlarm } from '../alarm/tell.ts';
import { explanationOf, type Terminal } from '../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../profile-option.ts';
import { interruptible } from '../records/interrupt.ts';
import {
  addFilterOptions,
  addLedgerOption,
  type FilterOptions,
  filterOf,
  numberFrom,
} from '../records/options.ts';
import { followsOnly, messageJson, messageLine } from '../records/show.ts';
import type { Verb } from '../verb.ts';

interface Options extends FilterOptions {
  readonly ledger?: string;
  readonly lines: number;
  readonly follow?: true;
  readonly json?: true;
}

const help = `
Shows the newest messages of the verified copy on this machine, the newest last. With --follow it goes on: it fetches
and verifies each new block and shows what is in it, until you end it with Ctrl-C. While the network is away it waits.

With --json each message is one JSON object on a line of its own.

Examples:
  countersign tail -n 50
  countersign tail --follow --type file`;

/** How often a firehose is asked, in milliseconds. */
const pollMs = 2000;

async function showNew(
  tail: Tail,
  { joined }: PinnedLedger,
  isJson: boolean,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  for await (const { found, sealed } of tail.next(joined)) {
    if (signal.aborted) return;
    terminal.line(isJson ? JSON.stringify(messageJson(found, sealed)) : messageLine(found, sealed));
  }
}

async function follow(
  wallet: Wallet,
  tail: Tail,
  start: PinnedLedger,
  isJson: boolean,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<void> {
  const { pause, refresh } = await import('../../wallet/records/refresh.ts');
  let pinned = start;
  let said: string | undefined;
  while (!signal.aborted) {
    try {
      ({ pinned } = await refresh(wallet, pinned, { signal }));
      said = undefined;
    } catch (error) {
      // An address that fails for the moment may come back; what contradicts the record does not.
      const isPassing =
        error instanceof CountersignError &&
        ['sync-unreachable', 'sync-withheld', 'sync-failing', 'store-busy'].includes(String(error.code));
      if (!isPassing) throw error;
      const code = String(error.code);
      if (said !== code) terminal.say(`${(await explanationOf(code)).happened} Waiting. [${code}]`);
      said = code;
    }
    await showNew(tail, pinned, isJson, terminal, signal);
    await pause(pollMs, signal);
  }
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const isJson = options.json === true;
  const { startEngines } = await import('../../engines/start.ts');
  const { findLedger } = await import('../../wallet/ledgers.ts');
  const { Tail } = await import('../../wallet/explorer/tail.ts');
  const { isKnown } = await import('../../wallet/follow/known.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', (wallet) =>
      interruptible(terminal, async (signal) => {
        const pinned = await findLedger(wallet.database, options.ledger);
        await tellAlarm(wallet.database, pinned.joined, terminal);
        if (!(await isKnown(wallet.database, pinned.joined, options.tag))) terminal.say(followsOnly);
        const tail = await Tail.open(wallet.database, pinned.joined, filterOf(options), options.lines);
        await showNew(tail, pinned, isJson, terminal, signal);
        if (options.follow === true) await follow(wallet, tail, pinned, isJson, terminal, signal);
      }),
    ),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'show the newest messages, and go on as the record grows',
  configure(command) {
    addLedgerOption(addProfileOption(command))
      .option('-n, --lines <N>', 'begin with so many messages', numberFrom(0, 1000), 10)
      .option('-f, --follow', 'go on until Ctrl-C');
    addFilterOptions(command);
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
