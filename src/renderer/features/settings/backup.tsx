/** Backups: written, and tried. A backup that was never opened is a hope, so when it was last tried stands here. */
import type { CareView } from '../../../contract/state.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Notice } from '../../ui/controls.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { utcLong } from '../../ui/time.tsx';
import { Section } from './section.tsx';

function Write({ backup }: { backup: CareView['backup'] | undefined }) {
  const t = useText();
  const work = useWork();
  const begin = (): void => {
    void work.run(async () => {
      const chosen = await value(api.settingsBackupFolder({}));
      if (chosen !== null) await value(api.shellOpenSecret({ purpose: 'backup' }));
    });
  };
  return (
    <Section title="settings.write.title" about="settings.write.about">
      {backup === undefined ? (
        <Notice tone="warn" title={t('settings.write.never')} />
      ) : (
        <Notice tone="good" title={t('settings.write.last', { time: utcLong(backup.at) })}>
          <span className="mono small">{backup.file}</span>
        </Notice>
      )}
      <p className="quiet small">{t('settings.write.more')}</p>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      <div className="row">
        <Button kind="primary" disabled={work.busy} onClick={begin}>
          {t('settings.write.go')}
        </Button>
      </div>
    </Section>
  );
}

function Drill({ drill }: { drill: CareView['drill'] | undefined }) {
  const t = useText();
  const work = useWork();
  const { backup } = useDesk('care') ?? {};
  const take = (files: readonly File[]): void => {
    void work.run(async () => {
      const { chosen } = await value(api.offerFiles(files));
      await value(api.settingsTryBackup({ chosen }));
      await value(api.shellOpenSecret({ purpose: 'drill' }));
    });
  };
  const isOld = drill !== undefined && backup !== undefined && drill.created < backup.at;
  return (
    <Section title="settings.drill.title" about="settings.drill.about">
      {drill === undefined ? (
        <Notice tone="warn" title={t('settings.drill.never')} />
      ) : (
        <Notice tone={isOld ? 'warn' : 'good'} title={t('settings.drill.last', { time: utcLong(drill.at) })}>
          {t('settings.drill.which', { profile: drill.profile, time: utcLong(drill.created) })}
          {isOld ? ` ${t('settings.drill.newer')}` : ''}
        </Notice>
      )}
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      <DropZone compact title={t('settings.drill.drop')} button={t('settings.drill.choose')} onFiles={take}>
        {t('settings.drill.more')}
      </DropZone>
    </Section>
  );
}

function Words({ words }: { words: CareView['words'] | undefined }) {
  const t = useText();
  return (
    <Section title="settings.words.title" about="settings.words.about">
      {words === undefined ? (
        <Notice tone="warn" title={t('settings.words.never')} />
      ) : (
        <Notice tone="good" title={t('settings.words.last', { time: utcLong(words) })} />
      )}
      <div className="row">
        <Button onClick={() => void api.shellOpenSecret({ purpose: 'words' })}>
          {t('settings.words.go')}
        </Button>
      </div>
    </Section>
  );
}

export function Backup() {
  const t = useText();
  const care = useDesk('care');
  const identity = useDesk('profile')?.identity;
  if (care?.keeper === undefined) return <p className="panel quiet">{t('settings.backup.none')}</p>;
  return (
    <>
      {identity?.state === 'open' ? (
        <Write backup={care.backup} />
      ) : (
        <Section title="settings.write.title" about="settings.write.about">
          <p className="quiet">{t('settings.backup.locked')}</p>
        </Section>
      )}
      <Drill drill={care.drill} />
      {identity?.state === 'open' && !identity.canSign ? null : <Words words={care.words} />}
    </>
  );
}
