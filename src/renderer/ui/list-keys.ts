/** The keys that move through a list or a table: one table, from which lists obey and the list of keys is shown. */

interface ListKey {
  /** The key of what it does among the texts. */
  readonly title: string;
  /** The row that it leads to. */
  readonly to: (from: number, last: number) => number;
}

/** As many rows as a page has, about. */
const page = 12;

export const listKeys: Readonly<Record<string, ListKey>> = {
  ArrowDown: { title: 'keys.down', to: (from, last) => Math.min(last, from + 1) },
  ArrowUp: { title: 'keys.up', to: (from) => Math.max(0, from - 1) },
  PageDown: { title: 'keys.page-down', to: (from, last) => Math.min(last, from + page) },
  PageUp: { title: 'keys.page-up', to: (from) => Math.max(0, from - page) },
  Home: { title: 'keys.first', to: () => 0 },
  End: { title: 'keys.last', to: (_from, last) => last },
};

/** Which row a key leads to; undefined for a key that leads nowhere. */
export function reached(key: string, from: number, total: number): number | undefined {
  return Object.hasOwn(listKeys, key) ? listKeys[key]?.to(from, Math.max(0, total - 1)) : undefined;
}
