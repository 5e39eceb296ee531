/** Telling of alarms wherever something is said of a ledger. */
import { toHex } from '../../core/bytes.ts';
import type { CountersignError } from '../../core/errors/family.ts';
import type { Statements } from '../../wallet/store/driver.ts';
import type { JoinedLedger } from '../../wallet/store/record-reader.ts';
import { explanationOf, type Terminal } from '../output.ts';

/** The sentence about the alarms of a ledger as a member of a JSON object; nothing when there are none. */
export async function alarmMember(
  statements: Statements,
  joined: JoinedLedger,
): Promise<{ readonly alarm?: string }> {
  const { alarmSentence } = await import('../../wallet/alarms/shown.ts');
  const alarm = await alarmSentence(statements, joined);
  return alarm === undefined ? {} : { alarm };
}

/** Says the sentence to the person, beside a list or a message. */
export async function tellAlarm(
  statements: Statements,
  joined: JoinedLedger,
  terminal: Terminal,
): Promise<void> {
  const { alarm } = await alarmMember(statements, joined);
  if (alarm !== undefined) terminal.say(alarm);
}

/** An address that was passed over, and why. */
export interface Skipped {
  readonly address: string;
  readonly error: CountersignError;
}

/** Says which addresses did not do, though another one did. */
export async function tellSkipped(skipped: readonly Skipped[], terminal: Terminal): Promise<void> {
  for (const { error } of skipped) {
    const { happened } = await explanationOf(error.code);
    terminal.say(`One address did not do: ${happened} [${error.code}] ${error.detail ?? ''}`.trim());
  }
}

/** Says which messages the operator promised to record and did not. @param ids of messages, 32 bytes each. */
export function tellBroken(ids: readonly Uint8Array[], terminal: Terminal): void {
  for (const id of ids) {
    terminal.say(
      `ALARM: the operator promised to record the message ${toHex(id)} and did not do so in time.`,
    );
    terminal.say(
      '  The evidence is kept: countersign alarm list. To send it again: countersign outbox resend.',
    );
  }
}
