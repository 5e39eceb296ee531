/** Which exit code an error of ours ends a run with, where it is not simply that something is missing. */
import { CountersignError } from '../core/errors/family.ts';
import { exit, type ExitCode, Stop } from './exit.ts';

/** By code, or by family: `words-` stands for all of its codes. */
const table: readonly (readonly [start: string, code: ExitCode])[] = [
  ['profile-name', exit.usage],
  ['profile-cannot-write', exit.cannotWrite],
  ['profile-exists', exit.failed],
  ['profile-', exit.unavailable],
  ['vault-cannot-write', exit.cannotWrite],
  ['vault-other-words', exit.failed],
  ['vault-passphrase-missing', exit.unavailable],
  ['vault-passphrase', exit.failed],
  ['vault-exists', exit.failed],
  ['vault-foreign', exit.failed],
  ['vault-rows', exit.failed],
  ['own-unannounced', exit.insufficient],
  ['own-pending', exit.insufficient],
  ['own-unsynced', exit.insufficient],
  ['outbox-refused', exit.failed],
  ['outbox-not-broken', exit.failed],
  ['own-recovery-needed', exit.insufficient],
  ['own-card-unknown', exit.insufficient],
  ['own-words-screen', exit.unavailable],
  ['own-words-file', exit.cannotWrite],
  ['own-', exit.failed],
  ['words-', exit.failed],
  ['card-', exit.failed],
  ['json-', exit.failed],
  ['safety-', exit.failed],
  ['contact-unannounced', exit.insufficient],
  ['contact-', exit.failed],
  ['backup-cannot-write', exit.cannotWrite],
  ['backup-exists', exit.cannotWrite],
  ['backup-', exit.failed],
  ['receipt-cannot-write', exit.cannotWrite],
  ['query-', exit.insufficient],
  ['upload-stopped', exit.insufficient],
  ['upload-', exit.failed],
  ['export-cannot-write', exit.cannotWrite],
  ['export-exists', exit.cannotWrite],
  ['export-', exit.insufficient],
  ['document-missing', exit.insufficient],
  ['document-withheld', exit.insufficient],
  ['document-', exit.failed],
  ['disclose-exists', exit.cannotWrite],
  ['disclose-cannot-write', exit.cannotWrite],
  ['disclose-absent', exit.insufficient],
  ['disclose-nothing', exit.insufficient],
  ['disclose-no-such-message', exit.insufficient],
  ['disclose-', exit.failed],
  ['grant-', exit.failed],
  ['channel-unknown', exit.insufficient],
  ['channel-ambiguous', exit.insufficient],
  ['channel-', exit.failed],
  ['invite-', exit.failed],
  ['follow-only', exit.insufficient],
  ['follow-tag', exit.insufficient],
  ['follow-many', exit.insufficient],
  ['alarm-cannot-write', exit.cannotWrite],
  ['alarm-unknown', exit.usage],
  ['alarm-no-evidence', exit.insufficient],
  ['alarm-', exit.failed],
  ['sync-fork', exit.failed],
  ['sync-extended', exit.failed],
  ['sync-invalid', exit.failed],
  ['sync-index', exit.failed],
  ['sync-rollback', exit.failed],
  ['store-full', exit.cannotWrite],
  ['store-read-only', exit.cannotWrite],
  ['store-corrupt', exit.failed],
];

/** The exit code that fits an error of ours. */
export function exitOf(code: string): ExitCode {
  return table.find(([start]) => code.startsWith(start))?.[1] ?? exit.unavailable;
}

/** Does some work; an error of ours ends the run with the exit code that fits it. */
export async function withExits<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof CountersignError)) throw error;
    const { code, detail } = error as CountersignError;
    throw new Stop(exitOf(code), code, detail, { cause: error });
  }
}
