/**
 * Search over everything that opens for this identity in its channels. It lives as long as the identity is unlocked: when
 * that is locked the index is gone, and the next unlocking builds it anew.
 */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { Content } from '../../core/channel/content.ts';
import { learnChannels } from '../channels/learn.ts';
import { channelMessage, channelMessages } from '../channels/messages.ts';
import { isOfOneChannel, type LocalChannel, openChannel } from '../channels/open.ts';
import { type ChannelRow, channelRows } from '../channels/rows.ts';
import { messageWithId, type Place } from '../explorer/copy.ts';
import type { PinnedLedger } from '../ledgers.ts';
import type { Wallet } from '../wallet.ts';
import {
  type PrivateMatch,
  type PrivateQuery,
  PrivateSearch,
  type PrivateText,
  type SearchState,
} from './private-search.ts';

/** A message in which the words occur, opened again. */
export interface FoundText extends PrivateMatch {
  /** What the channel is called here. */
  readonly channelName: string | undefined;
  readonly sender: Uint8Array;
  /** When its author says that it was written: seconds since 1970. */
  readonly time: number;
  readonly content: Content;
}

export interface FoundTexts {
  /** Newest first. */
  readonly found: readonly FoundText[];
  readonly state: SearchState;
}

/** What of a content is looked for. */
function wordsOf(content: Content): string | undefined {
  if (content.kind === 'text') return content.text;
  return content.kind === 'document' ? content.name : undefined;
}

/** How far a channel is in the index. */
interface Reached {
  readonly newest: Place;
  readonly openEpochs: number;
}

function openEpochs({ epochs }: LocalChannel): number {
  return epochs.filter(({ opened }) => opened.ok).length;
}

function isAfter(a: Place, b: Place): boolean {
  return a.height > b.height || (a.height === b.height && a.position > b.position);
}

export class OwnSearch {
  readonly #wallet: Wallet;
  readonly #search: PrivateSearch;
  readonly #reached = new Map<string, Reached>();
  readonly #stopping = new AbortController();
  #updating: Promise<void> = Promise.resolve();

  private constructor(wallet: Wallet, search: PrivateSearch) {
    this.#wallet = wallet;
    this.#search = search;
  }

  /**
   * An empty index, which {@link update} fills. It ends when the identity is locked.
   * @throws CountersignError as `Wallet.unlock`.
   */
  static async open(wallet: Wallet): Promise<OwnSearch> {
    const vault = await wallet.unlock();
    const own = new OwnSearch(wallet, await PrivateSearch.open());
    vault.onClose(() => void own.close());
    return own;
  }

  get state(): SearchState {
    return this.#search.state;
  }

  /**
   * Enters what the copy of the record has and the index has not: all of it the first time, afterwards what is new. It may
   * take long, and the index can be asked meanwhile. One follows the other.
   * @param now seconds since 1970.
   * @throws CountersignError as `openChannel`; `vault-closed` when the identity is locked meanwhile.
   */
  async update(pinned: PinnedLedger, now: number): Promise<void> {
    const updating = this.#updating.then(() => this.#update(pinned, now));
    this.#updating = updating.catch(() => undefined);
    return updating;
  }

  async #update(pinned: PinnedLedger, now: number): Promise<void> {
    if (this.#stopping.signal.aborted) return;
    await learnChannels(this.#wallet, pinned, now);
    for (const row of await this.#rows(pinned)) {
      const channel = await this.#channel(pinned, row);
      if (channel !== undefined) await this.#enter(channel);
    }
  }

  /** Enters what is new in a channel; all of it once more when more of its epochs open than before. */
  async #enter(channel: LocalChannel): Promise<void> {
    const { signal } = this.#stopping;
    const name = toHex(channel.channel);
    const before = this.#reached.get(name);
    const until = before?.openEpochs === openEpochs(channel) ? before.newest : undefined;
    const seen = { newest: until };
    await this.#search.build(this.#texts(channel, until, seen), signal);
    if (seen.newest !== undefined && !signal.aborted)
      this.#reached.set(name, { newest: seen.newest, openEpochs: openEpochs(channel) });
  }

  async #rows({ joined }: PinnedLedger): Promise<readonly ChannelRow[]> {
    return channelRows(await this.#wallet.privateRows(), joined.ledger.id);
  }

  /** A channel, or undefined when the copy does not hold enough of it. */
  async #channel(pinned: PinnedLedger, row: ChannelRow): Promise<LocalChannel | undefined> {
    try {
      return await openChannel(this.#wallet, pinned, row);
    } catch (error) {
      if (!isOfOneChannel(error)) throw error;
      return undefined;
    }
  }

  /** What was said in a channel, newest first, down to a place that was entered before. */
  async *#texts(
    channel: LocalChannel,
    until: Place | undefined,
    seen: { newest: Place | undefined },
  ): AsyncGenerator<PrivateText> {
    for await (const { content, height, position, sealed } of channelMessages(this.#wallet, channel, {
      order: 'newest first',
    })) {
      if (until !== undefined && !isAfter({ height, position }, until)) return;
      if (seen.newest === until) seen.newest = { height, position };
      const text = content?.ok === true ? wordsOf(content.value) : undefined;
      if (text === undefined) continue;
      yield { height, position, id: sealed.message.id, channel: channel.channel, text };
    }
  }

  /**
   * The newest messages in which all words occur, as far as the index is; each is opened again from the record.
   * @throws CountersignError as `openChannel`.
   */
  async find(pinned: PinnedLedger, query: PrivateQuery): Promise<FoundTexts> {
    const { found, state } = await this.#search.find(query);
    const channels = new Map<string, { readonly row: ChannelRow; readonly channel: LocalChannel }>();
    for (const row of await this.#rows(pinned)) {
      if (!found.some(({ channel }) => equalBytes(channel, row.channel))) continue;
      const channel = await this.#channel(pinned, row);
      if (channel !== undefined) channels.set(toHex(row.channel), { row, channel });
    }
    const texts: FoundText[] = [];
    for (const match of found) {
      const known = channels.get(toHex(match.channel));
      const leaf = await messageWithId(this.#wallet.database, pinned.joined, match.id);
      const message = known && leaf && (await channelMessage(this.#wallet, known.channel, leaf));
      if (message?.content?.ok !== true) continue;
      const { head, sender } = message.sealed.message;
      const { name: channelName } = known?.row ?? {};
      texts.push({ ...match, channelName, sender, time: head.time, content: message.content.value });
    }
    return { found: texts, state };
  }

  /** Gives the memory back. */
  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#search.close();
  }
}
