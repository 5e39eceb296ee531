/**
 * What everyone will see of a plan, before it is carried out: the very messages that it would come to are made, one after
 * the other, and read as the public reads them. What has to wait for a block is made as if that block had come.
 */
import { toHex } from '../../core/bytes.ts';
import { readAnnouncement } from '../../core/channel/announcement.ts';
import { resolveEpochs } from '../../core/channel/chain.ts';
import { openEpoch } from '../../core/channel/epoch.ts';
import { epochType, inboxTag } from '../../core/channel/names.ts';
import {
  channelTagMeanings,
  type PublicView,
  publicView,
  type TagMeaning,
} from '../../core/channel/public-view.ts';
import { composeMessage, type Draft, sealMessage } from '../../core/record/envelope.ts';
import { verifyMessage } from '../../core/record/message.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Signer } from '../vault/signer.ts';
import type { Wallet } from '../wallet.ts';
import type { ChannelPlan } from './actions.ts';
import type { Intent } from './drafts.ts';
import { type LocalChannel, openChannel } from './open.ts';
import { sealIntent } from './seal.ts';

/** One message as everyone will see it, and what it is sent for. Time and epoch are those of now. */
export interface PublicMessage extends PublicView {
  readonly for: Intent['kind'];
  /** Of an invitation: the Ed25519 key of who it goes to. The public sees it when it knows the key. */
  readonly to?: Uint8Array;
}

/** What a plan would show to everyone. */
export interface PublicPreview {
  /** In the order in which they would be sent. */
  readonly messages: readonly PublicMessage[];
  /** Why the rest cannot be done now: a code. */
  readonly problem: string | undefined;
}

function meaningsIn(channel: LocalChannel, intent: Intent): ReadonlyMap<string, TagMeaning> {
  const meanings = new Map(channelTagMeanings(channel.chain));
  const { id: ledger } = channel.pinned.joined.ledger;
  if (intent.kind === 'invite') meanings.set(toHex(inboxTag(ledger, intent.to.sign)), 'inbox');
  return meanings;
}

/** The channel as it would be with one more announcement: signed in memory, and never sent. */
async function withAnnouncement(
  wallet: Wallet,
  channel: LocalChannel,
  signer: Signer,
  draft: Draft,
): Promise<LocalChannel> {
  const { chain, epochs, pinned } = channel;
  const { ledger, size } = pinned.joined;
  const unsigned = composeMessage(draft);
  const { leaf, data } = sealMessage(unsigned, signer.sign(unsigned.signedBytes));
  const message = verifyMessage(leaf, data, ledger.id, ledger.limits);
  const read = message.ok ? readAnnouncement(message.value) : undefined;
  if (read?.ok !== true) throw new Error('an announcement of one’s own does not hold');
  const placed = [...chain.outcomes, { announcement: read.value, height: size, index: 0 }];
  const wereOver = chain.outcomes.filter((outcome) => outcome.void === 'channel-void-key');
  const next = resolveEpochs(channel.channel, placed, (_, at) =>
    wereOver.some(({ height, index }) => height === at.height && index === at.index),
  );
  const epoch = next.ok ? next.value.current : undefined;
  if (!next.ok || epoch === undefined) throw new Error('an announcement of one’s own has no effect');
  const vault = await wallet.unlock();
  const opened = vault.withMemberKeys(ledger.id, signer.index, (keys) => openEpoch(epoch, keys));
  const { encryptionKey: encrypt, index, publicKey: sign } = signer;
  const current = { epoch, opened, me: { sign, encrypt, index } };
  return { ...channel, chain: next.value, epochs: [...epochs, current], current };
}

/**
 * What everyone will see of a plan. Nothing is kept and nothing is sent.
 * @param now seconds since 1970.
 * @throws CountersignError as `Wallet.signer`, or with a `channel-`, `follow-` or `store-` code.
 */
export async function whatThePublicSees(
  wallet: Wallet,
  pinned: PinnedLedger,
  { row, intents }: ChannelPlan,
  now: number,
): Promise<PublicPreview> {
  const signer = await wallet.signer(pinned.joined.ledger.id);
  let channel = await openChannel(wallet, pinned, row);
  const messages: PublicMessage[] = [];
  for (const intent of intents) {
    const sealing = await sealIntent(wallet, channel, { sender: signer.publicKey, now }, intent);
    if (sealing.kind === 'problem') return { messages, problem: sealing.code };
    if (sealing.kind !== 'message') continue;
    const { draft } = sealing;
    const isEpoch = draft.payloadType === epochType;
    if (isEpoch) channel = await withAnnouncement(wallet, channel, signer, draft);
    const view = publicView(composeMessage(draft), meaningsIn(channel, intent));
    const to = intent.kind === 'invite' ? { to: intent.to.sign } : {};
    messages.push({ ...view, for: intent.kind, ...to });
  }
  return { messages, problem: undefined };
}
