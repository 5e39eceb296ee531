/** Asking the program behind the window. A refusal is thrown as one class, with its sentences. */
import type { Answer, Failure } from '../contract/channel.ts';
import type { Api } from '../contract/schema.ts';

declare global {
  interface Window {
    readonly countersign: Api;
  }
}

export const api: Api = window.countersign;

/** What was asked for was not done; `failure` says why, in sentences. */
class Refused extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(failure.code);
    this.name = 'Refused';
    this.failure = failure;
  }
}

/** The value of an answer. @throws Refused */
export async function value<T>(answer: Promise<Answer<T>>): Promise<T> {
  const given = await answer;
  if (given.ok) return given.value;
  throw new Refused(given.failure);
}

/** The failure of something that was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof Refused) return error.failure;
  return {
    code: 'ipc-failed',
    happened: 'The program met an error that it did not foresee.',
    means: 'What was asked for was not done, or not all of it.',
    next: 'Try again. When it happens once more, start the application anew and report it.',
  };
}
