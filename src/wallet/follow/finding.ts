/** What is wrong with what an address sent, or with what the operator signed. */
import { CountersignError } from '../../core/errors/family.ts';
import type { FollowCode } from '../../core/errors/follow.ts';
import { FoundLie } from '../alarms/finding.ts';

/** A fault of the address: it sent something else than what is signed. */
export function fail(code: FollowCode, detail?: string): CountersignError<FollowCode> {
  return new CountersignError<FollowCode>(code, detail);
}

/** A lie of the operator. @param evidence the first of the files that is one shows it. */
export function lie(
  code: 'sync-index' | 'sync-invalid',
  subject: string,
  detail: string,
  evidence: readonly (Uint8Array | undefined)[],
): FoundLie {
  const file = evidence.find((one) => one !== undefined);
  return new FoundLie(code, subject, detail, () => Promise.resolve({ code, subject, evidence: file }));
}
