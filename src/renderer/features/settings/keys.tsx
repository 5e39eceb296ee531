/** The keys of one's identity on the ledger that is shown: which counts since when, and changing or ending it. */
import { useState } from 'react';
import type { OwnKeysView } from '../../../contract/channels/settings.ts';
import { api } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Hash, Notice, Status } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { Revoke } from './revoke.tsx';
import { Rotate } from './rotate.tsx';
import { Section } from './section.tsx';

function KeyList({ own }: { own: OwnKeysView }) {
  const t = useText();
  return (
    <ul className="rows">
      {own.keys.map(({ key, from, until }, i) => (
        <li key={key} className="key">
          <span className="grow">
            <Hash value={key} />
            <span className="quiet small block">
              {until === undefined
                ? t('settings.keys.since', { from: number(from) })
                : t('settings.keys.until', { from: number(from), until: number(until) })}
            </span>
          </span>
          {i === 0 && own.state !== 'revoked' ? (
            <Status tone="good">{t('settings.keys.current')}</Status>
          ) : (
            <Status tone="calm">{t('settings.keys.ended')}</Status>
          )}
        </li>
      ))}
    </ul>
  );
}

function Announced({ own }: { own: OwnKeysView }) {
  const t = useText();
  const [asking, setAsking] = useState<'rotate' | 'revoke'>();
  const close = (): void => {
    setAsking(undefined);
  };
  const { state, publicName, pending, isWatched, origin } = own;
  const canChange = state === 'current' && !isWatched && pending === 0;
  return (
    <>
      {state === 'revoked' ? (
        <Notice tone="bad" title={t('settings.keys.revoked')}>
          {t('settings.keys.revoked.more')}
        </Notice>
      ) : null}
      {state === 'elsewhere' ? <Notice tone="warn" title={t('settings.keys.elsewhere')} /> : null}
      {pending > 0 ? <Notice tone="calm" title={t('settings.keys.pending')} /> : null}
      <p>
        {publicName === undefined
          ? t('settings.keys.nameless')
          : t('settings.keys.name', { name: publicName })}{' '}
        <span className="quiet">{t('settings.keys.name.more')}</span>
      </p>
      <KeyList own={own} />
      {canChange ? (
        <div className="row">
          <Button
            onClick={() => {
              setAsking('rotate');
            }}
          >
            {t('settings.rotate')}
          </Button>
          <Button
            onClick={() => {
              setAsking('revoke');
            }}
          >
            {t('settings.revoke')}
          </Button>
        </div>
      ) : null}
      {asking === 'rotate' ? <Rotate origin={origin} onClose={close} /> : null}
      {asking === 'revoke' ? <Revoke origin={origin} onClose={close} /> : null}
    </>
  );
}

function Own() {
  const t = useText();
  const { version } = useDesk('contacts');
  const { size = 0, id = '' } = useDesk('ledger') ?? {};
  const { value: own, failure } = useLoaded(`${id} ${version} ${size}`, () => api.identityKeys({}));
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (own === undefined) return null;
  if (own.state !== 'unannounced') return <Announced own={own} />;
  return (
    <>
      <p>{t('settings.keys.unannounced', { origin: own.origin })}</p>
      {own.isWatched ? null : (
        <div className="row">
          <Button
            onClick={() => {
              go('contacts');
            }}
          >
            {t('settings.keys.announce')}
          </Button>
        </div>
      )}
    </>
  );
}

export function Keys() {
  const profile = useDesk('profile');
  const ledger = useDesk('ledger');
  if (profile?.identity.state !== 'open' || ledger === null) return null;
  return (
    <Section title="settings.keys.title" about="settings.keys.about">
      <Own />
    </Section>
  );
}
