/** Choosing a row of a long list by keys or by a click: it is opened at once, or as soon as it is here. */
import { type KeyboardEvent, useEffect, useRef } from 'react';
import { reached } from './list-keys.ts';
import type { Rows } from './pages.ts';

interface Choosing<Row> {
  /** Where the row that was chosen stands, when that is known: keys go on from there. */
  readonly selected: number | undefined;
  /** A row was chosen; undefined for a list that is only looked at. */
  readonly onOpen: ((row: Row) => void) | undefined;
  /** The key Enter on the chosen row. */
  readonly onEnter: ((row: Row) => void) | undefined;
  /** Brings a row into sight. */
  readonly onReach: (index: number) => void;
}

interface RowKeys {
  readonly openAt: (index: number) => void;
  readonly enterAt: (index: number) => void;
  readonly onKey: (event: KeyboardEvent) => void;
}

export function useRowKeys<Row>(
  { total, row }: Rows<Row>,
  { selected, onOpen, onEnter, onReach }: Choosing<Row>,
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
  const enterAt = (index: number): void => {
    const found = index < 0 ? undefined : row(index);
    if (found !== undefined) onEnter?.(found);
  };
  const onKey = (event: KeyboardEvent): void => {
    if (event.key === 'Enter') {
      enterAt(selected ?? at.current);
      return;
    }
    const next = reached(event.key, selected ?? at.current, total);
    if (next === undefined || onOpen === undefined) return;
    event.preventDefault();
    onReach(next);
    openAt(next);
  };
  return { openAt, enterAt, onKey };
}
