/** People who share channels: profiles on one served ledger, with each other as contacts. */
import type { RosterMember } from '../../src/core/channel/roster.ts';
import { addContact, findContact, needCurrent, proposeContact } from '../../src/wallet/contacts/contacts.ts';
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
