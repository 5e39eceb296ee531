/** The ledgers of the open profile: which one is shown, its card, and joining another. */
import { useState } from 'react';
import { api } from '../../api.ts';
import { LedgerCardButton } from '../../app/ledger-card.tsx';
import { useDesk } from '../../app/state.ts';
import { useText } from '../../i18n/text.ts';
import { Button, ShortHash, Status } from '../../ui/controls.tsx';
import { JoinLedger } from '../start/join-ledger.tsx';
import { Section } from './section.tsx';

export function Ledgers() {
  const t = useText();
  const ledgers = useDesk('ledgers');
  const shown = useDesk('ledger')?.id;
  const [isJoining, setJoining] = useState(false);
  return (
    <Section title="settings.ledgers.title" about="settings.ledgers.about">
      {ledgers.length === 0 ? null : (
        <ul className="rows">
          {ledgers.map(({ id, origin }) => (
            <li key={id}>
              <span className="grow">
                <span className="name">{origin}</span> <ShortHash value={id} />
              </span>
              {id === shown ? (
                <>
                  <LedgerCardButton />
                  <Status tone="good">{t('settings.ledgers.shown')}</Status>
                </>
              ) : (
                <Button
                  aria-label={t('settings.ledgers.show', { origin })}
                  onClick={() => void api.ledgerChoose({ ledger: id })}
                >
                  {t('settings.ledgers.go')}
                </Button>
              )}
            </li>
          ))}
        </ul>
      )}
      {isJoining || ledgers.length === 0 ? (
        <JoinLedger key={ledgers.length} />
      ) : (
        <div className="row">
          <Button
            onClick={() => {
              setJoining(true);
            }}
          >
            {t('settings.ledgers.join')}
          </Button>
        </div>
      )}
    </Section>
  );
}
