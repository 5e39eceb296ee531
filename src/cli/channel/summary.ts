/** Channels of a list, in lines and as JSON. */
import { toHex } from '../../core/bytes.ts';
import type { ChannelAlarm } from '../../wallet/channels/alarms.ts';
import { type ChannelSummary, mostUnread, type UnseenChannel } from '../../wallet/channels/list.ts';
import { explanationOf } from '../output.ts';
import { channelTitle, counted, short, standingWords } from './words.ts';

/** Alarms as sentences. @param nameOf what a key is called. */
export async function alarmLines(
  alarms: readonly ChannelAlarm[],
  nameOf: (sign: Uint8Array) => string,
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const { code, who, message } of alarms) {
    const { happened, next } = await explanationOf(code);
    const about = [
      ...(who === undefined ? [] : [nameOf(who)]),
      ...(message === undefined ? [] : [short(message)]),
    ];
    const met = about.length === 0 ? '' : ` (${about.join(', ')})`;
    lines.push(`! ${happened}${met} [${code}]`, `  ${next}`);
  }
  return lines;
}

/** An alarm as JSON. */
function alarmJson({ code, message, place, who }: ChannelAlarm): Record<string, unknown> {
  return {
    code,
    ...(who === undefined ? {} : { who: toHex(who) }),
    ...(message === undefined ? {} : { message: toHex(message) }),
    ...place,
  };
}

function figures({ epochs, members, unread, waiting }: ChannelSummary): string {
  const many = unread === mostUnread ? `${mostUnread} or more` : String(unread);
  const parts = [
    counted(members, 'member'),
    ...(epochs > 1 ? [`members changed ${counted(epochs - 1, 'time')}`] : []),
    `${many} unread`,
    ...(waiting === 0 ? [] : [`${waiting} waiting here`]),
  ];
  return parts.join(', ');
}

function invitationLine({ from, fromName, note }: ChannelSummary): string {
  const who = fromName ?? `the key ${short(from)}, which is none of your contacts`;
  return note === undefined ? `invited by ${who}` : `invited by ${who}, who says: ${note}`;
}

/** A list of channels in lines. */
export async function summaryLines(
  channels: readonly ChannelSummary[],
  unseen: readonly UnseenChannel[],
): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const summary of channels) {
    const { alarms, standing, transaction } = summary;
    lines.push(channelTitle(summary), `  ${standingWords[standing]}; ${figures(summary)}`);
    lines.push(`  transaction ${short(transaction)}`);
    if (standing === 'invited') lines.push(`  ${invitationLine(summary)}`);
    for (const line of await alarmLines(alarms, (sign) => `key ${short(sign)}`)) lines.push(`  ${line}`);
  }
  for (const channel of unseen) {
    const { happened, next } = await explanationOf(channel.code);
    lines.push(channelTitle(channel), `  ! ${happened} [${channel.code}]`, `    ${next}`);
  }
  return lines;
}

/** A list of channels as JSON. */
export function summaryJson(
  channels: readonly ChannelSummary[],
  unseen: readonly UnseenChannel[],
): Record<string, unknown> {
  return {
    channels: channels.map((summary) => {
      const {
        alarms,
        channel,
        epochs,
        from,
        fromName,
        ledger,
        members,
        name,
        note,
        standing,
        transaction,
        unread,
        waiting,
      } = summary;
      return {
        ...(name === undefined ? {} : { name }),
        channel: toHex(channel),
        transaction: toHex(transaction),
        ledger: toHex(ledger),
        from: toHex(from),
        ...(fromName === undefined ? {} : { fromName }),
        ...(note === undefined ? {} : { note }),
        ...{ standing, epochs, members, unread, waiting },
        alarms: alarms.map(alarmJson),
      };
    }),
    unseen: unseen.map(({ channel, code, name, transaction }) => ({
      ...(name === undefined ? {} : { name }),
      channel: toHex(channel),
      transaction: toHex(transaction),
      code,
    })),
  };
}
