/** One alarm: what was seen, what it means, what to do, and the evidence to show, save and hand on. */
import { useState } from 'react';
import type { AlarmRow, EvidenceView } from '../../../contract/channels/alarms.ts';
import { api, value } from '../../api.ts';
import { Back } from '../../app/back.tsx';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { useWork } from '../../app/use-work.ts';
import { said, useText } from '../../i18n/text.ts';
import { Button, Facts, Hash, Notice } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { number as digits, size } from '../../ui/numbers.ts';
import { FullTime } from '../../ui/time.tsx';
import { AlarmState } from './alarms.tsx';

/** Going on although the operator was caught: asked for, with what it does. */
function Acknowledge({ alarm, onClose }: { alarm: AlarmRow; onClose: () => void }) {
  const t = useText();
  const work = useWork();
  const acknowledge = (): void => {
    void work
      .run(() => value(api.alarmsAcknowledge({ number: alarm.number })))
      .then((isDone) => {
        if (isDone) onClose();
      });
  };
  return (
    <Dialog
      title={t('alarms.acknowledge.title', { origin: alarm.origin })}
      onClose={onClose}
      ends={
        <>
          <Button disabled={work.busy} onClick={acknowledge}>
            {t('alarms.acknowledge.go')}
          </Button>
          <Button kind="primary" onClick={onClose}>
            {t('common.cancel')}
          </Button>
        </>
      }
    >
      <div className="stack">
        <p>{t(alarm.stops ? 'alarms.acknowledge.more' : 'alarms.acknowledge.seen')}</p>
        <p className="quiet">{t('alarms.acknowledge.stays')}</p>
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      </div>
    </Dialog>
  );
}

function EvidenceText({ evidence, onClose }: { evidence: EvidenceView; onClose: () => void }) {
  const t = useText();
  return (
    <Dialog
      title={t('alarms.evidence.title')}
      onClose={onClose}
      ends={<Button onClick={onClose}>{t('common.close')}</Button>}
    >
      <p className="quiet small">{t('alarms.evidence.about')}</p>
      <pre className="evidence" tabIndex={0} aria-label={t('alarms.evidence.title')}>
        {evidence.text}
      </pre>
      {evidence.isCut ? <p className="quiet small">{t('alarms.evidence.cut')}</p> : null}
    </Dialog>
  );
}

function Evidence({ alarm }: { alarm: AlarmRow }) {
  const t = useText();
  const work = useWork();
  const [evidence, setEvidence] = useState<EvidenceView>();
  const [saved, setSaved] = useState<string>();
  const { number, shows } = alarm;
  if (shows === undefined) {
    return (
      <section className="panel stack tight">
        <h2>{t('alarms.evidence')}</h2>
        <p>{t('alarms.evidence.none')}</p>
      </section>
    );
  }
  const { sentence, kind, bytes } = shows;
  return (
    <section className="panel stack tight">
      <h2>{t('alarms.evidence')}</h2>
      <p className="shows">{said('', 'happened', sentence)}</p>
      <p className="quiet">{t('alarms.evidence.more', { size: size(bytes), kind })}</p>
      <div className="row">
        <Button
          kind="primary"
          disabled={work.busy}
          onClick={() => {
            void work.run(async () => {
              setSaved((await value(api.alarmsSave({ number })))?.file);
            });
          }}
        >
          {t('alarms.evidence.save')}
        </Button>
        <Button
          disabled={work.busy}
          onClick={() => {
            void work.run(async () => {
              setEvidence(await value(api.alarmsEvidence({ number })));
            });
          }}
        >
          {t('alarms.evidence.show')}
        </Button>
      </div>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {saved === undefined ? null : (
        <Notice tone="good" title={t('alarms.evidence.saved', { file: saved })}>
          {t('alarms.evidence.check')}
        </Notice>
      )}
      {evidence === undefined ? null : (
        <EvidenceText
          evidence={evidence}
          onClose={() => {
            setEvidence(undefined);
          }}
        />
      )}
    </section>
  );
}

function Seen({ alarm }: { alarm: AlarmRow }) {
  const t = useText();
  const { origin, ledger, address, detail, first, last, times, code, acknowledged } = alarm;
  return (
    <section className="panel stack tight">
      <h2>{t('alarms.seen')}</h2>
      <Facts
        facts={[
          [t('alarms.first'), <FullTime key="first" seconds={first} />],
          ...(times > 1
            ? ([
                [t('alarms.last'), <FullTime key="last" seconds={last} />],
                [t('alarms.times'), digits(times)],
              ] as const)
            : []),
          ...(acknowledged === undefined
            ? []
            : ([
                [t('alarms.acknowledged'), <FullTime key="acknowledged" seconds={acknowledged} />],
              ] as const)),
          [
            t('alarms.where'),
            <span key="where" className="mono">
              {address}
            </span>,
          ],
          [t('alarms.met'), detail],
          [t('alarms.code'), <code key="code">{code}</code>],
          [t('alarms.ledger'), origin],
          [t('syncing.id'), <Hash key="id" value={ledger} />],
        ]}
      />
    </section>
  );
}

function Whole({ alarm, onChanged }: { alarm: AlarmRow; onChanged: () => void }) {
  const t = useText();
  const [isAsking, setAsking] = useState(false);
  const { code, happened, means, next, stops, acknowledged } = alarm;
  return (
    <>
      <Notice tone={acknowledged === undefined ? 'bad' : 'warn'} title={said(code, 'happened', happened)}>
        <p>{said(code, 'means', means)}</p>
        {stops ? <p>{t('alarms.stops')}</p> : null}
      </Notice>
      <section className="panel stack tight">
        <h2>{t('alarms.do')}</h2>
        <p>{said(code, 'next', next)}</p>
        {acknowledged === undefined ? (
          <div className="row">
            <Button
              onClick={() => {
                setAsking(true);
              }}
            >
              {t('alarms.acknowledge')}
            </Button>
          </div>
        ) : null}
      </section>
      <Evidence alarm={alarm} />
      <Seen alarm={alarm} />
      {isAsking ? (
        <Acknowledge
          alarm={alarm}
          onClose={() => {
            setAsking(false);
            onChanged();
          }}
        />
      ) : null}
    </>
  );
}

export function Alarm({ number }: { number: number }) {
  const t = useText();
  const counts = JSON.stringify(useDesk('alarms'));
  const {
    value: alarm,
    failure,
    again,
  } = useLoaded(`${number} ${counts}`, () => api.alarmsDetail({ number }));
  return (
    <div className="page one sync">
      <header>
        <div>
          <Back to="sync/alarms">{t('alarms.back')}</Back>
          <h1>{t('alarms.title', { number })}</h1>
        </div>
        {alarm === undefined ? null : <AlarmState alarm={alarm} />}
      </header>
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      {alarm === undefined ? null : <Whole alarm={alarm} onChanged={again} />}
    </div>
  );
}
