/** Who judges blocks by themselves: threads of their own for many, and `inline-judges.ts` for a few small ones. */
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { BlockCode } from '../../core/record/block.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import { ok, type Result } from '../../core/result.ts';
import type { BlockTask, JudgeAnswer, JudgedBlock, JudgeRequest, JudgeSetup } from './judged.ts';

export interface Judges {
  /** Judges a block. The body is handed over: the caller must not use it any more. */
  judge(task: BlockTask): Promise<Result<JudgedBlock, BlockCode>>;
  /** Ends all threads; what they were asked is never answered. */
  close(): Promise<void>;
}

interface Waiting {
  readonly task: BlockTask;
  readonly resolve: (verdict: Result<JudgedBlock, BlockCode>) => void;
  readonly reject: (error: Error) => void;
}

/** Bounds of a judging thread, in MiB: short-lived objects, and all others. A block's messages are among these. */
const limits = { maxYoungGenerationSizeMb: 6, maxOldGenerationSizeMb: 2048 };

/** One thread and what it was asked, oldest first. */
class Judge {
  readonly #worker: Worker;
  readonly #waiting: Waiting[] = [];
  #failure: Error | undefined;

  constructor(engine: string) {
    const workerData: JudgeSetup = { engine };
    this.#worker = new Worker(new URL('./judge-worker.ts', import.meta.url), {
      workerData,
      resourceLimits: limits,
    });
    this.#worker.on('message', (answer: JudgeAnswer) => {
      const asked = this.#waiting.shift();
      if (asked === undefined) return;
      const { header } = asked.task;
      asked.resolve(answer.ok ? ok({ ...answer.value, header, height: header.height }) : answer);
    });
    this.#worker.on('error', (error: unknown) => {
      this.#fail(error instanceof Error ? error : new Error(String(error)));
    });
    this.#worker.on('exit', () => {
      this.#fail(new Error('a judging thread ended'));
    });
  }

  /** Says for which ledger: once, before anything is asked. */
  begin(ledger: Ledger): void {
    this.#send({ kind: 'ledger', founding: ledger.first.bytes });
  }

  /** Bytes of bodies that it has to judge. */
  get load(): number {
    return this.#waiting.reduce((sum, { task }) => sum + task.header.body.size, 0);
  }

  ask(task: BlockTask): Promise<Result<JudgedBlock, BlockCode>> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    const { lower, header, body } = task;
    const whole = body.byteLength === body.buffer.byteLength ? body : new Uint8Array(body);
    const request = { kind: 'block', lower: lower.bytes, header: header.bytes, body: whole } as const;
    this.#send(request, [whole.buffer as ArrayBuffer]);
    return new Promise((resolve, reject) => this.#waiting.push({ task, resolve, reject }));
  }

  async end(): Promise<void> {
    await this.#worker.terminate();
  }

  #send(request: JudgeRequest, handedOver: readonly ArrayBuffer[] = []): void {
    this.#worker.postMessage(request, handedOver);
  }

  #fail(error: Error): void {
    this.#failure ??= error;
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}

/** Threads that judge, started before it is known which ledger it will be: that takes a while. */
export interface JudgeThreads {
  /** To be called once. */
  readonly judgesFor: (ledger: Ledger) => Judges;
  /** As that of the judges. */
  readonly close: () => Promise<void>;
}

/**
 * Starts threads that judge, as many as there are processors.
 * @param engine the engine for signatures that is in use in a thread of this process.
 */
export function startJudges(engine: string, threads = availableParallelism()): JudgeThreads {
  const judges = Array.from({ length: threads }, () => new Judge(engine));
  const close = async (): Promise<void> => {
    await Promise.all(judges.map((judge) => judge.end()));
  };
  const judge: Judges['judge'] = (task) => {
    const [first, ...others] = judges;
    if (first === undefined) throw new RangeError('at least one thread');
    return others.reduce((least, judge) => (judge.load < least.load ? judge : least), first).ask(task);
  };
  return {
    judgesFor: (ledger) => {
      for (const judge of judges) judge.begin(ledger);
      return { judge, close };
    },
    close,
  };
}
