/** What the system shows of the application is translated as its pages are: menu, sign, notifications, questions. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Page } from 'playwright-core';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { en } from '../../src/main/en.ts';
import { Host, hostSuite, recorderLacks } from './host.ts';
import { textsOf } from './surface/texts.ts';

const root = join(import.meta.dirname, '../..');
const folder = join(root, 'src/main');
const lacks = recorderLacks();

/** What a person would read: a word with a capital letter, or two words. */
const words = /^[A-Z][a-z]+(?:$|[ .,:…])|[a-z,.:] [A-Za-z]/;
/** What the system shows, whatever it is. */
const shown = /^(?:label|sublabel|title|message|detail|body|subtitle|buttonLabel|toolTip|checkboxLabel)$/;

/** Texts for people that stand in a source, and the keys of texts that it names. */
function textsIn(name: string, source: string): { readonly hard: string[]; readonly keys: string[] } {
  const hard: string[] = [];
  const keys: string[] = [];
  const look = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    const isPiece = ts.isTemplateHead(node) || ts.isTemplateMiddle(node) || ts.isTemplateTail(node);
    if (ts.isStringLiteralLike(node) || isPiece) {
      const isShown =
        ts.isPropertyAssignment(node.parent) && shown.test(node.parent.name.getText()) && !isPiece;
      if (isShown || words.test(node.text)) hard.push(`${name}: ${node.text}`);
      if (/^(?:menu|tray|notice|crash|folder|app)[.]/.test(node.text)) keys.push(node.text);
    }
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile(name, source, ts.ScriptTarget.Latest, true));
  return { hard, keys };
}

const sources = readdirSync(folder)
  .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts') && name !== 'en.ts')
  .map((name) => textsIn(name, readFileSync(join(folder, name), 'utf8')));

describe('texts of the shell', () => {
  it('stand in one file, and none in a source', () => {
    expect(sources.length).toBeGreaterThan(10);
    expect(sources.flatMap(({ hard }) => hard)).toEqual([]);
    const hard = ["dialog.show({ label: 'x' })", "say('Open it')", 'say(`Alarm: ${x}`)', "say('Quit')"];
    for (const source of hard) expect(textsIn('a.ts', source).hard, source).toHaveLength(1);
  });

  // That each one that is named is there, the compiler says.
  it('are none in vain', () => {
    const keys = sources.flatMap((source) => source.keys);
    const isNamed = (text: string): boolean =>
      keys.some(
        (key) => text.replace(/_(?:one|other)$/, '') === key || (key.endsWith('.') && text.startsWith(key)),
      );
    expect(Object.keys(en).filter((text) => !isNamed(text))).toEqual([]);
  });

  it('name the views as their pages do', async () => {
    const t = textsOf('en');
    const features = join(root, 'src/renderer/features');
    for (const name of readdirSync(features)) {
      const file = join(features, name, 'feature.tsx');
      const text = readdirSync(join(features, name)).includes('feature.tsx')
        ? readFileSync(file, 'utf8')
        : '';
      const [, id = '', title = ''] = /\bid: '([a-z]+)'[^}]*?\btitle: '([^']+)'/s.exec(text) ?? [];
      if (id !== '') expect((en as Readonly<Record<string, string>>)[`menu.${id}`]).toBe(t(title));
    }
    const { common } = (await import(pathToFileURL(join(root, 'src/renderer/i18n/en.ts')).href)) as {
      common: Readonly<Record<string, string>>;
    };
    for (const state of ['open', 'watch', 'none', 'locked'] as const)
      expect(en[`tray.${state}`]).toBe(common[`identity.${state}`]);
  });
});

describe.skipIf(lacks !== undefined)(
  hostSuite('what the system is given in the pseudo-locale', lacks),
  () => {
    const home = mkdtempSync(join(tmpdir(), 'countersign-texts-'));
    const t = textsOf('en-XA');
    let host: Host;
    let page: Page;
    const recorded = async (name: string): Promise<readonly unknown[]> => {
      const all = (await host.order({ do: 'recorded' })) as { name: string; given: string }[];
      return all.filter((one) => one.name === name).map(({ given }) => JSON.parse(given) as unknown);
    };
    /** Every text in what was given, by the names that hold texts. */
    const textsOfGiven = (given: unknown): readonly string[] => {
      if (typeof given !== 'object' || given === null) return [];
      return Object.entries(given).flatMap(([name, value]: [string, unknown]) => {
        if (typeof value === 'string') return shown.test(name) ? [value] : [];
        if (name === 'buttons' && Array.isArray(value)) return value.map(String);
        return textsOfGiven(value);
      });
    };
    const plain = (texts: readonly string[]): readonly string[] =>
      texts.filter((one) => !one.startsWith('⟦'));
    /** Entries without a text of their own: the system would say them in its own language. */
    const unnamed = (menu: unknown): readonly unknown[] =>
      (menu as { label?: string; type?: string; submenu?: unknown }[]).flatMap((entry) => [
        ...(entry.label === undefined && entry.type !== 'separator' ? [entry] : []),
        ...(entry.submenu === undefined ? [] : unnamed(entry.submenu)),
      ]);

    beforeAll(async () => {
      host = await Host.start(home, ['--locale=en-XA']);
      page = await host.page('main');
      await page.waitForSelector('h1');
      await page.evaluate('countersign.startPractice({})');
      await page.locator('.item[aria-current=page]').waitFor();
    }, 60_000);
    afterAll(async () => {
      await host.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    });

    it('is a menu whose every entry is translated, those of the platform too', async () => {
      const [menu] = (await recorded('Menu.setApplicationMenu')).slice(-1);
      expect(textsOfGiven(menu).length).toBeGreaterThan(25);
      expect(plain(textsOfGiven(menu))).toEqual([]);
      expect(unnamed(menu)).toEqual([]);
    });

    it('is a sign whose menu and words are translated', async () => {
      const menus = await recorded('Tray.setContextMenu');
      expect(menus.length).toBeGreaterThan(1);
      for (const menu of menus) {
        expect(plain(textsOfGiven(menu))).toEqual([]);
        expect(unnamed(menu)).toEqual([]);
      }
      expect(plain((await recorded('Tray.setToolTip')) as string[])).toEqual([]);
    });

    it('is a notification', async () => {
      await page.evaluate("countersign.shellSetNotices({ notices: 'counts' })");
      const file = join(home, 'contract.txt');
      writeFileSync(file, 'a contract');
      await page.keyboard.press('Control+2');
      await page.locator('input[type=file]').first().waitFor({ state: 'attached' });
      await host.giveFiles(page, [file]);
      await page.getByRole('button', { name: t('notarize.go.one') }).click();
      await expect.poll(() => recorded('Notification')).toHaveLength(1);
      expect(plain((await recorded('Notification')).flatMap(textsOfGiven))).toEqual([]);
    });

    it('are questions: which folder, and what to do about a window that ends again and again', async () => {
      await page.evaluate('countersign.settingsBackupFolder({})');
      for (let i = 0; i < 4; i++) {
        await host.order({
          do: 'emit',
          of: 'page',
          name: 'render-process-gone',
          given: [{ reason: 'crashed' }],
        });
      }
      await expect.poll(() => recorded('dialog.showMessageBox')).toHaveLength(1);
      const asked = [
        ...(await recorded('dialog.showMessageBox')),
        ...(await recorded('dialog.showOpenDialog')),
      ];
      expect(asked).toHaveLength(2);
      for (const one of asked) expect(textsOfGiven(one).length).toBeGreaterThan(1);
      expect(plain(asked.flatMap(textsOfGiven))).toEqual([]);
    });
  },
);
