/** Keeping a profile up to date: synchronising now and then, sending what is due, and saying what came of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CountersignError } from '../core/errors/family.ts';
import type { SyncView } from '../contract/state.ts';
import { alarmCounts } from '../wallet/alarms/rows.ts';
import { type PinnedLedger, pinnedLedgers } from '../wallet/ledgers.ts';
import { sendQueued } from '../wallet/outbox/send-queued.ts';
import { refresh } from '../wallet/records/refresh.ts';
import type { SyncProgress } from '../wallet/sync/options.ts';
import type { Board } from './board.ts';
import { contactNeeds } from './contact-needs.ts';
import { newestEvents } from './events.ts';
import { failureFrom } from './explanations.ts';
import type { RecordList } from './record-list.ts';
import { currentLedger, identityView, ledgerView, type Session } from './session.ts';

/** Pauses between looks at the firehose: a practice ledger is on this machine. */
const pauseMs = { own: 15_000, practice: 2_000 } as const;
/** Families of codes that a synchronisation ends with. */
const families = ['sync', 'follow', 'store', 'copy', 'ledger', 'outbox', 'vault', 'keychain'];

/** Contacts that are named at a time. */
const shownNeeds = 5;

const now = (): number => Math.floor(Date.now() / 1000);

export class Follower {
  readonly #session: Session;
  readonly #board: Board;
  readonly #records: RecordList;
  readonly #onTold: () => Promise<void>;
  readonly #end = new AbortController();
  #stop = new AbortController();
  #turn: Promise<unknown> = Promise.resolve();
  #wake: (() => void) | undefined;
  /** What the contacts were last looked at with. */
  #contactsAt = '';
  #isPaused = false;
  #loop: Promise<void> | undefined;

  /** @param onTold called after it said how everything stands. */
  constructor(session: Session, board: Board, records: RecordList, onTold: () => Promise<void>) {
    this.#session = session;
    this.#board = board;
    this.#records = records;
    this.#onTold = onTold;
  }

  /** Begins; it goes on until {@link close}. */
  start(): void {
    this.#loop ??= this.#run();
  }

  async #run(): Promise<void> {
    while (!this.#end.signal.aborted) {
      if (!this.#isPaused) await this.once().catch(() => undefined);
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const { signal } = this.#end;
      await Promise.race([woken, sleep(pauseMs[this.#session.kind], undefined, { signal })]).catch(
        () => undefined,
      );
    }
  }

  /** Looks at once, also after it was stopped. */
  look(): void {
    this.#isPaused = false;
    this.#wake?.();
  }

  /** Stops what is under way; what was verified is kept. It looks again when it is asked to. */
  stop(): void {
    this.#isPaused = true;
    this.#stop.abort();
  }

  /** Another ledger was chosen: what is under way ends, and that one is looked at. */
  async change(): Promise<void> {
    this.#stop.abort();
    this.#board.set('sync', { phase: 'idle' });
    await this.tell();
    void this.once().catch(() => undefined);
  }

  /** Does some work while nothing else of this profile synchronises or sends. */
  async alone<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#turn.catch(() => undefined).then(work);
    this.#turn = turn.catch(() => undefined);
    return turn;
  }

  /** Synchronises, sends what is due, and says how everything stands. */
  async once(): Promise<void> {
    return this.alone(() => this.#once());
  }

  async #once(): Promise<void> {
    const pinned = await currentLedger(this.#session);
    if (pinned === undefined) {
      await this.tell();
      return;
    }
    this.#stop = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, this.#end.signal]);
    const { last } = this.#board.state.sync;
    const before: SyncView = last === undefined ? { phase: 'idle' } : { phase: 'idle', last };
    try {
      const onProgress = (progress: SyncProgress): void => {
        this.#progress(progress, before);
      };
      const { pinned: reached } = await refresh(this.#session.wallet, pinned, { signal, onProgress });
      await this.#sendDue(reached, signal);
      this.#board.set('sync', { phase: 'idle', last: now() });
    } catch (error) {
      const { code, happened, next } = failureFrom(error, families);
      this.#board.set('sync', { ...before, problem: { code, happened, next } });
      if (!(error instanceof CountersignError)) throw error;
    } finally {
      await this.tell();
    }
  }

  #progress({ phase, done, of, messages }: SyncProgress, before: SyncView): void {
    const { perSecond, secondsLeft } = messages ?? {};
    this.#board.set('sync', {
      ...before,
      phase: 'running',
      what: phase,
      done,
      of,
      ...(perSecond === undefined ? {} : { perSecond: Math.round(perSecond) }),
      ...(secondsLeft === undefined ? {} : { secondsLeft: Math.ceil(secondsLeft) }),
    });
  }

  async #sendDue(pinned: PinnedLedger, signal: AbortSignal): Promise<void> {
    const { wallet } = this.#session;
    const { queued } = await this.#records.counts();
    // Nobody is asked for a passphrase because something waits.
    if (queued === 0 || (await wallet.vaultState()).name !== 'open') return;
    await sendQueued(wallet.database, await wallet.privateRows(), pinned, { when: 'due', now, signal });
  }

  /** Says how everything stands, from what is on this machine. */
  async tell(): Promise<void> {
    const { wallet, kind } = this.#session;
    this.#records.forget('states');
    const identity = await identityView(this.#session);
    this.#board.set('profile', { name: wallet.profile.name, kind, identity });
    const names = (await pinnedLedgers(wallet.database)).map(({ joined, card: { origin } }) => {
      return { id: joined.ledger.idText, origin };
    });
    this.#board.set('ledgers', names);
    const pinned = await currentLedger(this.#session);
    this.#board.set('ledger', pinned === undefined ? null : await ledgerView(this.#session, pinned));
    if (pinned === undefined) return;
    this.#board.set('alarms', await alarmCounts(wallet.database, pinned.joined));
    const outbox = await this.#records.counts();
    const { records } = this.#board.state;
    const total = identity.state === 'open' ? (await this.#records.all()).length : records.total;
    const [own, files] = [await this.#records.ownIds(), await this.#records.names()];
    const events = await newestEvents(wallet, pinned, own, files);
    const isSame = JSON.stringify(outbox) === JSON.stringify(this.#board.state.outbox);
    this.#board.set('outbox', outbox);
    this.#board.set('events', events);
    if (!isSame || total !== records.total)
      this.#board.set('records', { version: records.version + 1, total });
    await this.#tellContacts(identity.state);
    await this.#onTold();
  }

  /** Whose keys need a look: found again when the record, the contacts or the identity changed. */
  async #tellContacts(state: string): Promise<void> {
    const { contacts, ledger, ledgers } = this.#board.state;
    const at = JSON.stringify([state, contacts.version, ledger?.filled, ledger?.size, ledgers.length]);
    if (at === this.#contactsAt) return;
    this.#contactsAt = at;
    try {
      const needs = state === 'open' ? await contactNeeds(this.#session.wallet) : [];
      const { version } = this.#board.state.contacts;
      const needing = needs.length;
      this.#board.set('contacts', { version, needs: needs.slice(0, shownNeeds), needing });
    } catch (error) {
      // A copy that does not reach so far cannot tell; Contacts says why.
      if (!(error instanceof CountersignError)) throw error;
    }
  }

  /** Ends everything, and returns when nothing runs any more. */
  async close(): Promise<void> {
    this.#end.abort();
    this.#wake?.();
    await this.#loop;
    await this.#turn.catch(() => undefined);
  }
}
