/** The state that windows show: one value per topic, and a number that grows with every change. */
import type { Delta, DeskState, Snapshot, Topic } from '../contract/state.ts';

const empty: DeskState = {
  start: { profiles: [], busy: false },
  profile: null,
  ledger: null,
  ledgers: [],
  sync: { phase: 'idle' },
  syncs: {},
  doctor: null,
  care: null,
  alarms: { proven: 0, broken: 0, open: 0 },
  outbox: { queued: 0, accepted: 0, refused: 0, broken: 0 },
  job: null,
  range: null,
  transfer: null,
  records: { version: 0, total: 0 },
  contacts: { version: 0, needs: [], needing: 0 },
  channels: { version: 0, unread: 0, alarms: 0, written: [] },
  events: [],
};

export class Board {
  readonly #tell: (delta: Delta) => void;
  #state: DeskState = empty;
  #number = 0;

  constructor(tell: (delta: Delta) => void) {
    this.#tell = tell;
  }

  get state(): DeskState {
    return this.#state;
  }

  get snapshot(): Snapshot {
    return { number: this.#number, state: this.#state };
  }

  /** Replaces a topic; the same value again is no change. */
  set<T extends Topic>(topic: T, value: DeskState[T]): void {
    if (JSON.stringify(this.#state[topic]) === JSON.stringify(value)) return;
    this.#state = { ...this.#state, [topic]: value };
    this.#number++;
    this.#tell({ number: this.#number, topic, value } as Delta);
  }

  /** Forgets everything about a profile. */
  clear(): void {
    for (const topic of [
      'profile',
      'ledger',
      'ledgers',
      'alarms',
      'sync',
      'syncs',
      'doctor',
      'care',
      'outbox',
      'job',
      'range',
      'transfer',
      'records',
      'contacts',
      'channels',
      'events',
    ] as const)
      this.set(topic, empty[topic]);
  }
}
