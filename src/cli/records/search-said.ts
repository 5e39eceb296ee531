/** Searching what was said in one's channels. The index is in memory and nowhere else. */
import { toHex } from '../../core/bytes.ts';
import { findChannel } from '../../wallet/channels/find.ts';
import { contactNames } from '../../wallet/channels/people.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import { type FoundText, OwnSearch } from '../../wallet/private-search/own-search.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { contentJson, saidLines } from '../channel/conversation.ts';
import { channelTitle, short } from '../channel/words.ts';
import { exit, type ExitCode } from '../exit.ts';
import { startOf } from '../given.ts';
import type { Terminal } from '../output.ts';
import { utc } from './show.ts';

/** What is asked for. */
interface SaidSearch {
  /** `-` takes them from standard input. */
  readonly words: string;
  readonly channel: string | undefined;
  readonly limit: number;
  readonly isJson: boolean;
}

/** The most bytes of words that are looked for. */
const longestWords = 4000;

/** How often it is said how far the index is. */
const progressMs = 200;

function textJson({ channel, channelName, content, height, id, position, sender, time }: FoundText): unknown {
  const name = channelName === undefined ? {} : { channelName };
  const where = { message: toHex(id), height, position, channel: toHex(channel), ...name };
  return { ...where, author: toHex(sender), written: utc(time), ...contentJson(content) };
}

/** Prints the messages in which all words occur, newest first. @throws CountersignError */
export async function searchSaid(
  wallet: Wallet,
  pinned: PinnedLedger,
  { words: asked, channel: given, limit, isJson }: SaidSearch,
  terminal: Terminal,
): Promise<ExitCode> {
  const row = given === undefined ? undefined : await findChannel(wallet, pinned, given);
  const words = asked === '-' ? Buffer.from(await startOf('-', longestWords)).toString() : asked;
  const search = await OwnSearch.open(wallet);
  const told = setInterval(() => {
    terminal.progress(`${search.state.indexed} messages looked at`);
  }, progressMs);
  try {
    await search.update(pinned, Math.floor(Date.now() / 1000));
  } finally {
    clearInterval(told);
    terminal.progress('');
  }
  const query = { words, limit, ...(row === undefined ? {} : { channel: row.channel }) };
  const { found, state } = await search.find(pinned, query);
  await search.close();
  const { origin } = pinned.card;
  if (isJson) {
    const messages = found.map(textJson);
    terminal.line(JSON.stringify({ origin, complete: !state.isFull, messages }));
    return exit.ok;
  }
  const names = await contactNames(wallet, pinned.joined.ledger.id);
  for (const { channel, channelName, content, height, position, sender, time } of found) {
    const who = names.get(toHex(sender)) ?? `key ${short(sender)}`;
    const [first = '', ...more] = saidLines(content);
    terminal.line(
      `${channelTitle({ channel, name: channelName })}  ${height}.${position}  ${utc(time)}  ${who}: ${first}`,
    );
    for (const line of more) terminal.line(`          ${line}`);
  }
  if (found.length === 0) terminal.say('Nothing that was said in your channels fits.');
  else if (found.length === limit) terminal.say('There may be more: give a larger --limit, or more words.');
  if (state.isFull) terminal.say('The oldest messages were left out: there are more than fit into memory.');
  return exit.ok;
}
