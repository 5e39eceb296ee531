import { type Command, InvalidArgumentError } from 'commander';
import { fromHex } from '../../../core/bytes.ts';
import { maxTime } from '../../../core/encoding/members.ts';
import type { OwnCode } from '../../../core/errors/own.ts';
import { type Revocation, revocationReasons } from '../../../core/identity/statement.ts';
import type { PinnedLedger } from '../../../wallet/ledgers.ts';
import type { Sent } from '../../../wallet/identity/own-identity.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { confirmed } from '../../confirm.ts';
import { exit, type ExitCode, Stop, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import { addLedgerOption } from '../../identity/options.ts';
import { printSent } from '../../identity/sent.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly ledger?: string;
  readonly reason: Revocation['reason'];
  readonly since?: number;
  readonly key?: Uint8Array;
  readonly recovery?: true;
  readonly recoveryWordsFrom?: string;
  readonly yes?: true;
  readonly json?: true;
}

const help = `
Ends a key for good, from the start of the block that the revocation gets into. What the key signed before stays as it was
judged; with --reason compromised, --since adds for every reader that it may have been in other hands since that time.

The key ends itself. With --recovery the recovery words end it, for when you no longer have the key. To go on with a new
key afterwards: "countersign identity rotate --recovery".

Examples:
  countersign identity revoke --reason compromised --since 2026-11-01
  countersign identity revoke --reason lost --recovery`;

function reason(text: string): Revocation['reason'] {
  const found = revocationReasons.find((one) => one === text);
  if (found !== undefined) return found;
  throw new InvalidArgumentError(`Give one of ${revocationReasons.join(', ')}.`);
}

/** A day, or a second, in UTC. */
function pointInTime(text: string): number {
  const form = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2})Z)?$/.exec(text);
  const iso = `${form?.[1] ?? ''}T${form?.[2] ?? '00:00:00'}.000Z`;
  const time = Date.parse(iso);
  const isReal = form !== null && !Number.isNaN(time) && new Date(time).toISOString() === iso;
  if (isReal && time >= 0 && time / 1000 <= maxTime) return time / 1000;
  throw new InvalidArgumentError('Give a day in UTC, 2026-11-23, or a second, 2026-11-23T14:05:09Z.');
}

function key(text: string): Uint8Array {
  const bytes = fromHex(text, 32);
  if (bytes !== undefined) return bytes;
  throw new InvalidArgumentError('Give a key as 64 hexadecimal digits in small letters.');
}

async function end(
  wallet: Wallet,
  pinned: PinnedLedger,
  options: Options,
  terminal: Terminal,
): Promise<Sent> {
  const { revoke } = await import('../../../wallet/identity/own-identity.ts');
  const { recoveryKeys } = await import('../../identity/recovery-words.ts');
  const recovery =
    options.recovery === true ? await recoveryKeys(wallet, options.recoveryWordsFrom, terminal) : undefined;
  if (options.recovery === true && recovery === undefined) {
    throw new Stop(exit.insufficient, 'own-recovery-needed' satisfies OwnCode);
  }
  return revoke(wallet, pinned, {
    reason: options.reason,
    now: Math.floor(Date.now() / 1000),
    ...(options.since === undefined ? {} : { since: options.since }),
    ...(options.key === undefined ? {} : { key: options.key }),
    ...(recovery === undefined ? {} : { recovery }),
  });
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  if (options.since !== undefined && options.reason !== 'compromised') {
    throw new UsageError('--since goes with --reason compromised.');
  }
  if (options.recovery !== true && options.recoveryWordsFrom !== undefined) {
    throw new UsageError('--recovery-words-from goes with --recovery.');
  }
  const { startEngines } = await import('../../../engines/start.ts');
  const { upToDate } = await import('../../identity/up-to-date.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await upToDate(wallet, options.ledger, terminal);
      const question = `End this key on ${pinned.card.origin} for good? It can never be undone.`;
      if (!(await confirmed(question, options.yes === true))) {
        throw new Stop(exit.insufficient, 'own-declined' satisfies OwnCode);
      }
      const sent = await end(wallet, pinned, options, terminal);
      printSent(terminal, options.json === true, `Revoked a key on ${pinned.card.origin}.`, sent);
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'end a key for good',
  configure(command) {
    addLedgerOption(addIdentityOptions(command))
      .requiredOption('--reason <REASON>', `why: ${revocationReasons.join(', ')}`, reason)
      .option('--since <TIME>', 'since when the key may have been in other hands (UTC)', pointInTime)
      .option('--key <KEY>', 'the key that ends (default: the current one)', key)
      .option('--recovery', 'let the recovery words end it')
      .option('--recovery-words-from <FILE>', 'read the recovery words from a file, or - for standard input')
      .option('--yes', 'say yes without being asked');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
