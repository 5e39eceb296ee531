/**
 * Grants (`docs/spec/channels.md`, 'Disclosure'): the keys to exactly what is disclosed. Reading one opens nothing; what it
 * lists is opened against the record in `granted.ts`.
 */
import { compareBytes, equalBytes, toHex } from '../bytes.ts';
import type { JsonValue } from '../encoding/json.ts';
import { parseJson, writeJson } from '../encoding/json.ts';
import { arrayOf, hexOf, integerFrom, oneOf, readObject } from '../encoding/members.ts';
import type { GrantCode } from '../errors/grant.ts';
import type { JsonCode } from '../errors/json.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { GrantScope } from './content.ts';
import { grantScopes } from './content.ts';

/** The longest grant, in bytes. */
const maxGrantBytes = 8_388_608;
const maxEpochs = 4096;
const maxMessages = 20_000;
const format = 'countersign/grant/v1';

/** All of an epoch. */
export interface GrantedEpoch {
  readonly channel: Uint8Array;
  readonly epoch: Uint8Array;
  readonly secret: Uint8Array;
}

/** One message. */
export interface GrantedMessage {
  readonly channel: Uint8Array;
  readonly epoch: Uint8Array;
  /** The message key. */
  readonly key: Uint8Array;
  /** The message id. */
  readonly message: Uint8Array;
}

/** Heights, both included. */
export interface GrantPeriod {
  readonly from: number;
  readonly to: number;
}

export interface GrantContent {
  readonly ledger: Uint8Array;
  readonly transaction: Uint8Array;
  readonly scope: GrantScope;
  /** Ascending by epoch. */
  readonly epochs: readonly GrantedEpoch[];
  /** Ascending by message. */
  readonly messages: readonly GrantedMessage[];
  /** Present exactly in the scope `period`. */
  readonly period?: GrantPeriod;
}

const token = Symbol('made by parseGrant');

/** Not exported: only {@link parseGrant} makes one. */
class ReadGrant {
  readonly content: GrantContent;
  readonly #epochs: ReadonlyMap<string, GrantedEpoch>;
  readonly #messages: ReadonlyMap<string, GrantedMessage>;

  constructor(made: symbol, content: GrantContent) {
    if (made !== token) throw new TypeError('grants are read by parseGrant');
    this.content = Object.freeze(content);
    this.#epochs = new Map(content.epochs.map((item) => [toHex(item.epoch), item]));
    this.#messages = new Map(content.messages.map((item) => [toHex(item.message), item]));
    Object.freeze(this);
  }

  /** What it says of an epoch, if it discloses all of it. */
  epoch(id: Uint8Array): GrantedEpoch | undefined {
    return this.#epochs.get(toHex(id));
  }

  /** What it says of a message, if it discloses that one. */
  message(id: Uint8Array): GrantedMessage | undefined {
    return this.#messages.get(toHex(id));
  }
}

/** A grant whose form holds. Whether its keys open what it names shows against the record. */
export type Grant = ReadGrant;

const codes = { members: 'grant-members', value: 'grant-value' } as const;

/** Reads an object inside an array; a member that is missing or unknown counts as a wrong value there. */
function item<T>(read: (value: JsonValue) => Result<T, GrantCode>): (value: JsonValue) => T | undefined {
  return (value) => {
    const result = read(value);
    return result.ok ? result.value : undefined;
  };
}

const epochItem = item((value) =>
  readObject(value, codes, { channel: hexOf(32), epoch: hexOf(32), secret: hexOf(32) }),
);
const messageItem = item((value) =>
  readObject(value, codes, { channel: hexOf(32), epoch: hexOf(32), key: hexOf(32), message: hexOf(32) }),
);
const height = integerFrom(0, Number.MAX_SAFE_INTEGER);
const periodItem = item((value) => readObject(value, codes, { from: height, to: height }));

/** Reads a grant for a ledger. */
export function parseGrant(bytes: Uint8Array, ledger: Uint8Array): Result<Grant, GrantCode | JsonCode> {
  const json = parseJson(bytes, maxGrantBytes);
  if (!json.ok) return json;
  const read = readObject(
    json.value,
    codes,
    {
      epochs: arrayOf(epochItem, maxEpochs),
      grant: oneOf([format]),
      ledger: hexOf(32),
      messages: arrayOf(messageItem, maxMessages),
      scope: oneOf(grantScopes),
      transaction: hexOf(32),
    },
    { period: periodItem },
  );
  if (!read.ok) return read;
  const { epochs, messages, period, scope, transaction } = read.value;
  if (!ascends(epochs.map(({ epoch }) => epoch)) || !ascends(messages.map(({ message }) => message))) {
    return refuse('grant-order');
  }
  const content = { ledger: read.value.ledger, transaction, scope, epochs, messages };
  const whole = period === undefined ? content : { ...content, period };
  if (!fitsScope(whole)) return refuse('grant-scope', scope);
  if (!equalBytes(read.value.ledger, ledger)) return refuse('grant-ledger');
  return ok(new ReadGrant(token, whole));
}

function ascends(ids: readonly Uint8Array[]): boolean {
  return ids.every((id, i) => i === 0 || compareBytes(ids[i - 1] ?? id, id) < 0);
}

function fitsScope({ epochs, messages, period, scope }: GrantContent): boolean {
  if ((period !== undefined) !== (scope === 'period')) return false;
  if (period !== undefined && period.from > period.to) return false;
  const some = scope === 'message' || scope === 'period' ? messages : epochs;
  const others = some === messages ? epochs : messages;
  if (some.length === 0 || others.length > 0) return false;
  if ((scope === 'message' || scope === 'epoch') && some.length !== 1) return false;
  const first = some[0]?.channel;
  const isOneChannel = some.every(({ channel }) => first !== undefined && equalBytes(channel, first));
  return scope === 'transaction' || isOneChannel;
}

/** The bytes of a grant; the lists may come in any order. @throws RangeError when a reader would refuse it. */
export function writeGrant(content: GrantContent): Uint8Array {
  const { ledger, period, scope, transaction } = content;
  const epochs = content.epochs.map(({ channel, epoch, secret }) => ({
    channel: toHex(channel),
    epoch: toHex(epoch),
    secret: toHex(secret),
  }));
  const messages = content.messages.map(({ channel, epoch, key, message }) => ({
    channel: toHex(channel),
    epoch: toHex(epoch),
    key: toHex(key),
    message: toHex(message),
  }));
  const bytes = writeJson({
    epochs: epochs.sort((a, b) => (a.epoch < b.epoch ? -1 : 1)),
    grant: format,
    ledger: toHex(ledger),
    messages: messages.sort((a, b) => (a.message < b.message ? -1 : 1)),
    ...(period === undefined ? {} : { period: { from: period.from, to: period.to } }),
    scope,
    transaction: toHex(transaction),
  });
  const readBack = parseGrant(bytes, ledger);
  if (!readBack.ok) throw new RangeError(`not a grant: ${readBack.code}`);
  return bytes;
}
