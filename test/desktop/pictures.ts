/**
 * Takes the pictures of `docs/screens/`: `npm run pictures`. They come from the same list of screens that the surface suite
 * looks at, of the same application on the same ledger; only the clock and the random bytes are fixed.
 *
 * `npm run pictures -- --all FOLDER [--only FEATURE,FEATURE]` takes every screen in every state, in both themes and both
 * sizes, into a folder of one's own: for whoever judges them.
 */
import { fixedNow } from './fixed.ts';
import { mkdirSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { hostLacks } from './host.ts';
import { settled, wear } from './surface/judge.ts';
import { allScreens, type ListedScreen } from './surface/list.ts';
import { Stage, states } from './surface/stage.ts';

/** The usual window, and the smallest one. */
const wide = { width: 1280, height: 820 };
const narrow = { width: 1024, height: 700 };
const { all, only } = parseArgs({ options: { all: { type: 'string' }, only: { type: 'string' } } }).values;
const folder = all === undefined ? join(import.meta.dirname, '../../docs/screens') : resolve(all);
const features = only?.split(',');

type Size = typeof wide;
type Theme = 'light' | 'dark';

/** Which pictures of a screen there are. The window for secrets has one size. */
function picturesOf({ picture, window }: ListedScreen, own: Size): readonly (readonly [Theme, Size])[] {
  const size = window === undefined ? wide : own;
  if (all !== undefined) {
    const sizes = window === undefined ? [wide, narrow] : [own];
    return sizes.flatMap((one) => (['light', 'dark'] as const).map((theme) => [theme, one] as const));
  }
  if (picture === undefined) return [];
  if (picture === 'one') return [['light', size]];
  return [['light', size], ['dark', size], ...(window === undefined ? [['light', narrow] as const] : [])];
}

async function take(stage: Stage, page: Page, screen: ListedScreen): Promise<number> {
  const own = page.viewportSize() ?? wide;
  const pictures = picturesOf(screen, own);
  for (const [theme, size] of pictures) {
    await page.setViewportSize(size);
    await wear(stage.page, page, theme);
    await settled(page);
    const name = `${screen.feature}-${screen.name.replaceAll(' ', '-')}-${theme}-${size.width}x${size.height}.png`;
    await page.screenshot({ path: join(folder, name), caret: 'hide', animations: 'disabled' });
    console.log(name);
  }
  await page.setViewportSize(own);
  return pictures.length;
}

const lacks = hostLacks();
if (lacks !== undefined) {
  console.error(`pictures: ${lacks}`);
  process.exit(69);
}
/** Whether pictures of a screen are wanted. */
const isWanted = ({ feature, picture }: ListedScreen): boolean =>
  (features?.includes(feature) ?? true) && (all !== undefined || picture !== undefined);
if (all === undefined) rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const env = { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'fixed.ts')}`, TZ: 'Europe/Berlin' };
// Seen on some of the pictures, so it has a name for them.
const seenHome = '/tmp/countersign-pictures';
if (all === undefined) rmSync(seenHome, { recursive: true, force: true });
const stage = await Stage.start({ present: fixedNow, env, ...(all === undefined && { home: seenHome }) });
let count = 0;
for (const state of states) {
  await stage.enter(state);
  for (const screen of allScreens.filter((one) => one.state === state && isWanted(one))) {
    await screen.show(stage);
    const page = await stage.host.page(screen.window ?? 'main');
    count += await take(stage, page, screen);
    await screen.hide?.(stage);
  }
}
await stage.stop();
console.log(`${count} pictures in ${all === undefined ? 'docs/screens' : folder}`);
