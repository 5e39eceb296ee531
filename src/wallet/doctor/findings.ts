/** What a look at a profile finds: one sentence each, for people, and the same in parts for programs. */
import '../../core/errors/alarm.ts';
import '../../core/errors/copy.ts';
import '../../core/errors/keychain.ts';
import '../../core/errors/outbox.ts';
import '../../core/errors/profile.ts';
import '../../core/errors/receipt.ts';
import '../../core/errors/sync.ts';
import '../../core/errors/vault.ts';
import { type DoctorCode, doctorErrors } from '../../core/errors/doctor.ts';
import { CountersignError, explain } from '../../core/errors/family.ts';

/**
 * `ok`: in order. `note`: nothing of what is held is wrong, but somebody should know. `bad`: something is wrong.
 * `repaired`: something was wrong and is in order now.
 */
export type FindingState = 'ok' | 'note' | 'bad' | 'repaired';

export interface Finding {
  readonly state: FindingState;
  /** What was looked at, in one or two words. */
  readonly about: string;
  /** What was found. */
  readonly sentence: string;
  /** The code of what is wrong. */
  readonly code?: string;
  /** What exactly was met, for experts. */
  readonly detail?: string;
  /** What to do. */
  readonly next?: string;
}

/** Takes findings as they come. */
export type Report = (finding: Finding) => void;

export function sound(about: string, sentence: string): Finding {
  return { state: 'ok', about, sentence };
}

/** A finding with a code of ours, in the words of its explanation. */
export function found(state: FindingState, about: string, code: string, detail?: string): Finding {
  const { happened, means, next } = explain(code) ?? doctorErrors['doctor-unrepaired'];
  const sentence = `${happened} ${means}`;
  return { state, about, sentence, code, ...(detail === undefined ? {} : { detail }), next };
}

/** As {@link found}, for codes of this family. */
export function foundHere(state: FindingState, about: string, code: DoctorCode, detail?: string): Finding {
  return found(state, about, code, detail);
}

/** What an error of ours says. @throws what is none of ours */
export function foundError(about: string, error: unknown, state: FindingState = 'bad'): Finding {
  if (!(error instanceof CountersignError)) throw error;
  const { code, detail } = error as CountersignError;
  return found(state, about, code, detail);
}

/** A number of things in words: `1 block`, `2 blocks`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
