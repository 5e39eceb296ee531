/** What this profile keeps of its channels: sealed rows. What the record and the words give back is not needed here. */
import { randomBytes } from 'node:crypto';
import { toHex } from '../../core/bytes.ts';
import { hexOf, integerFrom, plainText, readObject, time } from '../../core/encoding/members.ts';
import type { Randomness } from '../../core/channel/keys.ts';
import type { Place } from '../explorer/copy.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { PrivateTable } from '../vault/private-table.ts';

/** Codes for rows that do not parse: the table says `vault-rows`. */
export const rowCodes = { members: 'vault-rows', value: 'vault-rows' } as const;

/** A channel that this profile founded or was invited to. */
export interface ChannelRow {
  readonly ledger: Uint8Array;
  readonly transaction: Uint8Array;
  readonly channel: Uint8Array;
  /** What the channel is called here: 1 to 200 characters. Only its members can know it. */
  readonly name?: string;
  /** What the invitation said: 1 to 1,000 characters. */
  readonly note?: string;
  /** The Ed25519 key of who invited, or one's own. */
  readonly from: Uint8Array;
  /** When it was first seen here: seconds since 1970. */
  readonly added: number;
  /** Up to where its messages were read. */
  readonly read?: Place;
  /** Whether the person joined, or left: epochs that follow are joined without asking again, or not. */
  readonly joined?: boolean;
}

/** The form of a channel's name. */
export const channelName = plainText(200);
/** The form of a note with an invitation. */
export const invitationNote = plainText(1000);

const heightOf = integerFrom(0, Number.MAX_SAFE_INTEGER);

const channels = new PrivateTable<ChannelRow>({
  kind: 'channel',
  maxBytes: 16_384,
  keyOf: ({ ledger, transaction, channel }) => channelKey(ledger, transaction, channel),
  write: ({ ledger, transaction, channel, name, note, from, added, read, joined }) => ({
    added,
    channel: toHex(channel),
    from: toHex(from),
    ...(joined === undefined ? {} : { joined: Number(joined) }),
    ledger: toHex(ledger),
    ...(name === undefined ? {} : { name }),
    ...(note === undefined ? {} : { note }),
    ...(read === undefined ? {} : { readHeight: read.height, readPosition: read.position }),
    transaction: toHex(transaction),
  }),
  read(json) {
    const row = readObject(
      json,
      rowCodes,
      { added: time, channel: hexOf(32), from: hexOf(32), ledger: hexOf(32), transaction: hexOf(32) },
      {
        joined: integerFrom(0, 1),
        name: channelName,
        note: invitationNote,
        readHeight: heightOf,
        readPosition: heightOf,
      },
    );
    if (!row.ok) return undefined;
    const { joined, readHeight: height, readPosition: position, ...rest } = row.value;
    return {
      ...rest,
      ...(height === undefined || position === undefined ? {} : { read: { height, position } }),
      ...(joined === undefined ? {} : { joined: joined === 1 }),
    };
  },
});

function channelKey(ledger: Uint8Array, transaction: Uint8Array, channel: Uint8Array): string {
  return [ledger, transaction, channel].map(toHex).join('/');
}

/** Keeps a channel. */
export async function keepChannel(rows: PrivateRows, row: ChannelRow): Promise<void> {
  await channels.put(rows, row);
}

/** The channel with these ids, or undefined. */
export async function channelRow(
  rows: PrivateRows,
  ledger: Uint8Array,
  transaction: Uint8Array,
  channel: Uint8Array,
): Promise<ChannelRow | undefined> {
  return channels.get(rows, channelKey(ledger, transaction, channel));
}

/** The channels of a ledger that this profile knows, the earliest first. */
export async function channelRows(rows: PrivateRows, ledger: Uint8Array): Promise<readonly ChannelRow[]> {
  const text = toHex(ledger);
  const all = (await channels.all(rows)).filter((row) => toHex(row.ledger) === text);
  return all.sort((a, b) => a.added - b.added || (toHex(a.channel) < toHex(b.channel) ? -1 : 1));
}

interface EpochSecret {
  readonly epoch: Uint8Array;
  readonly secret: Uint8Array;
}

const secrets = new PrivateTable<EpochSecret>({
  kind: 'channel-epoch',
  maxBytes: 1024,
  keyOf: ({ epoch }) => toHex(epoch),
  write: ({ epoch, secret }) => ({ epoch: toHex(epoch), secret: toHex(secret) }),
  read(json) {
    const row = readObject(json, rowCodes, { epoch: hexOf(32), secret: hexOf(32) });
    return row.ok ? row.value : undefined;
  },
});

/** The secret of an epoch that opened here before: it saves trying every wrap with every key. */
export async function keptSecret(rows: PrivateRows, epoch: Uint8Array): Promise<Uint8Array | undefined> {
  return (await secrets.get(rows, toHex(epoch)))?.secret;
}

/** Keeps the secret of an epoch. */
export async function keepSecret(rows: PrivateRows, epoch: Uint8Array, secret: Uint8Array): Promise<void> {
  await secrets.put(rows, { epoch, secret });
}

const localKey = new PrivateTable<Uint8Array>({
  kind: 'channel-local-key',
  maxBytes: 256,
  keyOf: () => 'the one',
  write: (key) => ({ key: toHex(key) }),
  read(json) {
    const row = readObject(json, rowCodes, { key: hexOf(32) });
    return row.ok ? row.value.key : undefined;
  },
});

/** What the secrets of this profile are drawn from: its local key, made when first needed, and fresh random bytes. */
export async function randomness(rows: PrivateRows): Promise<Randomness> {
  let key = await localKey.get(rows, 'the one');
  if (key === undefined) {
    key = new Uint8Array(randomBytes(32));
    await localKey.put(rows, key);
  }
  return { localKey: key, random: new Uint8Array(randomBytes(32)) };
}
