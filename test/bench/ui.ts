/**
 * The desktop application as a person feels it: how large it is, how soon it stands there, how a list of a million messages
 * scrolls beside one of a hundred, and how long a key waits while a whole record is synchronised. Measured on the stand-in
 * for Electron's program, in Debian's Chromium without a graphics card.
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { Host, hostLacks } from '../desktop/host.ts';
import { type Bench, median, percentile, type Setting } from './support/bench.ts';
import { dataSet, startFirehose } from './support/data-set.ts';
import { joinedHome } from './support/home.ts';
import { measureCli } from './support/program.ts';

const root = join(import.meta.dirname, '../..');
const usual = { long: 1_000_000, short: 100, synced: 100_000, starts: 5, frames: 600, keys: 200 };
const quick = { long: 4000, short: 100, synced: 4000, starts: 2, frames: 120, keys: 20 };

/** Kilobytes of the files of a folder with such a name; with their size as they would be sent compressed. */
function sizeOf(folder: string, name: RegExp): { readonly plain: number; readonly packed: number } {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => join(folder, file))
    .filter((file) => name.test(file) && statSync(file).isFile());
  const bytes = files.map((file) => readFileSync(file));
  const sum = (sizes: readonly number[]): number => sizes.reduce((all, size) => all + size, 0) / 1000;
  return {
    plain: sum(bytes.map(({ length }) => length)),
    packed: sum(bytes.map((one) => gzipSync(one).length)),
  };
}

function measureBundle({ figure }: Setting): void {
  const renderer = join(root, 'out/renderer');
  for (const [what, name] of [
    ['scripts of the pages', /\.js$/],
    ['styles of the pages', /\.css$/],
    ['fonts', /\.woff2$/],
  ] as const) {
    const { plain, packed } = sizeOf(renderer, name);
    figure({ name: what, value: plain, unit: 'kB' });
    if (what !== 'fonts') figure({ name: `${what}, compressed`, value: packed, unit: 'kB' });
  }
  figure({ name: 'main and its threads', value: sizeOf(join(root, 'out/main'), /\.js$/).plain, unit: 'kB' });
}

async function measureStarts({ figure, folder }: Setting, starts: number): Promise<void> {
  const whole: number[] = [];
  const painted: number[] = [];
  for (let n = 0; n < starts; n++) {
    const begun = performance.now();
    const host = await Host.start(join(folder, `start-${n}`));
    const page = await host.page('main');
    await page.waitForSelector('h1');
    whole.push(performance.now() - begun);
    painted.push(
      await page.evaluate<number>(
        "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0",
      ),
    );
    await host.stop();
  }
  figure({ name: 'start of everything to the first screen', value: median(whole), unit: 'ms' });
  figure({ name: 'of that, the page to its first picture', value: median(painted), unit: 'ms' });
}

/** Opens the profile of a folder, and the list of all messages. @returns milliseconds to Home and to the list. */
async function openList(page: Page): Promise<{ readonly home: number; readonly list: number }> {
  await page.waitForSelector('h1');
  const begun = performance.now();
  await page.evaluate("countersign.startOpen({ profile: 'default' })");
  await page.locator('.events li').first().waitFor();
  const home = performance.now() - begun;
  const asked = performance.now();
  await page.locator('.side nav button').filter({ hasText: 'Explorer' }).click();
  await page.locator('.table .line .cell:not(:empty)').first().waitFor();
  return { home, list: performance.now() - asked };
}

interface Scrolled {
  /** Milliseconds from picture to picture. */
  readonly frames: readonly number[];
  /** The most rows that were in the page. */
  readonly rows: number;
}

/** Scrolls the list up and down, 120 pixels for each picture. */
async function scroll(page: Page, frames: number): Promise<Scrolled> {
  return page.evaluate<Scrolled>(`(async () => {
    const table = document.querySelector('.table');
    const frames = [];
    let rows = 0, step = 120;
    let before = await new Promise((next) => requestAnimationFrame(next));
    for (let i = 0; i < ${frames}; i++) {
      if (table.scrollTop + table.clientHeight >= table.scrollHeight - 1) step = -120;
      else if (table.scrollTop <= 0) step = 120;
      table.scrollTop += step;
      const now = await new Promise((next) => requestAnimationFrame(next));
      frames.push(now - before);
      before = now;
      rows = Math.max(rows, table.querySelectorAll('.line').length);
    }
    return { frames, rows };
  })()`);
}

/** The time that a script works for one picture while the list moves: layout and drawing included. */
async function workOf(page: Page, frames: number): Promise<readonly number[]> {
  return page.evaluate<number[]>(`(async () => {
    const table = document.querySelector('.table');
    const took = [];
    let step = 120;
    for (let i = 0; i < ${frames}; i++) {
      await new Promise((next) => requestAnimationFrame(next));
      if (table.scrollTop + table.clientHeight >= table.scrollHeight - 1) step = -120;
      else if (table.scrollTop <= 0) step = 120;
      const begun = performance.now();
      table.scrollTop += step;
      table.dispatchEvent(new Event('scroll'));
      await new Promise((next) => { const { port1, port2 } = new MessageChannel(); port1.onmessage = next; port2.postMessage(0); });
      void table.offsetHeight;
      took.push(performance.now() - begun);
    }
    return took;
  })()`);
}

/** A profile that holds so many messages: kept from another bench, or made now. */
async function filledHome(setting: Setting, messages: number): Promise<string> {
  const kept = join(setting.cache, `home-${messages}`);
  if (existsSync(kept)) return kept;
  const data = await dataSet(setting, messages);
  const firehose = await startFirehose(data.folder);
  const home = join(setting.folder, `home-${messages}`);
  try {
    await joinedHome(home, data, firehose.url);
    setting.say(`synchronising ${messages} messages first`);
    await measureCli(['sync'], setting.folder, home);
  } finally {
    await firehose.stop();
  }
  return home;
}

async function measureLists(setting: Setting, sizes: readonly number[], frames: number): Promise<void> {
  for (const messages of sizes) {
    const home = await filledHome(setting, messages);
    const host = await Host.start(join(setting.folder, `list-${messages}`), [], { COUNTERSIGN_HOME: home });
    const page = await host.page('main');
    await page.setViewportSize({ width: 1280, height: 820 });
    const { home: toHome, list } = await openList(page);
    const of = `of ${messages.toLocaleString('en-US')}`;
    setting.figure({ name: `opening a profile ${of} messages, to Home`, value: toHome, unit: 'ms' });
    setting.figure({ name: `first list ${of} messages`, value: list, unit: 'ms' });
    const { frames: took, rows } = await scroll(page, frames);
    setting.figure({ name: `rows in the page, list ${of}`, value: rows, unit: 'rows' });
    setting.figure({
      name: `picture to picture while scrolling ${of}, p50`,
      value: percentile(took, 0.5),
      unit: 'ms',
    });
    setting.figure({
      name: `picture to picture while scrolling ${of}, p95`,
      value: percentile(took, 0.95),
      unit: 'ms',
    });
    const work = await workOf(page, frames);
    setting.figure({
      name: `work for a picture ${of}, mean`,
      value: work.reduce((a, b) => a + b, 0) / work.length,
      unit: 'ms',
    });
    await host.stop();
  }
}

/** Milliseconds from a key to the picture that shows it, key by key. */
async function typeKeys(page: Page, keys: number): Promise<readonly number[]> {
  await page.evaluate(`globalThis.waits = [];
    addEventListener('keydown', ({ timeStamp }) => requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => waits.push(performance.now() - timeStamp);
      port2.postMessage(0);
    }), true);`);
  await page.locator('dialog input').focus();
  for (let n = 0; n < keys; n++) {
    await page.keyboard.press('abcdefgh'[n % 8] ?? 'a');
    if (n % 8 === 7) await page.locator('dialog input').fill('');
    await new Promise((next) => setTimeout(next, 40));
  }
  return page.evaluate<number[]>('waits');
}

async function measureKeys(setting: Setting, messages: number, keys: number): Promise<void> {
  const data = await dataSet(setting, messages);
  const firehose = await startFirehose(data.folder);
  const home = join(setting.folder, 'typing');
  try {
    await joinedHome(join(home, 'profiles'), data, firehose.url);
    const host = await Host.start(home);
    const page = await host.page('main');
    await page.waitForSelector('h1');
    await page.evaluate("countersign.startOpen({ profile: 'default' })");
    await page.getByText('Synchronising').first().waitFor();
    await page.keyboard.press('Control+3');
    await page.locator('h1').waitFor();
    await page.keyboard.press('Control+5');
    await page.keyboard.press('Control+k');
    await page.locator('dialog input').waitFor();
    const waits = await typeKeys(page, keys);
    const isOver = (await page.getByText('Up to date').count()) > 0;
    setting.figure({
      name: 'key to picture during a full synchronisation, p50',
      value: percentile(waits, 0.5),
      unit: 'ms',
    });
    setting.figure({
      name: 'key to picture during a full synchronisation, p95',
      value: percentile(waits, 0.95),
      unit: 'ms',
    });
    if (isOver) setting.say('the synchronisation ended before the typing did');
    await host.stop();
  } finally {
    await firehose.stop();
  }
}

export const bench: Bench = {
  summary: 'the desktop application: size, start, long lists, and keys while a record is synchronised',
  run: async (setting) => {
    const lacks = hostLacks();
    if (lacks !== undefined) throw new Error(lacks);
    const { starts, frames, keys, ...preset } = setting.isQuick ? quick : usual;
    const long = setting.sizes?.at(-1) ?? preset.long;
    measureBundle(setting);
    await measureStarts(setting, starts);
    await measureKeys(setting, Math.min(long, preset.synced), keys);
    await measureLists(setting, [preset.short, long], frames);
  },
};
