/** Recovery words, where a verb needs them: from a file or typed unseen, never those of the identity itself. */
import type { OwnCode } from '../../core/errors/own.ts';
import { entropyOf } from '../../core/identity/words.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { RecoveryKeys } from '../../wallet/workflows/announce.ts';
import { exit, Stop } from '../exit.ts';
import type { Terminal } from '../output.ts';
import { askWords, wordsFrom } from './words-input.ts';

/**
 * The recovery keys of the words that are given; undefined when there are none and nobody to ask.
 * @throws Stop `own-same-words`, `own-words-unread`, or a `words-` code.
 */
export async function recoveryKeys(
  wallet: Wallet,
  path: string | undefined,
  terminal: Terminal,
): Promise<RecoveryKeys | undefined> {
  const question = 'The 24 recovery words, from the other sheet (not shown):';
  const words = path === undefined ? await askWords(question, terminal) : await wordsFrom(path);
  if (words === undefined) return undefined;
  const entropy = entropyOf(words);
  const isSame = (await wallet.unlock()).holds(entropy);
  entropy.fill(0);
  if (isSame) throw new Stop(exit.failed, 'own-same-words' satisfies OwnCode);
  return new RecoveryKeys(words);
}
