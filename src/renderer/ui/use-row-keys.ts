/** Choosing a row of a long list by keys or by a click: it is opened at once, or as soon as it is here. */
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { reached } from './list-keys.ts';
import type { Rows } from './pages.ts';

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
