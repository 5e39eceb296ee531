/** Search in what was said in private: how long the index takes to be built, how large it is, how long an answer takes. */
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { toUtf8, uintToBytes } from '../../src/core/bytes.ts';
import { PrivateSearch, type PrivateText } from '../../src/wallet/private-search/private-search.ts';
import { type Bench, median, percentile, type Setting } from './support/bench.ts';

/** Words of which the n-th occurs about half as often as the one with half its number, as in languages. */
const vocabulary = 30_000;
const wordsOfText = 40;
const answers = 200;

/** Numbers that look random and are always the same. */
function* numbers(): Generator<number> {
  for (let state = 1; ;) {
    state = (state * 48_271) % 2_147_483_647;
    yield state / 2_147_483_647;
  }
}

function word(number: number): string {
  const [first = 0, second = 0] = sha256(uintToBytes(number, 4));
  return `${'bcdfghklmnprstvw'[first & 15] ?? ''}${'aeiou'[first % 5] ?? ''}${'lmnrst'[second % 6] ?? ''}${number.toString(26).replace(/\d/g, (digit) => 'qrstuvwxyz'[Number(digit)] ?? '')}`;
}

const channel = sha256(toUtf8('a channel'));

/** Texts, newest first. */
async function* texts(count: number): AsyncGenerator<PrivateText> {
  await Promise.resolve();
  const random = numbers();
  for (let n = count - 1; n >= 0; n--) {
    const text = Array.from({ length: wordsOfText }, () =>
      word(Math.floor(vocabulary ** (random.next().value as number)) - 1),
    ).join(' ');
    const place = { height: 1 + Math.floor(n / 100), position: n % 100 };
    yield { ...place, id: sha256(uintToBytes(n, 4)), channel, text };
  }
}

async function ask(search: PrivateSearch, words: string): Promise<number> {
  const begun = performance.now();
  await search.find({ words, limit: 50 });
  return performance.now() - begun;
}

async function measure({ figure }: Setting, count: number): Promise<void> {
  const before = process.memoryUsage.rss();
  const search = await PrivateSearch.open();
  const meanwhile: number[] = [];
  const over = new AbortController();
  const asking = (async () => {
    for (let n = 0; !over.signal.aborted; n++) {
      meanwhile.push(await ask(search, word(n % 1000)));
      await new Promise((next) => setTimeout(next, 20));
    }
  })();
  const begun = performance.now();
  await search.build(texts(count), new AbortController().signal);
  const seconds = (performance.now() - begun) / 1000;
  over.abort();
  await asking;
  figure({ name: `${count} messages entered`, value: seconds, unit: 's' });
  figure({ name: 'messages entered', value: count / seconds, unit: '/s' });
  figure({ name: 'memory', value: (process.memoryUsage.rss() - before) / 2 ** 20, unit: 'MiB' });
  figure({ name: 'an answer while it is built, p50', value: median(meanwhile), unit: 'ms' });
  figure({ name: 'an answer while it is built, p95', value: percentile(meanwhile, 0.95), unit: 'ms' });
  const questions: Readonly<Record<string, (n: number) => string>> = {
    'a common word': (n) => word(n % 20),
    'a rare word': (n) => word(vocabulary - 1 - n),
    'three words': (n) => [word(n % 20), word(20 + n), word(300 + n)].join(' '),
    'the first two letters of many words': (n) => word(n).slice(0, 2),
  };
  for (const [name, words] of Object.entries(questions)) {
    const taken: number[] = [];
    for (let n = 0; n < answers; n++) taken.push(await ask(search, words(n)));
    figure({ name: `${name}, p50`, value: median(taken), unit: 'ms' });
    figure({ name: `${name}, p95`, value: percentile(taken, 0.95), unit: 'ms' });
  }
  await search.close();
}

export const bench: Bench = {
  summary: 'Search in what was said in private: building the index in memory, and asking it.',
  run: async (setting) => {
    for (const count of setting.sizes ?? [setting.isQuick ? 2000 : 100_000]) await measure(setting, count);
  },
};
