import type { Command } from 'commander';
import type { ExitCode } from './exit.ts';
import type { Terminal } from './output.ts';

/**
 * One verb of the command line. A verb is one file in `verbs/`, found by its place: `verbs/demo.ts` is
 * `countersign demo`, `verbs/log/verify.ts` is `countersign log verify`. It exports `verb`. A folder's own
 * one-line summary is the export `summary` of its `about.ts`.
 *
 * Loading a verb's file must be cheap and must not fail on any machine, because `--help` loads them all: what
 * is slow or native is imported inside `run`.
 */
export interface Verb {
  /** One line for the list of verbs: a phrase in lower case without a full stop. */
  readonly summary: string;
  /** Declares arguments, options and help on the given command. The dispatcher sets name and summary. */
  readonly configure: (command: Command) => void;
  /**
   * Does the job. `command.opts<...>()` and `command.args` hold what was given, already checked against what
   * `configure` declared. Throws `Stop` to end with a code and its explanation; every other error is reported
   * as a fault of Countersign.
   */
  readonly run: (command: Command, terminal: Terminal) => Promise<ExitCode>;
}
