/** Keeping a profile up to date: synchronising now and then, sending what is due, and saying what came of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { CountersignError } from '../core/errors/family.ts';
import type { ProblemView, SyncView } from '../contract/state.ts';
import { deliver as deliverChannels } from '../wallet/channels/deliver.ts';
import { handOutDisclosures } from '../wallet/disclosure/disclose.ts';
import { learnChannels } from '../wallet/channels/learn.ts';
import { listChannels } from '../wallet/channels/list.ts';
import { channelRows } from '../wallet/channels/rows.ts';
import type { PinnedLedger } from '../wallet/ledgers.ts';
import { openItems } from '../wallet/outbox/outbox.ts';
import { sendQueued } from '../wallet/outbox/send-queued.ts';
import { refresh } from '../wallet/records/refresh.ts';
import { reachOf } from '../wallet/store/record-reader.ts';
import type { SyncProgress } from '../wallet/sync/options.ts';
import type { Board } from './board.ts';
import { writeFreeGrant, writtenIn } from './channels/grant-file.ts';
import { contactNeeds } from './contact-needs.ts';
import { newestEvents } from './events.ts';
import { failureFrom } from './explanations.ts';
import { noteSynced } from './preferences.ts';
import type { RecordList } from './record-list.ts';
import { allLedgers, currentLedger, identityView, ledgerView, type Session } from './session.ts';
import { alarmsOfAll, standings } from './standing.ts';

/** Pauses between looks at the firehose: a practice ledger is on this machine. */
const pauseMs = { own: 15_000, practice: 2_000 } as const;
/** The same while something waits for the block of what was sent before it. */
const blockMs = 2_000;
/** Families of codes that a synchronisation ends with. */
const families = [
  'sync',
  'follow',
  'alarm',
  'store',
  'copy',
  'ledger',
  'outbox',
  'vault',
  'keychain',
  'channel',
  'disclose',
];

/** All addresses of a ledger are compared at least so often: an operator may show different people different records. */
const compareSeconds = 600;

/** Disclosures of which it is said where they were written. */
const shownWritten = 5;
/** Contacts that are named at a time. */
const shownNeeds = 5;

const now = (): number => Math.floor(Date.now() / 1000);

function problemFrom(error: unknown): ProblemView {
  const { code, happened, next } = failureFrom(error, families);
  return { code, happened, next };
}

/** How far a synchronisation is. */
function runningView({ phase, done, of, messages, blocks }: SyncProgress): SyncView {
  const { perSecond, secondsLeft } = messages ?? blocks ?? {};
  return {
    phase: 'running',
    what: phase,
    done,
    of,
    ...(perSecond === undefined ? {} : { perSecond: Math.round(perSecond) }),
    ...(secondsLeft === undefined ? {} : { secondsLeft: Math.ceil(secondsLeft) }),
  };
}

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
  /** What the channels were last looked at with. */
  #channelsAt = '';
  /** Something in a channel goes on once what was sent is in a block. */
  #needsBlock = false;
  #isPaused = false;
  /** A person asked for it: then every address is looked at. */
  #isAsked = false;
  readonly #compared = new Map<string, number>();
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
      // Somebody asked meanwhile.
      if (this.#isAsked && !this.#isPaused) continue;
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      const { signal } = this.#end;
      const pause = this.#needsBlock ? blockMs : pauseMs[this.#session.kind];
      await Promise.race([woken, sleep(pause, undefined, { signal })]).catch(() => undefined);
    }
  }

  /** Looks at once, also after it was stopped. */
  look(): void {
    this.#isPaused = false;
    this.#isAsked = true;
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
    await this.tell();
    const { ledger } = this.#board.state;
    if (ledger !== null) this.#setSync(ledger.id, this.#syncOf(ledger.id));
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
    this.#stop = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, this.#end.signal]);
    const isAsked = this.#isAsked;
    this.#isAsked = false;
    try {
      for (const pinned of await allLedgers(this.#session)) {
        if (signal.aborted) break;
        await this.#bringUp(pinned, signal, isAsked);
      }
    } finally {
      await this.tell();
    }
  }

  /** Whether all addresses are compared now: where somebody asked, and now and then. */
  #compares(id: string, isAsked: boolean): boolean {
    const isDue = now() - (this.#compared.get(id) ?? 0) > compareSeconds;
    if (isAsked || isDue) this.#compared.set(id, now());
    return isAsked || isDue;
  }

  /** Synchronises one ledger and sends what is due for it. */
  async #bringUp(pinned: PinnedLedger, signal: AbortSignal, isAsked: boolean): Promise<void> {
    const { idText } = pinned.joined.ledger;
    const { last = this.#session.preferences.value.synced[idText] } = this.#syncOf(idText);
    const before: SyncView = last === undefined ? { phase: 'idle' } : { phase: 'idle', last };
    // What is looked at by itself, and finds nothing, is not worth a word.
    if (isAsked) this.#setSync(idText, { ...before, phase: 'running' });
    const skipped: NonNullable<SyncView['skipped']>[number][] = [];
    try {
      const { pinned: reached } = await refresh(this.#session.wallet, pinned, {
        signal,
        onProgress: (progress) => {
          this.#setSync(idText, { ...before, ...runningView(progress) });
        },
        onSkipped: (address, error) => {
          skipped.push({ address, problem: problemFrom(error) });
        },
        compares: this.#compares(idText, isAsked),
      });
      await this.#sendDue(reached, signal, isAsked);
      const { joined } = reached;
      const isWhole = (joined.mode === 'full' ? joined.filled : reachOf(joined)) >= joined.size;
      // The founding block holds no messages.
      const isDone = !signal.aborted && (isWhole || joined.size <= 1);
      if (isDone) noteSynced(this.#session.preferences, idText, now());
      const at = isDone ? { phase: 'idle' as const, last: now() } : this.#ended(before);
      this.#setSync(idText, skipped.length === 0 ? at : { ...at, skipped });
    } catch (error) {
      const at = signal.aborted ? this.#ended(before) : { ...before, problem: problemFrom(error) };
      this.#setSync(idText, at);
      if (!(error instanceof CountersignError)) throw error;
    }
  }

  /** How it stands when it did not come to its end. Where a person stopped it, nothing is looked at by itself. */
  #ended(before: SyncView): SyncView {
    return this.#isPaused ? { ...before, phase: 'stopped' } : before;
  }

  #syncOf(id: string): SyncView {
    return this.#board.state.syncs[id] ?? { phase: 'idle' };
  }

  /** Says how the synchronisation of a ledger stands; of the one that is shown everywhere. */
  #setSync(id: string, view: SyncView): void {
    const { syncs, ledger } = this.#board.state;
    this.#board.set('syncs', { ...syncs, [id]: view });
    if (ledger === null || ledger.id === id) this.#board.set('sync', view);
  }

  async #sendDue(pinned: PinnedLedger, signal: AbortSignal, isAsked: boolean): Promise<void> {
    const { wallet } = this.#session;
    const waiting = await openItems(wallet.database, pinned.joined);
    // Nobody is asked for a passphrase because something waits.
    if ((await wallet.vaultState()).name !== 'open') return;
    if (waiting.some(({ state }) => state === 'queued'))
      await sendQueued(wallet.database, await wallet.privateRows(), pinned, { when: 'due', now, signal });
    await this.#sendChannels(pinned, signal, isAsked);
  }

  /** Seals and sends what waits in channels. What follows on a change of members waits for its block. */
  async #sendChannels(pinned: PinnedLedger, signal: AbortSignal, isAsked: boolean): Promise<void> {
    const { wallet } = this.#session;
    await learnChannels(wallet, pinned, now());
    const rows = await channelRows(await wallet.privateRows(), pinned.joined.ledger.id);
    const { identity } = this.#board.state.profile ?? {};
    if (rows.length === 0 || identity?.canSign !== true) return;
    const when = isAsked ? 'at once' : 'due';
    const { done, needsBlock } = await deliverChannels(wallet, pinned, { now, when, signal });
    const steps = await handOutDisclosures(wallet, pinned, now(), writeFreeGrant);
    const isGiven = steps.some(({ state }) => state === 'given');
    if (isGiven)
      await sendQueued(wallet.database, await wallet.privateRows(), pinned, { when: 'due', now, signal });
    this.#needsBlock = needsBlock || steps.some(({ state }) => state === 'waits');
    const { channels } = this.#board.state;
    const written = [...writtenIn(steps), ...channels.written].slice(0, shownWritten);
    if (done.length > 0 || isGiven)
      this.#board.set('channels', { ...channels, version: channels.version + 1, written });
  }

  /** Says how everything stands, from what is on this machine. */
  async tell(): Promise<void> {
    const { wallet, kind } = this.#session;
    this.#records.forget('states');
    const identity = await identityView(this.#session);
    this.#board.set('profile', { name: wallet.profile.name, kind, identity });
    const pinned = await currentLedger(this.#session);
    this.#board.set('ledger', pinned === undefined ? null : await ledgerView(this.#session, pinned));
    const ledgers = await standings(this.#session);
    this.#board.set('ledgers', ledgers);
    this.#board.set('alarms', alarmsOfAll(ledgers));
    if (pinned === undefined) return;
    const { synced } = this.#session.preferences.value;
    for (const { id } of ledgers) {
      const last = synced[id];
      if (this.#board.state.syncs[id] === undefined && last !== undefined)
        this.#setSync(id, { phase: 'idle', last });
    }
    const outbox = await this.#records.counts();
    const { records } = this.#board.state;
    const total = identity.state === 'open' ? (await this.#records.all()).length : records.total;
    const [own, files] = [await this.#records.ownIds(), await this.#records.names()];
    const events = await newestEvents(wallet, pinned, own, files).catch((error: unknown) => {
      // A copy that is damaged is said to be: what else is known stays in sight.
      const { code, happened, next } = failureFrom(error, families);
      this.#board.set('sync', { ...this.#board.state.sync, problem: { code, happened, next } });
      return [];
    });
    const isSame = JSON.stringify(outbox) === JSON.stringify(this.#board.state.outbox);
    this.#board.set('outbox', outbox);
    this.#board.set('events', events);
    if (!isSame || total !== records.total)
      this.#board.set('records', { version: records.version + 1, total });
    await this.#tellContacts(identity.state);
    await this.#tellChannels(pinned, identity.state);
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

  /** How much in channels was not read, or needs a look: counted again when the record, the channels or the identity changed. */
  async #tellChannels(pinned: PinnedLedger, state: string): Promise<void> {
    const { channels, ledger } = this.#board.state;
    const at = JSON.stringify([state, channels.version, ledger?.id, ledger?.filled, ledger?.reach]);
    if (at === this.#channelsAt) return;
    this.#channelsAt = at;
    const { version } = channels;
    try {
      const list = state === 'open' ? (await listChannels(this.#session.wallet, pinned)).channels : [];
      const unread = list.reduce((sum, one) => sum + one.unread, 0);
      const alarms = list.reduce((sum, one) => sum + one.alarms.length, 0);
      this.#board.set('channels', { ...this.#board.state.channels, version, unread, alarms });
    } catch (error) {
      // A copy that does not reach so far cannot tell; Channels says why.
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
