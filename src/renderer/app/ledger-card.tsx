/** The card of the ledger that is shown, to be handed on: as a QR code, as a file, as text. */
import { QrCode } from 'lucide-react';
import { useState } from 'react';
import { createPortal } from 'react-dom';
import type { SharedCardView } from '../../contract/channels/start.ts';
import { api } from '../api.ts';
import { useText } from '../i18n/text.ts';
import { Button, Facts, Hash } from '../ui/controls.tsx';
import { QrDialog } from '../ui/qr-code.tsx';

export function LedgerCardButton() {
  const t = useText();
  const [card, setCard] = useState<SharedCardView>();
  const show = (): void => {
    void api.ledgerCard({}).then((answer) => {
      if (answer.ok) setCard(answer.value);
    });
  };
  return (
    <>
      <Button
        kind="plain"
        icon={QrCode}
        aria-label={t('ledger.card')}
        title={t('ledger.card')}
        onClick={show}
      />
      {card === undefined
        ? null
        : createPortal(
            <QrDialog
              title={t('ledger.card')}
              text={card.link}
              save={() => api.ledgerSave({})}
              onClose={() => {
                setCard(undefined);
              }}
            >
              <div className="stack">
                <p>{t('ledger.card.more')}</p>
                <Facts
                  facts={[
                    [t('join.origin'), <strong key="origin">{card.origin}</strong>],
                    [t('join.id'), <Hash key="id" value={card.ledger} />],
                  ]}
                />
              </div>
            </QrDialog>,
            // Beside the page, so that it does not look like what it was opened from.
            document.body,
          )}
    </>
  );
}
