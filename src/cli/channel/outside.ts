/** Channels and transactions as someone outside sees them, in lines and as JSON. */
import { toHex } from '../../core/bytes.ts';
import type { SealedSlot } from '../../core/channel/slot.ts';
import type { PublicChannel, PublicTransaction, SlotCount } from '../../wallet/channels/outside.ts';
import { utc } from '../records/show.ts';
import { counted, short } from './words.ts';

/** A channel on one line. */
export function publicChannelLine({
  channel,
  founder,
  height,
  members,
  position,
  time,
  transaction,
}: PublicChannel): string {
  const place = `${height}.${position}`.padEnd(7);
  const by = `by key ${short(founder)} for ${counted(members, 'member')}, written ${utc(time)}`;
  return `${place} channel ${toHex(channel)}  on transaction ${short(transaction)}, founded ${by}`;
}

export function publicChannelJson(shown: PublicChannel): Record<string, unknown> {
  const { channel, founder, height, members, position, time, transaction } = shown;
  const ids = { channel: toHex(channel), transaction: toHex(transaction), founder: toHex(founder) };
  return { ...ids, members, height, position, written: utc(time) };
}

function countLine({ bytes, messages, parts }: Omit<SlotCount, 'author'>, who: string): string {
  const documents = parts === 0 ? '' : ` and ${counted(parts, 'part')} of documents`;
  return `  ${who}: ${counted(messages, 'message')}${documents}, ${bytes} bytes`;
}

function slotLine({ author, hash, height, index, of, size, time }: SealedSlot): string {
  const what = 'epoch' in of ? `epoch ${short(of.epoch)}` : `document ${short(of.document)}`;
  const place = `${height}.${index}`.padEnd(7);
  return `${place} ${utc(time)}  key ${short(author)}  ${size} bytes  sha256 ${short(hash)}  ${what}`;
}

/** A transaction in lines. */
export function transactionLines({
  authors,
  channels,
  others,
  slots,
  transaction,
}: PublicTransaction): readonly string[] {
  const total = authors.reduce(
    (sum, { messages, parts }) => sum + messages + parts,
    others.messages + others.parts,
  );
  const rest = others.messages + others.parts;
  return [
    `transaction ${toHex(transaction)}`,
    `${counted(channels.length, 'channel')}:`,
    ...channels.map((channel) => `  ${publicChannelLine(channel)}`),
    `${counted(total, 'sealed slot')}, which nobody outside can read:`,
    ...authors.map((count) => countLine(count, `key ${short(count.author)}`)),
    ...(rest === 0 ? [] : [countLine(others, 'other keys')]),
    ...slots.map(slotLine),
    ...(slots.length < total ? [`... and ${counted(total - slots.length, 'earlier one')}`] : []),
  ];
}

/** A transaction as JSON. */
export function transactionJson(shown: PublicTransaction): Record<string, unknown> {
  const { authors, channels, others, slots, tag, transaction } = shown;
  return {
    transaction: toHex(transaction),
    tag: toHex(tag),
    channels: channels.map(publicChannelJson),
    authors: authors.map(({ author, ...counts }) => ({ key: toHex(author), ...counts })),
    others,
    slots: slots.map(({ author, hash, height, id, index, of, size, time }) => ({
      message: toHex(id),
      height,
      position: index,
      key: toHex(author),
      written: utc(time),
      dataBytes: size,
      sha256: toHex(hash),
      ...('epoch' in of ? { epoch: toHex(of.epoch) } : { document: toHex(of.document) }),
    })),
  };
}
