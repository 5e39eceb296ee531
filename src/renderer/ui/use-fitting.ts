/** Which columns of a table there is room for. */
import { type RefObject, useLayoutEffect, useState } from 'react';

interface Fitting {
  readonly width: string;
  readonly wants?: number;
  readonly leave?: number;
}

/** The room between two columns, and at both ends of a row together, as `table.css` has them; a scroll bar too. */
const gap = 16;
const ends = 32 + 12;

/** The room that a column wants; its least width is the first number in what the grid is told. */
function wanted({ width, wants }: Fitting): number {
  return wants ?? Number(/\d+/.exec(width)?.[0] ?? 0);
}

/** The columns that fit, in their order. @param room in pixels. */
function fitting<Column extends Fitting>(columns: readonly Column[], room: number): readonly Column[] {
  const needed = columns.reduce((sum, column) => sum + wanted(column) + gap, ends - gap);
  const [first] = columns
    .filter(({ leave }) => leave !== undefined)
    .sort((a, b) => (a.leave ?? 0) - (b.leave ?? 0));
  if (needed <= room || first === undefined) return columns;
  return fitting(
    columns.filter((column) => column !== first),
    room,
  );
}

/** The columns that fit into an element, whatever its width becomes. */
export function useFitting<Column extends Fitting>(
  columns: readonly Column[],
  element: RefObject<HTMLElement | null>,
): readonly Column[] {
  const [room, setRoom] = useState(Infinity);
  useLayoutEffect(() => {
    const { current } = element;
    if (current === null) return undefined;
    setRoom(current.offsetWidth);
    const observer = new ResizeObserver(() => {
      setRoom(current.offsetWidth);
    });
    observer.observe(current);
    return () => {
      observer.disconnect();
    };
  }, [element]);
  return fitting(columns, room);
}
