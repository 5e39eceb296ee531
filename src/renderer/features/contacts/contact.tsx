/** One contact: how its key stands, the safety number, and what is to be done. */
import { useState } from 'react';
import type { ContactRow } from '../../../contract/channels/contacts.ts';
import { api, value } from '../../api.ts';
import { Back } from '../../app/back.tsx';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Facts, Hash, Notice } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { FullTime, utcLong } from '../../ui/time.tsx';
import { claimsText, KeyState, tones } from './claims.tsx';
import { SafetyNumber } from './safety-number.tsx';
import { useContacts } from './use-contacts.ts';

/** Approving a changed key that nobody compared: asked twice. */
function Approve({ contact: { id, name, newKey = '' } }: { contact: ContactRow }) {
  const t = useText();
  const work = useWork();
  const [isAsking, setAsking] = useState(false);
  const close = (): void => {
    setAsking(false);
  };
  const go = (): void => {
    void work
      .run(() => value(api.contactsApprove({ id, key: newKey })))
      .then((isDone) => {
        if (isDone) close();
      });
  };
  return (
    <>
      <div className="row">
        <Button
          onClick={() => {
            setAsking(true);
          }}
        >
          {t('contacts.approve')}
        </Button>
      </div>
      {isAsking ? (
        <Dialog
          title={t('contacts.approve.title')}
          onClose={close}
          ends={
            <>
              <Button onClick={go} disabled={work.busy}>
                {t('contacts.approve.go')}
              </Button>
              <Button kind="primary" onClick={close}>
                {t('common.cancel')}
              </Button>
            </>
          }
        >
          <div className="stack">
            <p>{t('contacts.approve.more', { name })}</p>
            <Hash value={newKey} />
            {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

/** How the key stands, as a sentence with the next step. */
function Standing({ contact }: { contact: ContactRow }) {
  const t = useText();
  const { state, name, checked } = contact;
  if (state === 'verified' && checked !== undefined) {
    const title = t(`contacts.checked.${checked.how}`, { name, time: utcLong(checked.at) });
    return <Notice tone="good" title={title} />;
  }
  return (
    <Notice tone={tones[state]} title={t(`contacts.title.${state}`, { name })}>
      {t(`contacts.about.${state}`)}
      {state === 'changed' ? <Approve contact={contact} /> : null}
    </Notice>
  );
}

function Known({ contact }: { contact: ContactRow }) {
  const t = useText();
  const { says, key, newKey, origin, added, checked } = contact;
  const facts: (readonly [string, React.ReactNode])[] = [
    [t('contacts.says'), claimsText(t, says)],
    [t(newKey === undefined ? 'contacts.key' : 'contacts.key.approved'), <Hash key="key" value={key} />],
  ];
  if (newKey !== undefined) facts.push([t('contacts.key.new'), <Hash key="new" value={newKey} />]);
  facts.push([t('contacts.ledger'), origin], [t('contacts.added'), <FullTime key="added" seconds={added} />]);
  if (checked !== undefined && contact.state !== 'verified') {
    const time = utcLong(checked.at);
    facts.push([t('contacts.compared'), t(`contacts.checked.${checked.how}`, { name: contact.name, time })]);
  }
  if (checked?.note !== undefined) facts.push([t('contacts.note'), checked.note]);
  return (
    <div className="panel">
      <Facts facts={facts} />
    </div>
  );
}

export function Contact({ id }: { id: string }) {
  const t = useText();
  const { value: contact, failure } = useContacts(id, () => api.contactsDetail({ id }));
  const hasNumber = contact !== undefined && contact.state !== 'revoked' && contact.state !== 'mismatch';
  return (
    <div className="page one">
      <header>
        <div>
          <Back to="contacts">{t('contacts.back')}</Back>
          <h1>{contact?.name ?? t('contacts.title')}</h1>
        </div>
        {contact === undefined ? null : <KeyState state={contact.state} />}
      </header>
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      {contact === undefined ? null : (
        <>
          <Standing contact={contact} />
          <Known contact={contact} />
          {hasNumber ? <SafetyNumber key={contact.newKey ?? contact.key} contact={contact} /> : null}
        </>
      )}
    </div>
  );
}
