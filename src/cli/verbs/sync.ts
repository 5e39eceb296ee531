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

/** Some seconds as a person says them. */
function duration(seconds: number): string {
  if (seconds < 100) return `${Math.ceil(seconds)} s`;
  const minutes = Math.ceil(seconds / 60);
  return minutes < 100 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function progressLine({ phase, done, of, messages }: SyncProgress): string {
  if (phase === 'headers' || messages === undefined) return `${done} of ${of} block headers`;
  const { perSecond, secondsLeft } = messages;
  const counts = `${done} of ${of} blocks, ${messages.done} of ${messages.of} messages`;
  if (perSecond === undefined || secondsLeft === undefined) return counts;
  return `${counts}, ${Math.round(perSecond)} per second, about ${duration(secondsLeft)} left`;
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
      const onProgress = (progress: SyncProgress): void => {
        terminal.progress(progressLine(progress));
      };
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
