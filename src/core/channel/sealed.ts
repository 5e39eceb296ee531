/**
 * Sealed messages (`docs/spec/channels.md`, 'Sealed messages'). A message opens with the secret of its epoch or with its
 * own key alone; either way to the one text that its author committed to, because the commitment is compared first.
 */
import { ByteReader, concatBytes, equalBytes, fromUtf8, toHex, toUtf8 } from '../bytes.ts';
import { equalSecrets, label } from '../crypto/kdf.ts';
import { openBox, sealBox } from '../crypto/sealed.ts';
import { hexOf, readObject } from '../encoding/members.ts';
import type { ChannelCode } from '../errors/channel.ts';
import type { SealedCode } from '../errors/sealed.ts';
import type { Draft, DraftOrigin } from '../record/envelope.ts';
import type { VerifiedMessage } from '../record/message.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { hasTags } from './announcement.ts';
import type { Chain, ChainEpoch } from './chain.ts';
import type { OpenEpoch } from './epoch.ts';
import type { MessageContext, Randomness } from './keys.ts';
import { drawSecret, messageBox, messageParts } from './keys.ts';
import { sealedType } from './names.ts';
import { padded, sizeStep, unpadded } from './padding.ts';

/** The longest padded plaintext: the largest step that the data of a message holds. */
const maxPaddedBytes = 14_680_064;

const overhead = 16;
const contentTypeForm = /^[a-z0-9][a-z0-9._+/-]{0,126}$/;

/** What a message says, before it is sealed: its type, and bytes that belong to the type. */
export interface PlainContent {
  readonly contentType: string;
  readonly content: Uint8Array;
}

interface SealedBody {
  readonly commitment: Uint8Array;
  readonly epoch: Uint8Array;
  readonly salt: Uint8Array;
}

const token = Symbol('made in sealed.ts');

/** Not exported: only {@link readSealed} makes one. */
class ReadSealed {
  readonly body: SealedBody;
  readonly message: VerifiedMessage;

  constructor(made: symbol, message: VerifiedMessage, body: SealedBody) {
    if (made !== token) throw new TypeError('sealed messages are read by readSealed');
    this.message = message;
    this.body = Object.freeze(body);
    Object.freeze(this);
  }
}

/** A sealed message whose public part holds by itself. Nothing of it is open. */
export type SealedMessageOnRecord = ReadSealed;

/** Not exported: only {@link openMessage} and {@link openByMessageKey} make one. */
class Opened implements PlainContent {
  readonly contentType: string;
  readonly message: VerifiedMessage;
  /** `epoch`: the members could read it. `message-key`: it only shows what the author committed to. */
  readonly openedBy: 'epoch' | 'message-key';
  readonly #content: Uint8Array;

  constructor(made: symbol, message: VerifiedMessage, plain: PlainContent, by: 'epoch' | 'message-key') {
    if (made !== token) throw new TypeError('messages are opened by openMessage');
    this.message = message;
    this.contentType = plain.contentType;
    this.#content = plain.content;
    this.openedBy = by;
    Object.freeze(this);
  }

  get content(): Uint8Array {
    return this.#content.slice();
  }
}

/** A message that was opened. */
export type OpenedMessage = Opened;

/**
 * Reads what is public of a sealed message.
 *
 * @returns undefined when the message is of another payload type, or of a version that is not known here.
 */
export function readSealed(message: VerifiedMessage): Result<SealedMessageOnRecord, SealedCode> | undefined {
  const { head } = message;
  if (message.payloadType !== sealedType || head.v !== 1) return undefined;
  const codes = { members: 'sealed-members', value: 'sealed-value' } as const;
  const body = readObject(head.body, codes, { commitment: hexOf(32), epoch: hexOf(32), salt: hexOf(32) });
  if (!body.ok) return body;
  const length = message.dataLength - overhead;
  if (length < 0 || sizeStep(length) !== length || length > maxPaddedBytes) return refuse('sealed-size');
  return ok(new ReadSealed(token, message, body.value));
}

/** What the key of a message is bound to. */
function messageContext(epoch: ChainEpoch, message: VerifiedMessage): MessageContext {
  const { payloadType, sender } = message;
  return { ...epoch.context, epoch: epoch.id, sender, payloadType };
}

/** What is wrong with a message in an epoch, before any key is used. */
function misplaced(epoch: ChainEpoch, { body, message }: SealedMessageOnRecord): SealedCode | undefined {
  if (!equalBytes(body.epoch, epoch.id)) return 'sealed-epoch';
  if (!equalBytes(message.head.ledger, epoch.context.ledger)) return 'sealed-epoch';
  return hasTags(message, ...epoch.tags) ? undefined : 'sealed-tag';
}

function openWithKey(
  epoch: ChainEpoch,
  { body, message }: SealedMessageOnRecord,
  messageKey: Uint8Array,
  by: 'epoch' | 'message-key',
): Result<OpenedMessage, SealedCode> {
  const { data } = message;
  if (data === undefined) return refuse('sealed-withheld');
  if (messageKey.length !== 32) return refuse('sealed-commitment');
  const { key, nonce, commitment } = messageBox(messageKey, messageContext(epoch, message), body.salt);
  if (!equalSecrets(commitment, body.commitment)) return refuse('sealed-commitment');
  const padding = openBox(key, nonce, data);
  const plain = padding && readPlain(unpadded(padding));
  return plain === undefined ? refuse('sealed-box') : ok(new Opened(token, message, plain, by));
}

function readPlain(bytes: Uint8Array | undefined): PlainContent | undefined {
  if (bytes === undefined) return undefined;
  const reader = new ByteReader(bytes);
  const type = reader.take(reader.uint(1) ?? 0);
  const contentType = type && fromUtf8(type);
  if (contentType === undefined || !contentTypeForm.test(contentType)) return undefined;
  return { contentType, content: bytes.slice(reader.position) };
}

/** Opens a message of an epoch that is open. */
export function openMessage(
  open: OpenEpoch,
  sealed: SealedMessageOnRecord,
): Result<OpenedMessage, SealedCode> {
  const { epoch } = open;
  const fault = misplaced(epoch, sealed);
  if (fault !== undefined) return refuse(fault);
  if (!open.hasMember(sealed.message.sender)) return refuse('sealed-sender');
  return openWithKey(epoch, sealed, messageKeyOf(open, sealed), 'epoch');
}

/** Opens one message by its own key: what was disclosed of it, by whomever. */
export function openByMessageKey(
  epoch: ChainEpoch,
  sealed: SealedMessageOnRecord,
  messageKey: Uint8Array,
): Result<OpenedMessage, SealedCode> {
  const fault = misplaced(epoch, sealed);
  return fault === undefined ? openWithKey(epoch, sealed, messageKey, 'message-key') : refuse(fault);
}

/** The key that opens this message and no other: for a disclosure, once the message did open. */
export function messageKeyOf(open: OpenEpoch, { body, message }: SealedMessageOnRecord): Uint8Array {
  return open.messageKey(messageContext(open.epoch, message), body.salt);
}

/** What a sealed message is made from. */
export interface MessagePlan {
  readonly origin: DraftOrigin;
  readonly plain: PlainContent;
  readonly randomness: Randomness;
  /** Tags besides those of transaction and epoch. */
  readonly tags?: readonly Uint8Array[];
}

/** Whether a plaintext is within what one message holds. */
function fitsMessage({ contentType, content }: PlainContent): boolean {
  return sizeStep(4 + 1 + contentType.length + content.length) <= maxPaddedBytes;
}

/**
 * A sealed message in the current epoch.
 *
 * @returns `channel-not-current` when `open` is not the current epoch, `channel-not-member` when the sender is none.
 * @throws RangeError when the plaintext is too long or its type has no such form.
 */
export function draftMessage(chain: Chain, open: OpenEpoch, plan: MessagePlan): Result<Draft, ChannelCode> {
  const { origin, plain, randomness, tags = [] } = plan;
  const { epoch } = open;
  if (chain.current === undefined || !equalBytes(chain.current.id, epoch.id))
    return refuse('channel-not-current');
  if (!open.hasMember(origin.sender)) return refuse('channel-not-member');
  const { contentType, content } = plain;
  if (!contentTypeForm.test(contentType) || !fitsMessage(plain))
    throw new RangeError('no message holds this');
  const type = toUtf8(contentType);
  const plaintext = concatBytes(Uint8Array.of(type.length), type, content);
  const context = { ...epoch.context, epoch: epoch.id, sender: origin.sender, payloadType: sealedType };
  const material = concatBytes(label(...messageParts(context)), plaintext);
  const salt = drawSecret(randomness, 'message', material);
  const box = messageBox(open.messageKey(context, salt), context, salt);
  const body = { commitment: toHex(box.commitment), epoch: toHex(context.epoch), salt: toHex(salt) };
  const { ledger } = epoch.context;
  return ok({
    payloadType: sealedType,
    sender: origin.sender,
    head: { body, ledger, nonce: origin.nonce, tags: [...epoch.tags, ...tags], time: origin.time, v: 1 },
    data: sealBox(box.key, box.nonce, padded(plaintext)),
  });
}
