/** Looking whether the open profile is in order, and making a damaged copy of the record anew: one look at a time. */
import { CountersignError } from '../core/errors/family.ts';
import type { IpcCode } from '../core/errors/ipc.ts';
import type { DoctorView, FindingView } from '../contract/state.ts';
import { httpReader } from '../engines/http-reader.ts';
import { deepCheck, deepLook, type DeepOptions } from '../wallet/doctor/deep.ts';
import type { Finding } from '../wallet/doctor/findings.ts';
import { type DoctorPorts, quickLook } from '../wallet/doctor/quick.ts';
import type { OpenVault } from '../wallet/vault/open-vault.ts';
import type { Board } from './board.ts';
import { failureFrom } from './explanations.ts';
import type { Follower } from './follow.ts';
import type { Session } from './session.ts';

/** More findings are not listed: a topic of the state stays small. */
const mostFindings = 100;
const longestText = 1000;
const families = ['store', 'profile', 'vault', 'keychain', 'copy', 'sync', 'doctor'];

function findingView({ state, about, sentence, code, detail, next }: Finding): FindingView {
  const short = (text: string): string => text.slice(0, longestText).toWellFormed();
  return {
    state,
    about: short(about),
    sentence: short(sentence),
    ...(code === undefined ? {} : { code }),
    ...(detail === undefined ? {} : { detail: short(detail) }),
    ...(next === undefined ? {} : { next: short(next) }),
  };
}

type Progress = NonNullable<DoctorView['progress']>;

/** Work on the open profile; @returns whether the record is damaged and can be made anew. */
type Look = (
  ports: DoctorPorts,
  options: DeepOptions,
  report: (finding: Finding) => void,
) => Promise<boolean>;

/** What it needs of the desk. */
interface Around {
  readonly board: Board;
  need(): { readonly session: Session; readonly follower: Follower };
  withFilesClosed<T>(work: () => Promise<T>): Promise<T>;
}

export class Doctor {
  readonly #desk: Around;
  #stop: AbortController | undefined;

  constructor(desk: Around) {
    this.#desk = desk;
  }

  /** Stops what is under way; what was found until then stays in sight. */
  stop(): void {
    this.#stop?.abort();
  }

  /** The open identity. Nobody is asked for it because of a look. */
  async #vault(): Promise<OpenVault | undefined> {
    const { wallet } = this.#desk.need().session;
    return (await wallet.vaultState()).name === 'open' ? wallet.unlock() : undefined;
  }

  /** Begins a look. @throws CountersignError `ipc-busy`, `ipc-gone` */
  async start(look: DoctorView['look']): Promise<void> {
    if (this.#stop !== undefined) throw new CountersignError<IpcCode>('ipc-busy');
    const stop = new AbortController();
    this.#stop = stop;
    try {
      const { session, follower } = this.#desk.need();
      const { profile } = session.wallet;
      const vault = await this.#vault();
      const work: Look = async (ports, options, report) => {
        if (look === 'quick') {
          await quickLook(profile, ports, report);
          return false;
        }
        if (look === 'deep') return follower.alone(() => deepCheck(profile, ports, report, options));
        await this.#desk.withFilesClosed(() => deepLook(profile, ports, report, options));
        return false;
      };
      void this.#run(look, work, stop.signal, vault).finally(() => {
        this.#stop = undefined;
      });
    } catch (error) {
      this.#stop = undefined;
      throw error;
    }
  }

  /** Does it, and says how far it is. */
  async #run(
    look: DoctorView['look'],
    work: Look,
    signal: AbortSignal,
    vault: OpenVault | undefined,
  ): Promise<void> {
    const { board } = this.#desk;
    const { keeper } = this.#desk.need().session;
    const findings: FindingView[] = [];
    const base = { look, began: Math.floor(Date.now() / 1000), canRepair: false };
    const tell = (progress?: Progress): void => {
      const more = progress === undefined ? {} : { progress };
      board.set('doctor', { ...base, phase: 'running', findings: [...findings], ...more });
    };
    const options: DeepOptions = {
      signal,
      ...(vault === undefined ? {} : { vault }),
      onCheck: (_origin, { done, of, perSecond, secondsLeft }) => {
        tell({
          ...{ what: 'record', done, of },
          ...(perSecond === undefined ? {} : { perSecond: Math.round(perSecond) }),
          ...(secondsLeft === undefined ? {} : { secondsLeft: Math.ceil(secondsLeft) }),
        });
      },
      onRepair: ({ done, of }) => {
        tell({ what: 'repair', done, of });
      },
      onPrivate: (what, done, of) => {
        tell({ what, done, of });
      },
    };
    tell();
    try {
      const canRepair = await work({ keychain: keeper, readerOf: httpReader }, options, (finding) => {
        if (findings.length < mostFindings) findings.push(findingView(finding));
        tell();
      });
      board.set('doctor', { ...base, phase: 'done', findings, canRepair });
    } catch (error) {
      if (signal.aborted) board.set('doctor', { ...base, phase: 'stopped', findings });
      else {
        const { code, happened, next } = failureFrom(error, families);
        board.set('doctor', { ...base, phase: 'failed', findings, problem: { code, happened, next } });
      }
    }
  }
}
