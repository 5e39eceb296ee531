/** Tag indexes as files (`docs/spec/tags.md`, 'Index file'): the leaves of an index, each followed by its list. */
import { ByteReader, compareBytes, equalBytes, joinBytes } from '../bytes.ts';
import type { TagCode } from '../errors/tag.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { leafHash, treeRoot } from '../tree/merkle.ts';
import type { BlockHeader } from './header.ts';
import type { TagEntry } from './tag-index.ts';
import { tagLeafBytes } from './tag-groups.ts';
import { parseTagLeaf, parseTagList, writeTagLeaf, writeTagList } from './tag-index.ts';

/** What an index file is read against. */
type IndexedHeader = Pick<BlockHeader, 'height' | 'tags'>;

/** Writes the index file of a block. @param entries those of its index, ascending by tag. */
export function composeTagIndexFile(entries: readonly TagEntry[]): Uint8Array {
  return joinBytes(entries.flatMap((entry) => [writeTagLeaf(entry), writeTagList(entry.indices)]));
}

/** Leaves of an index as they were cut out of its file. */
export interface CutLeaves {
  readonly entries: readonly TagEntry[];
  /** Their RFC 6962 leaf hashes. */
  readonly hashes: readonly Uint8Array[];
}

/**
 * Reads leaves that follow each other, with their lists: form, order, and every list against its leaf.
 * @param height of the block.
 * @param most how many there are at most.
 */
export function cutTagLeaves(bytes: Uint8Array, height: number, most: number): Result<CutLeaves, TagCode> {
  const reader = new ByteReader(bytes);
  const entries: TagEntry[] = [];
  const hashes: Uint8Array[] = [];
  while (reader.remaining > 0) {
    if (entries.length === most) return refuse('tag-proof', 'bytes after the last leaf');
    const leafBytes = reader.take(tagLeafBytes);
    if (leafBytes === undefined) return refuse('tag-length', 'the file ends inside a leaf');
    const leaf = parseTagLeaf(leafBytes, height);
    if (!leaf.ok) return leaf;
    const before = entries.at(-1);
    if (before !== undefined && compareBytes(before.tag, leaf.value.tag) >= 0) {
      return refuse('tag-sorted', `leaf ${entries.length}`);
    }
    const list = reader.take(4 * leaf.value.count);
    if (list === undefined) return refuse('tag-length', 'the file ends inside a list');
    const indices = parseTagList(list, leaf.value);
    if (!indices.ok) return indices;
    entries.push({ ...leaf.value, indices: indices.value });
    hashes.push(leafHash(leafBytes));
  }
  return ok({ entries, hashes });
}

/**
 * Reads the tag index of a block and checks it against the block's header: order, number and root of the leaves, and
 * every list against its leaf.
 */
export function parseTagIndexFile(
  bytes: Uint8Array,
  header: IndexedHeader,
): Result<readonly TagEntry[], TagCode> {
  const cut = cutTagLeaves(bytes, header.height, header.tags.count);
  if (!cut.ok) return cut;
  const { entries, hashes } = cut.value;
  if (entries.length !== header.tags.count) return refuse('tag-proof', `${entries.length} leaves`);
  return equalBytes(treeRoot(hashes), header.tags.root) ? ok(entries) : refuse('tag-proof', 'another root');
}
