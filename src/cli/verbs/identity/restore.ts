import type { Command } from 'commander';
import type { OwnCode } from '../../../core/errors/own.ts';
import type { Words } from '../../../core/identity/words.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { exit, type ExitCode, Stop } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import { addKeeperOption, keeperOf, type KeeperOptions } from '../../identity/options.ts';
import { identityJson, identityLines } from '../../identity/show.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, profileFrom, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends KeeperOptions {
  readonly wordsFrom?: string;
  readonly json?: true;
}

const help = `
Makes the keys of an identity again from its 24 words. They are asked for without being shown, or read from a file.

In a new profile: join the ledger and synchronise. What the record knows of the identity is found by itself: its keys with the
one that counts now, and its records with the labels that were published. Whoever has a recorded file can check it again, and
"countersign notarize FILE" makes its receipt anew; nothing is recorded twice. What was private is in no record: contacts,
names of files, private labels and messages that waited come back from a backup only (countersign restore).

In a profile whose identity cannot be opened any more (the keychain was lost, the passphrase forgotten) the same words
open it again, with everything private in it. Other words change nothing.

Examples:
  countersign identity restore --profile again
  countersign identity restore --words-from ./words`;

/**
 * Gives the words a vault: a new one, or the one that they open again. Words and keeper are looked at before there is a
 * folder: with the wrong ones nothing is made.
 * @returns whether there was one.
 */
async function restoreWith(
  words: Words,
  command: Command,
  terminal: Terminal,
  use: (wallet: Wallet, wasThere: boolean) => Promise<void>,
): Promise<void> {
  const { checkWords, createVault, hasVault, newSecrets, recoverVault } =
    await import('../../../wallet/vault/vault.ts');
  const { entropyOf } = await import('../../../core/identity/words.ts');
  const { vaultFile } = profileFrom(command);
  const wasThere = await hasVault(vaultFile);
  const entropy = entropyOf(words);
  try {
    if (wasThere) await checkWords(vaultFile, entropy);
    const keeper = await keeperOf(command.opts<Options>());
    await withWallet(command, terminal, 'create', async (wallet) => {
      if (!wasThere) await wallet.needNoVault();
      wallet.vault.adopt(
        wasThere
          ? await recoverVault(vaultFile, keeper, entropy)
          : await createVault(vaultFile, keeper, newSecrets(entropy)),
      );
      await use(wallet, wasThere);
    });
  } finally {
    entropy.fill(0);
  }
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { askWords, wordsFrom } = await import('../../identity/words-input.ts');
  const { loadExplanations } = await import('../../output.ts');
  await loadExplanations();
  const words =
    options.wordsFrom === undefined
      ? await askWords('The 24 words, with spaces between (not shown):', terminal)
      : await wordsFrom(options.wordsFrom);
  if (words === undefined) {
    throw new Stop(exit.unavailable, 'own-words-unread' satisfies OwnCode, 'there is nobody to ask');
  }
  const { startEngines } = await import('../../../engines/start.ts');
  await startEngines();
  await withExits(() =>
    restoreWith(words, command, terminal, async (wallet, wasThere) => {
      const { name } = wallet.profile;
      const state = await wallet.vaultState();
      if (options.json === true) {
        terminal.line(JSON.stringify({ reopened: wasThere, ...(await identityJson(wallet, state)) }));
        return;
      }
      terminal.line(
        wasThere
          ? `Opened the identity of the profile ${name} again, protected by the ${options.keeper}.`
          : `Restored an identity into the profile ${name}, protected by the ${options.keeper}.`,
      );
      for (const line of await identityLines(wallet, state)) terminal.line(line);
      if (!wasThere) {
        terminal.say(
          'Next: "countersign ledger join" and "countersign sync": your keys and records are found then.',
        );
        terminal.say(
          'Contacts, names of files and private labels are in no record: they come back from a backup only.',
        );
      }
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'make an identity again from its words, or open one whose keychain is lost',
  configure(command) {
    addKeeperOption(addIdentityOptions(command)).option(
      '--words-from <FILE>',
      'read the words from a file, or - for standard input',
    );
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
