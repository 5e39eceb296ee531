/** A table of any length: as many rows in the page as are in sight, keys to move, the rest fetched when it is reached. */
import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, type RefObject, useEffect, useRef } from 'react';
import { useText } from '../i18n/text.ts';
import type { Rows } from './pages.ts';
import './split.css';
import './table.css';
import { useFitting } from './use-fitting.ts';
import { useRowKeys } from './use-row-keys.ts';

export interface ColumnForm<Row> {
  /** The key of its title among the texts. */
  readonly title: string;
  readonly width: string;
  /** How wide it should be, in pixels, before others stand beside it; its least width where that is not said. */
  readonly wants?: number;
  /** Where there is no room for all columns, the one with the smallest number is left out first; none: it stays. */
  readonly leave?: number;
  readonly className?: string;
  readonly cell: (row: Row) => ReactNode;
}

interface TableProps<Row> {
  readonly label: string;
  readonly rows: Rows<Row>;
  readonly columns: readonly ColumnForm<Row>[];
  /** Names a row: once in the page. */
  readonly idOf: (row: Row) => string;
  readonly selected?: string | undefined;
  /** Where the selected row stands, where that is known beforehand: it is brought into sight. */
  readonly selectedAt?: number | undefined;
  /** A row was chosen, by keys or by a click: it is shown beside the list. */
  readonly onOpen?: ((row: Row) => void) | undefined;
  /** A row was gone into: by the key Enter on the chosen one, or by a click where nothing is chosen. */
  readonly onEnter?: (row: Row) => void;
  /** What scrolls. */
  readonly scroller?: RefObject<HTMLDivElement | null>;
}

const rowHeight = 34;
const headHeight = 33;

/** Sets what the policy for styles lets only a script set. */
function place(element: HTMLElement | null, style: Partial<CSSStyleDeclaration>): void {
  if (element !== null) Object.assign(element.style, style);
}

interface LineProps<Row> {
  readonly row: Row | undefined;
  readonly id: string | undefined;
  readonly index: number;
  readonly start: number;
  readonly columns: readonly ColumnForm<Row>[];
  readonly grid: string;
  readonly isSelected: boolean;
  readonly onOpen: ((index: number) => void) | undefined;
}

function Line<Row>({ row, id, index, start, columns, grid, isSelected, onOpen }: LineProps<Row>) {
  return (
    <div
      role="row"
      id={id === undefined ? undefined : `row-${id}`}
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
      {columns.map(({ title, className = '', cell }) => {
        const content = row === undefined ? '' : cell(row);
        return (
          <div
            key={title}
            role="gridcell"
            className={`cell ${className}`}
            title={typeof content === 'string' && content !== '' ? content : undefined}
          >
            {content}
          </div>
        );
      })}
    </div>
  );
}

function Head<Row>({ columns, grid }: { columns: readonly ColumnForm<Row>[]; grid: string }) {
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
      {columns.map(({ title, className = '' }) => (
        <div key={title} role="columnheader" className={`cell ${className}`}>
          {t(title)}
        </div>
      ))}
    </div>
  );
}

export function Table<Row>(props: TableProps<Row>) {
  const { label, rows, idOf, selected, selectedAt, onOpen, onEnter, scroller: given } = props;
  const { total, row } = rows;
  const own = useRef<HTMLDivElement>(null);
  const scroller = given ?? own;
  const columns = useFitting(props.columns, scroller);
  const margins = { scrollMargin: headHeight, scrollPaddingStart: headHeight, overscan: 8 };
  const virtual = useVirtualizer({
    count: total,
    getScrollElement: () => scroller.current,
    estimateSize: () => rowHeight,
    ...margins,
  });
  const onReach = (index: number): void => {
    virtual.scrollToIndex(index);
  };
  const { openAt, enterAt, onKey } = useRowKeys(rows, { selected: selectedAt, onOpen, onEnter, onReach });
  useEffect(() => {
    if (selectedAt !== undefined && selectedAt < total) virtual.scrollToIndex(selectedAt);
  }, [selectedAt, total, virtual]);
  const grid = columns.map(({ width }) => width).join(' ');
  return (
    <div
      className="table"
      role="grid"
      ref={scroller}
      tabIndex={0}
      aria-label={label}
      aria-rowcount={total + 1}
      aria-busy={!rows.isLoaded}
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
        {virtual.getVirtualItems().map(({ index, start }) => {
          const one = row(index);
          const id = one === undefined ? undefined : idOf(one);
          return (
            <Line
              key={index}
              row={one}
              id={id}
              index={index}
              start={start - headHeight}
              columns={columns}
              grid={grid}
              isSelected={id !== undefined && id === selected}
              onOpen={onOpen === undefined ? undefined : onEnter === undefined ? openAt : enterAt}
            />
          );
        })}
      </div>
    </div>
  );
}
