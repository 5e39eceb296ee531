/** Doing something that may be refused: whether it is under way, and what went wrong the last time. */
import { useCallback, useState } from 'react';
import type { Failure } from '../../contract/channel.ts';
import { failureOf } from '../api.ts';

export interface Work {
  readonly busy: boolean;
  readonly failure: Failure | undefined;
  /** Does it; a refusal is kept as {@link failure}. @returns whether it was done. */
  readonly run: (work: () => Promise<unknown>) => Promise<boolean>;
  readonly clear: () => void;
}

export function useWork(): Work {
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const run = useCallback(async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
      return true;
    } catch (error) {
      setFailure(failureOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  const clear = useCallback(() => {
    setFailure(undefined);
  }, []);
  return { busy, failure, run, clear };
}
