import { type Command, InvalidArgumentError } from 'commander';
import type { OwnCode } from '../../../core/errors/own.ts';
import { confirmed } from '../../confirm.ts';
import { exit, type ExitCode, Stop } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import { addClaimOptions, addLedgerOption, type ClaimOptions, claimsOf } from '../../identity/options.ts';
import { printSent } from '../../identity/sent.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ClaimOptions {
  readonly ledger?: string;
  readonly publicName?: string;
  readonly recoveryWordsFrom?: string;
  readonly yes?: true;
  readonly json?: true;
}

const help = `
Puts the keys of your identity on a ledger, with a commitment to your recovery words and one to your contact card. What
the card says (--name, --firm, --role) is not public: people see it when you give them the card.

A public name (--public-name) stands on the record in plain words, for everybody and for good: it can never be erased or
changed. Most people need none.

The recovery words are asked for, unless the ledger was joined before the identity was made.

Examples:
  countersign identity announce --name 'Alice Example' --firm 'Example Ltd'
  countersign identity announce --ledger ledger.example.org/2026 --recovery-words-from ./recovery-words`;

const warning =
  'A public name stands on the record for everybody and for good. It can never be erased. Put it there?';

function publicText(text: string): string {
  const length = Array.from(text).length;
  if (length >= 1 && length <= 100) return text;
  throw new InvalidArgumentError('Give 1 to 100 characters.');
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { startEngines } = await import('../../../engines/start.ts');
  const { upToDate } = await import('../../identity/up-to-date.ts');
  const { announce } = await import('../../../wallet/identity/own-identity.ts');
  const { recoveryKeys } = await import('../../identity/recovery-words.ts');
  await startEngines();
  const { publicName } = options;
  if (publicName !== undefined && !(await confirmed(warning, options.yes === true))) {
    throw new Stop(exit.insufficient, 'own-declined' satisfies OwnCode);
  }
  await withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await upToDate(wallet, options.ledger, terminal);
      const sent = await announce(wallet, pinned, {
        claims: claimsOf(options),
        ...(publicName === undefined ? {} : { publicName }),
        recovery: () => recoveryKeys(wallet, options.recoveryWordsFrom, terminal),
        now: Math.floor(Date.now() / 1000),
      });
      printSent(terminal, options.json === true, `Announced your identity on ${pinned.card.origin}.`, sent);
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'put your keys on a ledger, so that others can check what you sign',
  configure(command) {
    addClaimOptions(addLedgerOption(addIdentityOptions(command)))
      .option('--public-name <TEXT>', 'a name on the record itself: public, and there for good', publicText)
      .option('--recovery-words-from <FILE>', 'read the recovery words from a file, or - for standard input')
      .option('--yes', 'say yes to the public name, without being asked');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
