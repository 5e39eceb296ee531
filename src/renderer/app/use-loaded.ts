/** Something that is asked of the desk, and asked again when it may have changed. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Answer, Failure } from '../../contract/channel.ts';
import { failureOf, value } from '../api.ts';

export interface Loaded<T> {
  /** The newest answer; the one before it stays while another is on its way. */
  readonly value: T | undefined;
  readonly failure: Failure | undefined;
  /** Asks once more. */
  readonly again: () => void;
}

/** @param what names what is asked for, and as of when: when it changes, it is asked anew. */
export function useLoaded<T>(what: string, ask: () => Promise<Answer<T>>): Loaded<T> {
  const [loaded, setLoaded] = useState<Omit<Loaded<T>, 'again'>>({ value: undefined, failure: undefined });
  const [round, setRound] = useState(0);
  const asking = useRef(ask);
  useEffect(() => {
    asking.current = ask;
  });
  useEffect(() => {
    let isGone = false;
    value(asking.current()).then(
      (given) => {
        if (!isGone) setLoaded({ value: given, failure: undefined });
      },
      (error: unknown) => {
        if (!isGone) setLoaded({ value: undefined, failure: failureOf(error) });
      },
    );
    return () => {
      isGone = true;
    };
  }, [what, round]);
  const again = useCallback(() => {
    setRound((before) => before + 1);
  }, []);
  return { ...loaded, again };
}
