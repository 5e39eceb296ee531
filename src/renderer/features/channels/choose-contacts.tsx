/** Choosing contacts who are to read along. */
import { useState } from 'react';
import { api } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Field } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { useChannels } from './use-channels.ts';

/** As many as are offered. */
const shown = 200;
const longestNote = 1000;

interface PickedProps {
  readonly chosen: readonly string[];
  readonly onChange: (chosen: readonly string[]) => void;
  /** Keys that are not offered. */
  readonly without?: readonly string[];
}

/** Contacts with boxes to tick. */
export function ContactBoxes({ chosen, onChange, without = [] }: PickedProps) {
  const t = useText();
  const { value: page, failure } = useChannels('contacts', () =>
    api.contactsPage({ text: '', limit: shown }),
  );
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (page === undefined) return null;
  const rows = page.rows.filter(({ key }) => !without.includes(key));
  if (rows.length === 0) {
    return (
      <div className="stack">
        <p className="quiet">{t('channels.contacts.none')}</p>
        <div className="row">
          <Button
            onClick={() => {
              go('contacts/add');
            }}
          >
            {t('contacts.add')}
          </Button>
        </div>
      </div>
    );
  }
  return (
    <fieldset className="boxes">
      <legend>{t('channels.with')}</legend>
      {rows.map(({ id, name, state }) => {
        const canRead = state === 'verified' || state === 'unchecked';
        return (
          <label key={id} className="box">
            <input
              type="checkbox"
              checked={chosen.includes(id)}
              disabled={!canRead}
              onChange={({ target }) => {
                onChange(target.checked ? [...chosen, id] : chosen.filter((one) => one !== id));
              }}
            />
            <bdi>{name}</bdi>
            <span className="quiet small">{t(`contacts.state.${state}`)}</span>
          </label>
        );
      })}
    </fieldset>
  );
}

interface ChooseProps {
  readonly without: readonly string[];
  readonly onClose: () => void;
  readonly onChosen: (contacts: readonly string[], note: string) => void;
}

export function ChooseContacts({ without, onClose, onChosen }: ChooseProps) {
  const t = useText();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [note, setNote] = useState('');
  return (
    <Dialog
      title={t('channels.invite')}
      onClose={onClose}
      ends={
        <>
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button
            kind="primary"
            disabled={chosen.length === 0}
            onClick={() => {
              onChosen(chosen, note.trim());
            }}
          >
            {t('channels.next')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <ContactBoxes chosen={chosen} onChange={setChosen} without={without} />
        <Field label={t('channels.note')} value={note} maxLength={longestNote} onChange={setNote} />
      </div>
    </Dialog>
  );
}
