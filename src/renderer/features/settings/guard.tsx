/** The identity of the profile: how it stands, who guards its key, and when it is locked. */
import type { IdentityView } from '../../../contract/state.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { NoIdentity } from '../../app/no-identity.tsx';
import { useDesk } from '../../app/state.ts';
import { unlock } from '../../app/unlock.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Notice, Pick } from '../../ui/controls.tsx';
import { Section } from './section.tsx';

/** Minutes without use; 0 for never. */
const idleChoices = [1, 5, 15, 30, 60, 240, 0] as const;

/** How it stands, with the way out where it does not open. */
function Standing({ identity }: { identity: IdentityView }) {
  const t = useText();
  const { state, canSign, failure } = identity;
  if (state === 'none') return <NoIdentity />;
  if (state === 'open') {
    return (
      <>
        <Notice tone="good" title={t(canSign ? 'settings.guard.open' : 'settings.guard.watches')} />
        <div className="row">
          <Button onClick={() => void api.startLock({})}>{t('settings.guard.lock')}</Button>
        </div>
      </>
    );
  }
  return (
    <>
      {failure === undefined ? (
        <Notice tone="warn" title={t('settings.guard.locked')}>
          {t('settings.guard.locked.more')}
        </Notice>
      ) : (
        <FailureNotice failure={failure} />
      )}
      <div className="row">
        <Button
          kind="primary"
          onClick={() => {
            unlock(identity);
          }}
        >
          {t('identity.unlock')}
        </Button>
        <Button onClick={() => void api.shellOpenSecret({ purpose: 'reopen' })}>
          {t('settings.guard.words')}
        </Button>
      </div>
    </>
  );
}

function Idle({ minutes }: { minutes: number }) {
  const t = useText();
  const work = useWork();
  const choices = idleChoices.some((one) => one === minutes) ? idleChoices : [...idleChoices, minutes];
  return (
    <Pick
      label={t('settings.guard.idle')}
      value={String(minutes)}
      options={choices.map((one) => ({
        value: String(one),
        label: one === 0 ? t('settings.guard.never') : t('settings.guard.minutes', { minutes: one }),
      }))}
      onChange={(chosen) => {
        void work.run(() => value(api.settingsSetIdle({ minutes: Number(chosen) })));
      }}
    />
  );
}

export function Guard() {
  const t = useText();
  const profile = useDesk('profile');
  const care = useDesk('care');
  if (profile === null) return null;
  const { identity } = profile;
  const keeper = care?.keeper;
  return (
    <>
      <Section title="settings.guard.title" about="settings.guard.about">
        <Standing identity={identity} />
        {care === null ? null : <Idle minutes={care.idleMinutes} />}
      </Section>
      {keeper === undefined ? null : (
        <Section title="settings.keeper.title" about="settings.keeper.about">
          <p>
            <strong>{t(`settings.keeper.${keeper}`)}</strong> {t(`settings.keeper.${keeper}.more`)}
          </p>
          {identity.state === 'open' && !identity.canSign ? (
            <p className="quiet small">{t('settings.keeper.watches')}</p>
          ) : (
            <>
              <p className="quiet small">{t('settings.keeper.change.more')}</p>
              <div className="row">
                <Button onClick={() => void api.shellOpenSecret({ purpose: 'reopen' })}>
                  {t('settings.keeper.change')}
                </Button>
              </div>
            </>
          )}
        </Section>
      )}
    </>
  );
}
