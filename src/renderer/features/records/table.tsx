/** The table of records: its columns, and what stands in its place when there is nothing. */
import { type ReactNode, useEffect } from 'react';
import type { RecordRow } from '../../../contract/channels/records.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useText } from '../../i18n/text.ts';
import { Status, type Tone } from '../../ui/controls.tsx';
import { number, size } from '../../ui/numbers.ts';
import { type LoadPage, usePages } from '../../ui/pages.ts';
import { type ColumnForm, Table } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';

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

const columnForms: Readonly<Record<Column, ColumnForm<RecordRow>>> = {
  name: { title: 'table.name', width: 'minmax(130px, 3fr)', wants: 230, cell: ({ name }) => name },
  size: {
    title: 'table.size',
    width: '84px',
    leave: 2,
    className: 'end soft',
    cell: (row) => size(row.size),
  },
  state: { title: 'table.state', width: '118px', cell: ({ state }) => <RecordStatus state={state} /> },
  height: {
    title: 'table.block',
    width: '76px',
    leave: 3,
    className: 'end soft',
    cell: ({ height }) => (height === undefined ? '' : number(height)),
  },
  sealed: {
    title: 'table.sealed',
    width: '142px',
    leave: 6,
    className: 'soft',
    cell: ({ sealed }) => (sealed === undefined ? '' : <Time seconds={sealed} />),
  },
  time: {
    title: 'table.time',
    width: '142px',
    leave: 6,
    className: 'soft',
    cell: ({ time }) => <Time seconds={time} />,
  },
  matter: {
    title: 'table.matter',
    width: 'minmax(130px, 2fr)',
    wants: 150,
    leave: 5,
    className: 'soft',
    cell: ({ matter }) => matter,
  },
  client: {
    title: 'table.client',
    width: 'minmax(120px, 1fr)',
    wants: 140,
    leave: 4,
    className: 'soft',
    cell: ({ client }) => client,
  },
  reference: {
    title: 'table.reference',
    width: 'minmax(90px, 1fr)',
    leave: 1,
    className: 'soft',
    cell: ({ reference }) => reference,
  },
};

interface TableProps {
  readonly load: LoadPage<RecordRow>;
  readonly version: string;
  readonly columns: readonly Column[];
  readonly selected?: string | undefined;
  readonly onOpen?: (row: RecordRow) => void;
  /** What stands in place of the rows when there are none. */
  readonly empty?: ReactNode;
  readonly onTotal?: (total: number) => void;
}

export function RecordTable({ load, version, columns, selected, onOpen, empty, onTotal }: TableProps) {
  const t = useText();
  const pages = usePages(load, version);
  const { total, isLoaded, failure } = pages;
  useEffect(() => {
    if (isLoaded) onTotal?.(total);
  }, [isLoaded, onTotal, total]);
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (isLoaded && total === 0 && empty !== undefined) return empty;
  return (
    <Table
      label={t('table.label', { count: total })}
      rows={pages}
      columns={columns.map((column) => columnForms[column])}
      idOf={({ id }) => id}
      selected={selected}
      onOpen={onOpen}
    />
  );
}
