/**
 * Takes the pictures of `docs/screens/`: `npm run pictures`. They come from the same list of screens that the surface suite
 * looks at, of the same application on the same ledger; only the clock and the random bytes are fixed.
 */
import { fixedNow } from './fixed.ts';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { hostLacks } from './host.ts';
import { settled, wear } from './surface/judge.ts';
import { allScreens, type ListedScreen } from './surface/list.ts';
import { Stage, states } from './surface/stage.ts';

/** The usual window, and the smallest one. */
const wide = { width: 1280, height: 820 };
const narrow = { width: 1024, height: 700 };
const folder = join(import.meta.dirname, '../../docs/screens');

type Size = typeof wide;
type Theme = 'light' | 'dark';

/** Which pictures of a screen there are. The window for secrets has one size. */
function picturesOf({ picture, window }: ListedScreen, own: Size): readonly (readonly [Theme, Size])[] {
  const size = window === undefined ? wide : own;
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
rmSync(folder, { recursive: true, force: true });
mkdirSync(folder, { recursive: true });
const env = { NODE_OPTIONS: `--import=${join(import.meta.dirname, 'fixed.ts')}`, TZ: 'Europe/Berlin' };
const home = '/tmp/countersign-pictures';
rmSync(home, { recursive: true, force: true });
const stage = await Stage.start({ present: fixedNow, env, home });
let count = 0;
for (const state of states) {
  await stage.enter(state);
  for (const screen of allScreens.filter((one) => one.state === state && one.picture !== undefined)) {
    await screen.show(stage);
    const page = await stage.host.page(screen.window ?? 'main');
    count += await take(stage, page, screen);
    await screen.hide?.(stage);
  }
}
await stage.stop();
console.log(`${count} pictures in docs/screens`);
