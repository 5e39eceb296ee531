/** People who share channels: profiles on one served ledger, with each other as contacts. */
import { equalBytes } from '../../src/core/bytes.ts';
import { type Conversation, conversation } from '../../src/wallet/channels/conversation.ts';
import { type ChannelSummary, listChannels } from '../../src/wallet/channels/list.ts';
import type { RosterMember } from '../../src/core/channel/roster.ts';
import { addContact, findContact, needCurrent, proposeContact } from '../../src/wallet/contacts/contacts.ts';
import {
  carryOut,
  type ChannelPlan,
  knownChannel,
  type NewChannel,
  planChannel,
  post,
} from '../../src/wallet/channels/actions.ts';
import type { ChannelRow } from '../../src/wallet/channels/rows.ts';
import { deliver, type DeliverReport } from '../../src/wallet/channels/deliver.ts';
import { learnChannels } from '../../src/wallet/channels/learn.ts';
import { channelMessages } from '../../src/wallet/channels/messages.ts';
import { type ChannelIds, type LocalChannel, openChannel } from '../../src/wallet/channels/open.ts';
import { ownCard } from '../../src/wallet/identity/own-identity.ts';
import type { PinnedLedger } from '../../src/wallet/ledgers.ts';
import type { Wallet } from '../../src/wallet/wallet.ts';
import { now, type Place } from './people.ts';

/** One person, and what they do with channels on the ledger of the place. */
export class Party {
  readonly wallet: Wallet;
  readonly #place: Place;

  constructor(place: Place, wallet: Wallet) {
    this.#place = place;
    this.wallet = wallet;
  }

  static async arrive(place: Place, who: string, name: string): Promise<Party> {
    const { wallet } = await place.person(who);
    await place.announce(wallet, { name });
    return new Party(place, wallet);
  }

  async pinned(): Promise<PinnedLedger> {
    return this.#place.pinned(this.wallet);
  }

  async sync(): Promise<PinnedLedger> {
    return this.#place.sync(this.wallet);
  }

  /** Makes someone a contact. @returns their keys. */
  async meet(other: Party, name: string): Promise<RosterMember> {
    await this.sync();
    const { card } = await ownCard(other.wallet, await other.pinned());
    await addContact(this.wallet, await proposeContact(this.wallet, await this.pinned(), card, name, now()));
    return this.contact(name);
  }

  async contact(name: string): Promise<RosterMember> {
    return needCurrent(await findContact(this.wallet, name)).approved;
  }

  /** Plans a channel and puts it in line. */
  async founds(channel: NewChannel): Promise<ChannelIds> {
    const plan = await planChannel(this.wallet, await this.pinned(), channel, now());
    await carryOut(this.wallet, plan, now());
    return { transaction: plan.row.transaction, channel: plan.row.channel };
  }

  /** Plans something in a channel and puts it in line. */
  async does(ids: ChannelIds, plan: (row: ChannelRow) => ChannelPlan): Promise<void> {
    await carryOut(this.wallet, plan(await knownChannel(this.wallet, await this.pinned(), ids)), now());
  }

  async says(ids: ChannelIds, text: string): Promise<void> {
    await post(this.wallet, await this.pinned(), ids, { kind: 'text', text }, now());
  }

  /** Synchronises and sends until nothing is left that a block could help. */
  async deliver(): Promise<DeliverReport> {
    for (let tries = 0; tries < 500; tries++) {
      const pinned = await this.sync();
      await learnChannels(this.wallet, pinned, now());
      const report = await deliver(this.wallet, pinned, { now, when: 'at once' });
      if (!report.needsBlock) return report;
      await new Promise((next) => setTimeout(next, 10));
    }
    throw new Error('what waits in channels was never done');
  }

  /** What this person's list shows of a channel. */
  async summary(ids: ChannelIds): Promise<ChannelSummary | undefined> {
    const { channels } = await listChannels(this.wallet, await this.pinned());
    return channels.find(({ channel }) => equalBytes(channel, ids.channel));
  }

  /** The newest entries of a conversation. */
  async sees(ids: ChannelIds, limit = 100): Promise<Conversation> {
    return conversation(this.wallet, await this.open(ids), { limit });
  }

  async open(ids: ChannelIds): Promise<LocalChannel> {
    return openChannel(this.wallet, await this.pinned(), ids);
  }

  /** What is read in a channel: texts, other kinds in brackets, and codes of what does not open. */
  async reads(ids: ChannelIds): Promise<readonly string[]> {
    const said: string[] = [];
    for await (const message of channelMessages(this.wallet, await this.open(ids), {
      order: 'oldest first',
    })) {
      const { content, opened } = message;
      if (!opened.ok) said.push(`! ${opened.code}`);
      else if (content?.ok !== true) said.push(`? ${opened.value.contentType}`);
      else said.push(content.value.kind === 'text' ? content.value.text : `[${content.value.kind}]`);
    }
    return said;
  }
}
