/**
 * What the sequencer must know of all blocks below: the newest link of every tag, and where every message stands. It
 * lies in memory and grows with the record; see the figure at the class.
 */
import { toHex } from '../core/bytes.ts';
import { MemoryState } from '../core/record/memory-state.ts';
import type { TagIndex } from '../core/record/tag-index.ts';

/** Where a message stands. */
export interface Place {
  readonly height: number;
  readonly position: number;
}

export class RecordIndex extends MemoryState {
  readonly #places = new Map<string, Place>();

  override apply(height: number, index: Pick<TagIndex, 'entries'>): void {
    super.apply(height, index);
    for (const { tag, own } of index.entries) {
      if (own !== undefined) this.#places.set(toHex(tag), { height, position: own });
    }
  }

  /** Where the message with this id stands, if it is in a block. */
  placeOf(id: Uint8Array): Place | undefined {
    return this.#places.get(toHex(id));
  }
}
