/** Backups of the open profile, their trial, and what is said of both. Passphrases and words pass through, and stay nowhere. */
import { basename, join } from 'node:path';
import { CountersignError } from '../core/errors/family.ts';
import type { IpcCode } from '../core/errors/ipc.ts';
import type { WordsCode } from '../core/errors/words.ts';
import { entropyOf, parseWords } from '../core/identity/words.ts';
import type { CareView } from '../contract/state.ts';
import { backupPath, writeBackup } from '../wallet/backup/backup.ts';
import { describeBackup } from '../wallet/backup/restore.ts';
import { checkWords, keeperOf } from '../wallet/vault/vault.ts';
import type { Board } from './board.ts';
import type { Follower } from './follow.ts';
import type { Session } from './session.ts';

const now = (): number => Math.floor(Date.now() / 1000);

/** What it needs of the desk. */
interface Around {
  readonly board: Board;
  need(): { readonly session: Session; readonly follower: Follower };
}

export class Care {
  readonly #desk: Around;
  /** Where the next backup goes, as the person chose. */
  folder: string | undefined;
  /** Which backup is to be tried. */
  file: string | undefined;

  constructor(desk: Around) {
    this.#desk = desk;
  }

  /** Says how the open profile is looked after. */
  async tell(): Promise<void> {
    const { wallet, preferences, kind } = this.#desk.need().session;
    const keeper = await keeperOf(wallet.profile.vaultFile).catch(() => undefined);
    const { backup, drill, words } = preferences.value;
    const view: CareView = {
      idleMinutes: idleMinutes(preferences.value.idleMinutes, kind),
      ...(keeper === 'keychain' || keeper === 'passphrase' ? { keeper } : {}),
      ...(backup === undefined ? {} : { backup }),
      ...(drill === undefined ? {} : { drill }),
      ...(words === undefined ? {} : { words }),
    };
    this.#desk.board.set('care', view);
  }

  /** Writes a backup into the folder that was chosen. */
  async backup(passphrase: string, withRecord: boolean): Promise<{ readonly file: string }> {
    const { folder } = this;
    const { session, follower } = this.#desk.need();
    if (folder === undefined) throw new CountersignError<IpcCode>('ipc-gone');
    const { wallet, preferences } = session;
    const at = now();
    const file = join(folder, basename(backupPath(wallet, at)));
    await follower.alone(() => writeBackup(wallet, file, passphrase, { withRecord, now: at }));
    preferences.set({ backup: { at, file: file.toWellFormed().slice(0, 1000) } });
    await this.tell();
    return { file: file.toWellFormed() };
  }

  /** Opens the backup that was chosen, reads it to its end, and writes nothing. */
  async drill(passphrase: string): Promise<void> {
    const { file } = this;
    const { preferences } = this.#desk.need().session;
    if (file === undefined) throw new CountersignError<IpcCode>('ipc-gone');
    const { created, profile } = await describeBackup(file, passphrase);
    preferences.set({ drill: { at: now(), created, profile } });
    await this.tell();
  }

  /** Looks whether words open this profile. */
  async checkWords(text: string): Promise<void> {
    const { wallet, preferences } = this.#desk.need().session;
    const words = parseWords(text);
    if (!words.ok) throw new CountersignError<WordsCode>(words.code, words.detail);
    const entropy = entropyOf(words.value);
    try {
      await checkWords(wallet.profile.vaultFile, entropy);
    } finally {
      entropy.fill(0);
    }
    preferences.set({ words: now() });
    await this.tell();
  }
}

/** The keys of a practice ledger are good for nothing: they stay open. */
export function idleMinutes(chosen: number | undefined, kind: Session['kind']): number {
  return chosen ?? (kind === 'own' ? 15 : 0);
}
