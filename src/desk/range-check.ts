/** Judging blocks of the copy again, on a connection of its own that shows one moment: one range at a time. */
import { CountersignError } from '../core/errors/family.ts';
import type { IpcCode } from '../core/errors/ipc.ts';
import type { QueryCode } from '../core/errors/query.ts';
import type { RangeView } from '../contract/state.ts';
import { openToRead } from '../wallet/doctor/quick.ts';
import type { PinnedLedger } from '../wallet/ledgers.ts';
import { RecordStore } from '../wallet/store/record-store.ts';
import type { CheckProgress } from '../wallet/sync/check-copy.ts';
import { type BlockRange, checkRange, type RangeReport } from '../wallet/sync/check-range.ts';
import type { Board } from './board.ts';
import { failureFrom, failureOf } from './explanations.ts';
import { currentLedger, type Session } from './session.ts';

/** So often it is said how far the work is, in milliseconds. */
const tellEachMs = 100;
const families = ['store', 'copy'];
/** Memory for temporary tables, in KiB; what is more goes to a temporary file. */
const temporaryKiB = 32_768;

type Verdict = Awaited<ReturnType<typeof checkRange>>;

export class RangeCheck {
  readonly #session: Session;
  readonly #board: Board;
  #stop = new AbortController();
  #running: Promise<void> | undefined;
  #number = 0;

  constructor(session: Session, board: Board) {
    this.#session = session;
    this.#board = board;
  }

  /** Begins. @throws CountersignError `ipc-busy`, `copy-no-ledger`, `query-nothing` */
  async start(range: BlockRange): Promise<void> {
    const pinned = await currentLedger(this.#session);
    if (pinned === undefined) throw new CountersignError('copy-no-ledger');
    const { from, to } = range;
    if (from > to || to >= pinned.joined.size)
      throw new CountersignError<QueryCode>('query-nothing', `${from} to ${to} of ${pinned.joined.size}`);
    if (this.#running !== undefined) throw new CountersignError<IpcCode>('ipc-busy');
    this.#stop = new AbortController();
    this.#running = this.#run({ from, to }, pinned, ++this.#number).finally(() => {
      this.#running = undefined;
    });
  }

  /** Stops what is under way. */
  stop(): void {
    this.#stop.abort();
  }

  /** Stops, and forgets what came of it. */
  async forget(): Promise<void> {
    this.stop();
    await this.#running;
    this.#board.set('range', null);
  }

  /** Never rejects: what went wrong stands in the state. */
  async #run(range: BlockRange, { joined }: PinnedLedger, id: number): Promise<void> {
    const { from, to } = range;
    const { signal } = this.#stop;
    const tell = (view: Omit<RangeView, 'id' | 'from' | 'to'>): void => {
      this.#board.set('range', { id, from, to, ...view });
    };
    let told = 0;
    let far = { done: 0, of: 0 };
    tell({ phase: 'running', ...far });
    const onProgress = ({ phase: what, done, of, secondsLeft }: CheckProgress): void => {
      far = { done, of };
      if (performance.now() < told + tellEachMs) return;
      told = performance.now();
      const left = secondsLeft === undefined ? {} : { secondsLeft: Math.ceil(secondsLeft) };
      tell({ phase: 'running', what, ...far, ...left });
    };
    try {
      const verdict = await this.#check(joined.ledger.id, range, onProgress);
      if (verdict.ok) tell({ phase: 'good', ...far, report: { ...verdict.value } satisfies RangeReport });
      else tell({ phase: 'bad', ...far, problem: failureOf(verdict.code, verdict.detail) });
    } catch (error) {
      if (signal.aborted) tell({ phase: 'stopped', ...far });
      else {
        const problem = failureFrom(error, families);
        tell({ phase: problem.code === 'store-corrupt' ? 'bad' : 'failed', ...far, problem });
      }
    }
  }

  async #check(
    ledger: Uint8Array,
    range: BlockRange,
    onProgress: (progress: CheckProgress) => void,
  ): Promise<Verdict> {
    const database = await openToRead(this.#session.wallet.profile.storeFile);
    try {
      await database.exec(`PRAGMA temp_store = FILE; PRAGMA temp.cache_size = -${temporaryKiB}; BEGIN`);
      const { signal } = this.#stop;
      return await checkRange(new RecordStore(database), ledger, range, { onProgress, signal });
    } finally {
      await database.close().catch(() => undefined);
    }
  }
}
