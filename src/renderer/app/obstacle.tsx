/** Why a view with sealed things has nothing to show: no identity, a locked one, or no ledger. */
import type { ReactNode } from 'react';
import { useText } from '../i18n/text.ts';
import { Button, Notice } from '../ui/controls.tsx';
import { useDesk } from './state.ts';
import { unlock } from './unlock.ts';

/**
 * What stands in the way of a view; undefined when nothing does.
 * @param view begins the keys of its texts: `<view>.noidentity`, `.locked`, `.locked.more`, `.noledger`.
 */
export function useObstacle(view: string): ReactNode | undefined {
  const t = useText();
  const profile = useDesk('profile');
  const ledger = useDesk('ledger');
  const { identity } = profile ?? {};
  if (identity === undefined || identity.state === 'none') {
    return <Notice tone="warn" title={t(`${view}.noidentity`)} />;
  }
  if (identity.state !== 'open') {
    const action = (
      <Button
        kind="primary"
        onClick={() => {
          unlock(identity);
        }}
      >
        {t('identity.unlock')}
      </Button>
    );
    return (
      <Notice tone="warn" title={t(`${view}.locked`)} action={action}>
        {t(`${view}.locked.more`)}
      </Notice>
    );
  }
  return ledger === null ? <Notice tone="warn" title={t(`${view}.noledger`)} /> : undefined;
}
