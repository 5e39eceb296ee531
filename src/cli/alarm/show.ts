/** How alarms are shown. */
import { type Command, InvalidArgumentError } from 'commander';
import type { ShownAlarm } from '../../wallet/alarms/shown.ts';
import { explanationOf, type Terminal } from '../output.ts';
import { utc } from '../records/show.ts';

/** Declares the number of an alarm. */
export function addAlarmNumber(command: Command): Command {
  return command.argument('<NUMBER>', 'the number of the alarm, as the list has it', (text) => {
    if (/^[1-9][0-9]{0,14}$/.test(text)) return Number(text);
    throw new InvalidArgumentError('Give the number of an alarm.');
  });
}

/** The number that was given. */
export function alarmNumber(command: Command): number {
  return command.processedArgs[0] as number;
}

function standing({ alarm, lie, isStopping }: ShownAlarm): string {
  if (alarm.acknowledged !== undefined) return `acknowledged ${utc(alarm.acknowledged)}`;
  if (isStopping) return 'nothing newer is fetched until you decide';
  return lie === undefined ? 'seen here only' : 'to be shown to others';
}

/** An alarm as JSON, in the form of the command line. */
export async function alarmJson(shown: ShownAlarm): Promise<Record<string, unknown>> {
  const { alarm, joined, lie, isStopping } = shown;
  const { number, code, detail, address, firstSeen, lastSeen, times, acknowledged } = alarm;
  return {
    number,
    origin: joined.ledger.origin,
    ledger: joined.ledger.idText,
    code,
    ...(await explanationOf(code)),
    proven: lie !== undefined,
    ...(lie === undefined ? {} : { kind: lie.kind, shows: lie.sentence }),
    stops: isStopping,
    detail,
    address,
    firstSeen: utc(firstSeen),
    lastSeen: utc(lastSeen),
    times,
    ...(acknowledged === undefined ? {} : { acknowledged: utc(acknowledged) }),
  };
}

/** An alarm of a list: two lines. */
export async function sayAlarm(shown: ShownAlarm, terminal: Terminal): Promise<void> {
  const { alarm, joined, lie } = shown;
  const { happened } = await explanationOf(alarm.code);
  const proof = lie === undefined ? 'without proof' : 'with proof';
  terminal.line(
    `${String(alarm.number).padEnd(4)} ${utc(alarm.firstSeen)}  ${joined.ledger.origin}  ${proof}; ${standing(shown)}`,
  );
  terminal.line(`     ${happened} [${alarm.code}]`);
}

/** An alarm, one part to a line. */
export async function sayWholeAlarm(shown: ShownAlarm, terminal: Terminal): Promise<void> {
  const { alarm, joined, lie } = shown;
  const { number, code, detail, address, firstSeen, lastSeen, times, evidence } = alarm;
  const { happened, means, next } = await explanationOf(code);
  terminal.line(`alarm      ${number}: ${standing(shown)}`);
  terminal.line(`ledger     ${joined.ledger.origin}`);
  terminal.line(`           ${joined.ledger.idText}`);
  terminal.line(`what       ${happened} [${code}]`);
  if (lie !== undefined) terminal.line(`shown      ${lie.sentence}`);
  terminal.line(`met        ${detail}`);
  terminal.line(`where      ${address}`);
  terminal.line(`first      ${utc(firstSeen)}`);
  if (times > 1) terminal.line(`last       ${utc(lastSeen)}, ${times} times so far`);
  terminal.line(
    lie === undefined
      ? 'evidence   none: the operator signed nothing that would show it to others'
      : `evidence   ${evidence?.length ?? 0} bytes of the kind ${lie.kind}, checked again just now`,
  );
  terminal.line(`means      ${means}`);
  terminal.line(`next       ${next}`);
}
