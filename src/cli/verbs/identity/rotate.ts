import { type Command, InvalidArgumentError } from 'commander';
import { fromHex } from '../../../core/bytes.ts';
import type { OwnCode } from '../../../core/errors/own.ts';
import type { PinnedLedger } from '../../../wallet/ledgers.ts';
import type { Sent } from '../../../wallet/identity/own-identity.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { confirmed } from '../../confirm.ts';
import { exit, type ExitCode, Stop, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import { addClaimOptions, addLedgerOption, type ClaimOptions, claimsOf } from '../../identity/options.ts';
import { printSent } from '../../identity/sent.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ClaimOptions {
  readonly ledger?: string;
  readonly recovery?: true;
  readonly recoveryWordsFrom?: string;
  readonly from?: Uint8Array;
  readonly yes?: true;
  readonly json?: true;
}

const help = `
Hands over to the next key of your identity. The old key signs it, the new key agrees, and from that block on only the new
one counts. Your contacts are told that your key changed, and compare safety numbers with you again. What the new contact
card says is given with --name, --firm and --role.

With --recovery the recovery words do it, whatever happened to the old key: also when it was revoked or someone else uses
it. When your words themselves were seen by others, make a new identity in another profile, and recover into it:

  countersign identity new --profile fresh
  countersign identity rotate --profile fresh --recovery --from OLD-KEY --name 'Alice Example'

Examples:
  countersign identity rotate --name 'Alice Example'
  countersign identity rotate --recovery --recovery-words-from ./recovery-words`;

function key(text: string): Uint8Array {
  const bytes = fromHex(text, 32);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError('Give a key as 64 hexadecimal digits in small letters.');
}

async function handOver(
  wallet: Wallet,
  pinned: PinnedLedger,
  options: Options,
  terminal: Terminal,
): Promise<Sent> {
  const { recover, rotate } = await import('../../../wallet/identity/own-identity.ts');
  const claims = claimsOf(options);
  const now = Math.floor(Date.now() / 1000);
  if (options.recovery !== true) return rotate(wallet, pinned, claims, now);
  const { recoveryKeys } = await import('../../identity/recovery-words.ts');
  const keys = await recoveryKeys(wallet, options.recoveryWordsFrom, terminal);
  if (keys === undefined) throw new Stop(exit.insufficient, 'own-recovery-needed' satisfies OwnCode);
  return recover(wallet, pinned, keys, claims, now, options.from);
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const isRecovery = options.recovery === true;
  if (!isRecovery && (options.from ?? options.recoveryWordsFrom) !== undefined) {
    throw new UsageError('--from and --recovery-words-from go with --recovery.');
  }
  const { startEngines } = await import('../../../engines/start.ts');
  const { upToDate } = await import('../../identity/up-to-date.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await upToDate(wallet, options.ledger, terminal);
      const question = `Replace your key on ${pinned.card.origin} by a new one, for good?`;
      if (!(await confirmed(question, options.yes === true))) {
        throw new Stop(exit.insufficient, 'own-declined' satisfies OwnCode);
      }
      const sent = await handOver(wallet, pinned, options, terminal);
      const done = isRecovery ? 'Recovered your identity with a new key' : 'Handed over to a new key';
      printSent(terminal, options.json === true, `${done} on ${pinned.card.origin}.`, sent);
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'hand over to a new key, or recover with the recovery words',
  configure(command) {
    addClaimOptions(addLedgerOption(addIdentityOptions(command)))
      .option('--recovery', 'let the recovery words do it')
      .option('--recovery-words-from <FILE>', 'read the recovery words from a file, or - for standard input')
      .option('--from <KEY>', 'a key of the identity to recover, when it was one of other words', key)
      .option('--yes', 'say yes without being asked');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
