/**
 * How a run of `countersign` ends. The numbers are part of the command line's contract: scripts rely on them.
 * 64, 69, 70 and 73 are those of BSD's `sysexits.h`.
 */

export const exit = {
  /** Done; where something was verified: it is valid. */
  ok: 0,
  /** Something was verified and is not valid, or could not be read. */
  failed: 1,
  /** What was given does not suffice for a verdict. */
  insufficient: 2,
  /** The command line itself is wrong: nothing was done. */
  usage: 64,
  /** Something the command needs is not there: a keychain, a service, a system package. */
  unavailable: 69,
  /** A fault in Countersign itself. */
  internal: 70,
  /** A file or the output cannot be written. */
  cannotWrite: 73,
} as const;

export type ExitCode = (typeof exit)[keyof typeof exit];

/** What each exit code says, for people. */
export const exitMeanings: Readonly<Record<ExitCode, string>> = {
  [exit.ok]: 'done; what was verified is valid',
  [exit.failed]: 'what was verified is not valid, or could not be read',
  [exit.insufficient]: 'what was given does not suffice for a verdict, or the person said no',
  [exit.usage]: 'the command line is wrong; nothing was done',
  [exit.unavailable]: 'something that is needed is not there; what it is and how to get it was printed',
  [exit.internal]: 'a fault of Countersign itself',
  [exit.cannotWrite]: 'a file or the output could not be written',
};

/**
 * Ends a run on purpose: thrown by a verb (or what it calls), shown by the dispatcher as the explanation of
 * `code`, with `detail` as what exactly was met.
 */
export class Stop extends Error {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly detail: string | undefined;

  constructor(exitCode: ExitCode, code: string, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? code : `${code}: ${detail}`, options);
    this.name = 'Stop';
    this.exitCode = exitCode;
    this.code = code;
    this.detail = detail;
  }
}

/** A mistake in the command line: thrown by a verb that met one which commander cannot see. */
export class UsageError extends Error {
  /** @param happened what is wrong with the command line, as a sentence in plain words. */
  constructor(happened: string) {
    super(happened);
    this.name = 'UsageError';
  }
}
