/** Answers to the window for secrets: making, restoring and unlocking identities. */
import { CountersignError } from '../../core/errors/family.ts';
import type { IpcCode } from '../../core/errors/ipc.ts';
import type { OwnCode } from '../../core/errors/own.ts';
import type { WordsCode } from '../../core/errors/words.ts';
import { entropyOf, parseWords } from '../../core/identity/words.ts';
import type { RequestOf } from '../../contract/schema.ts';
import { keepRecoveries } from '../../wallet/identity/recovery.ts';
import type { Keychain } from '../../wallet/keychain/keychain.ts';
import {
  checkKeychain,
  checkWords,
  createVault,
  hasVault,
  type Keeper,
  newSecrets,
  recoverVault,
} from '../../wallet/vault/vault.ts';
import { RecoveryKeys } from '../../wallet/workflows/announce.ts';
import type { Desk, Handlers } from '../desk.ts';
import { NewWords } from '../new-words.ts';
import { tellContacts } from './own-card.ts';
import { freeProfileName, type Session } from '../session.ts';

type Given = RequestOf<'secret.create'>['keeper'];

function keeperFrom(given: Given, keychain: Keychain): Keeper {
  return given.kind === 'keychain' ? { kind: 'keychain', keychain } : given;
}

/** Makes an identity in the open profile, or in a new one, which nobody sees before it is made. */
async function makeIn(desk: Desk, make: (session: Session) => Promise<void>): Promise<void> {
  const { open } = desk;
  if (open?.session.kind !== 'own') {
    await desk.openProfile(await freeProfileName(), 'create', make);
    return;
  }
  await make(open.session);
  open.records.forget('all');
  await open.follower.tell();
  await desk.care.tell();
}

/** Answers to the window for secrets, and what it leaves behind when it is closed. */
export class SecretDesk {
  readonly #desk: Desk;
  #words: NewWords | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  /** The window is closed: what was made in it is gone. */
  forget(): void {
    this.#words?.close();
    this.#words = undefined;
  }

  #need(): NewWords {
    if (this.#words === undefined) throw new CountersignError<IpcCode>('ipc-gone');
    return this.#words;
  }

  async #create(given: Given): Promise<null> {
    const { entropy, recovery } = this.#need().finished;
    await makeIn(this.#desk, async ({ wallet, keychain }) => {
      await wallet.needNoVault();
      const keeper = keeperFrom(given, keychain);
      wallet.vault.adopt(await createVault(wallet.profile.vaultFile, keeper, newSecrets(entropy)));
      const keys = new RecoveryKeys(recovery);
      await keepRecoveries(wallet, keys);
      keys.close();
    });
    this.forget();
    return null;
  }

  async #watch(given: Given): Promise<null> {
    await makeIn(this.#desk, async ({ wallet, keychain }) => {
      await wallet.needNoVault();
      const keeper = keeperFrom(given, keychain);
      wallet.vault.adopt(await createVault(wallet.profile.vaultFile, keeper, newSecrets()));
    });
    return null;
  }

  async #recovery(text: string): Promise<null> {
    const words = parseWords(text);
    if (!words.ok) throw new CountersignError<WordsCode>(words.code, words.detail);
    const { wallet } = this.#desk.need().session;
    const entropy = entropyOf(words.value);
    const isSame = (await wallet.unlock()).holds(entropy);
    entropy.fill(0);
    if (isSame) throw new CountersignError<OwnCode>('own-same-words');
    const keys = new RecoveryKeys(words.value);
    await keepRecoveries(wallet, keys);
    keys.close();
    tellContacts(this.#desk);
    return null;
  }

  async #restore({ words: text, keeper: given }: RequestOf<'secret.restore'>): Promise<null> {
    const words = parseWords(text);
    if (!words.ok) throw new CountersignError<WordsCode>(words.code, words.detail);
    const entropy = entropyOf(words.value);
    try {
      await makeIn(this.#desk, async ({ wallet, keychain }) => {
        const { vaultFile } = wallet.profile;
        const isThere = await hasVault(vaultFile);
        if (isThere) await checkWords(vaultFile, entropy);
        else await wallet.needNoVault();
        const keeper = keeperFrom(given, keychain);
        const vault = isThere
          ? await recoverVault(vaultFile, keeper, entropy)
          : await createVault(vaultFile, keeper, newSecrets(entropy));
        wallet.vault.adopt(vault);
      });
    } finally {
      entropy.fill(0);
    }
    return null;
  }

  get handlers(): Handlers<
    | 'secret.checkKeychain'
    | 'secret.sheet'
    | 'secret.answer'
    | 'secret.create'
    | 'secret.restore'
    | 'secret.recovery'
    | 'secret.watch'
    | 'secret.backup'
    | 'secret.drill'
    | 'secret.checkWords'
    | 'secret.unlock'
  > {
    return {
      'secret.checkKeychain': async () => {
        await checkKeychain(this.#desk.keychain);
        return null;
      },
      'secret.sheet': ({ sheet }) => {
        this.#words ??= new NewWords();
        return Promise.resolve(this.#words.show(sheet));
      },
      'secret.answer': ({ sheet, words }) => Promise.resolve({ right: this.#need().answer(sheet, words) }),
      'secret.create': ({ keeper }) => this.#create(keeper),
      'secret.restore': (request) => this.#restore(request),
      'secret.recovery': ({ words }) => this.#recovery(words),
      'secret.watch': ({ keeper }) => this.#watch(keeper),
      'secret.backup': ({ passphrase, withRecord }) => this.#desk.care.backup(passphrase, withRecord),
      'secret.drill': async ({ passphrase }) => {
        await this.#desk.care.drill(passphrase);
        return null;
      },
      'secret.checkWords': async ({ words }) => {
        await this.#desk.care.checkWords(words);
        return null;
      },
      'secret.unlock': async ({ passphrase }) => {
        await this.#desk.unlockWith(passphrase);
        return null;
      },
    };
  }
}
