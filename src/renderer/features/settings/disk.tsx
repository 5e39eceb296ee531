/** What the profile takes on the disk, and what of it may be removed. */
import { useState } from 'react';
import type { FileView } from '../../../contract/channels/settings.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { size } from '../../ui/numbers.ts';
import { Section } from './section.tsx';

const removable: readonly FileView['what'][] = ['damaged', 'older'];

function Remove({ file, onDone }: { file: FileView; onDone: () => void }) {
  const t = useText();
  const work = useWork();
  const remove = (): void => {
    void work
      .run(() => value(api.settingsRemove({ name: file.name })))
      .then((isDone) => {
        if (isDone) onDone();
      });
  };
  return (
    <Dialog
      title={t('settings.disk.remove.title')}
      onClose={onDone}
      ends={
        <>
          <Button disabled={work.busy} onClick={remove}>
            {t('settings.disk.remove.go')}
          </Button>
          <Button kind="primary" onClick={onDone}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t(`settings.disk.remove.${file.what}`)}</p>
        <p className="mono">{file.name}</p>
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      </div>
    </Dialog>
  );
}

export function Disk() {
  const t = useText();
  const [file, setFile] = useState<FileView>();
  const ledgers = JSON.stringify(useDesk('ledgers').map(({ size: blocks }) => blocks));
  const { value: disk, failure, again } = useLoaded(ledgers, () => api.settingsDisk({}));
  return (
    <Section title="settings.disk.title" about="settings.disk.about">
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      {disk === undefined ? null : (
        <>
          <p>
            {t('settings.disk.total', { size: size(disk.files.reduce((sum, { bytes }) => sum + bytes, 0)) })}{' '}
            {disk.free === undefined ? null : t('settings.disk.free', { size: size(disk.free) })}
          </p>
          <ul className="rows">
            {disk.files.map((one) => (
              <li key={one.name}>
                <span className="grow">
                  <span className="mono">{one.name}</span>
                  <span className="quiet small block">{t(`settings.disk.what.${one.what}`)}</span>
                </span>
                <span className="nowrap">{size(one.bytes)}</span>
                {removable.includes(one.what) ? (
                  <Button
                    onClick={() => {
                      setFile(one);
                    }}
                  >
                    {t('settings.disk.remove')}
                  </Button>
                ) : null}
              </li>
            ))}
          </ul>
          <p className="quiet small mono">{disk.folder}</p>
        </>
      )}
      {file === undefined ? null : (
        <Remove
          file={file}
          onDone={() => {
            setFile(undefined);
            again();
          }}
        />
      )}
    </Section>
  );
}
