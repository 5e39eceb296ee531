/** Home: what needs me, what waits in the outbox, what changed. */
import { useDesk } from '../../app/state.ts';
import { useText } from '../../i18n/text.ts';
import { number } from '../../ui/numbers.ts';
import { Events } from './events.tsx';
import './home.css';
import { Needs } from './needs.tsx';

function Outbox() {
  const t = useText();
  const { queued, accepted } = useDesk('outbox');
  const { total } = useDesk('records');
  const figures = [
    ['queued', queued],
    ['accepted', accepted],
    ['total', total],
  ] as const;
  return (
    <section aria-labelledby="outbox">
      <h2 id="outbox">{t('home.outbox')}</h2>
      <div className="counts">
        {figures.map(([name, figure]) => (
          <div key={name}>
            <div className="figure">{number(figure)}</div>
            <div className="quiet small">{t(`home.outbox.${name}`)}</div>
          </div>
        ))}
      </div>
    </section>
  );
}

export function Home() {
  const t = useText();
  const ledger = useDesk('ledger');
  return (
    <div className="page">
      <header>
        <h1>{t('home.title')}</h1>
      </header>
      <div className="home">
        <div className="column">
          <Needs />
          {ledger === null ? null : <Outbox />}
        </div>
        {ledger === null ? null : <Events />}
      </div>
    </div>
  );
}
