/** Sync and alarms: what is held of the ledgers, what their operators were caught at, what is on its way, and the doctor. */
import { useDesk } from '../../app/state.ts';
import { useText } from '../../i18n/text.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { JoinLedger } from '../start/join-ledger.tsx';
import { Alarm } from './alarm.tsx';
import { Alarms } from './alarms.tsx';
import { Doctor } from './doctor.tsx';
import { Ledger } from './ledger.tsx';
import { Outbox } from './outbox.tsx';
import './sync.css';

/** How many alarms there are, of all ledgers. */
export function useAlarmCount(): number {
  const { proven, broken, open } = useDesk('alarms');
  return proven + broken + open;
}

function Ledgers() {
  const t = useText();
  const ledgers = useDesk('ledgers');
  if (ledgers.length > 0) return ledgers.map((ledger) => <Ledger key={ledger.id} ledger={ledger} />);
  return (
    <div className="panel stack">
      <div>
        <h2>{t('join.title')}</h2>
        <p className="quiet">{t('join.lead')}</p>
      </div>
      <JoinLedger />
    </div>
  );
}

const parts = ['ledgers', 'alarms', 'outbox', 'doctor'] as const;

/** @param rest the part, and which alarm. */
export function Sync({ rest }: { rest: string }) {
  const t = useText();
  const [first = '', number = ''] = rest.split('/');
  const part = parts.find((one) => one === first) ?? 'ledgers';
  const alarms = useAlarmCount();
  const { queued, refused, broken } = useDesk('outbox');
  if (part === 'alarms' && /^[1-9]\d{0,14}$/.test(number)) return <Alarm number={Number(number)} />;
  const alerts = { ledgers: 0, alarms, outbox: refused + broken, doctor: 0 };
  return (
    <div className="page sync">
      <header>
        <div>
          <h1>{t('syncing.title')}</h1>
          <p>{t('syncing.lead')}</p>
        </div>
      </header>
      <Tabs
        label={t('syncing.parts')}
        at={`sync/${part}`}
        tabs={parts.map((one) => ({
          to: `sync/${one}`,
          title: t(`syncing.${one}`),
          alerts: alerts[one],
        }))}
      />
      {part === 'ledgers' ? <Ledgers /> : null}
      {part === 'alarms' ? <Alarms /> : null}
      {part === 'outbox' ? <Outbox key={queued + refused + broken === 0 ? 'none' : 'some'} /> : null}
      {part === 'doctor' ? <Doctor /> : null}
    </div>
  );
}
