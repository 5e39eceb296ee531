/** What was opened to this person: by a file, or sent to their key; held against the copy of the record. */
import { FolderOpen } from 'lucide-react';
import { useState } from 'react';
import type { GrantMessageView, GrantPartView, GrantView } from '../../../contract/channels/disclosure.ts';
import { api, value } from '../../api.ts';
import { Back } from '../../app/back.tsx';
import { FailureNotice } from '../../app/failure.tsx';
import { useWork } from '../../app/use-work.ts';
import { useText } from '../../i18n/text.ts';
import { Notice, ShortHash, Status } from '../../ui/controls.tsx';
import { FileButton } from '../../ui/file-button.tsx';
import { number } from '../../ui/numbers.ts';
import { UtcTime } from '../../ui/time.tsx';
import { Disclosed } from './disclose.tsx';
import { peopleNames, personName } from './people.tsx';
import { Why } from './public.tsx';
import { useChannels } from './use-channels.ts';

function Part({ part: { channel, part = 0, members, more, problem } }: { part: GrantPartView }) {
  const t = useText();
  return (
    <li className="member">
      <div>
        {t('channels.grant.part', { part: number(part) })} <ShortHash value={channel} />
      </div>
      {problem === undefined ? (
        <span className="small">
          {t(more === 0 ? 'channels.grant.members' : 'channels.grant.members.more', {
            names: peopleNames(t, members),
            count: number(more),
          })}
        </span>
      ) : (
        <Status tone="bad">
          <Why why={problem} />
        </Status>
      )}
    </li>
  );
}

function Message({ message }: { message: GrantMessageView }) {
  const t = useText();
  const { problem, standing, height, position } = message;
  return (
    <li className="entry granted">
      <div className="by">
        {problem === undefined ? (
          <Status tone="good">{t('channels.grant.opened')}</Status>
        ) : (
          <Status tone="bad">{t('channels.grant.refused')}</Status>
        )}
        <span className="quiet small">
          {t('channels.grant.place', { block: number(height), position: number(position + 1) })}
        </span>
      </div>
      <div className="what">
        {problem === undefined ? <Disclosed message={message} /> : <Why why={problem} />}
        {standing === 'current' ? null : (
          <p className="small">
            <Status tone="warn">{t(`channels.grant.${standing}`)}</Status>
          </p>
        )}
      </div>
    </li>
  );
}

function Verdict({ grant: { total, closed, absent, closedParts } }: { grant: GrantView }) {
  const t = useText();
  const values = { count: number(total), closed: number(closed + closedParts), absent: number(absent) };
  if (closed + closedParts > 0) {
    return <Notice tone="bad" title={t('channels.grant.bad', values)} />;
  }
  if (absent > 0) {
    return (
      <Notice tone="warn" title={t('channels.grant.absent', values)}>
        {t('channels.grant.absent.more')}
      </Notice>
    );
  }
  return (
    <Notice tone="good" title={t(total === 1 ? 'channels.grant.good.one' : 'channels.grant.good', values)}>
      {t('channels.grant.good.more')}
    </Notice>
  );
}

function Opened({ grant }: { grant: GrantView }) {
  const t = useText();
  const { scope, transaction, parts, allParts, messages, total } = grant;
  return (
    <section className="stack" aria-labelledby="grant">
      <h2 id="grant">{t('channels.grant.of', { scope: t(`channels.scope.${scope}`) })}</h2>
      <p className="quiet small">
        {t('channels.transaction.title')} <ShortHash value={transaction} />
      </p>
      <Verdict grant={grant} />
      {messages.some(({ isAlone }) => isAlone) ? <p className="small">{t('channels.grant.alone')}</p> : null}
      {parts.length === 0 ? null : (
        <ul className="people">
          {parts.map((part, index) => (
            <Part key={`${part.channel} ${index}`} part={part} />
          ))}
          {allParts > parts.length ? (
            <li className="quiet small">{t('channels.more', { count: number(allParts - parts.length) })}</li>
          ) : null}
        </ul>
      )}
      <ol className="conversation" aria-label={t('channels.opens.label')}>
        {messages.map((message) => (
          <Message key={message.id} message={message} />
        ))}
      </ol>
      {total > messages.length ? (
        <p className="quiet small">{t('channels.more', { count: number(total - messages.length) })}</p>
      ) : null}
    </section>
  );
}

/** What was sent to this identity over the record. */
function Received({ onOpen }: { onOpen: (message: string) => void }) {
  const t = useText();
  const { value: found, failure } = useChannels('grants', () => api.grantsList({}));
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (found === undefined || found.length === 0) return <p className="quiet">{t('channels.grants.none')}</p>;
  return (
    <ul className="people">
      {found.map(({ id, from, time, scope, problem }) => (
        <li key={id}>
          <button
            type="button"
            disabled={problem !== undefined}
            onClick={() => {
              onOpen(id);
            }}
          >
            <span className="who">
              <bdi className="name">{personName(t, from)}</bdi>
              <span className="quiet small">
                <UtcTime seconds={time} />
              </span>
            </span>
            {problem === undefined ? t(`channels.scope.${scope ?? ''}`) : <Why why={problem} />}
          </button>
        </li>
      ))}
    </ul>
  );
}

/** Where a disclosure comes from: the message that brought it, or a file that was chosen. */
type Source = { readonly message: string } | { readonly chosen: number };

/** What a disclosure opens, held against the record once more whenever the copy of it grew. */
function FromSource({ source }: { source: Source }) {
  const { value: grant, failure } = useChannels('grant', () => api.grantsOpen(source));
  return (
    <>
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      <div aria-live="polite">{grant === undefined ? null : <Opened grant={grant} />}</div>
    </>
  );
}

export function Grants() {
  const t = useText();
  const work = useWork();
  const [source, setSource] = useState<Source>();
  // Each opening begins anew, also of what is open by now.
  const [opening, setOpening] = useState(0);
  const open = (from: Source): void => {
    setSource(from);
    setOpening((before) => before + 1);
  };
  return (
    <div className="page">
      <header>
        <div>
          <Back to="channels">{t('channels.back')}</Back>
          <h1>{t('channels.grants')}</h1>
          <p>{t('channels.grants.lead')}</p>
        </div>
      </header>
      <div className="stack">
        <div className="row">
          <FileButton
            icon={FolderOpen}
            disabled={work.busy}
            onFiles={(files) => {
              void work.run(async () => {
                const { chosen } = await value(api.offerFiles(files));
                open({ chosen });
              });
            }}
          >
            {t('channels.grants.file')}
          </FileButton>
        </div>
        <Received
          onOpen={(message) => {
            open({ message });
          }}
        />
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
        {source === undefined ? null : <FromSource key={opening} source={source} />}
      </div>
    </div>
  );
}
