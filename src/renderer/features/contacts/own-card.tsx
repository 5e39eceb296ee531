/** One's own card: to be announced, to be given out. */
import { Check, Copy, QrCode } from 'lucide-react';
import { useState } from 'react';
import type { OwnCardView } from '../../../contract/channels/contacts.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Field, Notice, ShortHash, Status } from '../../ui/controls.tsx';
import { QrDialog } from '../../ui/qr-code.tsx';
import { useCopied } from '../../ui/use-copied.ts';
import { claimsText } from './claims.tsx';
import { useContacts } from './use-contacts.ts';

type Unannounced = Extract<OwnCardView, { readonly state: 'unannounced' }>;
type Announced = Exclude<OwnCardView, Unannounced>;

const claimNames = ['name', 'firm', 'role'] as const;
const longestClaim = 200;
const longestPublicName = 100;

/** What becomes public and what does not, before it does. */
function Consequences() {
  const t = useText();
  return (
    <dl className="consequences">
      {(['public', 'private'] as const).map((what) => (
        <div key={what}>
          <dt>{t(`contacts.announce.${what}`)}</dt>
          <dd className="quiet">{t(`contacts.announce.${what}.more`)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Announce({ own: { origin, recovery } }: { own: Unannounced }) {
  const t = useText();
  const work = useWork();
  const [claims, setClaims] = useState({ name: '', firm: '', role: '' });
  const [publicName, setPublicName] = useState('');
  const isWrong = (text: string): boolean => /[\p{C}\p{Zl}\p{Zp}]/u.test(text.trim());
  const announce = (): void => {
    const given = claimNames.map((name) => [name, claims[name].trim()]).filter(([, text]) => text !== '');
    const open = publicName.trim() === '' ? {} : { publicName: publicName.trim() };
    const request = { ...(Object.fromEntries(given) as Partial<typeof claims>), ...open };
    void work.run(() => value(api.contactsAnnounce(request)));
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        announce();
      }}
    >
      <p>{t('contacts.announce.lead', { origin })}</p>
      <Consequences />
      {claimNames.map((name) => (
        <Field
          key={name}
          label={t(`contacts.claim.${name}`)}
          value={claims[name]}
          wrong={isWrong(claims[name]) ? t('contacts.claim.wrong') : undefined}
          maxLength={longestClaim}
          onChange={(text) => {
            setClaims({ ...claims, [name]: text });
          }}
        />
      ))}
      <Field
        label={t('contacts.public')}
        hint={t('contacts.public.more')}
        value={publicName}
        wrong={isWrong(publicName) ? t('contacts.claim.wrong') : undefined}
        maxLength={longestPublicName}
        onChange={setPublicName}
      />
      {publicName.trim() === '' ? null : <Notice tone="warn" title={t('contacts.public.warn')} />}
      {recovery ? null : (
        <Notice tone="calm" title={t('contacts.recovery')}>
          {t('contacts.recovery.more')}
          <div className="row">
            <Button onClick={() => void api.shellOpenSecret({ purpose: 'recovery' })}>
              {t('contacts.recovery.go')}
            </Button>
          </div>
        </Notice>
      )}
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      <div className="row">
        <Button
          type="submit"
          kind="primary"
          disabled={work.busy || !recovery || [...Object.values(claims), publicName].some(isWrong)}
        >
          {t('contacts.announce.go')}
        </Button>
      </div>
    </form>
  );
}

function Card({ own }: { own: Announced }) {
  const t = useText();
  const work = useWork();
  const { isCopied, copy } = useCopied();
  const [isQr, setQr] = useState(false);
  const [saved, setSaved] = useState<string>();
  const { state, says, key, link, publicName } = own;
  const save = (): void => {
    void work.run(async () => {
      setSaved((await value(api.contactsSave({})))?.file);
    });
  };
  return (
    <div className="stack">
      <div className="row">
        <Status tone={state === 'announced' ? 'good' : 'warn'}>{t(`contacts.own.${state}`)}</Status>
        <ShortHash value={key} />
      </div>
      <p className="mine">{claimsText(t, says)}</p>
      <p className="quiet">{t('contacts.own.more')}</p>
      {publicName === undefined ? null : <p>{t('contacts.own.public', { name: publicName })}</p>}
      <code className="link" tabIndex={0} role="textbox" aria-readonly aria-label={t('contacts.own.link')}>
        {link}
      </code>
      <div className="row">
        <Button
          kind="primary"
          icon={isCopied ? Check : Copy}
          onClick={() => {
            copy(link);
          }}
        >
          {t(isCopied ? 'common.copied' : 'contacts.own.copy')}
        </Button>
        <Button
          icon={QrCode}
          onClick={() => {
            setQr(true);
          }}
        >
          {t('contacts.own.qr')}
        </Button>
        <Button disabled={work.busy} onClick={save}>
          {t('contacts.own.save')}
        </Button>
      </div>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {saved === undefined ? null : <Notice tone="good" title={t('qr.saved', { file: saved })} />}
      {isQr ? (
        <QrDialog
          title={t('contacts.own')}
          text={link}
          save={() => api.contactsSave({})}
          onClose={() => {
            setQr(false);
          }}
        >
          <p className="mine">{claimsText(t, says)}</p>
          <p>{t('contacts.own.scan')}</p>
        </QrDialog>
      ) : null}
    </div>
  );
}

function Own() {
  const { value: own, failure } = useContacts('own', () => api.contactsOwn({}));
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (own === undefined) return null;
  return (
    <div className="panel">{own.state === 'unannounced' ? <Announce own={own} /> : <Card own={own} />}</div>
  );
}

export function OwnCard() {
  const t = useText();
  const profile = useDesk('profile');
  return (
    <section aria-labelledby="own">
      <h2 id="own">{t('contacts.own')}</h2>
      {profile?.identity.canSign === true ? (
        <Own />
      ) : (
        <p className="panel quiet">{t('contacts.own.watching')}</p>
      )}
    </section>
  );
}
