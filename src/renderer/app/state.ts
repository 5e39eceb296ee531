/**
 * The state of the desk as this window knows it: a view, never the truth. It begins with a snapshot and takes deltas in the
 * order of their numbers; when one is missing, a new snapshot is asked for.
 */
import { create } from 'zustand';
import type { Delta, DeskState, Snapshot } from '../../contract/state.ts';
import { api, value } from '../api.ts';
import { applied, type Known } from './deltas.ts';

const useKnown = create<Known>(() => ({ number: -1, state: undefined }));

/** Deltas that came while a snapshot was on its way. */
let early: Delta[] | undefined;

function take(delta: Delta): void {
  if (early !== undefined) {
    early.push(delta);
    return;
  }
  const next = applied(useKnown.getState(), delta);
  if (next === 'gap') void refreshState();
  else useKnown.setState(next);
}

/** Takes a new snapshot, and the deltas that came meanwhile. */
async function refreshState(): Promise<void> {
  if (early !== undefined) return;
  early = [];
  let snapshot: Snapshot;
  try {
    snapshot = await value(api.stateSnapshot({}));
  } catch (error) {
    // The next delta asks again.
    early = undefined;
    throw error;
  }
  const waiting = early;
  early = undefined;
  useKnown.setState({ number: snapshot.number, state: snapshot.state });
  for (const delta of waiting) take(delta);
}

/** Begins to follow the state. */
export async function followState(): Promise<void> {
  api.onDelta(take);
  await refreshState();
}

/** The state as it is known now; undefined before the first snapshot. */
export function deskState(): DeskState | undefined {
  return useKnown.getState().state;
}

/** A topic of the state. To be used below a place that waits for the first snapshot. */
export function useDesk<T extends keyof DeskState>(topic: T): DeskState[T] {
  return useKnown(({ state }) => {
    if (state === undefined) throw new Error('there is no state yet');
    return state[topic];
  });
}
