/** The channels of this profile: those of one transaction beside each other. */
import { FolderOpen, MessageSquarePlus } from 'lucide-react';
import type { ChannelRowView } from '../../../contract/channels/channels.ts';
import { api } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Empty, Notice, ShortHash, Status, type Tone } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { channelName, personName } from './people.tsx';
import { Why } from './public.tsx';
import { useChannels } from './use-channels.ts';

const tones: Readonly<Record<ChannelRowView['standing'], Tone>> = {
  'not on record': 'warn',
  invited: 'calm',
  reads: 'good',
  left: 'warn',
  removed: 'bad',
  'shut out': 'bad',
  stranger: 'bad',
};

export function OwnStanding({ standing }: Pick<ChannelRowView, 'standing'>) {
  const t = useText();
  return <Status tone={tones[standing]}>{t(`channels.own.${standing}`)}</Status>;
}

function Row({ row }: { row: ChannelRowView }) {
  const t = useText();
  const { transaction, channel, standing, members, unread, waiting, alarms, from } = row;
  const facts = [
    t(members === 1 ? 'channels.members.one' : 'channels.members', { count: number(members) }),
    from === undefined ? undefined : t('channels.from', { name: personName(t, from) }),
    waiting === 0
      ? undefined
      : t(waiting === 1 ? 'channels.waiting.one' : 'channels.waiting', { count: number(waiting) }),
  ].filter((fact) => fact !== undefined);
  return (
    <li>
      <button
        type="button"
        onClick={() => {
          go(`channels/${transaction}/${channel}`);
        }}
      >
        <span className="who">
          <bdi className="name">{channelName(t, row)}</bdi>
          <span className="quiet small">{facts.join(' · ')}</span>
        </span>
        {alarms.length === 0 ? null : (
          <Status tone="bad">
            {t(alarms.length === 1 ? 'channels.alarms.one' : 'channels.alarms', {
              count: number(alarms.length),
            })}
          </Status>
        )}
        {unread === 0 ? null : (
          <span className="unread">
            {t(unread === 1 ? 'channels.unread.one' : 'channels.unread', { count: number(unread) })}
          </span>
        )}
        <OwnStanding standing={standing} />
      </button>
    </li>
  );
}

/** The way to what was opened to this person. */
function GrantsButton() {
  const t = useText();
  return (
    <Button
      kind="plain"
      icon={FolderOpen}
      onClick={() => {
        go('channels/grants');
      }}
    >
      {t('channels.grants')}
    </Button>
  );
}

function NewButton({ kind }: { kind: 'primary' | 'usual' }) {
  const t = useText();
  return (
    <Button
      kind={kind}
      icon={MessageSquarePlus}
      onClick={() => {
        go('channels/new');
      }}
    >
      {t('channels.new')}
    </Button>
  );
}

/** Channels by their transactions, in the order in which they come. */
function byTransaction(
  rows: readonly ChannelRowView[],
): readonly (readonly [string, readonly ChannelRowView[]])[] {
  const groups = new Map<string, ChannelRowView[]>();
  for (const row of rows) groups.set(row.transaction, [...(groups.get(row.transaction) ?? []), row]);
  return [...groups];
}

export function ChannelList() {
  const t = useText();
  const canSign = useDesk('profile')?.identity.canSign === true;
  const { value: list, failure } = useChannels('list', () => api.channelsList({}));
  if (failure !== undefined) return <FailureNotice failure={failure} />;
  if (list === undefined) return null;
  if (list.channels.length === 0 && list.unseen.length === 0) {
    return (
      <div className="panel">
        <Empty
          title={t('channels.empty')}
          action={
            <>
              {canSign ? <NewButton kind="primary" /> : null}
              <GrantsButton />
            </>
          }
        >
          {t('channels.empty.more')}
        </Empty>
      </div>
    );
  }
  return (
    <div className="stack">
      <div className="row">
        {canSign ? <NewButton kind="primary" /> : null}
        <GrantsButton />
      </div>
      {list.unseen.map(({ channel, why, ...more }) => (
        <Notice key={channel} tone="warn" title={channelName(t, { channel, ...more })}>
          <Why why={why} />
        </Notice>
      ))}
      {byTransaction(list.channels).map(([transaction, rows]) => (
        <section key={transaction} aria-label={t('channels.transaction', { id: transaction.slice(0, 12) })}>
          <p className="quiet small transaction">
            {t('channels.transaction.title')} <ShortHash value={transaction} />
          </p>
          <ul className="people">
            {rows.map((row) => (
              <Row key={row.channel} row={row} />
            ))}
          </ul>
        </section>
      ))}
      {list.total > list.channels.length ? (
        <p className="quiet small">
          {t('channels.more', { count: number(list.total - list.channels.length) })}
        </p>
      ) : null}
    </div>
  );
}
