/** The appearance: theme, contrast, how times are shown, what notifications say. It holds for all profiles. */
import { api } from '../../api.ts';
import { chooseLook, useLook } from '../../app/look.ts';
import { chooseTheme, useTheme } from '../../app/theme.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { useText } from '../../i18n/text.ts';
import { Choices } from '../../ui/controls.tsx';
import { FullTime } from '../../ui/time.tsx';
import { Section } from './section.tsx';

const themes = ['system', 'light', 'dark'] as const;
const contrasts = ['system', 'more'] as const;
const notices = ['off', 'hidden', 'counts'] as const;
const clocks = ['both', 'utc'] as const;

/** A time to see what it looks like: that of block 0 of no ledger. */
const sample = 1_795_000_000;

export function Look() {
  const t = useText();
  const { value: shell, again } = useLoaded('shell', () => api.shellView({}));
  const theme = useTheme(shell?.theme ?? 'system');
  const { contrast, clock } = useLook();
  return (
    <>
      <Section title="settings.theme.title">
        <Choices
          className="thirds"
          isTitled
          legend={t('settings.theme.title')}
          value={theme}
          onChange={chooseTheme}
          choices={themes.map((one) => ({ value: one, title: t(`settings.theme.${one}`) }))}
        />
      </Section>
      <Section title="settings.contrast.title">
        <Choices
          className="thirds"
          isTitled
          legend={t('settings.contrast.title')}
          value={contrast}
          onChange={(chosen) => {
            chooseLook({ contrast: chosen });
          }}
          choices={contrasts.map((one) => ({ value: one, title: t(`settings.contrast.${one}`) }))}
        />
      </Section>
      <Section title="settings.clock.title" about="settings.clock.about">
        <Choices
          className="thirds"
          isTitled
          legend={t('settings.clock.title')}
          value={clock}
          onChange={(chosen) => {
            chooseLook({ clock: chosen });
          }}
          choices={clocks.map((one) => ({ value: one, title: t(`settings.clock.${one}`) }))}
        />
        <p className="quiet small">
          {t('settings.clock.sample')} <FullTime seconds={sample} />
        </p>
      </Section>
      <Section title="settings.notices.title" about="settings.notices.about">
        <Choices
          className="thirds"
          isTitled
          legend={t('settings.notices.title')}
          value={shell?.notices}
          onChange={(chosen) => {
            void api.shellSetNotices({ notices: chosen }).then(again);
          }}
          choices={notices.map((one) => ({ value: one, title: t(`settings.notices.${one}`) }))}
        />
      </Section>
    </>
  );
}
