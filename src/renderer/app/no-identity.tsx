/** A profile without an identity, and the two ways to one. */
import { api } from '../api.ts';
import { useText } from '../i18n/text.ts';
import { Button, Notice } from '../ui/controls.tsx';

export function NoIdentity() {
  const t = useText();
  return (
    <Notice tone="calm" title={t('identity.begin')}>
      {t('identity.begin.more')}
      <div className="row">
        <Button kind="primary" onClick={() => void api.shellOpenSecret({ purpose: 'create' })}>
          {t('start.create')}
        </Button>
        <Button onClick={() => void api.shellOpenSecret({ purpose: 'restore' })}>{t('start.restore')}</Button>
      </div>
    </Notice>
  );
}
