/** Recording files: each is signed and kept, then sent, and followed into its block. One job at a time. */
import { CountersignError } from '../core/errors/family.ts';
import type { JobView } from '../contract/state.ts';
import type { RequestOf } from '../contract/schema.ts';
import type { Labels } from '../core/record/record-note.ts';
import { sendQueued } from '../wallet/outbox/send-queued.ts';
import { settleOutbox } from '../wallet/outbox/settle.ts';
import { filesAt } from '../wallet/records/files.ts';
import { notarize } from '../wallet/records/notarize.ts';
import type { OwnRecord } from '../wallet/records/own-records.ts';
import { Meter } from '../wallet/sync/progress.ts';
import type { Board } from './board.ts';
import type { Chosen } from './chosen.ts';
import { failureFrom } from './explanations.ts';
import type { Follower } from './follow.ts';
import type { RecordList } from './record-list.ts';
import { currentLedger, type Session } from './session.ts';

const now = (): number => Math.floor(Date.now() / 1000);
const families = ['store', 'vault', 'keychain', 'copy', 'ledger', 'own', 'outbox', 'receipt', 'sync'];

function labelsOf({ matter, client, reference }: RequestOf<'notarize.start'>): Labels {
  return {
    ...(matter === undefined ? {} : { matter }),
    ...(client === undefined ? {} : { client }),
    ...(reference === undefined ? {} : { reference }),
  };
}

/** After so many files it is said how far the work is. */
const toldEach = 10;

interface Parts {
  readonly session: Session;
  readonly board: Board;
  readonly records: RecordList;
  readonly follower: Follower;
}

export class NotarizeJob {
  readonly #parts: Parts;
  readonly #stop = new AbortController();
  readonly #files: number;
  readonly #id: number;
  readonly made: OwnRecord[] = [];
  #sent = 0;
  #isOver = false;

  constructor(parts: Parts, id: number, files: number) {
    this.#parts = parts;
    this.#id = id;
    this.#files = files;
  }

  /** Says how far its records are by now. What failed at first may have been sent since. */
  async follow(): Promise<void> {
    const { job } = this.#parts.board.state;
    if (job?.id !== this.#id || !this.#isOver) return;
    const { sent, inBlock } = await this.#parts.records.progressOf(this.made);
    const { problem, ...others } = job;
    const isDone = sent === job.files;
    const phase = isDone ? 'done' : job.phase;
    const kept = isDone || problem === undefined ? {} : { problem };
    this.#parts.board.set('job', { ...others, ...kept, phase, sent, inBlock });
  }

  /** Nothing of it is to be signed or sent any more. */
  get isOver(): boolean {
    return this.#isOver;
  }

  /** Stops after the file in hand. */
  stop(): void {
    this.#stop.abort();
  }

  #tell(phase: JobView['phase'], more: Partial<JobView> = {}): void {
    this.#parts.board.set('job', {
      id: this.#id,
      phase,
      files: this.#files,
      signed: this.made.length,
      sent: this.#sent,
      inBlock: 0,
      ...more,
    });
  }

  /** Does all of it. Never rejects: what went wrong stands in the state. */
  async run(chosen: Chosen, request: RequestOf<'notarize.start'>): Promise<void> {
    const { follower, records } = this.#parts;
    this.#tell('signing');
    try {
      await follower.alone(async () => {
        await this.#sign(chosen, request);
        await this.#send();
      });
      this.#tell(this.#stop.signal.aborted ? 'stopped' : 'done');
    } catch (error) {
      const { code, happened, next } = failureFrom(error, families);
      this.#tell('failed', { problem: { code, happened, next } });
    } finally {
      this.#isOver = true;
      records.forget('all');
      follower.look();
    }
  }

  async #sign(chosen: Chosen, request: RequestOf<'notarize.start'>): Promise<void> {
    const { wallet } = this.#parts.session;
    const pinned = await currentLedger(this.#parts.session);
    if (pinned === undefined) throw new CountersignError('copy-no-ledger');
    const { method, again } = request;
    const { signal } = this.#stop;
    const meter = new Meter(this.#files);
    let taken = 0;
    const tell = (): void => {
      const { perSecond, secondsLeft } = meter.add(toldEach);
      this.#tell('signing', {
        signed: taken,
        ...(perSecond === undefined ? {} : { perSecond: Math.round(perSecond * 10) / 10 }),
        ...(secondsLeft === undefined ? {} : { secondsLeft: Math.ceil(secondsLeft) }),
      });
    };
    async function* counted(): AsyncGenerator<string> {
      for await (const path of filesAt(chosen.paths)) {
        yield path;
        taken++;
        if (taken % toldEach === 0) tell();
      }
    }
    const options = { method, labels: labelsOf(request), publish: false, again, now, signal } as const;
    for await (const { record } of notarize(wallet, pinned, counted(), options)) this.made.push(record);
    this.#parts.records.forget('all');
    this.#tell('sending');
  }

  async #send(): Promise<void> {
    const { session } = this.#parts;
    const { database } = session.wallet;
    const pinned = await currentLedger(session);
    if (pinned === undefined || this.#stop.signal.aborted) return;
    await settleOutbox(database, pinned.joined);
    const rows = await session.wallet.privateRows();
    const onProgress = (done: number): void => {
      this.#sent = Math.min(done, this.made.length);
      this.#tell('sending');
    };
    const options = { when: 'at once', now, onProgress, signal: this.#stop.signal } as const;
    const { failure } = await sendQueued(database, rows, pinned, options);
    if (failure !== undefined) throw failure;
  }
}
