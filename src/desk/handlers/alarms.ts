/** Answers about alarms: shown with what their evidence shows, saved for others, acknowledged. */
import { join } from 'node:path';
import type { AlarmCode } from '../../core/errors/alarm.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { fromUtf8 } from '../../core/bytes.ts';
import type { AlarmPage, AlarmRow, EvidenceView } from '../../contract/channels/alarms.ts';
import { acknowledgeAlarm } from '../../wallet/alarms/rows.ts';
import { alarmNumbered, type ShownAlarm, shownAlarms } from '../../wallet/alarms/shown.ts';
import { writeNewFile } from '../../wallet/vault/new-file.ts';
import type { Desk, Handlers } from '../desk.ts';
import { failureOf } from '../explanations.ts';

/** As much of an evidence file as a person looks at. */
const shownCharacters = 100_000;
/** How many names are tried for a file before it is given up. */
const mostNames = 100;

function rowOf({ alarm, joined, lie, isStopping }: ShownAlarm): AlarmRow {
  const { number, code, detail, address, firstSeen, lastSeen, times, evidence, acknowledged } = alarm;
  const { happened, means, next } = failureOf(code);
  return {
    number,
    origin: joined.ledger.origin,
    ledger: joined.ledger.idText,
    ...{ code, happened, means, next },
    ...(lie === undefined || evidence === undefined
      ? {}
      : { shows: { sentence: lie.sentence.slice(0, 2000), kind: lie.kind, bytes: evidence.length } }),
    stops: isStopping,
    detail: detail.toWellFormed(),
    address: address.slice(0, 300).toWellFormed(),
    first: firstSeen,
    last: lastSeen,
    times,
    ...(acknowledged === undefined ? {} : { acknowledged }),
  };
}

async function list(desk: Desk, limit: number): Promise<AlarmPage> {
  const { database } = desk.need().session.wallet;
  const all = (await shownAlarms(database)).toReversed();
  return { total: all.length, rows: all.slice(0, limit).map(rowOf) };
}

/** @throws CountersignError `alarm-unknown`, `alarm-no-evidence` */
async function evidenceOf(desk: Desk, number: number): Promise<Uint8Array> {
  const { alarm } = await alarmNumbered(desk.need().session.wallet.database, number);
  if (alarm.evidence === undefined)
    throw new CountersignError<AlarmCode>('alarm-no-evidence', `alarm ${number}`);
  return alarm.evidence;
}

async function evidence(desk: Desk, number: number): Promise<EvidenceView> {
  const text = fromUtf8(await evidenceOf(desk, number)) ?? '';
  return { text: text.slice(0, shownCharacters), isCut: text.length > shownCharacters };
}

async function save(desk: Desk, number: number): Promise<{ readonly file: string } | null> {
  const bytes = await evidenceOf(desk, number);
  const folder = await desk.ask('folder');
  if (folder === undefined) return null;
  for (let turn = 1; ; turn++) {
    const file = join(folder, `alarm-${number}${turn === 1 ? '' : `-${turn}`}.evidence.json`);
    try {
      await writeNewFile(file, bytes);
      return { file: file.toWellFormed() };
    } catch (cause) {
      const { code = '' } = cause as NodeJS.ErrnoException;
      if (code === 'EEXIST' && turn < mostNames) continue;
      throw new CountersignError<AlarmCode>('alarm-cannot-write', `${folder}: ${code}`, { cause });
    }
  }
}

async function acknowledge(desk: Desk, number: number): Promise<null> {
  const { session, follower } = desk.need();
  const { database } = session.wallet;
  await alarmNumbered(database, number);
  await acknowledgeAlarm(database, number, Math.floor(Date.now() / 1000));
  await follower.tell();
  follower.look();
  return null;
}

type Names = 'alarms.list' | 'alarms.detail' | 'alarms.evidence' | 'alarms.save' | 'alarms.acknowledge';

export function alarmHandlers(desk: Desk): Handlers<Names> {
  return {
    'alarms.list': ({ limit }) => list(desk, limit),
    'alarms.detail': async ({ number }) =>
      rowOf(await alarmNumbered(desk.need().session.wallet.database, number)),
    'alarms.evidence': ({ number }) => evidence(desk, number),
    'alarms.save': ({ number }) => save(desk, number),
    'alarms.acknowledge': ({ number }) => acknowledge(desk, number),
  };
}
