/** The thread with the wallet, as the shell sees it: requests out, answers in, started again when it ends by itself. */
import { Worker } from 'node:worker_threads';
import type { Answer } from '../contract/channel.ts';
import type { Delta } from '../contract/state.ts';
import { failureOf } from '../desk/explanations.ts';
import type { askKeychain } from './keychain.ts';
import type { DeskSetup, FromDesk, Question, ToDesk } from '../desk/protocol.ts';

export interface DeskEvents {
  readonly onDelta: (delta: Delta) => void;
  readonly onQuestion: (what: Question) => Promise<string | undefined>;
  readonly onKeychain: typeof askKeychain;
  /** It ended by itself and was started again: what windows know is no longer true. */
  readonly onRestart: () => void;
}

/** It is started again at most so often within a minute. */
const mostRestarts = 3;
const minuteMs = 60_000;

export class DeskThread {
  readonly #setup: DeskSetup;
  readonly #events: DeskEvents;
  readonly #waiting = new Map<number, (answer: Answer<unknown>) => void>();
  #thread: Worker;
  #number = 0;
  #isStopping = false;
  #restarts: number[] = [];
  #onStopped: (() => void) | undefined;
  /** What it said when it was ready: its engines, and where profiles lie. */
  ready: Extract<FromDesk, { kind: 'ready' }> | undefined;

  constructor(setup: DeskSetup, events: DeskEvents) {
    this.#setup = setup;
    this.#events = events;
    this.#thread = this.#start();
  }

  #start(): Worker {
    const thread = new Worker(new URL('../desk/thread.ts', import.meta.url), { workerData: this.#setup });
    thread.on('message', (message: FromDesk) => {
      this.#take(message, thread);
    });
    // What it was is in the exit; an error that nobody listens to would end the shell.
    thread.on('error', () => undefined);
    thread.on('exit', () => {
      this.#ended();
    });
    return thread;
  }

  #send(message: ToDesk): void {
    this.#thread.postMessage(message);
  }

  /** @param thread the one that says it, which may be gone when there is something to reply. */
  #take(message: FromDesk, thread: Worker): void {
    switch (message.kind) {
      case 'ready':
        this.ready = message;
        break;
      case 'answer':
        this.#waiting.get(message.id)?.(message.answer);
        this.#waiting.delete(message.id);
        break;
      case 'delta':
        this.#events.onDelta(message.delta);
        break;
      case 'question':
        void this.#events.onQuestion(message.what).then((value) => {
          thread.postMessage({ kind: 'reply', id: message.id, value } satisfies ToDesk);
        });
        break;
      case 'keychain':
        void this.#events.onKeychain(message.request, message.waitMs).then((answer) => {
          thread.postMessage({ kind: 'keychain', id: message.id, answer } satisfies ToDesk);
        });
        break;
      case 'stopped':
        this.#onStopped?.();
    }
  }

  #ended(): void {
    for (const settle of this.#waiting.values()) settle({ ok: false, failure: failureOf('ipc-stopped') });
    this.#waiting.clear();
    if (this.#isStopping) return;
    const now = Date.now();
    this.#restarts = [...this.#restarts.filter((at) => at > now - minuteMs), now];
    if (this.#restarts.length > mostRestarts) return;
    this.#thread = this.#start();
    this.#events.onRestart();
  }

  /** Asks for something. Never rejects: what goes wrong is an answer. */
  ask(channel: string, request: unknown): Promise<Answer<unknown>> {
    const id = ++this.#number;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#send({ kind: 'ask', id, channel, request });
    });
  }

  /** The window for secrets was closed. */
  secretClosed(): void {
    this.#send({ kind: 'secret-closed' });
  }

  /** Locks the identity as soon as no work needs it. */
  lock(): void {
    this.#send({ kind: 'lock' });
  }

  /** Closes what is open and ends the thread; by force when it takes too long. */
  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true;
    const stopped = new Promise<void>((resolve) => {
      this.#onStopped = resolve;
      setTimeout(resolve, withinMs).unref();
      this.#thread.once('exit', () => {
        resolve();
      });
    });
    this.#send({ kind: 'stop' });
    await stopped;
    await this.#thread.terminate();
  }
}
