/** About: what the program is, what it runs on, where the data lies, and whose software is in it. */
import { Check, ClipboardCopy } from 'lucide-react';
import { type ReactNode, useEffect, useState } from 'react';
import type { AboutView } from '../../../contract/channels/shell.ts';
import { api, value } from '../../api.ts';
import { copyDiagnostics } from '../../app/diagnostics.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { showOverlay } from '../../app/overlay.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Facts } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { number } from '../../ui/numbers.ts';
import './about.css';
import { loadNotices, type Notices } from './notices.ts';

/** What is loaded once, when it is looked at. */
function useOnce<T>(load: () => Promise<T>): T | 'failed' | undefined {
  const [loaded, setLoaded] = useState<T | 'failed'>();
  useEffect(() => {
    load().then(setLoaded, () => {
      setLoaded('failed');
    });
  }, [load]);
  return loaded;
}

function Packages({ notices }: { notices: Notices }) {
  const t = useText();
  const { packages, texts } = notices;
  return (
    <>
      <p className="quiet small">
        {t('about.notices.count', { count: number(packages.length) })} {t('about.notices.chromium')}
      </p>
      <ul className="packages">
        {packages.map(({ name, version, license, text }) => (
          <li key={`${name} ${version}`}>
            <details>
              <summary>
                <span className="name">{name}</span> <span className="quiet">{version}</span>{' '}
                <span className="licence">{license}</span>
              </summary>
              {text === undefined ? (
                <p className="quiet small">{t('about.notices.bare', { license })}</p>
              ) : (
                <pre tabIndex={0} aria-label={name}>
                  {texts[text]}
                </pre>
              )}
            </details>
          </li>
        ))}
      </ul>
    </>
  );
}

function OpenSource() {
  const t = useText();
  const notices = useOnce(loadNotices);
  return (
    <section aria-labelledby="notices">
      <h3 id="notices">{t('about.notices')}</h3>
      {notices === 'failed' ? <p className="quiet">{t('about.notices.none')}</p> : null}
      {notices === undefined || notices === 'failed' ? null : <Packages notices={notices} />}
    </section>
  );
}

function Program({ about }: { about: AboutView }) {
  const t = useText();
  const { version, platform, programs, engines, dropped, folder } = about;
  const facts: (readonly [string, ReactNode])[] = [
    [t('about.version'), version],
    [t('about.licence'), 'Apache-2.0'],
    ...programs.map((one) => [one.name, one.version] as const),
    [t('about.system'), platform],
    [t('about.folder'), <code key="folder">{folder}</code>],
  ];
  return (
    <>
      <section aria-labelledby="program">
        <h3 id="program">{t('about.program')}</h3>
        <Facts facts={facts} />
      </section>
      <section aria-labelledby="engines">
        <h3 id="engines">{t('about.engines')}</h3>
        <p className="quiet small">{t('about.engines.more')}</p>
        <Facts facts={engines.map(({ what, name }) => [t(`about.${what}`), name])} />
        {dropped.map(({ name, reason }) => (
          <p key={name} className="quiet small">
            {t('about.dropped', { name, reason })}
          </p>
        ))}
      </section>
    </>
  );
}

const load = (): Promise<AboutView> => value(api.shellAbout({}));

export function About() {
  const t = useText();
  const work = useWork();
  const [isCopied, setCopied] = useState(false);
  const about = useOnce(load);
  const close = (): void => {
    showOverlay(undefined);
  };
  const ends = (
    <>
      <span className="quiet small grow" role="status">
        {isCopied ? t('about.copied') : ''}
      </span>
      <Button
        icon={isCopied ? Check : ClipboardCopy}
        onClick={() => {
          void work.run(copyDiagnostics).then(setCopied);
        }}
      >
        {t('about.copy')}
      </Button>
      <Button kind="primary" onClick={close}>
        {t('common.close')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('about.title')} onClose={close} ends={ends}>
      <p className="quiet">{t('about.lead')}</p>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      <div className="about" tabIndex={0} role="region" aria-label={t('about.title')}>
        {about === undefined || about === 'failed' ? null : <Program about={about} />}
        <OpenSource />
      </div>
    </Dialog>
  );
}
