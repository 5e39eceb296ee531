/**
 * A {@link RecordState} in memory, for ledgers that fit there and for tests. It grows with the record.
 */
import { compareBytes, toHex } from '../bytes.ts';
import type { RecordState } from './block.ts';
import type { RollupLeaf } from './rollup.ts';
import type { TagLink } from './tag-groups.ts';
import type { TagLeaf } from './tag-index.ts';

export class MemoryState implements RecordState {
  readonly #newest = new Map<string, RollupLeaf>();
  readonly #ids = new Set<string>();

  previous(tag: Uint8Array): TagLink | undefined {
    return this.#newest.get(toHex(tag));
  }

  includes(id: Uint8Array): boolean {
    return this.#ids.has(toHex(id));
  }

  since(height: number): readonly RollupLeaf[] {
    const newer = [...this.#newest.values()].filter((leaf) => leaf.height >= height);
    return newer.sort((a, b) => compareBytes(a.tag, b.tag));
  }

  /** Goes on to the next block: the one at `height` has this index. */
  apply(height: number, index: { readonly entries: readonly TagLeaf[] }): void {
    for (const { tag, total, own } of index.entries) {
      const text = toHex(tag);
      this.#newest.set(text, { tag, height, total });
      if (own !== undefined) this.#ids.add(text);
    }
  }
}
