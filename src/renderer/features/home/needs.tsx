/** What needs the person: in order, with the step that helps. */
import type { ReactNode } from 'react';
import type { IdentityView } from '../../../contract/state.ts';
import { api } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { unlock } from '../../app/unlock.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Notice } from '../../ui/controls.tsx';
import { JoinLedger } from '../start/join-ledger.tsx';

/** States of an identity in which the keychain, not the person, is asked first. */
const lost: readonly string[] = ['lost', 'locked-or-lost', 'changed', 'gone', 'damaged', 'no-keychain'];

function IdentityNeed({ identity }: { identity: IdentityView }) {
  const t = useText();
  const { state } = identity;
  if (state === 'open') return null;
  if (state === 'none') {
    return (
      <Notice tone="calm" title={t('home.identity')}>
        {t('home.identity.more')}
        <div className="row">
          <Button kind="primary" onClick={() => void api.shellOpenSecret({ purpose: 'create' })}>
            {t('start.create')}
          </Button>
          <Button onClick={() => void api.shellOpenSecret({ purpose: 'restore' })}>
            {t('start.restore')}
          </Button>
        </div>
      </Notice>
    );
  }
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
        {lost.includes(state) ? (
          <Button onClick={() => void api.shellOpenSecret({ purpose: 'reopen' })}>{t('home.words')}</Button>
        ) : null}
      </div>
    </Notice>
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
  const needs: ReactNode[] = [];
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
  if (problem !== undefined) needs.push(<FailureNotice key="sync" failure={problem} />);
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
