/** One table for records: as many rows in the page as are in sight, keys to move, the rest fetched when it is reached. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type KeyboardEvent, type ReactNode, useEffect, useRef } from 'react';
import type { RecordRow } from '../../../contract/channels/records.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useText } from '../../i18n/text.ts';
import { Status, type Tone } from '../../ui/controls.tsx';
import { number, size } from '../../ui/numbers.ts';
import { Time } from '../../ui/time.tsx';
import { type LoadPage, type Pages, usePages } from './pages.ts';
import './table.css';

export type Column =
  'name' | 'size' | 'state' | 'height' | 'sealed' | 'time' | 'matter' | 'client' | 'reference';

const tones: Readonly<Record<RecordRow['state'], Tone>> = {
  queued: 'warn',
  accepted: 'calm',
  'in-block': 'good',
  refused: 'bad',
  broken: 'bad',
};

export function RecordStatus({ state }: { state: RecordRow['state'] }) {
  const t = useText();
  return <Status tone={tones[state]}>{t(`state.${state}`)}</Status>;
}

interface ColumnForm {
  readonly title: string;
  readonly width: string;
  readonly className?: string;
  readonly cell: (row: RecordRow) => ReactNode;
}

const columnForms: Readonly<Record<Column, ColumnForm>> = {
  name: { title: 'table.name', width: 'minmax(160px, 3fr)', cell: ({ name }) => name },
  size: { title: 'table.size', width: '84px', className: 'end soft', cell: (row) => size(row.size) },
  state: { title: 'table.state', width: '118px', cell: ({ state }) => <RecordStatus state={state} /> },
  height: {
    title: 'table.block',
    width: '76px',
    className: 'end soft',
    cell: ({ height }) => (height === undefined ? '' : number(height)),
  },
  sealed: {
    title: 'table.sealed',
    width: '142px',
    className: 'soft',
    cell: ({ sealed }) => (sealed === undefined ? '' : <Time seconds={sealed} />),
  },
  time: {
    title: 'table.time',
    width: '142px',
    className: 'soft',
    cell: ({ time }) => <Time seconds={time} />,
  },
  matter: {
    title: 'table.matter',
    width: 'minmax(90px, 2fr)',
    className: 'soft',
    cell: ({ matter }) => matter,
  },
  client: {
    title: 'table.client',
    width: 'minmax(80px, 1fr)',
    className: 'soft',
    cell: ({ client }) => client,
  },
  reference: {
    title: 'table.reference',
    width: 'minmax(70px, 1fr)',
    className: 'soft',
    cell: ({ reference }) => reference,
  },
};

interface TableProps {
  readonly load: LoadPage;
  readonly version: string;
  readonly columns: readonly Column[];
  readonly selected?: string | undefined;
  readonly onOpen?: (row: RecordRow) => void;
  /** What stands in place of the rows when there are none. */
  readonly empty?: ReactNode;
  readonly onTotal?: (total: number) => void;
}

const rowHeight = 34;
const headHeight = 33;

/** Sets what the policy for styles lets only a script set. */
function place(element: HTMLElement | null, style: Partial<CSSStyleDeclaration>): void {
  if (element !== null) Object.assign(element.style, style);
}

interface LineProps {
  readonly row: RecordRow | undefined;
  readonly index: number;
  readonly start: number;
  readonly columns: readonly Column[];
  readonly grid: string;
  readonly isSelected: boolean;
  readonly onOpen: ((index: number) => void) | undefined;
}

function Line({ row, index, start, columns, grid, isSelected, onOpen }: LineProps) {
  return (
    <div
      role="row"
      id={row === undefined ? undefined : `row-${row.id}`}
      className="line"
      aria-rowindex={index + 2}
      aria-selected={onOpen === undefined ? undefined : isSelected}
      ref={(element) => {
        place(element, { gridTemplateColumns: grid, transform: `translateY(${start}px)` });
      }}
      onClick={() => {
        onOpen?.(index);
      }}
    >
      {columns.map((column) => {
        const { className = '', cell } = columnForms[column];
        return (
          <div key={column} role="gridcell" className={`cell ${className}`}>
            {row === undefined ? '' : cell(row)}
          </div>
        );
      })}
    </div>
  );
}

function Head({ columns, grid }: { columns: readonly Column[]; grid: string }) {
  const t = useText();
  return (
    <div
      className="head"
      role="row"
      aria-rowindex={1}
      ref={(element) => {
        place(element, { gridTemplateColumns: grid });
      }}
    >
      {columns.map((column) => (
        <div key={column} role="columnheader" className={`cell ${columnForms[column].className ?? ''}`}>
          {t(columnForms[column].title)}
        </div>
      ))}
    </div>
  );
}

const steps: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, PageDown: 12, PageUp: -12 };

/** Which row a key leads to; undefined for a key that leads nowhere. */
function reached(key: string, from: number, total: number): number | undefined {
  const last = Math.max(0, total - 1);
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  const step = steps[key];
  return step === undefined ? undefined : Math.max(0, Math.min(last, from + step));
}

/** Which row was gone to, and opening it: at once, or as soon as it is here. */
function useOpening(row: Pages['row'], onOpen: TableProps['onOpen']) {
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
  return { at, openAt };
}

export function RecordTable({ load, version, columns, selected, onOpen, empty, onTotal }: TableProps) {
  const t = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const { total = 0, isLoaded, failure, row } = usePages(load, version);
  const { at, openAt } = useOpening(row, onOpen);
  const margins = { scrollMargin: headHeight, scrollPaddingStart: headHeight, overscan: 8 };
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    ...margins,
  });
  useEffect(() => {
    if (isLoaded) onTotal?.(total);
  }, [isLoaded, onTotal, total]);
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (isLoaded && total === 0 && empty !== undefined) return empty;
  const grid = columns.map((column) => columnForms[column].width).join(' ');
  const onKey = (event: KeyboardEvent): void => {
    const next = reached(event.key, at.current, total);
    if (next === undefined || onOpen === undefined) return;
    event.preventDefault();
    virtual.scrollToIndex(next);
    openAt(next);
  };
  return (
    <div
      className="table"
      role="grid"
      ref={scroller}
      tabIndex={0}
      aria-label={t('table.label', { count: total })}
      aria-rowcount={total + 1}
      aria-activedescendant={selected === undefined ? undefined : `row-${selected}`}
      onKeyDown={onKey}
    >
      <div role="rowgroup" className="top">
        <Head columns={columns} grid={grid} />
      </div>
      <div
        role="rowgroup"
        className="sizer"
        ref={(element) => {
          place(element, { height: `${virtual.getTotalSize()}px` });
        }}
      >
        {virtual.getVirtualItems().map(({ index, start }) => (
          <Line
            key={index}
            row={row(index)}
            index={index}
            start={start - headHeight}
            columns={columns}
            grid={grid}
            isSelected={selected !== undefined && row(index)?.id === selected}
            onOpen={onOpen === undefined ? undefined : openAt}
          />
        ))}
      </div>
    </div>
  );
}
