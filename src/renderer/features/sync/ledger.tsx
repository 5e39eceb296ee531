/** One ledger: how its copy stands, from where it is fetched, who watches, and what is held. */
import { RefreshCw, Square } from 'lucide-react';
import type { LedgerStanding, SyncView } from '../../../contract/state.ts';
import { api } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { said, type Text, useText } from '../../i18n/text.ts';
import { Button, Facts, Hash, Notice, Progress, Status } from '../../ui/controls.tsx';
import { duration, number } from '../../ui/numbers.ts';
import { FullTime, UtcTime } from '../../ui/time.tsx';
import { Addresses } from './addresses.tsx';
import { Mode } from './mode.tsx';

function Standing({ sync }: { sync: SyncView }) {
  const t = useText();
  if (sync.phase === 'running') return <Status tone="calm">{t('sync.running')}</Status>;
  if (sync.problem !== undefined) return <Status tone="bad">{t('sync.problem')}</Status>;
  if (sync.phase === 'stopped') return <Status tone="warn">{t('sync.stopped')}</Status>;
  if (sync.last === undefined) return <Status tone="calm">{t('syncing.never')}</Status>;
  return <Status tone="good">{t('sync.done')}</Status>;
}

function Running({ sync }: { sync: SyncView }) {
  const t = useText();
  const { what = 'headers', done = 0, of = 0, perSecond, secondsLeft } = sync;
  const rate = what === 'bodies' ? 'syncing.rate.messages' : 'syncing.rate.blocks';
  return (
    <div className="stack tight" role="status">
      <Progress label={t('sync.running')} done={done} of={of} />
      <p className="small quiet">
        {t(`syncing.phase.${what}`, { done: number(done), of: number(of) })}
        {perSecond === undefined ? '' : ` · ${t(rate, { rate: number(perSecond) })}`}
        {secondsLeft === undefined ? '' : ` · ${t('syncing.left', { time: duration(secondsLeft) })}`}
      </p>
    </div>
  );
}

/** What is held, as a sentence. */
function heldText(t: Text, { mode, size, filled, reach, own, tags }: LedgerStanding): string {
  const values = { size: number(size), filled: number(filled), reach: number(reach), own: number(own) };
  if (size === 0) return t('syncing.held.nothing');
  if (mode === 'full') return t(filled >= size ? 'syncing.held.full' : 'syncing.held.part', values);
  if (Math.max(reach, 1) < size) return t('syncing.held.follow-part', values);
  return t('syncing.held.follow', { ...values, tags: number(tags) });
}

function Held({ ledger, sync }: { ledger: LedgerStanding; sync: SyncView }) {
  const t = useText();
  const { size, sealed } = ledger;
  return (
    <section className="stack tight">
      <h3>{t('syncing.copy')}</h3>
      <p>{heldText(t, ledger)}</p>
      <Facts
        facts={[
          [
            t('syncing.last'),
            sync.last === undefined ? t('syncing.never') : <FullTime key="last" seconds={sync.last} />,
          ],
          ...(sealed === undefined
            ? []
            : ([
                [t('syncing.newest'), t('ledger.block', { height: number(size - 1) })],
                [t('syncing.sealed'), <UtcTime key="sealed" seconds={sealed} />],
              ] as const)),
          [t('syncing.id'), <Hash key="id" value={ledger.id} />],
          [t('syncing.joined'), <UtcTime key="joined" seconds={ledger.joined} />],
        ]}
      />
    </section>
  );
}

/** Who beside the operator says that all see the same record. */
function Witnesses({ ledger: { witnesses, quorum } }: { ledger: LedgerStanding }) {
  const t = useText();
  return (
    <section className="stack tight">
      <h3>{t('syncing.witnesses')}</h3>
      {witnesses.length === 0 ? (
        <p className="quiet">{t('syncing.witnesses.none')}</p>
      ) : (
        <>
          <p className="quiet">
            {quorum === undefined
              ? t('syncing.witnesses.unasked')
              : t('syncing.witnesses.quorum', { quorum })}
          </p>
          <ul className="plain">
            {witnesses.map(({ name, key }) => (
              <li key={key}>
                <strong>{name}</strong> <span className="hash quiet">{key}</span>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  );
}

export function Ledger({ ledger }: { ledger: LedgerStanding }) {
  const t = useText();
  const sync = useDesk('syncs')[ledger.id] ?? { phase: 'idle' };
  const isRunning = sync.phase === 'running';
  const { skipped = [] } = sync;
  return (
    <article className="panel ledger" aria-labelledby={`ledger-${ledger.id}`}>
      <header>
        <div>
          <h2 id={`ledger-${ledger.id}`}>{ledger.origin}</h2>
          <Standing sync={sync} />
        </div>
        <Button
          kind={isRunning ? 'usual' : 'primary'}
          icon={isRunning ? Square : RefreshCw}
          onClick={() => {
            void (isRunning ? api.syncStop({}) : api.syncStart({}));
          }}
        >
          {t(isRunning ? 'sync.stop' : 'sync.now')}
        </Button>
      </header>
      {isRunning ? <Running sync={sync} /> : null}
      {sync.problem === undefined ? null : <FailureNotice failure={sync.problem} />}
      {skipped.map(({ address, problem }) => (
        <Notice key={address} tone="warn" title={t('syncing.skipped', { address })}>
          {said(problem.code, 'happened', problem.happened)}
        </Notice>
      ))}
      <div className="halves">
        <div className="stack wide-gap">
          <Held ledger={ledger} sync={sync} />
          <Mode ledger={ledger} />
        </div>
        <div className="stack wide-gap">
          <Addresses ledger={ledger} />
          <Witnesses ledger={ledger} />
        </div>
      </div>
    </article>
  );
}
