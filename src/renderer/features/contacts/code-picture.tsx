/** A picture of the code on the other side's screen, held against one's own number. */
import { useCallback } from 'react';
import type { NumberView } from '../../../contract/channels/contacts.ts';
import { useText } from '../../i18n/text.ts';
import { Notice } from '../../ui/controls.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { type NoCode, readQr, usePastedPictures } from '../../ui/read-qr.ts';

/** What came of a picture of the code on the other side's screen. */
export type Seen = 'same' | 'differs' | NoCode;

/** Takes a picture of the code, and holds it against one's own number. */
export function CodePicture({ number: { qr }, seen, onSeen }: PictureProps) {
  const t = useText();
  const take = useCallback(
    (files: readonly File[]): void => {
      const [file] = files;
      if (file === undefined) return;
      void readQr(file).then((found) => {
        if (typeof found === 'string') onSeen(found);
        else onSeen(found.text.trim() === qr ? 'same' : 'differs');
      });
    },
    [qr, onSeen],
  );
  usePastedPictures(take);
  return (
    <>
      <DropZone compact title={t('contacts.picture.drop')} button={t('contacts.read.choose')} onFiles={take}>
        {t('contacts.picture.drop')}
      </DropZone>
      {seen === undefined ? null : <SeenNotice seen={seen} />}
    </>
  );
}

function SeenNotice({ seen }: { seen: Seen }) {
  const t = useText();
  if (seen === 'same' || seen === 'differs') {
    return (
      <Notice tone={seen === 'same' ? 'good' : 'bad'} urgent title={t(`contacts.picture.${seen}`)}>
        {t(`contacts.picture.${seen}.more`)}
      </Notice>
    );
  }
  return (
    <Notice tone="warn" urgent title={t(`qr.${seen}`)}>
      {t(`qr.${seen}.more`)}
    </Notice>
  );
}

interface PictureProps {
  readonly number: NumberView;
  readonly seen: Seen | undefined;
  readonly onSeen: (seen: Seen) => void;
}
