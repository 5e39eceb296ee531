/**
 * Looking at a copy of a million messages: the start to the first list beside that of an empty profile, list pages,
 * look-ups and searches as windows and verbs ask for them.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { uintToBytes } from '../../src/core/bytes.ts';
import { headerAt, messagesOf, messageWithId } from '../../src/wallet/explorer/copy.ts';
import type { MessageFilter } from '../../src/wallet/explorer/conditions.ts';
import { findBlocks } from '../../src/wallet/explorer/look-up.ts';
import { findMessages } from '../../src/wallet/explorer/search.ts';
import { findLedger } from '../../src/wallet/ledgers.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { openWallet, type Wallet } from '../../src/wallet/wallet.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { type Bench, median, percentile, type Setting } from './support/bench.ts';
import { type DataSet, dataSeed, dataSet, startFirehose } from './support/data-set.ts';
import {
  conversationOf,
  conversationTag,
  payloadType,
  senderOf,
  senders,
  startTime,
} from './support/messages.ts';
import { joinedHome } from './support/home.ts';
import { measureCli } from './support/program.ts';

const usual = { size: 1_000_000, times: 200, starts: 7 };
const quick = { size: 4000, times: 20, starts: 2 };

function open(home: string): Promise<Wallet> {
  const profile = profileOf('default', { COUNTERSIGN_HOME: home });
  return openWallet(profile, { keychain: new MemoryKeychain() }, 'existing');
}

/** A profile with the whole ledger: the one that the bench of synchronising left, or a new one. */
async function filledHome(setting: Setting, data: DataSet): Promise<string> {
  const kept = join(setting.cache, `home-${data.messages}`);
  if (existsSync(kept)) return kept;
  const home = join(setting.folder, 'filled');
  const firehose = await startFirehose(data.folder);
  try {
    await joinedHome(home, data, firehose.url);
    setting.say('synchronising first');
    await measureCli(['sync'], setting.folder, home);
  } finally {
    await firehose.stop();
  }
  return home;
}

/** The n-th of numbers below `end` that look random and are always the same. */
function numberAt(n: number, end: number): number {
  return new DataView(sha256(uintToBytes(n, 4)).buffer).getUint32(0) % end;
}

/** The p50 and p95 of some calls, in milliseconds. */
async function measure(
  setting: Setting,
  name: string,
  times: number,
  call: (n: number) => Promise<unknown>,
): Promise<void> {
  const took: number[] = [];
  for (let n = 0; n < times; n++) {
    const begun = performance.now();
    await call(n);
    took.push(performance.now() - begun);
  }
  setting.figure({ name: `${name}, p50`, value: percentile(took, 0.5), unit: 'ms' });
  setting.figure({ name: `${name}, p95`, value: percentile(took, 0.95), unit: 'ms' });
}

async function measureStarts(setting: Setting, home: string, empty: string, starts: number): Promise<void> {
  const took: Record<'full' | 'empty', number[]> = { full: [], empty: [] };
  for (let n = 0; n < starts; n++) {
    for (const [name, folder] of [
      ['full', home],
      ['empty', empty],
    ] as const) {
      const { seconds } = await measureCli(['search', '--limit', '50'], setting.folder, folder);
      took[name].push(1000 * seconds);
    }
  }
  const [full, none] = [median(took.full), median(took.empty)];
  setting.figure({ name: 'start to first list of 50', value: full, unit: 'ms' });
  setting.figure({ name: 'the same with nothing in the copy', value: none, unit: 'ms' });
  setting.figure({ name: 'the one beside the other', value: full / none, unit: 'times' });
}

async function measureQuestions(
  setting: Setting,
  home: string,
  messages: number,
  times: number,
): Promise<void> {
  const wallet = await open(home);
  const { database } = wallet;
  const { joined } = await findLedger(database, undefined);
  const newest = { height: joined.size, position: 0 };
  const page = (filter: MessageFilter, height = newest.height) =>
    findMessages(database, joined, filter, { limit: 50, before: { height, position: 0 } });
  const height = (n: number): number => 1 + numberAt(n, joined.size - 1);
  const sample = await page({});
  await measure(setting, 'newest 50 messages', times, () => page({}));
  await measure(setting, '50 messages anywhere', times, (n) => page({}, height(n) + 1));
  await measure(setting, '50 headers anywhere', times, (n) => findBlocks(database, joined, 50, height(n)));
  await measure(setting, 'a message by its id', times, async (n) => {
    const id = sample[n % sample.length]?.message.id ?? new Uint8Array(32);
    return messageWithId(database, joined, id);
  });
  await measure(setting, 'an id that is not there', times, (n) =>
    messageWithId(database, joined, sha256(uintToBytes(n, 8))),
  );
  await measure(setting, 'a whole block', Math.ceil(times / 10), async (n) => {
    const header = await headerAt(database, joined, height(n));
    return header && messagesOf(database, joined, header);
  });
  const sender = (n: number): Uint8Array => senderOf(dataSeed, numberAt(n, senders)).key;
  await measure(setting, 'newest 50 of a key', times, (n) => page({ sender: sender(n) }));
  await measure(setting, '50 of a key in a week', times, (n) => {
    const since = startTime + numberAt(n, messages);
    return page({ sender: sender(n), since, until: since + 604_800 });
  });
  await measure(setting, 'newest 50 of a type', times, () => page({ type: payloadType }));
  await measure(setting, 'a type that is not there', times, () => page({ type: 'text/x-other' }));
  await measure(setting, 'newest 50 of a tag', times, (n) =>
    page({ tag: senderOf(dataSeed, numberAt(n, senders)).tag }),
  );
  await measure(setting, 'a conversation', times, (n) =>
    page({ tag: conversationTag(dataSeed, conversationOf(numberAt(n, messages), messages)) }),
  );
  await wallet.close();
}

export const bench: Bench = {
  summary: 'lists, look-ups and searches in the copy of a long record, and the start to the first list',
  run: async (setting) => {
    const { times, starts, ...preset } = setting.isQuick ? quick : usual;
    const size = setting.sizes?.at(-1) ?? preset.size;
    const data = await dataSet(setting, size);
    const home = await filledHome(setting, data);
    const empty = join(setting.folder, 'empty');
    await joinedHome(empty, data, 'http://127.0.0.1:1/');
    await measureStarts(setting, home, empty, starts);
    await measureQuestions(setting, home, size, times);
  },
};
