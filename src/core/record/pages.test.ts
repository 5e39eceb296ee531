import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { compareBytes, concatBytes, equalBytes, joinBytes, toHex, toUtf8, uintToBytes } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { Result } from '../result.ts';
import { leafHash, nodeHash, treeRoot } from '../tree/merkle.ts';
import {
  directoryCount,
  directoryLength,
  type ExpectedPage,
  PageDirectories,
  type PagedKind,
  pageEntryBytes,
  pageOfTag,
  pageWidth,
  type PageEntry,
  parsePageEntries,
  parseTagPage,
} from './pages.ts';
import { composeTagIndexFile } from './tag-index-file.ts';
import { buildTagIndex, type TagEntry, writeTagLeaf } from './tag-index.ts';

function unwrap<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(`${result.code} ${result.detail ?? ''}`);
  return result.value;
}

/** Hashes that stand for leaves; their tree is what matters here. */
const hashes = Array.from({ length: 70_000 }, (_, n) => sha256(uintToBytes(n, 4)));

function directoriesOf(count: number, kind: PagedKind): readonly Uint8Array[] {
  const pages = new PageDirectories(kind);
  for (let n = 0; n < count; n++) {
    const tag = kind === 'tags' ? concatBytes(uintToBytes(n, 4), new Uint8Array(28)) : undefined;
    pages.push(hashes[n] ?? new Uint8Array(32), 48, tag);
  }
  return pages.finish();
}

describe('the directories of a file', () => {
  it('have the form of the specification', () => {
    const [directory = new Uint8Array(), ...others] = directoriesOf(257, 'tags');
    expect(others).toEqual([]);
    expect(toHex(directory)).toBe(
      [
        '0000000000000000',
        toHex(treeRoot(hashes.slice(0, 256))),
        '00'.repeat(32),
        '0000000000003000', // 256 leaves of 48 bytes
        toHex(hashes[256] ?? new Uint8Array()),
        `00000100${'00'.repeat(28)}`,
      ].join(''),
    );
    const root = nodeHash(treeRoot(hashes.slice(0, 256)), hashes[256] ?? new Uint8Array());
    expect(unwrap(parsePageEntries(directory, { kind: 'tags', count: 2, root }))).toHaveLength(2);
    const [bodyDirectory = new Uint8Array()] = directoriesOf(257, 'messages');
    expect(toHex(bodyDirectory)).toBe(
      `${toHex(directory.subarray(0, 40))}${toHex(directory.subarray(72, 112))}`,
    );
  });

  it.each([
    [0, 0, []],
    [1, 0, []],
    [256, 0, []],
    [257, 1, [2]],
    [65_536, 1, [256]],
    [65_537, 2, [257, 2]],
    [70_000, 2, [274, 2]],
  ])('for %i leaves are %i, with the root of the tree', (count, orders, lengths) => {
    expect(directoryCount(count)).toBe(orders);
    for (const kind of ['tags', 'messages'] as const) {
      const directories = directoriesOf(count, kind);
      expect(directories.map(({ length }) => length / pageEntryBytes(kind))).toEqual(lengths);
      expect(lengths.map((_, i) => directoryLength(count, i + 1))).toEqual(lengths);
      const top = directories.at(-1);
      if (top === undefined) continue;
      const expected: ExpectedPage = {
        kind,
        count: lengths.at(-1) ?? 0,
        root: treeRoot(hashes.slice(0, count)),
      };
      const entries = unwrap(parsePageEntries(top, expected));
      // Every page of the directory below has the root that its entry says.
      for (const [i, { offset, root }] of entries.entries()) {
        const below = directories.at(-2);
        if (below === undefined) {
          expect(offset).toBe(i * pageWidth * 48);
          continue;
        }
        const width = Math.min(pageWidth, (lengths[0] ?? 0) - i * pageWidth);
        const page = below.subarray(offset, offset + width * pageEntryBytes(kind));
        expect(unwrap(parsePageEntries(page, { kind, count: width, root }))).toHaveLength(width);
      }
    }
  });

  it('are refused when anything of them is changed', () => {
    const [directory = new Uint8Array()] = directoriesOf(1000, 'tags');
    const expected: ExpectedPage = { kind: 'tags', count: 4, root: treeRoot(hashes.slice(0, 1000)) };
    const before = unwrap(parsePageEntries(directory, expected));
    for (let at = 0; at < directory.length; at++) {
      const changed = directory.with(at, (directory[at] ?? 0) ^ 1);
      const read = parsePageEntries(changed, expected);
      const within = at % 72;
      if (within >= 8 && within < 40) expect(read).toMatchObject({ code: 'page-root' });
      // Offsets and tags are bound to the pages themselves only, which are checked when they are there.
      else if (read.ok) expect(read.value).not.toEqual(before);
      else expect(read.code).toBe('page-order');
    }
    const refused = (bytes: Uint8Array, code: string, changes: Partial<ExpectedPage> = {}): void => {
      expect(parsePageEntries(bytes, { ...expected, ...changes })).toMatchObject({ ok: false, code });
    };
    refused(directory.subarray(0, -1), 'page-length');
    refused(concatBytes(directory, Uint8Array.of(0)), 'page-length');
    refused(directory, 'page-length', { count: 3 });
    refused(directory, 'page-length', { kind: 'messages' });
    refused(directory, 'page-root', { root: new Uint8Array(32) });
    const [one, two] = [directory.subarray(0, 72), directory.subarray(72, 144)];
    refused(concatBytes(two, one, directory.subarray(144)), 'page-order');
    refused(concatBytes(one, one, directory.subarray(144)), 'page-order');
    refused(concatBytes(uintToBytes(2n ** 53n, 8), directory.subarray(8)), 'page-order');
  });
});

/** The index of a block in which each message has one tag of its own and some have one in common. */
function indexOf(messages: number): { entries: readonly TagEntry[]; root: Uint8Array } {
  const common = sha256(toUtf8('common'));
  const carriers = Array.from({ length: messages }, (_, n) => ({
    id: sha256(toUtf8(`id ${n}`)),
    head: { tags: n % 7 === 0 ? [common] : [] },
  }));
  return buildTagIndex(carriers, () => undefined);
}

/** What a reader does who wants one tag: directories and one page, each checked. */
function lookUp(
  file: Uint8Array,
  directories: readonly Uint8Array[],
  index: { count: number; root: Uint8Array },
  tag: Uint8Array,
): TagEntry | undefined {
  let entry: PageEntry = { offset: 0, root: index.root, tag: undefined };
  let first = 0;
  let bytes = file;
  for (let order = directories.length; order > 0; order--) {
    const directory = directories[order - 1] ?? new Uint8Array();
    const count = Math.min(pageWidth, directoryLength(index.count, order) - first);
    const end = entry.offset + count * 72;
    const page = directory.subarray(entry.offset, end);
    const entries = unwrap(parsePageEntries(page, { kind: 'tags', count, root: entry.root }));
    const place = pageOfTag(entries, tag);
    if (place === undefined) return undefined;
    entry = entries[place] ?? entry;
    const next = entries[place + 1]?.offset;
    first = (first + place) * pageWidth;
    if (order === 1) bytes = file.subarray(entry.offset, next);
  }
  const leaves = unwrap(parseTagPage(bytes, 1, entry, Math.min(pageWidth, index.count - first)));
  return leaves.find((leaf) => equalBytes(leaf.tag, tag));
}

describe('a page of a tag index', () => {
  const { entries, root } = indexOf(600);
  const file = composeTagIndexFile(entries);
  const pages = new PageDirectories('tags');
  for (const entry of entries) {
    pages.push(leafHash(writeTagLeaf(entry)), 88 + 4 * entry.count, entry.tag);
  }
  const directories = pages.finish();
  const index = { count: entries.length, root };

  it('is found by a tag and holds the same leaf as the whole index', () => {
    expect(directories).toHaveLength(1);
    for (const entry of entries.filter((_, i) => i % 37 === 0 || i % 256 < 2)) {
      expect(lookUp(file, directories, index, entry.tag)).toEqual(entry);
    }
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (tag) => {
        expect(lookUp(file, directories, index, tag)).toBeUndefined();
      }),
      { numRuns: 20 },
    );
    expect(lookUp(file, directories, index, new Uint8Array(32))).toBeUndefined();
  });

  it('is refused when it is not what the directory names', () => {
    const [directory = new Uint8Array()] = directories;
    const read = unwrap(parsePageEntries(directory, { kind: 'tags', count: 3, root }));
    const [one, two] = read;
    if (one === undefined || two === undefined) throw new Error('too few pages');
    const page = file.subarray(one.offset, two.offset);
    expect(unwrap(parseTagPage(page, 1, one, 256))).toEqual(entries.slice(0, 256));
    for (let at = 0; at < page.length; at += 331) {
      expect(parseTagPage(page.with(at, (page[at] ?? 0) ^ 1), 1, one, 256).ok, `byte ${at}`).toBe(false);
    }
    const code = (result: Result<unknown>): string => (result.ok ? 'accepted' : result.code);
    expect(code(parseTagPage(page.subarray(0, -1), 1, one, 256))).toMatch(/^tag-/);
    expect(code(parseTagPage(page, 1, one, 257))).toBe('page-length');
    expect(code(parseTagPage(page, 1, one, 255))).toBe('tag-proof');
    expect(code(parseTagPage(page, 1, two, 256))).toBe('page-root');
    expect(code(parseTagPage(page, 1, { ...one, tag: two.tag }, 256))).toBe('page-tag');
    expect(code(parseTagPage(page, 1, { ...one, tag: undefined }, 256))).toBe('page-tag');
  });

  it('comes after all pages whose first tag is not above', () => {
    const read = unwrap(parsePageEntries(joinBytes(directories), { kind: 'tags', count: 3, root }));
    for (const { tag } of entries) {
      const expected = read.filter((entry) => compareBytes(entry.tag ?? tag, tag) <= 0).length - 1;
      expect(pageOfTag(read, tag)).toBe(expected);
    }
  });
});
