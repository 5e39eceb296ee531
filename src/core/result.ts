/**
 * Expected verdicts are values. A function that judges foreign input returns a {@link Result}; it throws only
 * for a programmer's mistake (a wrong argument type or range), never for bad input.
 */

export interface Ok<T> {
  readonly ok: true;
  readonly value: T;
}

/** Why something was refused: a code that has a sentence in `errors/`, and where or what, if that helps. */
export interface Refusal<Code extends string = string> {
  readonly ok: false;
  readonly code: Code;
  /** What exactly was met: a place, a member's name, two numbers. Never secret, never more than 200 characters. */
  readonly detail?: string;
}

export type Result<T, Code extends string = string> = Ok<T> | Refusal<Code>;

export function ok<T>(value: T): Ok<T> {
  return { ok: true, value };
}

export function refuse<Code extends string>(code: Code, detail?: string): Refusal<Code> {
  return detail === undefined ? { ok: false, code } : { ok: false, code, detail: detail.slice(0, 200) };
}
