/** The accessibility tree of a page. */
import type { Page } from 'playwright-core';

interface TreeNode {
  readonly ignored: boolean;
  readonly role?: { readonly value: string };
  readonly name?: { readonly value: string };
}

/** What a screen reader hears of a page, read back from the tree that the browser gives it: `role name`. */
export async function heard(page: Page): Promise<readonly string[]> {
  const cdp = await page.context().newCDPSession(page);
  try {
    const { nodes } = (await cdp.send('Accessibility.getFullAXTree')) as unknown as {
      readonly nodes: readonly TreeNode[];
    };
    return nodes
      .filter(({ ignored }) => !ignored)
      .map(({ role, name }) => `${role?.value ?? ''} ${name?.value.trim() ?? ''}`);
  } finally {
    await cdp.detach();
  }
}
