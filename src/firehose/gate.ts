/** Who may send messages, and how many. */
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import type { Admission } from './admission.ts';
import type { RateLimit } from './rate-limit.ts';

export interface Gate {
  /**
   * Judges a sender by the key that a message names, before anything about it is verified.
   * @throws CountersignError `firehose-not-admitted`, `firehose-rate`
   */
  check(sender: Uint8Array): void;
  /**
   * Counts a message that a sender did sign and that was not taken before: nobody can use up what another may send.
   * @throws CountersignError `firehose-rate`
   */
  charge(sender: Uint8Array): void;
}

/** A gate with an allow-list, a limit for each key, both or none. */
export function gateWith(admission: Admission | undefined, rate: RateLimit | undefined): Gate {
  return {
    check(sender) {
      if (admission?.admits(sender) === false)
        throw new CountersignError<FirehoseCode>('firehose-not-admitted');
      if (rate?.allows(sender) === false) throw new CountersignError<FirehoseCode>('firehose-rate');
    },
    charge(sender) {
      if (rate?.take(sender) === false) throw new CountersignError<FirehoseCode>('firehose-rate');
    },
  };
}

/** Takes everything from everyone. */
export const openGate: Gate = gateWith(undefined, undefined);
