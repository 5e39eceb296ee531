/** Adding a contact: the card is looked at first, then named; one that may be taken for another is looked at twice. */
import { useCallback, useState } from 'react';
import type { GivenCardView } from '../../../contract/channels/contacts.ts';
import { api, value } from '../../api.ts';
import { Back } from '../../app/back.tsx';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useWork } from '../../app/use-work.ts';
import { said, useText } from '../../i18n/text.ts';
import { Button, Facts, Field, Hash, Notice } from '../../ui/controls.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { isPicture, type NoCode, readQr, usePastedPictures } from '../../ui/read-qr.ts';
import { claimsText } from './claims.tsx';

/** A name is a line of so many characters. */
const longestName = 100;
const longestCard = 12_000;

/** Takes a card as a file or as text. */
function TakeCard({ given, onCard }: { given: string; onCard: (card: GivenCardView) => void }) {
  const t = useText();
  const work = useWork();
  const [text, setText] = useState(given);
  const [noCode, setNoCode] = useState<NoCode>();
  const { run } = work;
  const fromFile = useCallback(
    (files: readonly File[]): void => {
      setNoCode(undefined);
      void run(async () => {
        const [file] = files;
        if (files.length === 1 && file !== undefined && isPicture(file)) {
          const found = await readQr(file);
          if (typeof found === 'string') setNoCode(found);
          else onCard(await value(api.contactsRead({ text: found.text })));
          return;
        }
        const { chosen } = await value(api.offerFiles(files));
        onCard(await value(api.contactsRead({ chosen })));
      });
    },
    [run, onCard],
  );
  usePastedPictures(fromFile);
  const fromText = (): void => {
    void work.run(async () => {
      onCard(await value(api.contactsRead({ text: text.trim() })));
    });
  };
  return (
    <>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {noCode === undefined ? null : (
        <Notice tone="warn" urgent title={t(`qr.${noCode}`)}>
          {t(`qr.${noCode}.more`)}
        </Notice>
      )}
      <DropZone title={t('contacts.read.drop')} button={t('contacts.read.choose')} onFiles={fromFile}>
        {t('contacts.read.file')}
      </DropZone>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          fromText();
        }}
      >
        <Field
          label={t('contacts.read.text')}
          value={text}
          lines={4}
          mono
          maxLength={longestCard}
          onChange={(next) => {
            setText(next);
            work.clear();
          }}
        />
        <div className="row">
          <Button type="submit" kind="primary" disabled={work.busy || text.trim() === ''}>
            {t('contacts.read.look')}
          </Button>
        </div>
      </form>
    </>
  );
}

function CardFacts({ card: { says, key, origin } }: { card: GivenCardView }) {
  const t = useText();
  return (
    <div className="panel">
      <Facts
        facts={[
          [t('contacts.says'), <strong key="says">{claimsText(t, says)}</strong>],
          [t('contacts.key'), <Hash key="key" value={key} />],
          [t('contacts.ledger'), origin],
        ]}
      />
    </div>
  );
}

/** For whom somebody may be taken. */
function Alike({ warnings }: { warnings: readonly string[] }) {
  const t = useText();
  return (
    <Notice tone="bad" urgent title={t('contacts.alike')}>
      <ul className="warnings">
        {warnings.map((warning) => (
          <li key={warning}>{said('', 'happened', warning)}</li>
        ))}
      </ul>
      {t('contacts.alike.more')}
    </Notice>
  );
}

/** Names a card that was looked at, and adds it. */
function NameCard({ card, onOther }: { card: GivenCardView; onOther: () => void }) {
  const t = useText();
  const work = useWork();
  const [name, setName] = useState('');
  const [warnings, setWarnings] = useState<readonly string[]>([]);
  const add = (isOther: boolean): void => {
    void work.run(async () => {
      const added = await value(api.contactsAdd({ link: card.link, name: name.trim(), isOther }));
      if (added.added) go(`contacts/${added.id}`);
      else setWarnings(added.warnings);
    });
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        add(false);
      }}
    >
      <CardFacts card={card} />
      <Field
        label={t('contacts.name')}
        hint={t('contacts.name.hint')}
        value={name}
        maxLength={longestName}
        autoFocus
        onChange={(next) => {
          setName(next);
          setWarnings([]);
          work.clear();
        }}
      />
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {warnings.length === 0 ? null : <Alike warnings={warnings} />}
      <div className="row">
        {warnings.length === 0 ? (
          <Button type="submit" kind="primary" disabled={work.busy || name.trim() === ''}>
            {t('contacts.add')}
          </Button>
        ) : (
          <Button
            disabled={work.busy}
            onClick={() => {
              add(true);
            }}
          >
            {t('contacts.alike.go')}
          </Button>
        )}
        <Button kind="plain" onClick={onOther}>
          {t('contacts.read.other')}
        </Button>
      </div>
    </form>
  );
}

/** @param given a card that came by a link. */
export function AddContact({ given }: { given: string }) {
  const t = useText();
  const [card, setCard] = useState<GivenCardView>();
  return (
    <div className="page one">
      <header>
        <div>
          <Back to="contacts">{t('contacts.back')}</Back>
          <h1>{t('contacts.add')}</h1>
          <p>{t('contacts.read.lead')}</p>
        </div>
      </header>
      {card === undefined ? (
        <TakeCard given={given} onCard={setCard} />
      ) : (
        <NameCard
          card={card}
          onOther={() => {
            setCard(undefined);
          }}
        />
      )}
    </div>
  );
}
