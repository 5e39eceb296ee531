/** Work on files: how far it is, a way to stop it, and one table of what became of each. */
import { useCallback, useState } from 'react';
import type { JobView } from '../../../contract/state.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Notice, Progress } from '../../ui/controls.tsx';
import { duration, number } from '../../ui/numbers.ts';
import { RecordTable } from '../records/table.tsx';

const columns = ['name', 'size', 'state', 'height', 'sealed'] as const;

/** The most receipts of one job that are asked for at a time. */
const pageLimit = 200;

async function idsOf(count: number): Promise<string[]> {
  const ids: string[] = [];
  for (let offset = 0; offset < count; offset += pageLimit) {
    const { rows } = await value(api.notarizePage({ offset, limit: pageLimit }));
    ids.push(...rows.map(({ id }) => id));
  }
  return [...new Set(ids)];
}

function Figures({ job }: { job: JobView }) {
  const t = useText();
  const of = number(job.files);
  const { perSecond: rate, secondsLeft: left } = job;
  return (
    <div className="figures quiet">
      <span>{t('notarize.count.signed', { done: number(job.signed), of })}</span>
      <span>{t('notarize.count.sent', { done: number(job.sent), of })}</span>
      <span>{t('notarize.count.block', { done: number(job.inBlock), of })}</span>
      {job.phase === 'signing' && rate !== undefined && left !== undefined ? (
        <span>{t('notarize.rate', { rate: number(rate), left: duration(left) })}</span>
      ) : null}
    </div>
  );
}

function useReceipts(job: JobView) {
  const work = useWork();
  const [saved, setSaved] = useState<{ readonly folder: string; readonly count: number }>();
  const save = (): void => {
    void work.run(async () => {
      const ids = await idsOf(job.signed);
      setSaved((await value(api.recordsSave({ ids }))) ?? undefined);
    });
  };
  return { work, saved, save };
}

export function JobProgress({ job, onNext }: { job: JobView; onNext: () => void }) {
  const t = useText();
  const { work, saved, save } = useReceipts(job);
  const isOver = job.phase !== 'signing' && job.phase !== 'sending';
  const isRecorded = job.phase === 'done' && job.inBlock === job.files;
  const page = useCallback((offset: number, limit: number) => value(api.notarizePage({ offset, limit })), []);
  const done = isRecorded ? job.files * 2 : job.signed + job.sent;
  return (
    <>
      <section className="job" aria-live="polite">
        <div className="headline">
          <h2>{t(`notarize.phase.${isRecorded ? 'recorded' : job.phase}`)}</h2>
          <div className="row">
            {isOver ? (
              <>
                <Button onClick={save} disabled={work.busy || job.signed === 0}>
                  {t('notarize.receipts')}
                </Button>
                <Button kind="primary" onClick={onNext}>
                  {t('notarize.next')}
                </Button>
              </>
            ) : (
              <Button onClick={() => void api.notarizeStop({})}>{t('notarize.stop')}</Button>
            )}
          </div>
        </div>
        <Progress label={t(`notarize.phase.${job.phase}`)} done={done} of={job.files * 2} />
        <Figures job={job} />
        {job.problem === undefined ? null : <FailureNotice failure={job.problem} />}
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
        {saved === undefined ? null : (
          <Notice
            tone="good"
            title={t('notarize.saved', { count: number(saved.count), folder: saved.folder })}
          />
        )}
      </section>
      <RecordTable
        load={page}
        version={`${job.id} ${job.phase} ${job.signed} ${job.inBlock}`}
        columns={columns}
      />
    </>
  );
}
