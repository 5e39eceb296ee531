/** One entry of a conversation, in its place on the record. */
import type { ReactNode } from 'react';
import type { ContentView, EntryView, WaitingView } from '../../../contract/channels/channels.ts';
import { said, useText } from '../../i18n/text.ts';
import { ShortHash, Status } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { Time } from '../../ui/time.tsx';
import { Author, peopleNames } from './people.tsx';
import { Why } from './public.tsx';

interface EntryProps {
  readonly entry: EntryView;
  /** What can be done with the document that it brings. */
  readonly more: ReactNode;
  /** What can be done with a message. */
  readonly acts: ReactNode;
}

/** What was said. */
export function Content({ content, more }: { content: ContentView; more: ReactNode }) {
  const t = useText();
  switch (content.kind) {
    case 'text':
      return (
        <>
          <p className="text" dir="auto">
            {content.text}
          </p>
          {content.isCut ? <p className="quiet small">{t('channels.cut')}</p> : null}
        </>
      );
    case 'joined':
    case 'leave':
      return <p className="event">{t(`channels.said.${content.kind}`)}</p>;
    case 'remove':
      return <p className="event">{t('channels.said.remove', { names: peopleNames(t, content.people) })}</p>;
    case 'read':
      return <p className="event">{t('channels.said.read', { count: number(content.messages) })}</p>;
    case 'document':
      return (
        <div className="row">
          <p className="event">
            {t('channels.said.document', {
              name: content.name,
              bytes: number(content.size),
              media: content.media,
            })}
          </p>
          {more}
        </div>
      );
    case 'disclosed':
      return (
        <p className="event">
          {t(content.to === undefined ? 'channels.said.disclosed.file' : 'channels.said.disclosed.key', {
            scope: t(`channels.scope.${content.scope}`),
            key: (content.to ?? '').slice(0, 12),
          })}
        </p>
      );
    case 'unknown':
      return <p className="event">{t('channels.said.unknown', { type: content.type })}</p>;
    case 'problem':
      return (
        <p className="event">
          <Why why={content.why} />
        </p>
      );
  }
}

/** That a message stands beside the part of the conversation that it was sealed for. */
function Beside({ entry }: { entry: Extract<EntryView, { readonly kind: 'message' }> }) {
  const t = useText();
  const { standing, readableBy } = entry;
  if (standing === 'current') return null;
  const names = readableBy.length > 0 ? peopleNames(t, readableBy) : t('channels.removed.people');
  return (
    <p className="small">
      <Status tone="warn">{t(`channels.beside.${standing}`, { names })}</Status>
    </p>
  );
}

function Changed({ entry }: { entry: Extract<EntryView, { readonly kind: 'members' }> }) {
  const t = useText();
  const { added, removed, members, part, author } = entry;
  if (entry.void !== undefined) {
    return (
      <p className="event">
        {t('channels.change.void')} <Why why={entry.void} />
      </p>
    );
  }
  const others = added.filter(({ key }) => key !== author.key);
  const size = t(members === 1 ? 'channels.members.one' : 'channels.members', { count: number(members) });
  const founded = others.length === 0 ? 'channels.founded' : 'channels.founded.with';
  const parts = [
    part === 1 ? t(founded, { names: peopleNames(t, others) }) : t('channels.change', { size }),
    part !== 1 && added.length > 0 ? t('channels.came', { names: peopleNames(t, added) }) : '',
    removed.length > 0 ? t('channels.went', { names: peopleNames(t, removed) }) : '',
  ];
  return <p className="event">{parts.filter((one) => one !== '').join(' ')}</p>;
}

function Body({ entry, more }: Omit<EntryProps, 'acts'>) {
  const t = useText();
  switch (entry.kind) {
    case 'message':
      return (
        <>
          <Content content={entry.content} more={more} />
          <Beside entry={entry} />
        </>
      );
    case 'slot':
      return (
        <div className="slot">
          <p>
            {t('channels.slot', { bytes: number(entry.size) })} <ShortHash value={entry.hash} />
          </p>
          <p className="small">
            <Why why={entry.why} />
          </p>
        </div>
      );
    case 'members':
      return <Changed entry={entry} />;
    case 'notice':
      return (
        <p className="event">
          {t('channels.notice')} <ShortHash value={entry.about} />
        </p>
      );
  }
}

export function Entry({ entry, more, acts }: EntryProps) {
  const t = useText();
  const { author, sealed, height } = entry;
  return (
    <li className={`entry of-${entry.kind}`}>
      <div className="by">
        <Author person={author} />
        <span className="quiet small" title={t('channels.place', { block: number(height) })}>
          <Time seconds={sealed} />
        </span>
      </div>
      <div className="what">
        <Body entry={entry} more={more} />
        {entry.more === undefined ? null : (
          <p className="quiet small">{t('channels.people.more', { count: number(entry.more) })}</p>
        )}
      </div>
      {entry.kind === 'message' ? acts : null}
    </li>
  );
}

const tones = {
  draft: 'warn',
  queued: 'warn',
  accepted: 'calm',
  'in-block': 'good',
  refused: 'bad',
  broken: 'bad',
} as const;

/** Something that waits to be said, and how far it is. */
export function Waiting({ waiting, onDiscard }: { waiting: WaitingView; onDiscard: React.ReactNode }) {
  const t = useText();
  const { what, state, text, problem } = waiting;
  return (
    <li className="entry waiting">
      <div className="by">
        <span className="name me">{t('channels.you')}</span>
        <Status tone={problem === undefined ? tones[state] : 'bad'}>
          {t(problem === undefined ? `channels.state.${state}` : 'channels.state.stuck')}
        </Status>
      </div>
      <div className="what">
        {text === undefined ? (
          <p className="event">{t(`channels.waits.${what}`)}</p>
        ) : (
          <p className="text" dir="auto">
            {text}
          </p>
        )}
        {problem === undefined ? null : (
          <p className="small">
            <Why why={problem} /> {said(problem.code, 'next', problem.next)}
          </p>
        )}
        {state === 'accepted' || state === 'in-block' ? null : onDiscard}
      </div>
    </li>
  );
}
