/** What needs the person: in order, with the step that helps. */
import type { ReactNode } from 'react';
import type { DeskState, IdentityView } from '../../../contract/state.ts';
import type { Failure } from '../../../contract/channel.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { NoIdentity } from '../../app/no-identity.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { unlock } from '../../app/unlock.ts';
import { useWork } from '../../app/use-work.ts';
import { said, useText } from '../../i18n/text.ts';
import { Button, Notice } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { JoinLedger } from '../start/join-ledger.tsx';

/** States of an identity out of which its words lead. */
const wordsHelp: readonly string[] = ['lost', 'locked-or-lost', 'changed', 'no-keychain'];
/** States out of which they lead in another profile only: the file of this one is no more what it was. */
const fileIsBad: readonly string[] = ['damaged', 'gone'];

function IdentityNeed({ identity }: { identity: IdentityView }) {
  const t = useText();
  const { state } = identity;
  if (state === 'open') return null;
  if (state === 'none') return <NoIdentity />;
  if (identity.failure !== undefined && state !== 'passphrase')
    return <KeeperNeed state={state} failure={identity.failure} />;
  return (
    <Notice tone="warn" title={t('home.unlock')}>
      {t('home.unlock.more')}
      <div className="row">
        <Button
          kind="primary"
          onClick={() => {
            unlock(identity);
          }}
        >
          {t('identity.unlock')}
        </Button>
      </div>
    </Notice>
  );
}

/** What stands in the way is the keychain or the sealed file: what happened, and each way out. */
function KeeperNeed({ state, failure }: { state: string; failure: Failure }) {
  const t = useText();
  const work = useWork();
  const { code, happened, means, next } = failure;
  const way = wordsHelp.includes(state) ? 'reopen' : fileIsBad.includes(state) ? 'restore' : undefined;
  return (
    <Notice tone={state === 'locked' ? 'warn' : 'bad'} title={said(code, 'happened', happened)}>
      {said(code, 'means', means)} {said(code, 'next', next)}
      <div className="row">
        <Button
          kind={way === undefined ? 'primary' : 'usual'}
          disabled={work.busy}
          onClick={() => void work.run(() => value(api.startUnlock({})))}
        >
          {t(work.busy ? 'home.again.busy' : 'home.again')}
        </Button>
        {way === undefined ? null : (
          <Button kind="primary" onClick={() => void api.shellOpenSecret({ purpose: way })}>
            {t(`home.words.${way}`)}
          </Button>
        )}
        <span role="status">{work.failure === undefined ? '' : t('home.again.same')}</span>
      </div>
    </Notice>
  );
}

/** Contacts whose keys need a look. */
function ContactNeeds({ needs, needing }: DeskState['contacts']) {
  const t = useText();
  return (
    <>
      {needs.map(({ id, name, state }) => (
        <Notice
          key={id}
          tone="bad"
          title={t(`contacts.title.${state}`, { name })}
          action={
            <Button
              onClick={() => {
                go(`contacts/${id}`);
              }}
            >
              {t('home.contact')}
            </Button>
          }
        >
          {t(`home.contact.${state}`)}
        </Notice>
      ))}
      {needing > needs.length ? (
        <Notice tone="bad" title={t('home.contact.more', { count: number(needing - needs.length) })} />
      ) : null}
    </>
  );
}

function FirstRecord() {
  const t = useText();
  return (
    <div className="panel hero">
      <h3>{t('home.first')}</h3>
      <p className="quiet">{t('home.first.more')}</p>
      <Button
        kind="primary"
        onClick={() => {
          go('notarize');
        }}
      >
        {t('home.first.go')}
      </Button>
    </div>
  );
}

/** All that needs the person now. */
function useNeeds(): readonly ReactNode[] {
  const t = useText();
  const profile = useDesk('profile');
  const ledger = useDesk('ledger');
  const { problem } = useDesk('sync');
  const { refused, broken } = useDesk('outbox');
  const { total } = useDesk('records');
  const contacts = useDesk('contacts');
  const { proven, open, origin = '' } = useDesk('alarms');
  const needs: ReactNode[] = [];
  if (proven + open > 0) {
    needs.push(
      <Notice
        key="alarm"
        tone="bad"
        title={t(proven > 0 ? 'home.alarm.proven' : 'home.alarm.open', { origin })}
      >
        {t('home.alarm.more')}
        <div className="row">
          <Button
            onClick={() => {
              go('sync/alarms');
            }}
          >
            {t('home.alarm.look')}
          </Button>
        </div>
      </Notice>,
    );
  }
  const look = (
    <Button
      onClick={() => {
        go('records/problem');
      }}
    >
      {t('home.look')}
    </Button>
  );
  if (broken > 0) {
    needs.push(
      <Notice key="broken" tone="bad" title={t('home.broken', { count: broken })} action={look}>
        {t('home.broken.more')}
      </Notice>,
    );
  }
  if (refused > 0)
    needs.push(
      <Notice key="refused" tone="bad" title={t('home.refused', { count: refused })} action={look} />,
    );
  if (contacts.needing > 0) needs.push(<ContactNeeds key="contacts" {...contacts} />);
  // With an alarm it would be said twice.
  if (problem !== undefined && (proven + open === 0 || problem.code === 'sync-unreachable'))
    needs.push(<FailureNotice key="sync" failure={problem} />);
  if (profile !== null && profile.identity.state !== 'open')
    needs.push(<IdentityNeed key="identity" identity={profile.identity} />);
  if (ledger === null) {
    needs.push(
      <div key="join" className="panel stack">
        <div>
          <h3>{t('join.title')}</h3>
          <p className="quiet">{t('join.lead')}</p>
        </div>
        <JoinLedger />
      </div>,
    );
  } else if (profile?.identity.canSign === true && total === 0) needs.push(<FirstRecord key="first" />);
  return needs;
}

export function Needs() {
  const t = useText();
  const needs = useNeeds();
  return (
    <section aria-labelledby="needs">
      <h2 id="needs">{t('home.needs')}</h2>
      {needs.length === 0 ? <p className="panel quiet">{t('home.needs.nothing')}</p> : needs}
    </section>
  );
}
