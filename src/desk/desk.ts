/** The desk: which profile is open, what is under way in it, and who answers which request. */
import { CountersignError } from '../core/errors/family.ts';
import type { IpcCode } from '../core/errors/ipc.ts';
import type { VaultCode } from '../core/errors/vault.ts';
import type { ChannelName, ReplyOf, RequestOf, Schema } from '../contract/schema.ts';
import type { Keychain } from '../wallet/keychain/keychain.ts';
import { osKeychain } from '../wallet/keychain/os-keychain.ts';
import { reopenWallet } from '../wallet/wallet.ts';
import { Board } from './board.ts';
import { Care, idleMinutes } from './care.ts';
import { Transfers } from './channels/transfers.ts';
import { Choices } from './chosen.ts';
import { Doctor } from './doctor.ts';
import { Follower } from './follow.ts';
import { Idle } from './idle.ts';
import { NotarizeJob } from './notarize-job.ts';
import type { DeskSetup, FromDesk } from './protocol.ts';
import { RangeCheck } from './range-check.ts';
import { RecordList } from './record-list.ts';
import {
  closeSession,
  currentLedger,
  ownSession,
  practiceSession,
  profilesOf,
  type Session,
} from './session.ts';

/** The channels that the thread answers. */
export type DeskChannel = {
  [N in ChannelName]: Schema[N]['answeredBy'] extends 'shell' ? never : N;
}[ChannelName];

/** A function for each of these channels. */
export type Handlers<N extends ChannelName> = {
  readonly [K in N]: (request: RequestOf<K>) => Promise<ReplyOf<K>>;
};

/** Everything that belongs to one open profile. */
export interface OpenDesk {
  readonly session: Session;
  readonly records: RecordList;
  readonly follower: Follower;
  readonly range: RangeCheck;
}

type Prepare = (session: Session) => Promise<void>;

export class Desk {
  readonly setup: DeskSetup;
  readonly board: Board;
  readonly choices = new Choices();
  /** The keychain of this user. */
  readonly keychain: Keychain;
  readonly doctor: Doctor;
  readonly care: Care;
  readonly idle = new Idle(() => void this.lockSoon());
  readonly transfers: Transfers;
  readonly #post: (message: FromDesk) => void;
  readonly #questions = new Map<number, (value: string | undefined) => void>();
  readonly #keychainAsked = new Map<number, (answer: string | undefined) => void>();
  #open: OpenDesk | undefined;
  #job: NotarizeJob | undefined;
  #work: Promise<void> = Promise.resolve();
  #number = 0;
  #opening = false;
  /** The files of the open profile are closed for work on them. */
  #isClosed = false;
  /** The passphrase that was typed for the unlocking under way. */
  #passphrase: string | undefined;

  constructor(setup: DeskSetup, post: (message: FromDesk) => void) {
    this.setup = setup;
    this.#post = post;
    this.keychain = osKeychain({
      service: 'Countersign',
      run: (request, waitMs) => {
        const id = ++this.#number;
        post({ kind: 'keychain', id, request, waitMs });
        return new Promise((resolve) => {
          this.#keychainAsked.set(id, resolve);
        });
      },
    });
    this.board = new Board((delta) => {
      post({ kind: 'delta', delta });
    });
    this.doctor = new Doctor(this);
    this.care = new Care(this);
    this.transfers = new Transfers(this.board);
  }

  /** Says which profiles there are. */
  async greet(): Promise<void> {
    this.board.set('start', { profiles: await profilesOf(this.setup), busy: this.#opening });
  }

  get open(): OpenDesk | undefined {
    return this.#open;
  }

  /** The open profile. @throws CountersignError `ipc-gone`; `ipc-busy` while its files are worked on */
  need(): OpenDesk {
    if (this.#isClosed) throw new CountersignError<IpcCode>('ipc-busy');
    if (this.#open === undefined) throw new CountersignError<IpcCode>('ipc-gone');
    return this.#open;
  }

  /** Asks a person, by way of the shell. */
  ask(what: 'folder'): Promise<string | undefined> {
    const id = ++this.#number;
    this.#post({ kind: 'question', id, what });
    return new Promise((resolve) => {
      this.#questions.set(id, resolve);
    });
  }

  answered(id: number, value: string | undefined): void {
    this.#questions.get(id)?.(value);
    this.#questions.delete(id);
  }

  keychainAnswered(id: number, answer: string | undefined): void {
    this.#keychainAsked.get(id)?.(answer);
    this.#keychainAsked.delete(id);
  }

  /** Opens a session in place of the one that is open. @throws CountersignError `ipc-busy` and as opening does. */
  async #enter(make: () => Promise<Session>, prepare?: Prepare): Promise<OpenDesk> {
    if (this.#opening) throw new CountersignError<IpcCode>('ipc-busy');
    this.#opening = true;
    try {
      await this.leave();
      this.board.set('start', { ...this.board.state.start, busy: true });
      const session = await make();
      await prepare?.(session).catch(async (error: unknown) => {
        await closeSession(session);
        throw error;
      });
      return await this.#take(session);
    } finally {
      this.#opening = false;
      await this.greet();
    }
  }

  /** Takes a session into use: from here on it is kept up to date. */
  async #take(session: Session): Promise<OpenDesk> {
    const records = new RecordList(session.wallet, () => currentLedger(session));
    const follower = new Follower(session, this.board, records, async () => {
      await this.#job?.follow();
    });
    const open = { session, records, follower, range: new RangeCheck(session, this.board) };
    this.#open = open;
    this.idle.set(idleMinutes(session.preferences.value.idleMinutes, session.kind));
    await follower.tell();
    await this.care.tell();
    follower.start();
    return open;
  }

  /**
   * Does some work on the files of the open profile while nobody uses them. What was open is open afterwards; when it
   * cannot be, the profile is closed. Meanwhile every other request about it is refused.
   * @throws CountersignError `ipc-busy`, `ipc-gone`, and whatever the work or opening throws.
   */
  async withFilesClosed<T>(work: () => Promise<T>): Promise<T> {
    const { session, follower, range } = this.need();
    if (this.#opening || this.#isWorking) throw new CountersignError<IpcCode>('ipc-busy');
    this.#opening = true;
    this.#isClosed = true;
    this.#job = undefined;
    try {
      await range.forget();
      await follower.close();
      await session.wallet.database.close();
      try {
        return await work();
      } finally {
        const wallet = await reopenWallet(session.wallet).catch(async (error: unknown) => {
          this.#open = undefined;
          await closeSession(session);
          this.board.clear();
          throw error;
        });
        this.#isClosed = false;
        await this.#take({ ...session, wallet });
      }
    } finally {
      this.#opening = false;
      this.#isClosed = false;
      await this.greet();
    }
  }

  async openPractice(): Promise<void> {
    await this.#enter(() => practiceSession(this.setup, this.keychain));
  }

  /** @param prepare done before anybody sees the profile; when it fails, the profile is closed again. */
  async openProfile(name: string, mode: 'existing' | 'create', prepare?: Prepare): Promise<OpenDesk> {
    const passphrase = (): Promise<string | undefined> => Promise.resolve(this.#passphrase);
    return this.#enter(() => ownSession(this.keychain, name, mode, passphrase), prepare);
  }

  /** Opens the identity with a passphrase that was typed. @throws CountersignError with a `vault-` code */
  async unlockWith(passphrase: string | undefined): Promise<void> {
    const { session, follower, records } = this.need();
    this.#passphrase = passphrase;
    try {
      await session.wallet.unlock();
    } finally {
      this.#passphrase = undefined;
    }
    records.forget('all');
    await follower.tell();
  }

  async lock(): Promise<void> {
    const { session, follower, records } = this.need();
    if (this.#isWorking) throw new CountersignError<IpcCode>('ipc-busy');
    session.wallet.vault.lock();
    records.forget('all');
    await follower.tell();
  }

  /** Locks as soon as no work needs the identity: the system sleeps, its screen was locked, or nobody is there. */
  async lockSoon(): Promise<void> {
    while (this.#isWorking) await Promise.all([this.#work, this.transfers.settled()]);
    if (this.board.state.profile?.identity.state !== 'open') return;
    // A profile that is closed meanwhile is locked.
    await this.lock().catch(() => undefined);
  }

  /** Shows another ledger of the open profile. @throws CountersignError `ipc-busy`, `ipc-gone` */
  async chooseLedger(id: string): Promise<void> {
    const { session, follower, records, range } = this.need();
    if (this.#job?.isOver === false) throw new CountersignError<IpcCode>('ipc-busy');
    if (!this.board.state.ledgers.some((ledger) => ledger.id === id))
      throw new CountersignError<IpcCode>('ipc-gone');
    await range.forget();
    session.preferences.set({ shown: id });
    this.#job = undefined;
    this.board.set('job', null);
    records.forget('all');
    await follower.change();
  }

  /** Closes the open profile, if there is one. */
  async leave(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    this.doctor.stop();
    this.idle.stop();
    this.#job?.stop();
    this.#job = undefined;
    this.transfers.stop();
    if (open === undefined) return;
    await open.range.forget();
    await open.follower.close();
    await this.transfers.settled();
    await closeSession(open.session);
    this.board.clear();
  }

  /** Something is under way that needs the identity. */
  get #isWorking(): boolean {
    return this.#job?.isOver === false || this.transfers.isBusy;
  }

  get job(): NotarizeJob | undefined {
    return this.#job;
  }

  /** Begins to record files. @throws CountersignError `ipc-busy`, `ipc-gone`, `vault-closed`, `vault-watch-only` */
  startJob(request: RequestOf<'notarize.start'>): void {
    const open = this.need();
    const { identity } = this.board.state.profile ?? {};
    if (identity?.state !== 'open') throw new CountersignError<VaultCode>('vault-closed');
    if (!identity.canSign) throw new CountersignError<VaultCode>('vault-watch-only');
    if (this.#job?.isOver === false) throw new CountersignError<IpcCode>('ipc-busy');
    const chosen = this.choices.get(request.chosen);
    this.#job = new NotarizeJob({ ...open, board: this.board }, ++this.#number, chosen.paths.length);
    this.#work = this.#job.run(chosen, request);
  }
}
