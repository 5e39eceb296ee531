/** The doctor: whether the profile is in order, in sentences; a damaged copy of the record is made anew. */
import { CircleAlert, CircleCheck, Info, type LucideIcon, Wrench } from 'lucide-react';
import { useState } from 'react';
import type { DoctorView, FindingView } from '../../../contract/state.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useWork } from '../../app/use-work.ts';
import { said, useText } from '../../i18n/text.ts';
import { Button, Notice, Progress } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { duration, number } from '../../ui/numbers.ts';
import { FullTime } from '../../ui/time.tsx';

const icons: Readonly<Record<FindingView['state'], LucideIcon>> = {
  ok: CircleCheck,
  note: Info,
  bad: CircleAlert,
  repaired: Wrench,
};

function Finding({ finding }: { finding: FindingView }) {
  const t = useText();
  const { state, about, sentence, code = '', detail, next } = finding;
  const Icon = icons[state];
  return (
    <li className={`finding ${state}`}>
      <Icon size={17} aria-hidden />
      <div>
        <div>
          <span className="state">{t(`doctor.state.${state}`)}</span> <strong>{about}</strong>
        </div>
        <div>{said('', 'happened', sentence)}</div>
        {detail === undefined ? null : <div className="quiet small">{t('common.detail', { detail })}</div>}
        {next === undefined || state === 'ok' ? null : (
          <div>
            <span className="quiet">{t('doctor.next')}</span> {said(code, 'next', next)}
          </div>
        )}
      </div>
    </li>
  );
}

function Under({ doctor: { look, progress } }: { doctor: DoctorView }) {
  const t = useText();
  const { what, done = 0, of = 0, perSecond, secondsLeft } = progress ?? {};
  return (
    <div className="panel stack tight" role="status">
      <strong>{t(`doctor.running.${look}`)}</strong>
      <Progress label={t(`doctor.running.${look}`)} done={done} of={of} />
      <div className="row between">
        <span className="small quiet">
          {what === undefined ? '' : t(`doctor.progress.${what}`, { done: number(done), of: number(of) })}
          {perSecond === undefined ? '' : ` · ${t('doctor.rate', { rate: number(perSecond) })}`}
          {secondsLeft === undefined ? '' : ` · ${t('syncing.left', { time: duration(secondsLeft) })}`}
        </span>
        {look === 'quick' ? null : (
          <Button onClick={() => void api.doctorStop({})}>{t('common.cancel')}</Button>
        )}
      </div>
    </div>
  );
}

/** What came out, in one sentence. */
function Outcome({ doctor }: { doctor: DoctorView }) {
  const t = useText();
  const { phase, findings, problem } = doctor;
  if (phase === 'running') return null;
  if (problem !== undefined) return <FailureNotice failure={problem} />;
  const count = (state: FindingView['state']): number => findings.filter((one) => one.state === state).length;
  const bad = count('bad');
  if (phase === 'stopped') return <Notice tone="warn" title={t('doctor.stopped')} />;
  if (bad > 0)
    return (
      <Notice tone="bad" urgent title={t(bad === 1 ? 'doctor.bad.one' : 'doctor.bad', { count: bad })} />
    );
  return <Notice tone="good" title={t(count('repaired') > 0 ? 'doctor.repaired' : 'doctor.good')} />;
}

/** Making the copy anew: said before it is done. */
function Repair() {
  const t = useText();
  const work = useWork();
  const [isAsking, setAsking] = useState(false);
  const close = (): void => {
    setAsking(false);
  };
  const repair = (): void => {
    close();
    void work.run(() => value(api.doctorRepair({})));
  };
  return (
    <>
      <Notice
        tone="warn"
        title={t('doctor.repair')}
        action={
          <Button
            kind="primary"
            onClick={() => {
              setAsking(true);
            }}
          >
            {t('doctor.repair.go')}
          </Button>
        }
      >
        {t('doctor.repair.more')}
      </Notice>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {isAsking ? (
        <Dialog
          title={t('doctor.repair.title')}
          onClose={close}
          ends={
            <>
              <Button onClick={close}>{t('common.cancel')}</Button>
              <Button kind="primary" onClick={repair}>
                {t('doctor.repair.yes')}
              </Button>
            </>
          }
        >
          <p>{t('doctor.repair.how')}</p>
        </Dialog>
      ) : null}
    </>
  );
}

/** While a copy is made anew nothing else can be shown of the profile. */
export function Repairing({ doctor }: { doctor: DoctorView }) {
  const t = useText();
  return (
    <div className="page one sync">
      <header>
        <div>
          <h1>{t('doctor.repairing')}</h1>
          <p>{t('doctor.repairing.more')}</p>
        </div>
      </header>
      <Under doctor={doctor} />
    </div>
  );
}

export function Doctor() {
  const t = useText();
  const doctor = useDesk('doctor');
  const work = useWork();
  const isRunning = doctor?.phase === 'running';
  const look = (deep: boolean): void => {
    void work.run(() => value(api.doctorStart({ deep })));
  };
  return (
    <>
      <div className="looks">
        {([false, true] as const).map((deep) => {
          const name = deep ? 'deep' : 'quick';
          return (
            <section key={name} className="panel stack tight">
              <h2>{t(`doctor.look.${name}`)}</h2>
              <p className="quiet grow">{t(`doctor.about.${name}`)}</p>
              <div className="row">
                <Button
                  kind={deep ? 'usual' : 'primary'}
                  disabled={isRunning || work.busy}
                  onClick={() => {
                    look(deep);
                  }}
                >
                  {t(`doctor.go.${name}`)}
                </Button>
              </div>
            </section>
          );
        })}
      </div>
      {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
      {doctor === null ? null : (
        <section className="stack" aria-labelledby="findings">
          <div className="row between">
            <h2 id="findings">{t(`doctor.title.${doctor.look}`)}</h2>
            <span className="quiet small">
              <FullTime seconds={doctor.began} />
            </span>
          </div>
          {isRunning ? <Under doctor={doctor} /> : <Outcome doctor={doctor} />}
          {doctor.canRepair && !isRunning ? <Repair /> : null}
          <ul className="findings">
            {doctor.findings.map((finding, i) => (
              <Finding key={`${i} ${finding.about}`} finding={finding} />
            ))}
          </ul>
        </section>
      )}
    </>
  );
}
