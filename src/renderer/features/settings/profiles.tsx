/** The profiles of this machine: which is open, and what happens when another one is. */
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Status } from '../../ui/controls.tsx';
import { Section } from './section.tsx';

export function Profiles() {
  const t = useText();
  const work = useWork();
  const { profiles } = useDesk('start');
  const profile = useDesk('profile');
  const isPractice = profile?.kind === 'practice';
  return (
    <Section title="settings.profiles.title" about="settings.profiles.about">
      <ul className="rows">
        {isPractice ? (
          <li>
            <span className="grow name">{t('settings.profiles.practice')}</span>
            <Status tone="good">{t('settings.profiles.open')}</Status>
          </li>
        ) : null}
        {profiles.map((name) => (
          <li key={name}>
            <span className="grow name">{name}</span>
            {!isPractice && profile?.name === name ? (
              <Status tone="good">{t('settings.profiles.open')}</Status>
            ) : (
              <Button
                disabled={work.busy}
                aria-label={t('settings.profiles.switch', { name })}
                onClick={() => {
                  void work.run(() => value(api.startOpen({ profile: name })));
                }}
              >
                {t('settings.profiles.go')}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      <p className="quiet small">{t('settings.profiles.new.more')}</p>
      <div className="row">
        <Button onClick={() => void api.startClose({})}>{t('settings.profiles.new')}</Button>
      </div>
    </Section>
  );
}
