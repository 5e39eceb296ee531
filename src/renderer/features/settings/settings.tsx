/** Settings: profiles and ledgers, the identity and who guards it, backups and their trial, the appearance. */
import { useText } from '../../i18n/text.ts';
import { Tabs } from '../../ui/tabs.tsx';
import { Backup } from './backup.tsx';
import { Disk } from './disk.tsx';
import { Guard } from './guard.tsx';
import { Keys } from './keys.tsx';
import { Ledgers } from './ledgers.tsx';
import { Look } from './look.tsx';
import { Profiles } from './profiles.tsx';
import './settings.css';

const parts = ['profiles', 'identity', 'backup', 'look'] as const;

/** @param rest the part. */
export function Settings({ rest }: { rest: string }) {
  const t = useText();
  const part = parts.find((one) => one === rest) ?? 'profiles';
  return (
    <div className="page settings">
      <header>
        <h1>{t('settings.title')}</h1>
      </header>
      <Tabs
        label={t('settings.parts')}
        at={`settings/${part}`}
        tabs={parts.map((one) => ({ to: `settings/${one}`, title: t(`settings.${one}`) }))}
      />
      {part === 'profiles' ? (
        <>
          <Profiles />
          <Ledgers />
          <Disk />
        </>
      ) : null}
      {part === 'identity' ? (
        <>
          <Guard />
          <Keys />
        </>
      ) : null}
      {part === 'backup' ? <Backup /> : null}
      {part === 'look' ? <Look /> : null}
    </div>
  );
}
