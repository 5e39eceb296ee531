/**
 * Looking at what was disclosed, against the record: by whoever has the grant, member or not. It needs the local copy of the
 * record, and no identity unless the grant was sealed to a key.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { Chain, ChainEpoch, EpochStanding } from '../../core/channel/chain.ts';
import { type Content, readContent } from '../../core/channel/content.ts';
import type { OpenEpoch } from '../../core/channel/epoch.ts';
import { type Grant, parseGrant } from '../../core/channel/grant.ts';
import { openGrantMessage } from '../../core/channel/grant-message.ts';
import { openGrantedEpoch, openGrantedMessage } from '../../core/channel/granted.ts';
import { grantType, inboxTag, sealedType } from '../../core/channel/names.ts';
import { type OpenedMessage, openMessage, readSealed } from '../../core/channel/sealed.ts';
import type { DiscloseCode } from '../../core/errors/disclose.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { Result } from '../../core/result.ts';
import { readNamedFile } from '../../engines/disk-reader.ts';
import { leavesUnder } from '../channels/leaves.ts';
import { chainOf } from '../channels/open.ts';
import { ownMembers } from '../channels/own-members.ts';
import { RecordedDocument } from '../documents/download.ts';
import { type FoundMessage, messageWithId, type Place, withData } from '../explorer/copy.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Database } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';
import type { Wallet } from '../wallet.ts';

const maxGrantBytes = 8_388_608;

/** An epoch that a grant opens as a whole, or why it does not. */
export interface GrantedEpochView {
  readonly id: Uint8Array;
  /** Undefined when its announcement is not in the copy. */
  readonly epoch: ChainEpoch | undefined;
  readonly opened: Result<OpenEpoch>;
}

/** A channel of which a grant opens something. */
export interface GrantedChannelView {
  readonly channel: Uint8Array;
  readonly chain: Chain;
  readonly epochs: readonly GrantedEpochView[];
}

/** A message that a grant opens, or why it does not. */
export interface GrantedMessageView extends Place {
  readonly id: Uint8Array;
  readonly channel: Uint8Array;
  readonly epoch: ChainEpoch;
  readonly standing: EpochStanding;
  readonly sender: Uint8Array;
  /** When the author says that it was written: seconds since 1970. */
  readonly time: number;
  /** `openedBy` says what it shows: by its own key only what the author committed to. */
  readonly opened: Result<OpenedMessage>;
  /** What it says; undefined when it does not open, or when its content is not known here. */
  readonly content: Content | undefined;
}

/** A grant and the channels that it is about, as the copy of the record has them. */
export interface OpenedGrant {
  readonly grant: Grant;
  readonly channels: readonly GrantedChannelView[];
  /** Listed messages that are not in the copy. */
  readonly absent: readonly Uint8Array[];
  /** Places of the listed messages that are, in the order of the record. */
  readonly listed: readonly (Place & { readonly id: Uint8Array; readonly channel: Uint8Array })[];
}

function absent(what: string): CountersignError<DiscloseCode> {
  return new CountersignError<DiscloseCode>('disclose-absent', what);
}

/** Reads a grant from a file. @throws CountersignError `disclose-unreadable`, or with a `grant-` or `json-` code */
export async function grantInFile(path: string, ledger: Uint8Array): Promise<Grant> {
  const bytes = await readNamedFile(path, maxGrantBytes);
  if (!bytes.ok || bytes.value === undefined) {
    const why = bytes.ok ? 'ENOENT' : (bytes.detail ?? bytes.code);
    throw new CountersignError<DiscloseCode>('disclose-unreadable', `${path}: ${why}`);
  }
  const grant = parseGrant(bytes.value, ledger);
  if (!grant.ok) throw new CountersignError(grant.code, grant.detail);
  return grant.value;
}

/** A grant that was sealed to this identity. */
export interface ReceivedGrant extends Place {
  /** The message's id. */
  readonly id: Uint8Array;
  readonly sender: Uint8Array;
  /** When its sender says that it was sent: seconds since 1970. */
  readonly time: number;
  readonly grant: Result<Grant>;
}

/**
 * The grants that were sent to this identity over the record, newest first.
 * @throws CountersignError `vault-watch-only`, or as `Wallet.unlock`.
 */
export async function* receivedGrants(
  wallet: Wallet,
  { joined }: Pick<PinnedLedger, 'joined'>,
): AsyncGenerator<ReceivedGrant> {
  const vault = await wallet.unlock();
  const { id: ledger } = joined.ledger;
  for (const { index, sign } of await ownMembers(wallet, joined)) {
    const filter = { tag: inboxTag(ledger, sign), types: [grantType] };
    for await (const leaf of leavesUnder(wallet.database, joined, filter, { order: 'newest first' })) {
      const { height, position, message } = await withData(wallet.database, joined, leaf);
      const grant = vault.withMemberKeys(ledger, index, (keys) => openGrantMessage(message, keys));
      if (grant === undefined) continue;
      yield { height, position, id: message.id, sender: message.sender, time: message.head.time, grant };
    }
  }
}

/** The ids of the channels of a grant. */
export function channelsIn({ content }: Grant): readonly Uint8Array[] {
  const items = [...content.epochs, ...content.messages];
  return [...new Map(items.map(({ channel }) => [toHex(channel), channel])).values()];
}

/**
 * Holds a grant against the copy of the record. What it lists and the copy has not is told, never taken for opened.
 * @throws CountersignError as `chainOf`.
 */
export async function openGrant(
  database: Database,
  joined: JoinedLedger,
  grant: Grant,
): Promise<OpenedGrant> {
  const { transaction, epochs, messages } = grant.content;
  const channels: GrantedChannelView[] = [];
  for (const channel of channelsIn(grant)) {
    const chain = await chainOf(database, joined, { transaction, channel });
    const granted = epochs.filter((one) => equalBytes(one.channel, channel));
    const views = granted.map(({ epoch: id }): GrantedEpochView => {
      const epoch = chain.epoch(id);
      const opened: Result<OpenEpoch> =
        epoch === undefined ? { ok: false, code: 'disclose-absent' } : openGrantedEpoch(grant, epoch);
      return { id, epoch, opened };
    });
    channels.push({ channel, chain, epochs: views.sort((a, b) => orderOf(a) - orderOf(b)) });
  }
  const listed: (Place & { readonly id: Uint8Array; readonly channel: Uint8Array })[] = [];
  const missing: Uint8Array[] = [];
  for (const { channel, message: id } of messages) {
    const found = await messageWithId(database, joined, id);
    if (found === undefined) missing.push(id);
    else listed.push({ height: found.height, position: found.position, id, channel });
  }
  listed.sort((a, b) => a.height - b.height || a.position - b.position);
  return { grant, channels, absent: missing, listed };
}

function orderOf({ epoch }: GrantedEpochView): number {
  return epoch?.number ?? Number.MAX_SAFE_INTEGER;
}

function viewOf(
  { chain, channel }: GrantedChannelView,
  epoch: ChainEpoch,
  { height, message, position }: FoundMessage,
  opened: Result<OpenedMessage>,
): GrantedMessageView {
  const { head, id, sender } = message;
  const content = opened.ok ? readContent(opened.value) : undefined;
  return {
    height,
    position,
    id,
    channel,
    epoch,
    standing: chain.standing(epoch, { height, index: position }),
    sender,
    time: head.time,
    opened,
    content: content?.ok === true ? content.value : undefined,
  };
}

/** The messages that a grant opens one by one. */
async function* listedMessages(
  database: Database,
  joined: JoinedLedger,
  { channels, grant, listed }: OpenedGrant,
): AsyncGenerator<GrantedMessageView> {
  for (const { channel, id } of listed) {
    const view = channels.find((one) => equalBytes(one.channel, channel));
    const found = await messageWithId(database, joined, id);
    const sealed = found && readSealed(found.message);
    const epoch = sealed?.ok === true ? view?.chain.epoch(sealed.value.body.epoch) : undefined;
    if (found === undefined || view === undefined || sealed?.ok !== true || epoch === undefined) {
      throw absent(`what message ${toHex(id)} belongs to`);
    }
    yield viewOf(view, epoch, found, openGrantedMessage(grant, epoch, sealed.value));
  }
}

/** The messages of the epochs that a grant opens as a whole. */
async function* epochMessages(
  database: Database,
  joined: JoinedLedger,
  view: GrantedChannelView,
): AsyncGenerator<GrantedMessageView> {
  for (const { epoch, opened } of view.epochs) {
    if (epoch === undefined || !opened.ok) continue;
    const filter = { tag: epoch.tags[1], types: [sealedType] };
    for await (const leaf of leavesUnder(database, joined, filter, { order: 'oldest first' })) {
      const found = await withData(database, joined, leaf);
      const sealed = readSealed(found.message);
      if (sealed?.ok !== true || !equalBytes(sealed.value.body.epoch, epoch.id)) continue;
      yield viewOf(view, epoch, found, openMessage(opened.value, sealed.value));
    }
  }
}

/**
 * Everything that a grant opens, and nothing else: listed messages in the order of the record, or epoch by epoch.
 * @throws CountersignError `disclose-absent` when the copy has a message without the epoch that it names, or with a `store-`
 *   code.
 */
export async function* grantedMessages(
  database: Database,
  joined: JoinedLedger,
  opened: OpenedGrant,
): AsyncGenerator<GrantedMessageView> {
  yield* listedMessages(database, joined, opened);
  for (const view of opened.channels) yield* epochMessages(database, joined, view);
}

/** The document that a message speaks of which was opened, or undefined when it speaks of none. */
export function grantedDocument(
  database: Database,
  joined: JoinedLedger,
  { content, epoch, sender }: GrantedMessageView,
): RecordedDocument | undefined {
  if (content?.kind !== 'document') return undefined;
  return new RecordedDocument(database, joined, content, { ...epoch.context, sender });
}
