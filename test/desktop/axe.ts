/** Looking at a page as axe does: by the rules of WCAG 2.2 AA. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from 'playwright-core';

/** A rule of WCAG 2.2 AA that axe leaves out unless it is asked. */
const rules = { 'target-size': { enabled: true } };

interface Violation {
  readonly id: string;
  readonly nodes: readonly { readonly html: string }[];
}

/** Puts axe into a page, once: it is a large script. */
async function ensureAxe(page: Page): Promise<void> {
  if (await page.evaluate<boolean>("'axe' in globalThis")) return;
  await new AxeBuilder({ page }).setLegacyMode(true).withRules(['document-title']).analyze();
}

/** What axe finds on a page as it stands. @param what `colours`: only what depends on them, once all was looked at. */
export async function axeFaults(
  page: Page,
  what: 'everything' | 'colours' = 'everything',
): Promise<readonly string[]> {
  await ensureAxe(page);
  const options = what === 'everything' ? { rules } : { runOnly: ['color-contrast'] };
  const asked = JSON.stringify({ ...options, resultTypes: ['violations'] });
  const found = await page.evaluate<readonly Violation[]>(
    `axe.run(document, ${asked}).then(({ violations }) =>
      violations.map(({ id, nodes }) => ({ id, nodes: nodes.map(({ html }) => ({ html })) })))`,
  );
  return found.map(
    ({ id, nodes }) =>
      `axe ${id}: ${nodes
        .map(({ html }) => html)
        .join(' ')
        .slice(0, 600)}`,
  );
}
