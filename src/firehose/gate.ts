/** Who may send messages, and how many. */
export interface Gate {
  /**
   * Judges a sender by the key that a message names, before anything about it is verified.
   * @throws CountersignError `firehose-not-admitted`, `firehose-rate`
   */
  check(sender: Uint8Array): void;
  /**
   * Counts a message that a sender did sign and that was not taken before.
   * @throws CountersignError `firehose-rate`
   */
  charge(sender: Uint8Array): void;
}

/** Takes everything from everyone. */
export const openGate: Gate = {
  check: () => undefined,
  charge: () => undefined,
};
