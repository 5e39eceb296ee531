/** A failure as it is shown everywhere: what happened, what it means, what to do next. */
import type { ReactNode } from 'react';
import type { Failure } from '../../contract/channel.ts';
import { said, useText } from '../i18n/text.ts';
import { Notice } from '../ui/controls.tsx';

/** What passes by itself: it is tried again. */
const passing: readonly string[] = ['sync-unreachable', 'sync-failing', 'sync-withheld'];

type Shown = Pick<Failure, 'code' | 'happened' | 'next'> & Partial<Failure>;

export function FailureNotice({ failure, action }: { failure: Shown; action?: ReactNode }) {
  const t = useText();
  const { code, happened, means, next, detail } = failure;
  return (
    <Notice
      tone={passing.includes(code) ? 'warn' : 'bad'}
      urgent
      title={said(code, 'happened', happened)}
      action={action}
    >
      {means === undefined ? null : <>{said(code, 'means', means)} </>}
      {said(code, 'next', next)}
      {detail === undefined || detail === '' ? null : (
        <div className="small">{t('common.detail', { detail })}</div>
      )}
    </Notice>
  );
}
