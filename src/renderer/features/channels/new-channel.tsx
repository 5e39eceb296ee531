/** A new channel: what it is called, who reads it, on which transaction. */
import { useState } from 'react';
import type { ChannelAct } from '../../../contract/channels/channels.ts';
import { Back } from '../../app/back.tsx';
import { go } from '../../app/route.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Field, Notice, ShortHash } from '../../ui/controls.tsx';
import { ContactBoxes } from './choose-contacts.tsx';
import { AskFirst } from './public.tsx';

const longestName = 200;
const longestNote = 1000;

function OnTransaction({ transaction }: { transaction: string }) {
  const t = useText();
  return (
    <Notice tone="calm" title={t('channels.further')}>
      {t('channels.further.more')} <ShortHash value={transaction} />
    </Notice>
  );
}

/** @param transaction of a channel that there is; empty for a new one. */
export function NewChannel({ transaction }: { transaction: string }) {
  const t = useText();
  const [name, setName] = useState('');
  const [note, setNote] = useState('');
  const [contacts, setContacts] = useState<readonly string[]>([]);
  const [isAsking, setAsking] = useState(false);
  const isFurther = /^[0-9a-f]{64}$/.test(transaction);
  const act: ChannelAct = {
    act: 'new',
    name: name.trim(),
    contacts: [...contacts],
    ...(note.trim() === '' ? {} : { note: note.trim() }),
    ...(isFurther ? { transaction } : {}),
  };
  return (
    <div className="page one">
      <header>
        <div>
          <Back to="channels">{t('channels.back')}</Back>
          <h1>{t('channels.new')}</h1>
          <p>{t('channels.new.lead')}</p>
        </div>
      </header>
      {isFurther ? <OnTransaction transaction={transaction} /> : null}
      <div className="panel stack">
        <Field
          label={t('channels.name')}
          hint={t('channels.name.hint')}
          value={name}
          maxLength={longestName}
          autoFocus
          onChange={setName}
        />
        <ContactBoxes chosen={contacts} onChange={setContacts} />
        <Field
          label={t('channels.note')}
          hint={t('channels.note.hint')}
          value={note}
          maxLength={longestNote}
          onChange={setNote}
        />
        <div className="row">
          <Button
            kind="primary"
            disabled={name.trim() === ''}
            onClick={() => {
              setAsking(true);
            }}
          >
            {t('channels.next')}
          </Button>
        </div>
      </div>
      {isAsking ? (
        <AskFirst
          act={act}
          title={t('channels.new.title', { name: name.trim() })}
          more={t('channels.new.more')}
          go={t('channels.new.go')}
          onClose={() => {
            setAsking(false);
          }}
          onDone={(ids) => {
            go(`channels/${ids.transaction}/${ids.channel}`);
          }}
        />
      ) : null}
    </div>
  );
}
