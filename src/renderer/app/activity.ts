/** Says now and then that a person uses the application, so that the identity is not locked meanwhile. */
import { useEffect } from 'react';
import { api } from '../api.ts';

/** Not more often than this, in milliseconds. */
const pauseMs = 10_000;

export function useActivity(): void {
  useEffect(() => {
    let last = 0;
    const onUse = (): void => {
      const now = performance.now();
      if (last !== 0 && now - last < pauseMs) return;
      last = now;
      void api.settingsActive({});
    };
    const kinds = ['keydown', 'pointerdown', 'wheel'] as const;
    for (const kind of kinds) addEventListener(kind, onUse, { passive: true });
    return () => {
      for (const kind of kinds) removeEventListener(kind, onUse);
    };
  }, []);
}
