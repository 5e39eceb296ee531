/** What is held of a ledger: everything, or one's own. Each choice says what it means before it is made. */
import { useState } from 'react';
import type { LedgerStanding } from '../../../contract/state.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Choices } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';

const modes = ['full', 'follow'] as const;

function Change({ ledger, onClose }: { ledger: LedgerStanding; onClose: () => void }) {
  const t = useText();
  const work = useWork();
  const [mode, setMode] = useState(ledger.mode);
  const apply = (): void => {
    void work
      .run(() => value(api.syncSetMode({ ledger: ledger.id, mode })))
      .then((isDone) => {
        if (isDone) onClose();
      });
  };
  return (
    <Dialog
      title={t('syncing.mode.title', { origin: ledger.origin })}
      onClose={onClose}
      ends={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" disabled={work.busy || mode === ledger.mode} onClick={apply}>
            {t('syncing.mode.go')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <Choices
          isTitled
          legend={t('syncing.mode')}
          value={mode}
          onChange={setMode}
          choices={modes.map((one) => ({
            value: one,
            title: t(`syncing.mode.${one}`),
            more: t(`syncing.about.${one}`),
          }))}
        />
        <p className="quiet small">{t('syncing.mode.loses')}</p>
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      </div>
    </Dialog>
  );
}

export function Mode({ ledger }: { ledger: LedgerStanding }) {
  const t = useText();
  const [isOpen, setOpen] = useState(false);
  return (
    <section className="stack tight">
      <h3>{t('syncing.mode')}</h3>
      <p>
        <strong>{t(`syncing.mode.${ledger.mode}`)}</strong>
      </p>
      <p className="quiet">{t(`syncing.about.${ledger.mode}`)}</p>
      <div className="row">
        <Button
          onClick={() => {
            setOpen(true);
          }}
        >
          {t('syncing.mode.change')}
        </Button>
      </div>
      {isOpen ? (
        <Change
          ledger={ledger}
          onClose={() => {
            setOpen(false);
          }}
        />
      ) : null}
    </section>
  );
}
