/** Telling of alarms wherever something is said of a ledger. */
import type { Statements } from '../../wallet/store/driver.ts';
import type { JoinedLedger } from '../../wallet/store/record-reader.ts';
import type { Terminal } from '../output.ts';

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
