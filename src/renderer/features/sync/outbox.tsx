/** What one signed and how far it is: waiting here, promised by the operator, in a block by one's own check. */
import { useState } from 'react';
import type { OutboxRow } from '../../../contract/channels/sync.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { useWork } from '../../app/use-work.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { Button, Empty, Pick, ShortHash, Status, type Tone } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { utcLong } from '../../ui/time.tsx';

const shown = 200;
const tones: Readonly<Record<OutboxRow['state'], Tone>> = {
  queued: 'warn',
  accepted: 'calm',
  'in-block': 'good',
  refused: 'bad',
  broken: 'bad',
};

/** What comes next for a message, or where it is. */
function nextText(t: Text, row: OutboxRow): string {
  const { state, height = 0, promisedBy = 0, nextAttempt, attempts } = row;
  const by = utcLong(promisedBy);
  switch (state) {
    case 'in-block':
      return t(row.evidence ? 'outbox.next.late' : 'outbox.next.in-block', { height: number(height) });
    case 'accepted':
      return t('outbox.next.accepted', { time: by });
    case 'queued':
      return attempts === 0
        ? t('outbox.next.queued')
        : t('outbox.next.again', { count: number(attempts), time: utcLong(nextAttempt) });
    case 'refused':
      return t('outbox.next.refused');
    case 'broken':
      return t('outbox.next.broken', { time: by });
  }
}

interface RowProps {
  readonly row: OutboxRow;
  readonly busy: boolean;
  readonly onResend: () => void;
}

function Row({ row, busy, onResend }: RowProps) {
  const t = useText();
  const { id, name, state, problem } = row;
  return (
    <tr>
      <td>
        <div className="what">{name ?? t('outbox.message')}</div>
        <ShortHash value={id} />
      </td>
      <td>
        <Status tone={tones[state]}>{t(`state.${state}`)}</Status>
      </td>
      <td>
        {nextText(t, row)}
        {problem === undefined || state === 'broken' ? null : (
          <div className="quiet small">{t('common.detail', { detail: problem })}</div>
        )}
      </td>
      <td className="act">
        {state === 'broken' ? (
          <Button disabled={busy} onClick={onResend}>
            {t('outbox.resend')}
          </Button>
        ) : name === undefined ? null : (
          <Button
            kind="plain"
            onClick={() => {
              go(`records/${id}`);
            }}
          >
            {t('outbox.open')}
          </Button>
        )}
      </td>
    </tr>
  );
}

function NothingSent() {
  const t = useText();
  const notarize = (
    <Button
      kind="primary"
      onClick={() => {
        go('notarize');
      }}
    >
      {t('outbox.empty.go')}
    </Button>
  );
  return (
    <Empty title={t('outbox.empty')} action={notarize}>
      {t('outbox.empty.more')}
    </Empty>
  );
}

interface MessagesProps {
  readonly rows: readonly OutboxRow[];
  readonly busy: boolean;
  readonly onResend: (message: string) => void;
}

function Messages({ rows, busy, onResend }: MessagesProps) {
  const t = useText();
  return (
    <table className="plain">
      <thead>
        <tr>
          {(['message', 'state', 'next'] as const).map((column) => (
            <th key={column} scope="col">
              {t(`outbox.column.${column}`)}
            </th>
          ))}
          <th scope="col">
            <span className="visually-hidden">{t('outbox.column.act')}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <Row
            key={row.id}
            row={row}
            busy={busy}
            onResend={() => {
              onResend(row.id);
            }}
          />
        ))}
      </tbody>
    </table>
  );
}

function Rows({ ledger }: { ledger: string }) {
  const t = useText();
  const work = useWork();
  const counts = JSON.stringify(useDesk('outbox'));
  const { size = 0 } = useDesk('ledgers').find(({ id }) => id === ledger) ?? {};
  const { total } = useDesk('records');
  const {
    value: rows,
    failure,
    again,
  } = useLoaded(`${ledger} ${counts} ${size} ${total}`, () => api.outboxList({ ledger, limit: shown }));
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (rows === undefined) return null;
  if (rows.length === 0) return <NothingSent />;
  const isWaiting = rows.some(({ state }) => state === 'queued');
  const run = (ask: () => Promise<unknown>): void => {
    void work.run(ask).then(again);
  };
  return (
    <>
      <div className="row between">
        <p className="quiet measure">{t('outbox.lead')}</p>
        {isWaiting ? (
          <Button
            kind="primary"
            disabled={work.busy}
            onClick={() => {
              run(() => value(api.outboxSend({ ledger })));
            }}
          >
            {t('outbox.send')}
          </Button>
        ) : null}
      </div>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      <Messages
        rows={rows}
        busy={work.busy}
        onResend={(message) => {
          run(() => value(api.outboxResend({ ledger, message })));
        }}
      />
      {rows.length < shown ? null : <p className="quiet small">{t('outbox.more', { count: shown })}</p>}
    </>
  );
}

export function Outbox() {
  const t = useText();
  const ledgers = useDesk('ledgers');
  const [chosen, setChosen] = useState<string>();
  const ledger = ledgers.find(({ id }) => id === chosen) ?? ledgers[0];
  if (ledger === undefined) return <Empty title={t('outbox.empty')}>{t('outbox.empty.more')}</Empty>;
  return (
    <>
      {ledgers.length > 1 ? (
        <Pick
          label={t('alarms.ledger')}
          value={ledger.id}
          options={ledgers.map(({ id, origin }) => ({ value: id, label: origin }))}
          onChange={setChosen}
        />
      ) : null}
      <Rows key={ledger.id} ledger={ledger.id} />
    </>
  );
}
