import { describe, expect, it } from 'vitest';
import { PageCache } from '../../src/wallet/follow/page-cache.ts';

/** A cache, and which pages it had fetched. Each page takes so many bytes; 'bad' cannot be had. */
function cacheOf(bytes: number): { page: (name: string) => Promise<string>; fetched: string[] } {
  const cache = new PageCache();
  const fetched: string[] = [];
  const fetch = (name: string): Promise<string> => {
    fetched.push(name);
    return name === 'bad' ? Promise.reject(new Error('gone')) : Promise.resolve(name);
  };
  const page = (name: string): Promise<string> =>
    cache.page(
      name,
      () => fetch(name),
      () => bytes,
    );
  return { page, fetched };
}

describe('the pages of a view', () => {
  it('are fetched once, also when two ask at the same time', async () => {
    const { page, fetched } = cacheOf(1000);
    expect(await Promise.all([page('a'), page('a'), page('b')])).toEqual(['a', 'a', 'b']);
    expect(await page('a')).toBe('a');
    expect(fetched).toEqual(['a', 'b']);
  });

  it('are forgotten when they are too many, that first which nobody wanted for longest', async () => {
    const { page, fetched } = cacheOf(10_000_000);
    for (const name of ['a', 'b', 'c', 'a', 'd', 'a', 'c', 'b']) await page(name);
    expect(fetched).toEqual(['a', 'b', 'c', 'd', 'b']);
  });

  it('are asked for again when they could not be had', async () => {
    const { page, fetched } = cacheOf(1000);
    await expect(page('bad')).rejects.toThrow('gone');
    await expect(page('bad')).rejects.toThrow('gone');
    expect(fetched).toEqual(['bad', 'bad']);
  });
});
