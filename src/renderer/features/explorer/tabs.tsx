/** The views of the record, and beside them what belongs to the one that is shown. */
import type { ReactNode } from 'react';
import { go } from '../../app/route.ts';
import { useText } from '../../i18n/text.ts';

const tabs = ['messages', 'blocks', 'verify'] as const;

export function Tabs({ tab, children }: { tab: (typeof tabs)[number]; children?: ReactNode }) {
  const t = useText();
  return (
    <div className="record-tabs">
      <nav aria-label={t('explorer.tabs')}>
        {tabs.map((name) => (
          <button
            key={name}
            type="button"
            aria-current={name === tab ? 'page' : undefined}
            onClick={() => {
              go(`explorer/${name}`);
            }}
          >
            {t(`explorer.${name}`)}
          </button>
        ))}
      </nav>
      {children}
    </div>
  );
}
