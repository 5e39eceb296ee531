import type { Command } from 'commander';
import type { SyncProgress } from '../../wallet/sync/options.ts';
import { exit, type ExitCode } from '../exit.ts';
import { withExits } from '../exits.ts';
import { blocksHere } from '../ledger/show-card.ts';
import type { Terminal } from '../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../profile-option.ts';
import { addLedgerOption } from '../records/options.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly ledger?: string;
  readonly json?: true;
}

const help = `
Fetches every block of a joined ledger that is not here yet, from the first of its addresses that answers, and checks all of
it: the signed head, every header, every message, every signature and every entry of the index. Only what was checked is
kept. It can be stopped with Ctrl-C at any time and goes on where it was.

Afterwards it looks what became of messages that wait in the outbox; it sends nothing (countersign notarize does).

Example:
  countersign sync --ledger ledger.example.org`;

function showProgress(terminal: Terminal): (progress: SyncProgress) => void {
  const started = Date.now();
  const first = new Map<SyncProgress['phase'], number>();
  return ({ phase, done, of }) => {
    const from = first.get(phase) ?? done - 1;
    first.set(phase, from);
    const rate = (done - from) / Math.max(0.001, (Date.now() - started) / 1000);
    const left = Math.ceil((of - done) / Math.max(rate, 0.001));
    terminal.progress(`${done} of ${of} ${phase}, ${Math.round(rate)} per second, about ${left} s left`);
  };
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { ledger, json } = command.opts<Options>();
  const { startEngines } = await import('../../engines/start.ts');
  const { findLedger } = await import('../../wallet/ledgers.ts');
  const { refresh } = await import('../../wallet/records/refresh.ts');
  await startEngines();
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const signal = AbortSignal.any([stop.signal, terminal.abandoned]);
  const outcome = { isComplete: false };
  await withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const before = await findLedger(wallet.database, ledger);
      const onProgress = showProgress(terminal);
      const { pinned } = await refresh(wallet, before, { signal, onProgress });
      const { ledger: synced, size } = pinned.joined;
      const filled = blocksHere(pinned.joined);
      outcome.isComplete = filled === size;
      const fresh = filled - blocksHere(before.joined);
      if (json === true) {
        const report = {
          origin: synced.origin,
          ledger: synced.idText,
          blocks: size,
          complete: filled,
          new: fresh,
        };
        terminal.line(JSON.stringify(report));
      } else if (outcome.isComplete) {
        terminal.line(`${synced.origin}: ${size} blocks here and checked, ${fresh} of them new.`);
      } else {
        terminal.line(
          `${synced.origin}: stopped with ${filled} of ${size} blocks here and checked, ${fresh} new.`,
        );
        terminal.say('Run it again to go on where it stopped.');
      }
    }),
  );
  return outcome.isComplete ? exit.ok : exit.insufficient;
}

export const verb: Verb = {
  summary: 'fetch what is new on the record, and check all of it',
  configure(command) {
    addJsonOption(addLedgerOption(addProfileOption(command))).addHelpText('after', help);
  },
  run,
};
