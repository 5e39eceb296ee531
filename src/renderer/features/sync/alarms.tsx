/** What operators were seen to do that honest ones do not do: the newest first. */
import { ChevronRight, ShieldAlert, ShieldCheck } from 'lucide-react';
import type { AlarmRow } from '../../../contract/channels/alarms.ts';
import { api } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { said, useText } from '../../i18n/text.ts';
import { Empty, Status } from '../../ui/controls.tsx';
import { UtcTime } from '../../ui/time.tsx';

const shown = 200;

/** Whether an alarm waits for a decision, can be shown to others, or was seen here only. */
export function AlarmState({ alarm: { acknowledged, stops, shows } }: { alarm: AlarmRow }) {
  const t = useText();
  if (stops) return <Status tone="bad">{t('alarms.state.stops')}</Status>;
  if (acknowledged !== undefined)
    return (
      <Status tone="calm" icon={ShieldCheck}>
        {t('alarms.state.acknowledged')}
      </Status>
    );
  return (
    <Status tone="warn" icon={ShieldAlert}>
      {t(shows === undefined ? 'alarms.state.seen' : 'alarms.state.shown')}
    </Status>
  );
}

function Row({ alarm }: { alarm: AlarmRow }) {
  const t = useText();
  const { number, origin, code, happened, shows, first } = alarm;
  return (
    <li>
      <button
        type="button"
        onClick={() => {
          go(`sync/alarms/${number}`);
        }}
      >
        <span className="grow">
          <span className="title">{said(code, 'happened', happened)}</span>
          <span className="quiet small">
            {origin} · <UtcTime seconds={first} /> ·{' '}
            {t(shows === undefined ? 'alarms.unproven' : 'alarms.proven')}
          </span>
        </span>
        <AlarmState alarm={alarm} />
        <ChevronRight size={18} aria-hidden />
      </button>
    </li>
  );
}

export function Alarms() {
  const t = useText();
  const { proven, broken, open } = useDesk('alarms');
  const { value: page, failure } = useLoaded(`${proven} ${broken} ${open}`, () =>
    api.alarmsList({ limit: shown }),
  );
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (page === undefined) return null;
  if (page.total === 0) return <Empty title={t('alarms.empty')}>{t('alarms.empty.more')}</Empty>;
  return (
    <>
      <p className="quiet measure">{t('alarms.lead')}</p>
      <ul className="lines">
        {page.rows.map((alarm) => (
          <Row key={alarm.number} alarm={alarm} />
        ))}
      </ul>
      {page.total > page.rows.length ? (
        <p className="quiet small">{t('alarms.more', { count: page.total - page.rows.length })}</p>
      ) : null}
    </>
  );
}
