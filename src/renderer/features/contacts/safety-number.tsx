/** The safety number with a contact: shown in groups, compared by typing or by looking, and kept. */
import { QrCode } from 'lucide-react';
import { useState } from 'react';
import type { CheckHow, ContactRow, NumberView } from '../../../contract/channels/contacts.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Choices, Field } from '../../ui/controls.tsx';
import { QrDialog } from '../../ui/qr-code.tsx';
import { CodePicture, type Seen } from './code-picture.tsx';
import { useContacts } from './use-contacts.ts';

const hows: readonly CheckHow[] = ['in-person', 'video', 'phone', 'other'];
const ways = ['type', 'yes', 'picture'] as const;
const allDigits = 64;
const longestNote = 500;
/** Room for spaces and dashes between the digits. */
const longestTyped = 200;

interface CompareProps {
  readonly id: string;
  readonly number: NumberView;
  readonly onDone: () => void;
}

function Compare({ id, number, onDone }: CompareProps) {
  const t = useText();
  const work = useWork();
  const [how, setHow] = useState<CheckHow>();
  const [way, setWay] = useState<(typeof ways)[number]>('type');
  const [typed, setTyped] = useState('');
  const [note, setNote] = useState('');
  const [seen, setSeen] = useState<Seen>();
  const digits = typed.replace(/\D/g, '');
  const isCompared = { type: digits.length === allDigits, yes: true, picture: seen === 'same' }[way];
  const canKeep = how !== undefined && isCompared;
  const keep = (): void => {
    if (how === undefined) return;
    const said = way === 'type' ? digits : number.groups.join('');
    const more = note.trim() === '' ? {} : { note: note.trim() };
    void work
      .run(() => value(api.contactsCheck({ id, number: said, how, ...more })))
      .then((isDone) => {
        if (isDone) onDone();
      });
  };
  return (
    <form
      className="stack compare"
      onSubmit={(event) => {
        event.preventDefault();
        if (canKeep) keep();
      }}
    >
      <h3>{t('contacts.compare')}</h3>
      <Choices
        className="across"
        legend={t('contacts.how')}
        value={how}
        onChange={setHow}
        choices={hows.map((one) => ({ value: one, title: t(`contacts.how.${one}`) }))}
      />
      <Choices
        legend={t('contacts.way')}
        value={way}
        onChange={(next) => {
          setWay(next);
          work.clear();
        }}
        choices={ways.map((one) => ({ value: one, title: t(`contacts.way.${one}`) }))}
      />
      {way === 'type' ? (
        <Field
          label={t('contacts.digits')}
          hint={t('contacts.digits.count', { count: digits.length })}
          value={typed}
          lines={2}
          mono
          maxLength={longestTyped}
          onChange={setTyped}
        />
      ) : null}
      {way === 'picture' ? <CodePicture number={number} seen={seen} onSeen={setSeen} /> : null}
      <Field label={t('contacts.note.field')} value={note} maxLength={longestNote} onChange={setNote} />
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      <div className="row">
        <Button type="submit" kind="primary" disabled={work.busy || !canKeep}>
          {t('contacts.compare.go')}
        </Button>
      </div>
    </form>
  );
}

export function SafetyNumber({ contact }: { contact: ContactRow }) {
  const t = useText();
  const { id, name, state, newKey } = contact;
  const [isOpen, setOpen] = useState(state !== 'verified');
  const [isQr, setQr] = useState(false);
  const { value: number, failure } = useContacts(id, () => api.contactsNumber({ id }));
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (number === undefined) return null;
  return (
    <section className="stack" aria-labelledby="number">
      <div>
        <h2 id="number">{t('contacts.number')}</h2>
        <p className="quiet">
          {t('contacts.number.more', { name })}
          {newKey === undefined ? '' : ` ${t('contacts.number.new', { key: newKey.slice(0, 12) })}`}
        </p>
      </div>
      <p className="number">
        {number.groups.map((group, i) => (
          <span key={i}>{group}</span>
        ))}
      </p>
      <div className="row">
        <Button
          icon={QrCode}
          onClick={() => {
            setQr(true);
          }}
        >
          {t('contacts.own.qr')}
        </Button>
      </div>
      {isQr ? (
        <QrDialog
          title={t('contacts.number')}
          text={number.qr}
          onClose={() => {
            setQr(false);
          }}
        >
          {t('contacts.number.scan', { name })}
        </QrDialog>
      ) : null}
      {isOpen ? (
        <Compare
          id={id}
          number={number}
          onDone={() => {
            setOpen(false);
          }}
        />
      ) : (
        <div className="row">
          <Button
            onClick={() => {
              setOpen(true);
            }}
          >
            {t('contacts.compare.again')}
          </Button>
        </div>
      )}
    </section>
  );
}
