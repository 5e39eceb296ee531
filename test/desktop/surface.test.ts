/**
 * Every screen in every state, looked at as a demanding reader, a screen reader and a small window do. The list of screens
 * is made from the features that there are (`surface/list.ts`), so that a new one cannot be forgotten.
 */
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { axeFaults } from './axe.ts';
import { hostLacks, hostSuite } from './host.ts';
import {
  clippedTexts,
  controlsOf,
  forcedFaults,
  hiddenFocus,
  settled,
  sidewaysScrolls,
  untranslated,
  wear,
} from './surface/judge.ts';
import { allScreens, type ListedScreen, strayFiles } from './surface/list.ts';
import { Stage, type State, states } from './surface/stage.ts';

const lacks = hostLacks();
const usual = { width: 1280, height: 820 };
/** The smallest window that there is. */
const small = { width: 1024, height: 700 };
/** The usual window at 200 %. */
const enlarged = { width: 640, height: 410 };

const screensIn = (state: State): readonly ListedScreen[] => allScreens.filter((one) => one.state === state);

/** Shows a screen, and what is wrong with it by this judgement. */
async function judged(
  stage: Stage,
  { window, show, hide }: ListedScreen,
  judge: (page: Page) => Promise<readonly string[]>,
): Promise<readonly string[]> {
  await show(stage);
  const page = await stage.host.page(window ?? 'main');
  await settled(page);
  try {
    return await judge(page);
  } finally {
    await hide?.(stage);
  }
}

/** Resizes, judges, and says at which size something is wrong. */
async function at(
  page: Page,
  size: typeof usual,
  judges: readonly ((page: Page) => Promise<readonly string[]>)[],
): Promise<readonly string[]> {
  await page.setViewportSize(size);
  await settled(page);
  const wrong: string[] = [];
  for (const judge of judges) wrong.push(...(await judge(page)));
  return wrong.map((fault) => `${size.width} x ${size.height}: ${fault}`);
}

/** Everything that is asked of a screen in English. */
async function look(stage: Stage, page: Page): Promise<readonly string[]> {
  const before = page.viewportSize() ?? usual;
  const wrong = [...(await axeFaults(page))];
  await wear(stage.page, page, 'dark');
  wrong.push(...(await axeFaults(page, 'colours')).map((fault) => `dark: ${fault}`));
  wrong.push(...(await forcedFaults(page)));
  await wear(stage.page, page, 'light');
  const controls = await controlsOf(page);
  wrong.push(...controls.filter((name) => name.endsWith(' ')).map((name) => `no name: ${name}`));
  wrong.push(...(await hiddenFocus(page)));
  for (const size of [small, enlarged])
    wrong.push(...(await at(page, size, [clippedTexts, sidewaysScrolls])));
  const left = await controlsOf(page);
  wrong.push(...controls.filter((name) => !left.includes(name)).map((name) => `lost at 200 %: ${name}`));
  await page.setViewportSize(before);
  return wrong;
}

const suite = (
  name: string,
  locale: 'en' | 'en-XA',
  judge: (stage: Stage, page: Page, screen: ListedScreen) => Promise<readonly string[]>,
) => {
  describe.skipIf(lacks !== undefined)(hostSuite(name), () => {
    let stage: Stage;
    beforeAll(async () => {
      stage = await Stage.start({ locale });
    });
    afterAll(async () => {
      await stage.stop();
    });

    for (const state of states) {
      it(`while the profile is “${state}”`, { timeout: 180_000 }, async () => {
        await stage.enter(state);
        const wrong: string[] = [];
        for (const screen of screensIn(state)) {
          const found = await judged(stage, screen, (page) => judge(stage, page, screen));
          wrong.push(...found.map((fault) => `${screen.feature}, ${screen.name}: ${fault}`));
        }
        expect(wrong).toEqual([]);
      });
    }
  });
};

describe('the list of screens', () => {
  it('names no feature that there is not', () => {
    expect(strayFiles).toEqual([]);
  });

  it('asks for no more pictures than somebody looks at', () => {
    const pictures = allScreens.map(({ picture }) => (picture === undefined ? 0 : picture === 'one' ? 1 : 3));
    expect(pictures.reduce<number>((sum, count) => sum + count, 0)).toBeLessThanOrEqual(60);
  });
});

suite('every screen, for every reader,', 'en', look);
suite('every screen in the pseudo-locale', 'en-XA', async (stage, page, { names }) => {
  const before = page.viewportSize() ?? usual;
  const wrong = [...(await untranslated(page, stage.data, names))];
  wrong.push(...(await at(page, small, [clippedTexts, sidewaysScrolls])));
  await page.setViewportSize(before);
  return wrong;
});
