/** The list that grows while it is read: pages from where the last one ended, and what comes meanwhile. */
import { afterAll, describe, expect, it, vi } from 'vitest';
import type { MessageRow, PlaceView } from '../../src/contract/channels/explorer.ts';

// The list turns failures into sentences, and what does that looks for the window.
vi.stubGlobal('window', {});
const { LiveList } = await import('../../src/renderer/features/explorer/live-list.ts');
afterAll(() => {
  vi.unstubAllGlobals();
});

/** A record with one message in each block, which grows. */
class Source {
  size: number;
  asked = 0;

  constructor(size: number) {
    this.size = size;
  }

  #rows(heights: readonly number[]): readonly MessageRow[] {
    this.asked++;
    return heights.map((height) => ({ height, position: 0, id: String(height) }) as MessageRow);
  }

  readonly older = (before: PlaceView | undefined, limit: number) => {
    const end = before === undefined ? this.size : before.height + (before.position > 0 ? 1 : 0);
    const rows = this.#rows(Array.from({ length: Math.min(limit, end) }, (_, i) => end - 1 - i));
    return Promise.resolve({ rows, isEnd: rows.length < limit, isWhole: true });
  };

  readonly newer = ({ height }: PlaceView, limit: number) => {
    const count = Math.max(0, Math.min(limit, this.size - 1 - height));
    const rows = this.#rows(Array.from({ length: count }, (_, i) => height + 1 + i));
    return Promise.resolve({ rows, isEnd: rows.length < limit, isWhole: true });
  };
}

/** A list over a record, once its first page is here. */
async function listOver(size: number) {
  const source = new Source(size);
  const list = new LiveList(source, size, () => undefined);
  await vi.waitUntil(() => list.view.isLoaded);
  const grow = async (by: number): Promise<void> => {
    source.size += by;
    await list.grow(source.size);
  };
  /** Reads a row as a table does: it is asked for, and comes. */
  const at = async (index: number): Promise<number> => {
    await vi.waitUntil(() => list.view.row(index) !== undefined);
    return list.view.row(index)?.height ?? -1;
  };
  return { source, list, grow, at };
}

describe('a list that grows while it is read', () => {
  it('reads on page by page, each row once, to the end', async () => {
    const { list, at } = await listOver(350);
    expect(list.view.total).toBe(101);
    const heights: number[] = [];
    for (let i = 0; i < 350; i++) heights.push(await at(i));
    expect(heights).toEqual(Array.from({ length: 350 }, (_, i) => 349 - i));
    expect(list.view.total).toBe(350);
  });

  it('keeps a bounded number of pages, and finds the same rows again', async () => {
    const { source, list, grow, at } = await listOver(2000);
    for (let i = 0; i < 2000; i += 50) await at(i);
    expect(list.view.row(0)).toBeUndefined();
    await grow(3);
    expect(await at(0)).toBe(2002);
    expect(await at(3)).toBe(1999);
    const { asked } = source;
    expect(await at(102)).toBe(1900);
    expect(source.asked - asked).toBeLessThanOrEqual(1);
  });

  it('shows what comes at its top, and while it is held counts it', async () => {
    const { list, grow } = await listOver(10);
    await grow(2);
    expect(list.view.row(0)?.height).toBe(11);
    list.hold(true);
    await grow(3);
    expect(list.view).toMatchObject({ fresh: 3, isMore: false, total: 12 });
    expect(list.view.row(0)?.height).toBe(11);
    list.hold(false);
    expect(list.view).toMatchObject({ fresh: 0, total: 15 });
    expect(list.view.row(0)?.height).toBe(14);
    expect(list.view.row(14)?.height).toBe(0);
  });

  it('begins anew when more came than is kept', async () => {
    const { list, grow, at } = await listOver(10);
    list.hold(true);
    await grow(2500);
    expect(list.view.isMore).toBe(true);
    expect(list.view.row(0)?.height).toBe(9);
    list.hold(false);
    await vi.waitUntil(() => !list.view.isMore);
    expect(list.view.fresh).toBe(0);
    expect(await at(0)).toBe(2509);
    await grow(1);
    expect(await at(0)).toBe(2510);
  });

  it('begins with nothing, and shows the first that comes', async () => {
    const { list, grow } = await listOver(0);
    expect(list.view).toMatchObject({ total: 0, isLoaded: true });
    // The founding block has no messages: the first stands in block 1.
    await grow(2);
    expect(list.view.row(0)?.height).toBe(1);
  });
});
