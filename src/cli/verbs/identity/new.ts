import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import type { Command } from 'commander';
import type { OwnCode } from '../../../core/errors/own.ts';
import type { VaultCode } from '../../../core/errors/vault.ts';
import type { Words } from '../../../core/identity/words.ts';
import type { Keeper } from '../../../wallet/vault/vault.ts';
import type { Wallet } from '../../../wallet/wallet.ts';
import { canAsk } from '../../ask.ts';
import { exit, type ExitCode, Stop, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import { addKeeperOption, keeperOf, type KeeperOptions } from '../../identity/options.ts';
import type { Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, profileFrom, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends KeeperOptions {
  readonly wordsToFile?: string;
  readonly recoveryWordsToFile?: string;
  readonly watchOnly?: true;
  readonly json?: true;
}

const help = `
Makes an identity from 24 new words, and 24 other words with which it can be recovered when the first ones are lost or
stolen. Both are shown once, on the terminal, and some of them are asked back. They are never printed into a pipe; for
machines without a terminal give two files, which are written for you alone to read.

On this machine the words are sealed into a file of the profile. The key to it lies in the keychain of your system, or is
made from a passphrase when you choose --keeper passphrase.

With --watch-only the profile gets no words: it can check, search and keep contacts, and it can never sign.

Examples:
  countersign identity new
  countersign identity new --profile work --keeper passphrase
  countersign identity new --words-to-file ./words --recovery-words-to-file ./recovery-words`;

const wordsAdvice = [
  'Write these words down, with their numbers, and keep the paper where nobody else can read it.',
  'Whoever has them can sign as you. If you lose them and this machine, only the recovery words help.',
  'They are shown only once. Do not photograph them, and do not store them on a computer.',
];
const recoveryAdvice = [
  'These are other words: write them on another sheet, and keep it in another place than the first.',
  'You need them once for each ledger that you join later, and when your key is lost or stolen: they outrank it.',
  'They are shown only once, and they are not kept on this machine.',
];

/** Hands new words over: into the file that was asked for, or on the screen. */
async function handOver(
  words: Words,
  file: string | undefined,
  title: string,
  advice: readonly string[],
): Promise<void> {
  if (file === undefined) {
    const { showWords } = await import('../../identity/words-screen.ts');
    await showWords(words, title, advice);
    return;
  }
  const { writeNewFile } = await import('../../../wallet/vault/new-file.ts');
  await writeNewFile(file, Buffer.from(`${words}\n`)).catch((cause: unknown) => {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw new Stop(exit.cannotWrite, 'own-words-file' satisfies OwnCode, `${file}: ${code}`, { cause });
  });
}

/** Makes the two sheets of words, then the vault: nobody has an identity whose words were never written down. */
async function createIn(wallet: Wallet, keeper: Keeper, options: Options): Promise<void> {
  const { createVault, newSecrets } = await import('../../../wallet/vault/vault.ts');
  const { RecoveryKeys } = await import('../../../wallet/workflows/announce.ts');
  const { keepRecoveries } = await import('../../../wallet/identity/recovery.ts');
  const { wordsOf } = await import('../../../core/identity/words.ts');
  const { vaultFile } = wallet.profile;
  if (options.watchOnly === true) {
    wallet.vault.adopt(await createVault(vaultFile, keeper, newSecrets()));
    return;
  }
  const entropy = new Uint8Array(randomBytes(32));
  const recoveryWords = wordsOf(new Uint8Array(randomBytes(32)));
  const written: string[] = [];
  const sheet = async (
    words: Words,
    file: string | undefined,
    title: string,
    advice: readonly string[],
  ): Promise<void> => {
    await handOver(words, file, title, advice);
    if (file !== undefined) written.push(file);
  };
  try {
    await sheet(wordsOf(entropy), options.wordsToFile, 'The words of your identity', wordsAdvice);
    await sheet(recoveryWords, options.recoveryWordsToFile, 'Your recovery words', recoveryAdvice);
    wallet.vault.adopt(await createVault(vaultFile, keeper, newSecrets(entropy)));
  } catch (error) {
    // Words of an identity that does not exist would only mislead.
    for (const file of written) await rm(file, { force: true });
    throw error;
  } finally {
    entropy.fill(0);
  }
  const recovery = new RecoveryKeys(recoveryWords);
  await keepRecoveries(wallet, recovery);
  recovery.close();
}

function checkOptions(options: Options): void {
  const { watchOnly, wordsToFile, recoveryWordsToFile } = options;
  const files = [wordsToFile, recoveryWordsToFile].filter((file) => file !== undefined);
  if (watchOnly === true) {
    if (files.length > 0) throw new UsageError('With --watch-only there are no words to write to a file.');
    return;
  }
  if (files.length === 2 && files[0] === files[1]) {
    throw new UsageError('The two sheets of words need two files: keep them in different places.');
  }
  if (files.length < 2 && !canAsk()) {
    throw new Stop(exit.unavailable, 'own-words-screen' satisfies OwnCode);
  }
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  checkOptions(options);
  const { startEngines } = await import('../../../engines/start.ts');
  await startEngines();
  await withExits(async () => {
    const { hasVault } = await import('../../../wallet/vault/vault.ts');
    const { CountersignError } = await import('../../../core/errors/family.ts');
    if (await hasVault(profileFrom(command).vaultFile)) throw new CountersignError<VaultCode>('vault-exists');
    // Before there is a folder: where nothing can protect an identity, nothing is made.
    const keeper = await keeperOf(options);
    await withWallet(command, terminal, 'create', async (wallet) => {
      await wallet.needNoVault();
      await createIn(wallet, keeper, options);
      const { profile } = wallet;
      if (options.json === true) {
        const watchOnly = options.watchOnly === true;
        terminal.line(JSON.stringify({ profile: profile.name, keeper: options.keeper, watchOnly }));
        return;
      }
      terminal.line(
        options.watchOnly === true
          ? `Made the profile ${profile.name}. It watches and never signs.`
          : `Made an identity in the profile ${profile.name}, protected by the ${options.keeper}.`,
      );
      for (const file of [options.wordsToFile, options.recoveryWordsToFile]) {
        if (file !== undefined) terminal.say(`Words are in ${file}: move it off this machine.`);
      }
      if (options.watchOnly !== true) {
        const { pinnedLedgers } = await import('../../../wallet/ledgers.ts');
        const hasJoined = (await pinnedLedgers(wallet.database)).length > 0;
        const join = hasJoined ? '"countersign sync"' : 'join a ledger with "countersign ledger join"';
        terminal.say(`Next: ${join}, then "countersign identity announce".`);
      }
    });
  });
  return exit.ok;
}

export const verb: Verb = {
  summary: 'make an identity from new words, or a profile that only watches',
  configure(command) {
    addKeeperOption(addIdentityOptions(command))
      .option('--words-to-file <FILE>', 'write the words into a new file instead of showing them')
      .option(
        '--recovery-words-to-file <FILE>',
        'write the recovery words into a new file instead of showing them',
      )
      .option('--watch-only', 'make a profile without words, which never signs');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
