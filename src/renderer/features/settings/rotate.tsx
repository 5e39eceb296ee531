/** Handing over to the next key: what it does, what the new card says, and a yes. */
import { useState } from 'react';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Field } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';

const claimNames = ['name', 'firm', 'role'] as const;
const longestClaim = 200;

interface Props {
  readonly origin: string;
  readonly onClose: () => void;
}

export function Rotate({ origin, onClose }: Props) {
  const t = useText();
  const work = useWork();
  const [claims, setClaims] = useState({ name: '', firm: '', role: '' });
  const isWrong = (text: string): boolean => /[\p{C}\p{Zl}\p{Zp}]/u.test(text.trim());
  const rotate = (): void => {
    const given = claimNames.map((name) => [name, claims[name].trim()]).filter(([, text]) => text !== '');
    void work
      .run(() => value(api.identityRotate(Object.fromEntries(given) as Partial<typeof claims>)))
      .then((isDone) => {
        if (isDone) onClose();
      });
  };
  return (
    <Dialog
      title={t('settings.rotate.title', { origin })}
      onClose={onClose}
      ends={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button kind="primary" disabled={work.busy || Object.values(claims).some(isWrong)} onClick={rotate}>
            {t('settings.rotate.go')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t('settings.rotate.more')}</p>
        <p className="quiet small">{t('settings.rotate.card')}</p>
        {claimNames.map((name) => (
          <Field
            key={name}
            label={t(`contacts.claim.${name}`)}
            value={claims[name]}
            wrong={isWrong(claims[name]) ? t('contacts.claim.wrong') : undefined}
            maxLength={longestClaim}
            onChange={(text) => {
              setClaims({ ...claims, [name]: text });
            }}
          />
        ))}
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      </div>
    </Dialog>
  );
}
