/** Alarms as they are shown to people: evidence is judged again before anything is said of it. */
import type { AlarmCode } from '../../core/errors/alarm.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { type Lie, verifyEvidence } from '../../core/evidence/verify.ts';
import { pinnedLedgers } from '../ledgers.ts';
import type { Database, Statements } from '../store/driver.ts';
import { corrupt, type JoinedLedger } from '../store/record-reader.ts';
import { type Alarm, alarmCounts, alarmsOf, brokenPromise } from './rows.ts';

/** An alarm, the ledger that it is about, and what its evidence shows. */
export interface ShownAlarm {
  readonly alarm: Alarm;
  readonly joined: JoinedLedger;
  /** Undefined when there is no evidence. */
  readonly lie: Lie | undefined;
  /** Whether nothing newer is fetched until a person decides. */
  readonly isStopping: boolean;
}

function shown(alarm: Alarm, joined: JoinedLedger): ShownAlarm {
  const { acknowledged, code, evidence, number } = alarm;
  const lie = evidence && verifyEvidence(evidence, joined.ledger.id);
  if (lie?.ok === false) throw corrupt(`evidence of alarm ${number}: ${lie.code}`);
  const isStopping = lie !== undefined && acknowledged === undefined && code !== brokenPromise;
  return { alarm, joined, lie: lie?.value, isStopping };
}

/** All alarms of a profile, or those of one ledger, the oldest first. @throws CountersignError with a `store-` code */
export async function shownAlarms(
  database: Database,
  ledgers?: readonly JoinedLedger[],
): Promise<readonly ShownAlarm[]> {
  const all = ledgers ?? (await pinnedLedgers(database)).map(({ joined }) => joined);
  const found: ShownAlarm[] = [];
  for (const joined of all) {
    for (const alarm of await alarmsOf(database, joined)) found.push(shown(alarm, joined));
  }
  return found.sort((a, b) => a.alarm.number - b.alarm.number);
}

/** The alarm with this number. @throws CountersignError `alarm-unknown`, or with a `store-` code */
export async function alarmNumbered(database: Database, number: number): Promise<ShownAlarm> {
  const found = (await shownAlarms(database)).find(({ alarm }) => alarm.number === number);
  if (found === undefined) throw new CountersignError<AlarmCode>('alarm-unknown', String(number));
  return found;
}

/** What everybody who is told something of a ledger must be told too, in one sentence; undefined when there is nothing. */
export async function alarmSentence(
  statements: Statements,
  joined: JoinedLedger,
): Promise<string | undefined> {
  const { proven, broken, open } = await alarmCounts(statements, joined);
  const { origin } = joined.ledger;
  const where = 'countersign alarm list';
  if (proven > 0)
    return `ALARM: the operator of ${origin} is shown, by its own signatures, to have broken the rules: ${where}`;
  if (broken > 0) return `ALARM: the operator of ${origin} did not keep a signed promise: ${where}`;
  return open > 0
    ? `ALARM: something was seen about ${origin} that an honest operator does not do: ${where}`
    : undefined;
}
