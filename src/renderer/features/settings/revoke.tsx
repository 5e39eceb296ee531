/** Ending one's key for good: why, since when, and a yes that cannot be given by mistake. */
import { useState } from 'react';
import type { RequestOf } from '../../../contract/schema.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Choices, Field } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';

type Reason = RequestOf<'identity.revoke'>['reason'];

const reasons: readonly Reason[] = ['compromised', 'lost', 'retired', 'left'];

/** A day in UTC as seconds since 1970; undefined when it is none, or lies ahead. */
function dayOf(text: string): number | undefined {
  const iso = `${text}T00:00:00.000Z`;
  const time = /^\d{4}-\d{2}-\d{2}$/.test(text) ? Date.parse(iso) : Number.NaN;
  if (Number.isNaN(time) || time < 0 || new Date(time).toISOString() !== iso) return undefined;
  return time > Date.now() ? undefined : time / 1000;
}

interface Props {
  readonly origin: string;
  readonly onClose: () => void;
}

export function Revoke({ origin, onClose }: Props) {
  const t = useText();
  const work = useWork();
  const [reason, setReason] = useState<Reason>();
  const [day, setDay] = useState('');
  const [typed, setTyped] = useState('');
  const since = day === '' ? undefined : dayOf(day);
  const isDayWrong = reason === 'compromised' && day !== '' && since === undefined;
  const revoke = (): void => {
    if (reason === undefined) return;
    const more = reason === 'compromised' && since !== undefined ? { since } : {};
    void work
      .run(() => value(api.identityRevoke({ reason, ...more })))
      .then((isDone) => {
        if (isDone) onClose();
      });
  };
  return (
    <Dialog
      title={t('settings.revoke.title', { origin })}
      onClose={onClose}
      ends={
        <>
          <Button
            disabled={work.busy || reason === undefined || isDayWrong || typed.trim() !== origin}
            onClick={revoke}
          >
            {t('settings.revoke.go')}
          </Button>
          <Button kind="primary" onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t('settings.revoke.more')}</p>
        <Choices
          legend={t('settings.revoke.reason')}
          value={reason}
          onChange={setReason}
          choices={reasons.map((one) => ({ value: one, title: t(`settings.reason.${one}`) }))}
        />
        {reason === 'compromised' ? (
          <Field
            label={t('settings.revoke.since')}
            hint={t('settings.revoke.since.hint')}
            wrong={isDayWrong ? t('settings.revoke.since.wrong') : undefined}
            value={day}
            maxLength={10}
            mono
            onChange={setDay}
          />
        ) : null}
        <Field
          label={t('settings.revoke.type', { origin })}
          value={typed}
          maxLength={255}
          mono
          onChange={setTyped}
        />
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      </div>
    </Dialog>
  );
}
