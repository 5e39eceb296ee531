import type { Command } from 'commander';
import { CountersignError } from '../../../core/errors/family.ts';
import type { LedgerCode } from '../../../core/errors/ledger.ts';
import type { LedgerCard } from '../../../core/record/ledger-card.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { confirmed } from '../../confirm.ts';
import { exit, type ExitCode, Stop, UsageError } from '../../exit.ts';
import { ending, readCard } from '../../ledger/given.ts';
import { cardLines, pinnedJson, print } from '../../ledger/show-card.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly yes?: true;
  readonly json?: true;
}

const help = `
Shows what the card says, fetches the ledger's first block from the card's addresses, checks that its hash is the id on
the card, and pins id and key when you say yes. Compare the ledger id with whoever gave you the card, over another way
than the one it came by.

A card for a ledger of a name that is joined already, with another id or key, is an alarm: nothing is changed.
With the same id and key it may bring other addresses and another policy.

Exit codes: 0 joined; 1 the card is not valid, or it is not the ledger that answers; 2 you said no; 69 nothing answers.

Examples:
  countersign ledger join ledger-card.json
  countersign ledger join countersign:ledger/eyJlbmRwb2ludHMiOlsi...`;

const timeoutMs = 30_000;

/** Refusals that a person must not take for a fault of the network. */
const verdicts: readonly string[] = ['ledger-changed', 'ledger-mismatch', 'sync-no-ledger'];

async function joinIn(wallet: Wallet, card: LedgerCard, options: Options, terminal: Terminal): Promise<void> {
  const { effectOf, fetchForCard, findLedger, pinLedger } = await import('../../../wallet/ledgers.ts');
  const { httpReader } = await import('../../../engines/http-reader.ts');
  const { database } = wallet;
  const isJson = options.json === true;
  const effect = await effectOf(database, card);
  if (effect !== 'nothing') {
    const ledger = await fetchForCard(card, (endpoint) => httpReader(endpoint, timeoutMs));
    const says =
      effect === 'join' ? 'This card names a ledger:' : 'This card changes how a joined ledger is reached:';
    if (options.yes !== true || !isJson) for (const line of [says, ...cardLines(card)]) terminal.say(line);
    const question =
      effect === 'join'
        ? 'Is that the id you were told, and do you want to join?'
        : 'Do you want to use these addresses and this policy?';
    if (!(await confirmed(question, options.yes === true))) {
      throw new Stop(exit.insufficient, 'ledger-declined' satisfies LedgerCode);
    }
    await pinLedger(database, card, ledger, Math.floor(Date.now() / 1000));
  }
  const pinned = await findLedger(database, card.origin);
  const done = { join: 'Joined', change: 'Changed', nothing: 'Joined already:' }[effect];
  print(terminal, isJson, { effect, ...pinnedJson(pinned) }, [
    `${done} ${card.origin}, ledger id ${pinned.joined.ledger.idText}.`,
  ]);
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const [given = ''] = command.args;
  if (given === '') throw new UsageError('The card is empty.');
  const card = await readCard(given);
  const { startEngines } = await import('../../../engines/start.ts');
  await startEngines();
  try {
    await withWallet(command, terminal, 'create', (wallet) =>
      joinIn(wallet, card, command.opts<Options>(), terminal),
    );
  } catch (error) {
    const isVerdict =
      error instanceof CountersignError && verdicts.includes((error as CountersignError).code);
    throw isVerdict ? ending(exit.failed, error) : error;
  }
  return exit.ok;
}

export const verb: Verb = {
  summary: 'join a ledger by its card, and pin its key',
  configure(command) {
    command.argument('<CARD>', 'the file of the card, its link or text, or - for standard input');
    addProfileOption(command).option('--yes', 'say yes to what the card says, without being asked');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
