/** Tag indexes as files (`docs/spec/blocks.md`, 'Files'): the leaves of an index, one after the other. */
import { ByteReader, equalBytes } from '../bytes.ts';
import type { TagCode } from '../errors/tag.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { leafHash, treeRoot } from '../tree/merkle.ts';
import type { BlockHeader } from './header.ts';
import { parseTagLeaf, type TagLeaf } from './tag-index.ts';

/** Bytes of a leaf before its indices, and where in them their count stands. */
const fixedBytes = 56;
const countOffset = 52;

/**
 * Reads the tag index of a block and checks it against the block's header: number and root of the leaves.
 * @returns refused with the code of a leaf, or `tag-proof` when the file is not what the header commits to.
 */
export function parseTagIndexFile(
  bytes: Uint8Array,
  header: BlockHeader,
): Result<readonly TagLeaf[], TagCode> {
  const reader = new ByteReader(bytes);
  const entries: TagLeaf[] = [];
  const hashes: Uint8Array[] = [];
  while (reader.remaining > 0) {
    if (entries.length === header.tags.count) return refuse('tag-proof', 'bytes after the last leaf');
    const at = reader.position;
    const count = new ByteReader(bytes.subarray(at + countOffset)).uint(4) ?? 0;
    const leaf = reader.take(Math.min(fixedBytes + 4 * count, reader.remaining)) ?? new Uint8Array();
    const entry = parseTagLeaf(leaf, header.height);
    if (!entry.ok) return entry;
    entries.push(entry.value);
    hashes.push(leafHash(leaf));
  }
  if (entries.length !== header.tags.count) return refuse('tag-proof', `${entries.length} leaves`);
  return equalBytes(treeRoot(hashes), header.tags.root) ? ok(entries) : refuse('tag-proof', 'another root');
}
