/** Answers about whatever a person gives to be checked. */
import { CountersignError } from '../../core/errors/family.ts';
import type { IpcCode } from '../../core/errors/ipc.ts';
import type { CheckPage } from '../../contract/channels/check.ts';
import { CheckRun } from '../checking/check-run.ts';
import { checkText } from '../checking/check-text.ts';
import { Owners } from '../checking/owners.ts';
import type { Known } from '../checking/views.ts';
import type { Desk, Handlers } from '../desk.ts';

async function knownOf(desk: Desk): Promise<Known> {
  const { session, records } = desk.need();
  const { wallet } = session;
  return { wallet, owners: await Owners.read(wallet), own: await records.ownIds() };
}

/** The files that are looked at: one choice at a time. */
class Checking {
  readonly #desk: Desk;
  #stop = new AbortController();
  #run: { readonly chosen: number; readonly run: CheckRun } | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
  }

  stop(): void {
    this.#stop.abort();
    this.#run = undefined;
  }

  async next(chosen: number, from: number): Promise<CheckPage> {
    const { paths } = this.#desk.choices.get(chosen);
    if (from === 0) {
      this.stop();
      this.#stop = new AbortController();
      const { signal } = this.#stop;
      this.#run = { chosen, run: new CheckRun(paths, await knownOf(this.#desk), signal) };
    }
    const { run } = this.#run ?? {};
    if (run === undefined || this.#run?.chosen !== chosen || run.done !== from)
      throw new CountersignError<IpcCode>('ipc-gone');
    try {
      return await run.next();
    } catch (error) {
      // Stopped by the person, who does not wait for an answer.
      if ((error as Error).name === 'AbortError') throw new CountersignError<IpcCode>('ipc-gone');
      throw error;
    }
  }
}

export function checkHandlers(desk: Desk): Handlers<'check.files' | 'check.stop' | 'check.text'> {
  const checking = new Checking(desk);
  return {
    'check.files': ({ chosen, from }) => checking.next(chosen, from),
    'check.stop': () => {
      checking.stop();
      return Promise.resolve(null);
    },
    'check.text': async ({ text }) => ({ views: await checkText(text, await knownOf(desk)) }),
  };
}
