/** Whether the window is a narrow one, in which tables show fewer columns. */
import { useSyncExternalStore } from 'react';

const query = matchMedia('(max-width: 1240px)');

function follow(listener: () => void): () => void {
  query.addEventListener('change', listener);
  return () => {
    query.removeEventListener('change', listener);
  };
}

export function useNarrow(): boolean {
  return useSyncExternalStore(follow, () => query.matches);
}
