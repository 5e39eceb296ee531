/** What is new on the record, newest first. */
import { FileCheck2, type LucideIcon, MessageSquare, RefreshCcw, ShieldX, UserPlus } from 'lucide-react';
import type { EventView } from '../../../contract/state.ts';
import { useDesk } from '../../app/state.ts';
import { useText } from '../../i18n/text.ts';
import { Time } from '../../ui/time.tsx';
import { number } from '../../ui/numbers.ts';

const icons: Readonly<Record<EventView['what'], LucideIcon>> = {
  record: FileCheck2,
  announcement: UserPlus,
  rotation: RefreshCcw,
  revocation: ShieldX,
  other: MessageSquare,
};

function Event({ event }: { event: EventView }) {
  const t = useText();
  const { what, own, says, sender, height, sealed } = event;
  const Icon = icons[what];
  const claim =
    says === undefined ? t('home.event.by', { key: sender.slice(0, 12) }) : t('home.event.says', { says });
  const line = own && says !== undefined ? says : claim;
  return (
    <li className={own ? 'own' : ''}>
      <Icon size={16} aria-hidden />
      <div>
        <div className="what">
          {t(own && what === 'record' ? 'home.event.record.own' : `home.event.${what}`)}
        </div>
        <div className="says quiet small" title={line}>
          {line}
        </div>
      </div>
      <div className="when quiet small">
        <div>{t('ledger.block', { height: number(height) })}</div>
        <Time seconds={sealed} />
      </div>
    </li>
  );
}

export function Events() {
  const t = useText();
  const events = useDesk('events');
  return (
    <section aria-labelledby="changed">
      <h2 id="changed">{t('home.changed')}</h2>
      {events.length === 0 ? (
        <p className="panel quiet">{t('home.changed.empty')}</p>
      ) : (
        <ul className="events">
          {events.map((event) => (
            <Event key={event.id} event={event} />
          ))}
        </ul>
      )}
    </section>
  );
}
