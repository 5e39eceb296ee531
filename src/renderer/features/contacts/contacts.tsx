/** Contacts: the people one deals with and one's own card; adding one and looking at one are views of their own. */
import { UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { ContactRow } from '../../../contract/channels/contacts.ts';
import { api } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useObstacle } from '../../app/obstacle.tsx';
import { go } from '../../app/route.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Empty, Field } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { AddContact } from './add.tsx';
import { claimsText, KeyState } from './claims.tsx';
import { Contact } from './contact.tsx';
import './contacts.css';
import { OwnCard } from './own-card.tsx';
import { useContacts } from './use-contacts.ts';

/** As many as are shown at a time, and as many as nobody needs a search for. */
const shown = 200;
const few = 8;

function Row({ contact }: { contact: ContactRow }) {
  const t = useText();
  const { id, name, says, state } = contact;
  const claims = claimsText(t, says);
  return (
    <li>
      <button
        type="button"
        onClick={() => {
          go(`contacts/${id}`);
        }}
      >
        <span className="who">
          <span className="name">{name}</span>
          <span className="says quiet small" title={claims}>
            {claims}
          </span>
        </span>
        <KeyState state={state} />
      </button>
    </li>
  );
}

function AddButton({ kind }: { kind: 'primary' | 'usual' }) {
  const t = useText();
  return (
    <Button
      kind={kind}
      icon={UserPlus}
      onClick={() => {
        go('contacts/add');
      }}
    >
      {t('contacts.add')}
    </Button>
  );
}

function People() {
  const t = useText();
  const [text, setText] = useState('');
  const { value: page, failure } = useContacts(text, () => api.contactsPage({ text, limit: shown }));
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (page === undefined) return null;
  const { total, rows } = page;
  if (total === 0 && text === '') {
    return (
      <div className="panel">
        <Empty title={t('contacts.empty')} action={<AddButton kind="primary" />}>
          {t('contacts.empty.more')}
        </Empty>
      </div>
    );
  }
  return (
    <>
      {total > few || text !== '' ? (
        <Field type="search" label={t('contacts.search')} value={text} maxLength={200} onChange={setText} />
      ) : null}
      {total === 0 ? <p className="panel quiet">{t('contacts.nobody')}</p> : null}
      <ul className="people">
        {rows.map((contact) => (
          <Row key={contact.id} contact={contact} />
        ))}
      </ul>
      <div className="row">
        <AddButton kind="usual" />
      </div>
      {total > rows.length ? (
        <p className="quiet small">{t('contacts.more', { count: number(total - rows.length) })}</p>
      ) : null}
    </>
  );
}

/** People of a practice ledger who can be added, so that there is somebody. */
function Samples() {
  const t = useText();
  const { value: samples = [] } = useContacts('samples', () => api.contactsSamples({}));
  if (samples.length === 0) return null;
  return (
    <section aria-labelledby="samples">
      <div>
        <h2 id="samples">{t('contacts.samples')}</h2>
        <p className="quiet">{t('contacts.samples.more')}</p>
      </div>
      <ul className="people">
        {samples.map(({ key, says, link }) => (
          <li key={key}>
            <button
              type="button"
              onClick={() => {
                go(`contacts/add/${link}`);
              }}
            >
              <span className="name">{claimsText(t, says)}</span>
              <span className="act">{t('contacts.samples.look')}</span>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}

function Everybody() {
  const t = useText();
  return (
    <div className="page">
      <header>
        <div>
          <h1>{t('contacts.title')}</h1>
          <p>{t('contacts.lead')}</p>
        </div>
      </header>
      <div className="contacts">
        <section aria-labelledby="people">
          <h2 id="people">{t('contacts.people')}</h2>
          <People />
          <Samples />
        </section>
        <OwnCard />
      </div>
    </div>
  );
}

export function Contacts({ rest }: { rest: string }) {
  const t = useText();
  const obstacle = useObstacle('contacts');
  if (obstacle !== undefined) {
    return (
      <div className="page">
        <header>
          <div>
            <h1>{t('contacts.title')}</h1>
            <p>{t('contacts.lead')}</p>
          </div>
        </header>
        {obstacle}
      </div>
    );
  }
  if (rest === '') return <Everybody />;
  const [first, ...more] = rest.split('/');
  return first === 'add' ? (
    <AddContact key={rest} given={more.join('/')} />
  ) : (
    <Contact key={rest} id={rest} />
  );
}
