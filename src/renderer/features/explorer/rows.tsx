/** Columns of the lists of messages and of blocks. */
import type { BlockRow, MessageRow } from '../../../contract/channels/explorer.ts';
import { useText } from '../../i18n/text.ts';
import { ShortHash } from '../../ui/controls.tsx';
import { number, size } from '../../ui/numbers.ts';
import type { ColumnForm } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';

/** Who signed: a contact by the name that it has here, oneself, or a key. */
function Signer({ row }: { row: MessageRow }) {
  const t = useText();
  if (row.own) return <strong>{t('explorer.you')}</strong>;
  return row.contact === undefined ? <ShortHash value={row.sender} /> : <strong>{row.contact}</strong>;
}

/** What a sender says in public. */
function Says({ says }: { says: string }) {
  const t = useText();
  return <span title={says}>{t('explorer.saying', { says })}</span>;
}

function What({ row: { what, type } }: { row: MessageRow }) {
  const t = useText();
  return what === 'other' ? (
    <span className="hash" title={type}>
      {type}
    </span>
  ) : (
    t(`explorer.what.${what}`)
  );
}

const place: ColumnForm<MessageRow> = {
  title: 'explorer.place',
  width: '108px',
  cell: ({ height, position }) => `${number(height)} · ${number(position + 1)}`,
};
const sealed: ColumnForm<MessageRow> = {
  title: 'table.sealed',
  leave: 3,
  width: '142px',
  className: 'soft',
  cell: (row) => <Time seconds={row.sealed} />,
};
const what: ColumnForm<MessageRow> = {
  title: 'explorer.what',
  width: 'minmax(120px, 2fr)',
  cell: (row) => <What row={row} />,
};
const by: ColumnForm<MessageRow> = {
  title: 'explorer.by',
  leave: 4,
  width: 'minmax(112px, 1.4fr)',
  className: 'soft',
  cell: (row) => <Signer row={row} />,
};
const says: ColumnForm<MessageRow> = {
  title: 'explorer.says',
  leave: 1,
  width: 'minmax(100px, 3fr)',
  className: 'soft',
  cell: (row) => (row.says === undefined ? '' : <Says says={row.says} />),
};
const id: ColumnForm<MessageRow> = {
  title: 'explorer.id',
  leave: 2,
  width: '124px',
  className: 'soft',
  cell: (row) => <ShortHash value={row.id} />,
};

export const messageColumns: readonly ColumnForm<MessageRow>[] = [place, sealed, what, by, says, id];

export const inBlockColumns: readonly ColumnForm<MessageRow>[] = [
  { ...place, title: 'explorer.position', width: '62px', cell: (row) => number(row.position + 1) },
  what,
  by,
];

const height: ColumnForm<BlockRow> = {
  title: 'table.block',
  width: '92px',
  cell: (row) => number(row.height),
};
const sealedAt: ColumnForm<BlockRow> = {
  title: 'table.sealed',
  leave: 3,
  width: 'minmax(142px, 1fr)',
  className: 'soft',
  cell: (row) => <Time seconds={row.sealed} />,
};
const messages: ColumnForm<BlockRow> = {
  title: 'explorer.messages',
  width: '100px',
  className: 'end',
  cell: (row) => number(row.messages),
};
const bytes: ColumnForm<BlockRow> = {
  title: 'table.size',
  leave: 1,
  width: '92px',
  className: 'end soft',
  cell: (row) => size(row.bytes),
};
const hash: ColumnForm<BlockRow> = {
  title: 'explorer.hash',
  leave: 2,
  width: 'minmax(124px, 4fr)',
  className: 'soft',
  cell: (row) => (
    <span className="hash" title={row.hash}>
      {row.hash}
    </span>
  ),
};

export const blockColumns: readonly ColumnForm<BlockRow>[] = [height, sealedAt, messages, bytes, hash];
