/** Choosing a row of a long list by keys or by a click: it is opened at once, or as soon as it is here. */
import { type KeyboardEvent, useEffect, useRef } from 'react';
import type { Rows } from './pages.ts';

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 };

/** Which row a key leads to; undefined for a key that leads nowhere. */
function reached(key: string, from: number, total: number): number | undefined {
  const last = Math.max(0, total - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(last, from + step));
}

interface RowKeys {
  readonly openAt: (index: number) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

/**
 * @param selected where the row that was chosen stands, when that is known: keys go on from there.
 * @param onOpen undefined for a list that is only looked at.
 * @param onReach brings a row into sight.
 */
export function useRowKeys<Row>(
  { total, row }: Rows<Row>,
  selected: number | undefined,
  onOpen: ((row: Row) => void) | undefined,
  onReach: (index: number) => void,
): RowKeys {
  const at = useRef(-1);
  const awaited = useRef<number>(undefined);
  const openAt = (index: number): void => {
    const found = row(index);
    at.current = index;
    awaited.current = found === undefined ? index : undefined;
    if (found !== undefined) onOpen?.(found);
  };
  useEffect(() => {
    const found = awaited.current === undefined ? undefined : row(awaited.current);
    if (found === undefined) return;
    awaited.current = undefined;
    onOpen?.(found);
  });
  const onKey = (event: KeyboardEvent): void => {
    const next = reached(event.key, selected ?? at.current, total);
    if (next === undefined || onOpen === undefined) return;
    event.preventDefault();
    onReach(next);
    openAt(next);
  };
  return { openAt, onKey };
}
