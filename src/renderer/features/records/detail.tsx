/** One record: the verdict as a sentence, facts, the proof as a picture, raw bytes, and the receipt. */
import { FileText, Printer, Save, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import type { RecordDetail } from '../../../contract/channels/records.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useLoaded } from '../../app/use-loaded.ts';
import { useWork } from '../../app/use-work.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { Button, Facts, Hash, Notice } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { hexLines } from '../../ui/hex.ts';
import { number, size } from '../../ui/numbers.ts';
import { FullTime, utcLong } from '../../ui/time.tsx';
import { Proof } from '../../ui/proof.tsx';
import { History } from './history.tsx';
import { RecordStatus } from './table.tsx';

/** How a record stands, as a sentence. */
function sentence(t: Text, record: RecordDetail): string {
  const { state, height = 0, sealed = 0, position = 0, promisedBy = 0 } = record;
  const time = utcLong(state === 'accepted' ? promisedBy : sealed);
  return t(`records.verdict.${state}`, { height: number(height), time, message: number(position + 1) });
}

function RecordFacts({ record }: { record: RecordDetail }) {
  const t = useText();
  const { sealed, matter, client, reference, problem } = record;
  return (
    <section aria-labelledby="facts">
      <h3 id="facts">{t('records.facts')}</h3>
      <Facts
        facts={[
          ...(matter === undefined ? [] : [[t('table.matter'), matter] as const]),
          ...(client === undefined ? [] : [[t('table.client'), client] as const]),
          ...(reference === undefined ? [] : [[t('table.reference'), reference] as const]),
          ...(problem === undefined ? [] : [[t('records.problem'), problem] as const]),
          [t('records.hash'), <Hash key="hash" value={record.hash} />],
          [t('records.size'), `${size(record.size)}, ${t(`method.${record.method}`)}`],
          [t('records.path'), record.path],
          [t('records.signed'), <FullTime key="time" seconds={record.time} />],
          ...(sealed === undefined
            ? []
            : [[t('records.sealed'), <FullTime key="sealed" seconds={sealed} />] as const]),
          [t('records.message'), <Hash key="message" value={record.id} />],
          [t('records.sender'), <Hash key="sender" value={record.sender} />],
          [t('records.ledger'), record.origin],
          [t('records.ledgerid'), <Hash key="ledger" value={record.ledger} />],
        ]}
      />
    </section>
  );
}

function Receipt({ id, onClose }: { id: string; onClose: () => void }) {
  const t = useText();
  const work = useWork();
  const [page, setPage] = useState('');
  const [saved, setSaved] = useState<string>();
  const { run } = work;
  useEffect(() => {
    void run(async () => {
      setPage((await value(api.recordsReceipt({ id }))).page);
    });
  }, [id, run]);
  const save = (): void => {
    void run(async () => {
      setSaved((await value(api.recordsSave({ ids: [id] })))?.folder);
    });
  };
  const ends = (
    <>
      <Button onClick={onClose}>{t('common.close')}</Button>
      <Button icon={Save} onClick={save}>
        {t('records.save')}
      </Button>
      <Button
        kind="primary"
        icon={Printer}
        onClick={() => {
          print();
        }}
      >
        {t('records.print')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('records.receipt')} onClose={onClose} ends={ends}>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {saved === undefined ? null : <Notice tone="good" title={t('records.saved', { folder: saved })} />}
      <pre className="receipt">{page}</pre>
    </Dialog>
  );
}

/** Prints the record that is in sight, with everything that can be opened in it. */
function printPage(): void {
  for (const part of document.querySelectorAll<HTMLDetailsElement>('.detail details')) part.open = true;
  print();
}

interface DetailProps {
  readonly id: string;
  /** When it changes, the record is read again. */
  readonly version: number;
  readonly onClose: () => void;
}

export function Detail({ id, version, onClose }: DetailProps) {
  const t = useText();
  const { value: record, failure } = useLoaded(`${id} ${version}`, () => api.recordsDetail({ id }));
  const [isReceipt, setReceipt] = useState(false);
  return (
    <aside
      className="detail"
      aria-label={t('records.detail')}
      tabIndex={0}
      onKeyDown={({ key }) => {
        if (key === 'Escape' && !isReceipt) onClose();
      }}
    >
      <div className="top">
        <h2>{record?.name ?? t('common.loading')}</h2>
        <Button kind="plain" icon={X} aria-label={t('records.close')} onClick={onClose} />
      </div>
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      {record === undefined ? null : (
        <>
          <section>
            <RecordStatus state={record.state} />
            <p className="sentence">{sentence(t, record)}</p>
            <div className="row no-print">
              <Button
                icon={FileText}
                onClick={() => {
                  setReceipt(true);
                }}
              >
                {t('records.receipt')}
              </Button>
              <Button icon={Printer} onClick={printPage}>
                {t('records.page.print')}
              </Button>
            </div>
          </section>
          <History record={record} />
          {record.proof === undefined ? null : <Proof proof={record.proof} />}
          <RecordFacts record={record} />
          <details>
            <summary>{t('records.raw', { size: size(record.raw.length) })}</summary>
            <pre className="raw" tabIndex={0}>
              {hexLines(record.raw)}
            </pre>
          </details>
        </>
      )}
      {isReceipt ? (
        <Receipt
          id={id}
          onClose={() => {
            setReceipt(false);
          }}
        />
      ) : null}
    </aside>
  );
}
