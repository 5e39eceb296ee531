/** Documents of channels: sent by a member, listed, and read by whoever can open the message that speaks of them. */
import { toHex } from '../../core/bytes.ts';
import type { EpochStanding } from '../../core/channel/chain.ts';
import type { ChannelCode } from '../../core/errors/channel.ts';
import type { ExportCode } from '../../core/errors/export.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { carryOut, knownChannel, planPost } from '../channels/actions.ts';
import { channelMessages } from '../channels/messages.ts';
import { type ChannelIds, type LocalChannel, openChannel } from '../channels/open.ts';
import { randomness } from '../channels/rows.ts';
import type { Place } from '../explorer/copy.ts';
import type { PinnedLedger } from '../ledgers.ts';
import { outboxItem, queueMessages } from '../outbox/outbox.ts';
import { sendQueued } from '../outbox/send-queued.ts';
import type { Wallet } from '../wallet.ts';
import { RecordedDocument } from './download.ts';
import { LocalFile } from './local-file.ts';
import { openUploads, type Upload } from './upload-rows.ts';
import {
  type Footprint,
  footprintOf,
  uploadDocument,
  type Uploaded,
  type UploadOptions,
  type UploadPorts,
} from './upload.ts';

export interface PutOptions extends UploadOptions {
  /** Seconds since 1970. */
  readonly now: () => number;
}

async function portsOf(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  { now, signal }: PutOptions,
): Promise<UploadPorts> {
  const { database, store } = wallet;
  const { id: ledger, limits } = pinned.joined.ledger;
  const signer = await wallet.signer(ledger);
  const rows = await wallet.privateRows();
  const { localKey } = await randomness(rows);
  return {
    context: { ledger, ...ids, sender: signer.publicKey },
    limits,
    rows,
    signer,
    localKey,
    now,
    async send(message) {
      await queueMessages(database, rows, pinned.joined, [message]);
      const { failure } = await sendQueued(database, rows, pinned, { when: 'at once', now, signal });
      if (failure !== undefined) throw failure;
    },
    async isOnItsWay(id) {
      const state = (await outboxItem(database, pinned.joined, id))?.state;
      if (state === 'queued' || state === 'accepted' || state === 'in-block') return true;
      return (await store.placeOf(pinned.joined, id)) !== undefined;
    },
    async announce(document) {
      const row = await knownChannel(wallet, pinned, ids);
      await carryOut(wallet, planPost(row, document), now());
    },
  };
}

/**
 * Sends a file to a channel, or goes on with it where it was interrupted. What says in the channel what the document is
 * waits afterwards like everything that is said there: `deliver` sends it.
 * @throws CountersignError with an `upload-` or `sync-` code, that with which the channel does not open, or as
 *   `Wallet.signer`.
 */
export async function putDocument(
  wallet: Wallet,
  pinned: PinnedLedger,
  ids: ChannelIds,
  path: string,
  options: PutOptions,
): Promise<Uploaded> {
  const { current } = await openChannel(wallet, pinned, ids);
  const opened = current?.opened;
  // Before megabytes are on the record that nobody can be told of.
  if (opened?.ok !== true)
    throw new CountersignError<ChannelCode>(opened === undefined ? 'channel-not-current' : opened.code);
  return uploadDocument(await portsOf(wallet, pinned, ids, options), path, options);
}

/** A document that a message of a channel speaks of. */
export interface ChannelDocument extends Place {
  /** The message's id. */
  readonly message: Uint8Array;
  readonly author: Uint8Array;
  /** When the author says that it was sent: seconds since 1970. */
  readonly time: number;
  readonly standing: EpochStanding;
  readonly document: RecordedDocument;
}

/**
 * The documents of a channel, newest first. Of messages that speak of the same document the first on the record counts.
 * @throws CountersignError with a `store-` code
 */
export async function documentsOf(
  wallet: Wallet,
  channel: LocalChannel,
): Promise<readonly ChannelDocument[]> {
  const { joined } = channel.pinned;
  const byName = new Map<string, ChannelDocument>();
  for await (const { content, epoch, height, position, sealed, standing } of channelMessages(
    wallet,
    channel,
    { order: 'oldest first' },
  )) {
    if (content?.ok !== true || content.value.kind !== 'document') continue;
    const { head, id, sender } = sealed.message;
    const context = { ...epoch.context, sender };
    const document = new RecordedDocument(wallet.database, joined, content.value, context);
    const { name } = document;
    if (byName.has(name)) continue;
    byName.set(name, { height, position, message: id, author: sender, time: head.time, standing, document });
  }
  return [...byName.values()].reverse();
}

/** The uploads to a channel that were interrupted. @throws CountersignError as `Wallet.privateRows` */
export async function interruptedUploads(
  wallet: Wallet,
  { joined }: PinnedLedger,
  { channel }: ChannelIds,
): Promise<readonly Upload[]> {
  const uploads = await openUploads(await wallet.privateRows(), joined.ledger.id);
  return uploads.filter(({ context }) => toHex(context.channel) === toHex(channel));
}

/**
 * The document of a channel that a person means.
 * @param given its name, when only one has it; its place, or the beginning of the id of the message that speaks of it.
 * @throws CountersignError `export-no-such-document`
 */
export async function documentNamed(
  wallet: Wallet,
  channel: LocalChannel,
  given: string,
): Promise<ChannelDocument> {
  const all = await documentsOf(wallet, channel);
  const isId = /^[0-9a-f]{8,64}$/.test(given);
  const named = all.filter(({ document }) => document.content.name === given);
  const placed = all.filter(
    ({ height, message, position }) =>
      `${height}.${position}` === given || (isId && toHex(message).startsWith(given)),
  );
  const found = placed.length > 0 ? placed : named;
  const [only] = found;
  if (only !== undefined && found.length === 1) return only;
  const places = found.map(({ height, position }) => `${height}.${position}`).join(', ');
  const detail = found.length > 1 ? `${found.length} have this name: ${places}` : given;
  throw new CountersignError<ExportCode>('export-no-such-document', detail.slice(0, 300));
}

/** What everyone will see of a file before it is sent. @throws CountersignError with an `upload-` code */
export async function documentFootprint({ joined }: PinnedLedger, path: string): Promise<Footprint> {
  const file = await LocalFile.open(path);
  await file.close();
  return footprintOf(file.size, joined.ledger.limits);
}
