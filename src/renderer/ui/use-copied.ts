/** Copying a text, and saying so for a moment once it lies in the clipboard. */
import { useCallback, useEffect, useState } from 'react';
import { api } from '../api.ts';

const copiedMs = 2000;

export interface Copied {
  readonly isCopied: boolean;
  readonly copy: (text: string) => void;
}

export function useCopied(): Copied {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => {
      setCopied(false);
    }, copiedMs);
    return () => {
      clearTimeout(timer);
    };
  }, [isCopied]);
  const copy = useCallback((text: string) => {
    void api.shellCopy({ text }).then(({ ok }) => {
      setCopied(ok);
    });
  }, []);
  return { isCopied, copy };
}
