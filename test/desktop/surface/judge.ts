/** What is asked of every screen: each function returns what is wrong, in words; nothing when all is well. */
import type { Page } from 'playwright-core';
import { heard } from '../heard.ts';

/** Waits until two looks in a row see the same, and nothing says that it is busy: at most five seconds. */
export async function settled(page: Page): Promise<void> {
  await page.evaluate(`(async () => {
    await document.fonts.ready;
    // What follows a new size does so with the next picture, however late that is drawn.
    for (let i = 0; i < 2; i++) await new Promise(requestAnimationFrame);
    let before;
    for (let i = 0; i < 100; i++) {
      const now = document.body.innerText + document.getElementsByTagName('*').length;
      if (now === before && document.querySelector('[aria-busy=true]') === null) return;
      before = now;
      await new Promise((next) => setTimeout(next, 50));
    }
  })()`);
}

/** Shows one theme, as a person chooses it. */
export async function wear(main: Page, page: Page, theme: 'light' | 'dark'): Promise<void> {
  await main.evaluate(`countersign.shellSetTheme({ theme: '${theme}' })`);
  await page.waitForFunction(`matchMedia('(prefers-color-scheme: ${theme})').matches`);
}

/** Texts with their boxes, as far as they can be seen; what a reader never sees is left out. */
const seenTexts = `(() => {
  const walker = document.createTreeWalker(document.querySelector('dialog[open]') ?? document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const text = node.textContent.trim();
    const parent = node.parentElement;
    if (text === '' || !parent.checkVisibility({ visibilityProperty: true })) continue;
    if (parent.closest('.visually-hidden, .skip, option, script, style') !== null) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const rect of range.getClientRects()) if (rect.width > 0 && rect.height > 0) found.push({ text, parent, rect });
  }
  return found;
})()`;

/**
 * Text that is cut off, or runs into other text. Cut off may be what a person or the record wrote, where a title says
 * all of it; never a text of the application.
 */
export async function clippedTexts(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`(() => {
    const seen = ${seenTexts};
    const wrong = new Set();
    const cuts = (value) => value === 'hidden' || value === 'clip';
    const inSight = [];
    for (const { text, parent, rect } of seen) {
      const shown = { left: rect.left, right: rect.right, top: rect.top, bottom: rect.bottom };
      for (let box = parent; box !== null && box !== document.body; box = box.parentElement) {
        const style = getComputedStyle(box);
        const edge = box.getBoundingClientRect();
        // What is only heard.
        if (edge.width <= 1 && edge.height <= 1) {
          shown.right = shown.left;
          break;
        }
        const across = shown.right > edge.right + 1 || shown.left < edge.left - 1;
        const down = shown.bottom > edge.bottom + 2 || shown.top < edge.top - 2;
        const isPart = shown.bottom > edge.top + 2 && shown.top < edge.bottom - 2;
        if (across && cuts(style.overflowX) && parent.closest('[title]')?.title.includes(text) !== true)
          wrong.add('cut off: ' + text);
        if (down && cuts(style.overflowY) && isPart) wrong.add('cut off below: ' + text);
        if (style.overflowX !== 'visible') {
          shown.left = Math.max(shown.left, edge.left);
          shown.right = Math.min(shown.right, edge.right);
        }
        if (style.overflowY !== 'visible') {
          shown.top = Math.max(shown.top, edge.top);
          shown.bottom = Math.min(shown.bottom, edge.bottom);
        }
      }
      if (shown.right > innerWidth + 1) wrong.add('out of the window: ' + text);
      if (shown.right > shown.left && shown.bottom > shown.top) inSight.push({ text, parent, rect: shown });
    }
    // What stays in place covers what moves below it.
    const layer = ({ parent }) => {
      let box = parent;
      while (box !== null && !['sticky', 'fixed'].includes(getComputedStyle(box).position)) box = box.parentElement;
      return box;
    };
    for (const [i, one] of inSight.entries()) {
      for (const other of inSight.slice(i + 1)) {
        if (one.parent === other.parent || layer(one) !== layer(other)) continue;
        const [a, b] = [one.rect, other.rect];
        const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (width > 2 && height > 5) wrong.add('runs into each other: ' + one.text + ' | ' + other.text);
      }
    }
    return [...wrong];
  })()`);
}

/** What can be moved sideways: nothing should, but raw bytes and printed pages. */
export async function sidewaysScrolls(page: Page): Promise<readonly string[]> {
  return page.evaluate<string[]>(`[document.documentElement, ...document.querySelectorAll('body *')]
    .filter((one) => one.scrollWidth > one.clientWidth + 1 && one.tagName !== 'PRE' && one.checkVisibility())
    .filter((one) => one === document.documentElement || ['auto', 'scroll'].includes(getComputedStyle(one).overflowX))
    .map((one) => 'moves sideways: ' + one.tagName + '.' + one.className + ' ' + one.scrollWidth + ' > ' + one.clientWidth)`);
}

const controlRoles = [
  ...['button', 'link', 'textbox', 'searchbox', 'checkbox', 'radio', 'combobox', 'slider', 'switch', 'tab'],
  ...['menuitem', 'option', 'grid', 'progressbar', 'DisclosureTriangle'],
];

/** All controls, `role name`, as assistive technology hears them. */
export async function controlsOf(page: Page): Promise<readonly string[]> {
  return (await heard(page)).filter((said) => controlRoles.includes(said.split(' ')[0] ?? ''));
}

/** Controls that cannot be seen to have the focus, or lie below something else while they have it. */
export async function hiddenFocus(page: Page): Promise<readonly string[]> {
  // The browser shows the focus once a key was used.
  await page.keyboard.press('Tab');
  return page.evaluate<string[]>(`(() => {
    const wrong = [];
    const before = document.activeElement;
    const all = 'a[href], button:not(:disabled), input:not(:disabled), select, textarea, summary, [tabindex="0"]';
    const look = (one) => ['outlineStyle', 'outlineWidth', 'outlineColor', 'boxShadow', 'borderColor', 'backgroundColor']
      .map((name) => getComputedStyle(one)[name]).join(' ');
    for (const one of (document.querySelector('dialog[open]') ?? document).querySelectorAll(all)) {
      if (!one.checkVisibility({ visibilityProperty: true })) continue;
      const mark = one.closest('.choice') ?? one;
      document.activeElement?.blur();
      const plain = look(mark);
      one.focus();
      const name = one.tagName + ' ' + (one.getAttribute('aria-label') ?? one.textContent).trim().slice(0, 40);
      if (document.activeElement !== one) { wrong.push('takes no focus: ' + name); continue; }
      if (look(mark) === plain) wrong.push('focus cannot be seen: ' + name);
      const { left, top, width, height } = one.getBoundingClientRect();
      const [x, y] = [left + Math.min(width / 2, 40), top + Math.min(height / 2, 40)];
      const hit = document.elementFromPoint(x, y);
      if (hit === null || !(mark.contains(hit) || hit.contains(one)))
        wrong.push('has the focus and lies below something else: ' + name);
    }
    before?.focus?.();
    return wrong;
  })()`);
}

/** What loses its meaning where the system chooses all colours, and what moves where nothing should. */
export async function forcedFaults(page: Page): Promise<readonly string[]> {
  const cdp = await page.context().newCDPSession(page);
  const features = [
    { name: 'forced-colors', value: 'active' },
    { name: 'prefers-reduced-motion', value: 'reduce' },
  ];
  await cdp.send('Emulation.setEmulatedMedia', { features });
  try {
    return await page.evaluate<string[]>(`(async () => {
      const wrong = [];
      // The colours take their time.
      for (let frame = 0; frame < 3; frame++) await new Promise((next) => requestAnimationFrame(next));
      if (!matchMedia('(forced-colors: active)').matches) wrong.push('the colours are not forced');
      if (!matchMedia('(prefers-reduced-motion: reduce)').matches) wrong.push('motion is not reduced');
      const look = (one) => ['color', 'backgroundColor', 'borderColor', 'borderWidth', 'borderStyle', 'outlineStyle', 'fontWeight']
        .map((name) => getComputedStyle(one)[name]).join(' ');
      const differ = (selector, other) => {
        for (const one of document.querySelectorAll(selector)) {
          const plain = document.querySelector(other);
          if (plain !== null && one.checkVisibility() && look(one) === look(plain)) wrong.push('looks like all others: ' + selector);
        }
      };
      differ('.item[aria-current=page]', '.item:not([aria-current])');
      differ('.line[aria-selected=true]', '.line[aria-selected=false]');
      differ('.choice:has(:checked)', '.choice:not(:has(:checked))');
      differ('.button.primary:not(:disabled)', '.button.usual:not(:disabled)');
      differ('.button:disabled', '.button:not(:disabled)');
      for (const bar of document.querySelectorAll('.progress')) {
        if (getComputedStyle(bar).backgroundColor === getComputedStyle(bar.firstElementChild).backgroundColor)
          wrong.push('progress cannot be seen');
      }
      const isLong = (text) => text.split(',').some((one) => parseFloat(one) * (one.includes('ms') ? 1 : 1000) > 10);
      for (const one of document.querySelectorAll('*')) {
        const { transitionDuration, animationDuration } = getComputedStyle(one);
        if (isLong(transitionDuration) || isLong(animationDuration)) wrong.push('moves: ' + one.tagName + '.' + one.className);
      }
      return wrong;
    })()`);
  } finally {
    await cdp.send('Emulation.setEmulatedMedia', {
      features: features.map(({ name }) => ({ name, value: '' })),
    });
    await cdp.detach();
  }
}

/**
 * Texts of the application that were not translated, in the pseudo-locale.
 * @param data what the stage itself put there: names, labels, addresses.
 * @param names what else is no text on this screen.
 */
export async function untranslated(
  page: Page,
  data: readonly string[],
  names?: RegExp,
): Promise<readonly string[]> {
  const texts = await page.evaluate<string[]>(`(() => {
    const seen = ${seenTexts}.filter(({ parent }) => parent.closest('pre, .words, kbd') === null).map(({ text }) => text);
    const all = [...document.querySelectorAll('*')].filter((one) => one.checkVisibility());
    const said = all.flatMap((one) => [...(one.tagName === 'OPTION' ? [one.textContent] : []),
      ...['aria-label', 'title', 'placeholder', 'alt', 'aria-description', 'aria-roledescription', 'aria-valuetext']
        .map((name) => one.getAttribute(name) ?? '')]);
    return [...new Set([...seen, ...said.map((text) => text.trim())])];
  })()`);
  return texts
    .filter((text) => isUntranslated(text, data) && names?.test(text) !== true)
    .map((text) => `not translated: ${text}`);
}

/** What the record and the clock write: hexadecimal names, times, sizes. */
const written = [
  /[0-9a-f]{8,}…?/g,
  /\d{1,2} (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept?|Oct|Nov|Dec) \d{4},? \d\d:\d\d(?::\d\d)?/g,
  /\b[\d.]+ (?:bytes|kB|MB|GB)\b/g,
  /countersign:\S+/g,
  /\bUTC\b/g,
  // Payload types.
  /application\/[\w.+-]+/g,
];

function isUntranslated(text: string, data: readonly string[]): boolean {
  if (text.includes('⟦')) return false;
  let rest = text;
  for (const known of [...data].sort((a, b) => b.length - a.length)) rest = rest.replaceAll(known, '');
  for (const form of written) rest = rest.replace(form, '');
  return /\p{L}{2}/u.test(rest);
}
