import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { writeCard } from '../../../core/identity/card.ts';
import { contactLink } from '../../../core/identity/card-link.ts';
import { exit, type ExitCode, Stop } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import { addClaimOptions, addLedgerOption, type ClaimOptions, claimsOf } from '../../identity/options.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ClaimOptions {
  readonly ledger?: string;
  readonly out?: string;
  readonly json?: true;
}

const help = `
Shows your contact card for a ledger: its link, which is also what a QR code of it holds, or a file with --out. Give it to
people over a way that both of you trust; it is not on the record.

On a machine that does not know what your card says (after a restore), say it again with --name, --firm and --role: it is
compared with the record, and only the very same card is shown.

Examples:
  countersign identity card
  countersign identity card --out alice.card`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { startEngines } = await import('../../../engines/start.ts');
  const { findLedger } = await import('../../../wallet/ledgers.ts');
  const { ownCard } = await import('../../../wallet/identity/own-identity.ts');
  const { writeNewFile } = await import('../../../wallet/vault/new-file.ts');
  await startEngines();
  const claims = claimsOf(options);
  const said = Object.keys(claims).length === 0 ? undefined : claims;
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await findLedger(wallet.database, options.ledger);
      const { card, isOnRecord } = await ownCard(wallet, pinned, said);
      if (!isOnRecord) terminal.say('The announcement of this card is not in a block of the local copy yet.');
      if (options.out !== undefined) {
        await writeNewFile(options.out, writeCard(card)).catch((cause: unknown) => {
          const { code = '' } = cause as NodeJS.ErrnoException;
          throw new Stop(exit.cannotWrite, 'cli-cannot-write', `${options.out ?? ''}: ${code}`, { cause });
        });
      }
      const link = contactLink(card);
      if (options.json === true) {
        const { sign, encrypt, ledger } = card;
        const keys = { ledger: toHex(ledger), sign: toHex(sign), encrypt: toHex(encrypt) };
        terminal.line(JSON.stringify({ ...keys, says: card.claims, link, onRecord: isOnRecord }));
      } else terminal.line(link);
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'show your contact card, as a link or a file',
  configure(command) {
    addClaimOptions(addLedgerOption(addIdentityOptions(command))).option(
      '--out <FILE>',
      'write the card into a new file too',
    );
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
