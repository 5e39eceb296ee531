/** Putting a delta to what is known. */
import type { Delta, DeskState } from '../../contract/state.ts';

export interface Known {
  readonly number: number;
  readonly state: DeskState | undefined;
}

/** What is known after a delta; `gap` when one before it is missing, so that only a new snapshot helps. */
export function applied(known: Known, delta: Delta): Known | 'gap' {
  if (known.state === undefined || delta.number > known.number + 1) return 'gap';
  if (delta.number <= known.number) return known;
  return { number: delta.number, state: { ...known.state, [delta.topic]: delta.value } };
}
