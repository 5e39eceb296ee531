/** How disclosures are told: what will open, before it is done, and what opened, to who looks at it. */
import { toHex } from '../../core/bytes.ts';
import type { GrantScope } from '../../core/channel/content.ts';
import type { DisclosurePlan, PlannedMessage } from '../../wallet/disclosure/plan.ts';
import type {
  GrantedChannelView,
  GrantedMessageView,
  OpenedGrant,
} from '../../wallet/disclosure/open-grant.ts';
import { contentJson, saidLines } from '../channel/conversation.ts';
import { counted, short } from '../channel/words.ts';
import { utc } from '../records/show.ts';

/** What a scope is called. */
export const scopeWords: Readonly<Record<GrantScope, string>> = {
  message: 'one message',
  period: 'what was said in a time',
  epoch: 'everything between two changes of members',
  channel: 'a whole channel',
  transaction: 'all channels of a transaction',
};

/** Names of keys, where this profile has given some. */
export type KeyNames = ReadonlyMap<string, string>;

/** What a key is called. */
export function nameOf(key: Uint8Array, names: KeyNames): string {
  return names.get(toHex(key)) ?? `key ${short(key)}`;
}

/** Lines that are shown of what will open. */
const mostLines = 10;

function plannedLine({ content, height, position, sender, time }: PlannedMessage, names: KeyNames): string {
  const [said = ''] = content === undefined ? ['something of an unknown type'] : saidLines(content);
  return `  ${`${height}.${position}`.padEnd(7)} ${utc(time)}  ${nameOf(sender, names)}: ${said.slice(0, 80)}`;
}

/** What a disclosure will open, for whom, and what follows from it. @param to the recipient in words. */
export function planLines(plan: DisclosurePlan, to: string, names: KeyNames): readonly string[] {
  const { channels, documents, messages, newest, scope } = plan;
  const files = documents === 0 ? '' : `, ${counted(documents, 'document')} among them`;
  const lines = [
    `This opens ${scopeWords[scope]} to ${to}${scope === 'message' ? '' : `: ${counted(messages, 'message')}${files}`}.`,
    ...newest.slice(0, mostLines).map((message) => plannedLine(message, names)),
    ...(messages > mostLines ? [`  ... and ${messages - mostLines} earlier`] : []),
  ];
  for (const { allEpochs, channel, closedEpochs, current, epochs } of channels) {
    if (epochs.length > 0) {
      const which = `${epochs.length} of ${counted(allEpochs, 'epoch')}`;
      lines.push(`  channel ${short(channel)}: ${which}, with the list of members of each`);
    }
    if (closedEpochs > 0 && epochs.length > 0)
      lines.push(
        `  channel ${short(channel)}: the keys of ${counted(closedEpochs, 'epoch')} are not known here`,
      );
    if (current !== undefined) {
      lines.push('  The key of what is said now is among them: before it is handed out, the members');
      lines.push('  get a new one, and what they say from then on stays closed.');
    }
  }
  const where = channels.length === 1 ? 'the channel' : 'each of these channels';
  lines.push(
    `Before it leaves, ${where} is told on the record that you disclosed it. It cannot be taken back.`,
  );
  return lines;
}

/** A plan as JSON. */
export function planJson(plan: DisclosurePlan): Record<string, unknown> {
  const { channels, documents, messages, newest, scope } = plan;
  return {
    scope,
    messages,
    documents,
    channels: channels.map(({ allEpochs, channel, closedEpochs, current, epochs, transaction }) => ({
      channel: toHex(channel),
      transaction: toHex(transaction),
      epochs,
      allEpochs,
      closedEpochs,
      newEpoch: current !== undefined,
    })),
    newest: newest.map(({ channel, content, height, id, position, sender, time }) => ({
      message: toHex(id),
      channel: toHex(channel),
      height,
      position,
      author: toHex(sender),
      written: utc(time),
      ...contentJson(content),
    })),
  };
}

/** What a grant is, in lines, before what it opens. */
export function grantLines({ absent, channels, grant }: OpenedGrant, names: KeyNames): readonly string[] {
  const { content } = grant;
  const lines = [`A disclosure of ${scopeWords[content.scope]}, transaction ${short(content.transaction)}.`];
  if (content.period !== undefined)
    lines.push(`It lists what was said in blocks ${content.period.from} to ${content.period.to}.`);
  for (const view of channels) lines.push(...channelLines(view, names));
  if (absent.length > 0)
    lines.push(
      `! ${counted(absent.length, 'message')} of it not in the copy on this machine: ${absent.map(short).join(', ')}`,
    );
  return lines;
}

function channelLines({ chain, channel, epochs }: GrantedChannelView, names: KeyNames): readonly string[] {
  const all = counted(chain.epochs.length, 'epoch');
  const lines = [
    epochs.length === 0
      ? `channel ${short(channel)}: single messages of it`
      : `channel ${short(channel)}: ${epochs.length} of ${all} as a whole`,
  ];
  for (const { epoch, id, opened } of epochs) {
    if (epoch === undefined || !opened.ok) {
      const why = opened.ok ? '' : ` [${opened.code}]`;
      lines.push(`  ! epoch ${short(id)} does not open${why}`);
      continue;
    }
    const members = opened.value.members.map(({ sign }) => nameOf(sign, names)).join(', ');
    lines.push(`  epoch ${epoch.number}, from block ${epoch.begins.height} on: ${members}`);
  }
  return lines;
}

/** What a message shows that a grant opened, in lines. */
export function grantedLines(view: GrantedMessageView, names: KeyNames): readonly string[] {
  const { content, epoch, height, opened, position, sender, standing, time } = view;
  const head = `${`${height}.${position}`.padEnd(7)} ${utc(time)}  ${nameOf(sender, names)}`;
  if (!opened.ok) return [`${head} ! does not open [${opened.code}]`];
  const said = content === undefined ? [`something of type ${opened.value.contentType}`] : saidLines(content);
  const [first = '', ...more] = said;
  const marks =
    standing === 'current' ? [] : [`! stands ${standing} epoch ${epoch.number}; agrees to nothing`];
  return [
    `${head}${content?.kind === 'text' ? ':' : ''} ${first}`,
    ...[...more, ...marks].map((line) => `          ${line}`),
  ];
}

/** What single messages show, and what they do not. */
export const byMessageKey =
  'Opened by its own key, a message shows what its author committed to; it does not show that the members could read it.';

/** A message that a grant opened, as JSON. */
export function grantedJson(view: GrantedMessageView): Record<string, unknown> {
  const { channel, content, epoch, height, id, opened, position, sender, standing, time } = view;
  const where = { message: toHex(id), channel: toHex(channel), height, position };
  const base = { ...where, epoch: epoch.number, standing, author: toHex(sender), written: utc(time) };
  if (!opened.ok) return { ...base, opened: false, code: opened.code };
  const { contentType, openedBy } = opened.value;
  return { ...base, opened: true, openedBy, contentType, ...contentJson(content) };
}

/** A grant as JSON. @param messages of {@link grantedJson}. */
export function grantJson(
  { absent, channels, grant }: OpenedGrant,
  messages: readonly Record<string, unknown>[],
): Record<string, unknown> {
  const { ledger, period, scope, transaction } = grant.content;
  return {
    scope,
    ledger: toHex(ledger),
    transaction: toHex(transaction),
    ...(period === undefined ? {} : { period }),
    channels: channels.map(({ chain, channel, epochs }) => ({
      channel: toHex(channel),
      allEpochs: chain.epochs.length,
      epochs: epochs.map(({ epoch, id, opened }) => ({
        epoch: toHex(id),
        ...(epoch === undefined ? {} : { number: epoch.number, begins: epoch.begins.height }),
        ...(opened.ok
          ? { members: opened.value.members.map(({ sign }) => toHex(sign)) }
          : { code: opened.code }),
      })),
    })),
    absent: absent.map(toHex),
    messages,
  };
}
