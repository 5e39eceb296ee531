/**
 * What a person wants said or done in a channel, before it is sealed: kept here, in sealed rows. It is encrypted when it
 * is sent, to the members of that moment, because they may have changed while there was no network.
 */
import { randomBytes } from 'node:crypto';
import { fromBase64, toBase64, toHex } from '../../core/bytes.ts';
import type { RosterMember } from '../../core/channel/roster.ts';
import { type JsonObject, type JsonValue, isJsonObject } from '../../core/encoding/json.ts';
import {
  arrayOf,
  hexOf,
  integerFrom,
  oneOf,
  plainText,
  readObject,
  time,
} from '../../core/encoding/members.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { PrivateTable } from '../vault/private-table.ts';
import { channelName, invitationNote, rowCodes } from './rows.ts';

/** What is to be done. Keys are those of Ed25519. */
export type Intent =
  /** Found the channel with these members, oneself among them. @see `salt`: with it the id follows */
  | { readonly kind: 'found'; readonly salt: Uint8Array; readonly members: readonly RosterMember[] }
  /** Begin the next epoch: with some more, and without some. */
  | {
      readonly kind: 'members';
      readonly add: readonly RosterMember[];
      readonly drop: readonly Uint8Array[];
    }
  /** Begin the next epoch with the same members, because the key of this one was disclosed. */
  | { readonly kind: 'renew'; readonly after: Uint8Array }
  /** Tell a member that they are one. */
  | {
      readonly kind: 'invite';
      readonly to: RosterMember;
      readonly name?: string;
      readonly note?: string;
    }
  /** Say something to the members. */
  | { readonly kind: 'say'; readonly contentType: string; readonly content: Uint8Array }
  /** Show that one holds the key. */
  | { readonly kind: 'join' }
  /** Say in public that something does not open. */
  | { readonly kind: 'notice'; readonly epoch: Uint8Array; readonly message: Uint8Array };

/** Something that waits for its turn, or for its block. */
export interface ChannelDraft {
  /** 32 hexadecimal digits. */
  readonly id: string;
  readonly ledger: Uint8Array;
  readonly transaction: Uint8Array;
  readonly channel: Uint8Array;
  /** Its place in the line: within a channel one thing is done after the other. */
  readonly number: number;
  /** Seconds since 1970. */
  readonly created: number;
  readonly intent: Intent;
  /** The message that it was sealed as, once it was. */
  readonly sent?: Uint8Array;
  /** The epoch that it was sealed for; absent for the message that founds the channel. */
  readonly epoch?: Uint8Array;
  /** Why it cannot be done: a code. It stands in the way of what comes after it until it is discarded. */
  readonly problem?: string;
}

const contentTypeForm = /^[a-z0-9][a-z0-9._+/-]{0,126}$/;
const contentType = (value: JsonValue): string | undefined =>
  typeof value === 'string' && contentTypeForm.test(value) ? value : undefined;
const bytes = (value: JsonValue): Uint8Array | undefined =>
  typeof value === 'string' ? fromBase64(value) : undefined;
const member = (value: JsonValue): RosterMember | undefined => {
  const read = readObject(value, rowCodes, { encrypt: hexOf(32), sign: hexOf(32) });
  return read.ok ? read.value : undefined;
};
const members = arrayOf(member, 256);
const memberJson = ({ sign, encrypt }: RosterMember): JsonObject => ({
  encrypt: toHex(encrypt),
  sign: toHex(sign),
});
const object = (value: JsonValue): JsonObject | undefined => (isJsonObject(value) ? value : undefined);

function intentJson(intent: Intent): JsonObject {
  switch (intent.kind) {
    case 'found':
      return { members: intent.members.map(memberJson), salt: toHex(intent.salt) };
    case 'members':
      return { add: intent.add.map(memberJson), drop: intent.drop.map(toHex) };
    case 'renew':
      return { after: toHex(intent.after) };
    case 'invite': {
      const { to, name, note } = intent;
      const texts = { ...(name === undefined ? {} : { name }), ...(note === undefined ? {} : { note }) };
      return { ...texts, to: memberJson(to) };
    }
    case 'say':
      return { content: toBase64(intent.content), contentType: intent.contentType };
    case 'join':
      return {};
    case 'notice':
      return { epoch: toHex(intent.epoch), message: toHex(intent.message) };
  }
}

function intentOf(kind: Intent['kind'], json: JsonObject): Intent | undefined {
  const readers = {
    found: () => readObject(json, rowCodes, { members, salt: hexOf(32) }),
    members: () => readObject(json, rowCodes, { add: members, drop: arrayOf(hexOf(32), 256) }),
    renew: () => readObject(json, rowCodes, { after: hexOf(32) }),
    invite: () => readObject(json, rowCodes, { to: member }, { name: channelName, note: invitationNote }),
    say: () => readObject(json, rowCodes, { content: bytes, contentType }),
    join: () => readObject(json, rowCodes, {}),
    notice: () => readObject(json, rowCodes, { epoch: hexOf(32), message: hexOf(32) }),
  };
  const read = readers[kind]();
  return read.ok ? ({ kind, ...read.value } as Intent) : undefined;
}

const kinds = ['found', 'members', 'renew', 'invite', 'say', 'join', 'notice'] as const;

const drafts = new PrivateTable<ChannelDraft>({
  kind: 'channel-draft',
  // The longest plaintext of a message, in base64.
  maxBytes: 20_000_000,
  keyOf: ({ id }) => id,
  write: ({ id, ledger, transaction, channel, number, created, intent, sent, epoch, problem }) => ({
    channel: toHex(channel),
    created,
    ...(epoch === undefined ? {} : { epoch: toHex(epoch) }),
    id,
    intent: intentJson(intent),
    kind: intent.kind,
    ledger: toHex(ledger),
    number,
    ...(problem === undefined ? {} : { problem }),
    ...(sent === undefined ? {} : { sent: toHex(sent) }),
    transaction: toHex(transaction),
  }),
  read(json) {
    const row = readObject(
      json,
      rowCodes,
      {
        channel: hexOf(32),
        created: time,
        id: plainText(32),
        intent: object,
        kind: oneOf(kinds),
        ledger: hexOf(32),
        number: integerFrom(Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER),
        transaction: hexOf(32),
      },
      { epoch: hexOf(32), problem: plainText(300), sent: hexOf(32) },
    );
    if (!row.ok) return undefined;
    const { kind, intent: inside, ...rest } = row.value;
    const intent = intentOf(kind, inside);
    return intent && { ...rest, intent };
  },
});

function newId(): string {
  return toHex(new Uint8Array(randomBytes(16)));
}

/** All that waits on a ledger, in the order in which it is to be done. */
export async function openDrafts(rows: PrivateRows, ledger: Uint8Array): Promise<readonly ChannelDraft[]> {
  const text = toHex(ledger);
  const all = (await drafts.all(rows)).filter((draft) => toHex(draft.ledger) === text);
  return all.sort((a, b) => a.number - b.number || (a.id < b.id ? -1 : 1));
}

/** Puts intents in line, one after the other. No network is needed. @param now seconds since 1970. */
export async function queueIntents(
  rows: PrivateRows,
  where: Pick<ChannelDraft, 'ledger' | 'transaction' | 'channel'>,
  intents: readonly Intent[],
  now: number,
): Promise<readonly ChannelDraft[]> {
  const { ledger, transaction, channel } = where;
  const last = (await openDrafts(rows, ledger)).at(-1)?.number ?? 0;
  const made = intents.map((intent, i): ChannelDraft => {
    return { id: newId(), ledger, transaction, channel, number: last + 1 + i, created: now, intent };
  });
  await drafts.put(rows, ...made);
  return made;
}

/** Puts the joining of a new epoch before all else: what cannot be done any more must not keep it. */
export async function queueJoin(
  rows: PrivateRows,
  where: Pick<ChannelDraft, 'ledger' | 'transaction' | 'channel'>,
  now: number,
): Promise<void> {
  const { ledger, transaction, channel } = where;
  const first = (await openDrafts(rows, ledger)).at(0)?.number ?? 0;
  await drafts.put(rows, {
    ...{ id: newId(), ledger, transaction, channel, number: first - 1, created: now },
    intent: { kind: 'join' },
  });
}

/** Keeps what became of a draft. */
export async function keepDraft(rows: PrivateRows, draft: ChannelDraft): Promise<void> {
  await drafts.put(rows, draft);
}

/** Keeps what became of a draft, unless somebody else changed it meanwhile. @returns whether it was kept. */
export async function swapDraft(
  rows: PrivateRows,
  before: ChannelDraft,
  after: ChannelDraft,
): Promise<boolean> {
  return drafts.swap(rows, before, after);
}

/** Takes a draft out of the line: it is done, or not wanted any more. */
export async function dropDraft(rows: PrivateRows, id: string): Promise<void> {
  await drafts.remove(rows, id);
}
