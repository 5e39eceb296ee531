/** Notarize: files in, labels, what becomes public, then one table with progress. */
import { useState } from 'react';
import type { ChosenView } from '../../../contract/channels/records.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Notice } from '../../ui/controls.tsx';
import { DropZone } from '../../ui/drop-zone.tsx';
import { NotarizeForm } from './form.tsx';
import { JobProgress } from './job.tsx';
import './notarize.css';

/** Why nothing can be recorded now, as the key of a text; undefined when it can. */
function useObstacle(): string | undefined {
  const profile = useDesk('profile');
  const ledger = useDesk('ledger');
  if (ledger === null) return 'notarize.noledger';
  if (profile?.identity.state !== 'open') return 'notarize.locked';
  return profile.identity.canSign ? undefined : 'notarize.watching';
}

export function Notarize() {
  const t = useText();
  const job = useDesk('job');
  const obstacle = useObstacle();
  const work = useWork();
  const [chosen, setChosen] = useState<ChosenView>();
  /** The job that was looked at and put away. */
  const [past, setPast] = useState(0);
  const offer = (files: readonly File[]): void => {
    void work.run(async () => {
      setChosen(await value(api.offerFiles(files)));
    });
  };
  const isWorking = job !== null && job.id !== past;
  return (
    <div className={isWorking ? 'page fill' : 'page'}>
      <header>
        <div>
          <h1>{t('notarize.title')}</h1>
          <p>{t('notarize.lead')}</p>
        </div>
      </header>
      {obstacle === undefined ? null : <Notice tone="warn" title={t(obstacle)} />}
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {isWorking ? (
        <JobProgress
          job={job}
          onNext={() => {
            setPast(job.id);
            setChosen(undefined);
          }}
        />
      ) : chosen === undefined || chosen.count === 0 ? (
        <>
          {chosen === undefined ? null : <Notice tone="warn" title={t('notarize.nothing')} />}
          <DropZone title={t('notarize.drop')} button={t('notarize.choose')} onFiles={offer}>
            {t('notarize.drop.more')}
          </DropZone>
        </>
      ) : (
        <NotarizeForm
          chosen={chosen}
          canStart={obstacle === undefined}
          onOther={() => {
            setChosen(undefined);
          }}
        />
      )}
    </div>
  );
}
