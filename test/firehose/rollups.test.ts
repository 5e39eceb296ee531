/** Roll-ups as they are merged from files, against roll-ups made in memory. */
import { describe, expect, it } from 'vitest';
import '../support/fast-engines.ts';
import { compareBytes, joinBytes, toHex, uintToBytes } from '../../src/core/bytes.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { rollupCommitment, type RollupLeaf, writeRollupLeaf } from '../../src/core/record/rollup.ts';
import { composeTagIndexFile } from '../../src/core/record/tag-index-file.ts';
import { buildTagIndex } from '../../src/core/record/tag-index.ts';
import { type Source, writeRollup } from '../../src/firehose/rollups.ts';
import { MemoryStorage } from '../support/memory-storage.ts';

const tagOf = (n: number): Uint8Array => sha256(uintToBytes(n, 4));
const byTag = (a: RollupLeaf, b: RollupLeaf): number => compareBytes(a.tag, b.tag);

/** Some blocks with tags that come again, their indexes on storage, and what a map says of them. */
async function indexes(
  storage: MemoryStorage,
  blocks: number,
): Promise<{ sources: Source[]; leaves: RollupLeaf[] }> {
  const newest = new Map<string, RollupLeaf>();
  const sources: Source[] = [];
  for (let height = 1; height <= blocks; height++) {
    const carriers = Array.from({ length: 1 + (height % 40) }, (_, n) => ({
      id: tagOf(height * 1000 + n),
      head: { tags: [tagOf(n % 5), ...(n === 7 ? [tagOf((height - 1) * 1000)] : [])].sort(compareBytes) },
    }));
    const index = buildTagIndex(carriers, (tag) => newest.get(toHex(tag)));
    for (const { tag, total } of index.entries) newest.set(toHex(tag), { tag, height, total });
    const path = `index/${height}`;
    await storage.public.write(path, composeTagIndexFile(index.entries));
    sources.push({ path, height, commitment: index, kind: 'index' });
  }
  return { sources, leaves: [...newest.values()].sort(byTag) };
}

describe('a roll-up', () => {
  it('merged from tag indexes is the one of their blocks', async () => {
    const storage = new MemoryStorage();
    const { sources, leaves } = await indexes(storage, 100);
    const made = await writeRollup(storage.public, 'rollup/1/256', sources);
    expect(made).toEqual(rollupCommitment(leaves));
    const file = storage.files.get('public/rollup/1/256');
    expect(file && toHex(file)).toBe(toHex(joinBytes(leaves.map(writeRollupLeaf))));
    expect([...storage.files.keys()].filter((path) => path.startsWith('public/pages/'))).toEqual([
      'public/pages/1/rollup/1/256',
    ]);
  });

  it('merged from roll-ups is the one of all their blocks', async () => {
    const storage = new MemoryStorage();
    const { sources, leaves } = await indexes(storage, 120);
    const uppers: Source[] = [];
    for (let start = 0; start < sources.length; start += 40) {
      const path = `rollup/1/${start}`;
      const commitment = await writeRollup(storage.public, path, sources.slice(start, start + 40));
      uppers.push({ path, height: start, commitment, kind: 'rollup' });
    }
    expect(await writeRollup(storage.public, 'rollup/2/0', uppers)).toEqual(rollupCommitment(leaves));
  });

  it('is not made from a file that is not what its header commits to', async () => {
    const storage = new MemoryStorage();
    const { sources } = await indexes(storage, 10);
    for (const { path } of sources.slice(4, 6)) {
      const name = `public/${path}`;
      const good = storage.files.get(name) ?? new Uint8Array();
      const bad = [
        good.slice(0, -1),
        good.slice(0, 40),
        new Uint8Array(),
        joinBytes([good, Uint8Array.of(0)]),
      ];
      // Lists are not part of a roll-up.
      for (const at of [0, 33, 47, 50, 55, 60, good.length - 5 * 88]) {
        bad.push(good.with(at, (good[at] ?? 0) ^ 1));
      }
      for (const bytes of bad) {
        storage.files.set(name, bytes);
        await expect(
          writeRollup(storage.public, 'rollup/1/256', sources),
          `${bytes.length}`,
        ).rejects.toMatchObject({
          code: 'firehose-damaged',
        });
      }
      storage.files.delete(name);
      await expect(writeRollup(storage.public, 'rollup/1/256', sources)).rejects.toMatchObject({
        code: 'firehose-damaged',
        detail: path,
      });
      storage.files.set(name, good);
    }
    expect(storage.files.has('public/rollup/1/256')).toBe(false);
  });
});
