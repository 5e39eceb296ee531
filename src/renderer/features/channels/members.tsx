/** The members of a channel: who can really read, and changing who does. */
import { UserMinus, UserPlus } from 'lucide-react';
import { useState } from 'react';
import type { ChannelAct, ChannelRowView, MemberView } from '../../../contract/channels/channels.ts';
import { useText } from '../../i18n/text.ts';
import { Button, ShortHash, Status } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { ChooseContacts } from './choose-contacts.tsx';
import { personName, Standing } from './people.tsx';
import { AskFirst } from './public.tsx';

interface MembersProps {
  readonly summary: ChannelRowView;
  readonly members: readonly MemberView[];
  readonly canSign: boolean;
}

function Member({ member, onRemove }: { member: MemberView; onRemove: (() => void) | undefined }) {
  const t = useText();
  const { key, isMe, name, isKeyOver, lastPart, standing } = member;
  return (
    <li className="member">
      <div>
        <bdi className={isMe ? 'name me' : 'name'}>{personName(t, member)}</bdi>
        {name === undefined && !isMe ? null : <ShortHash value={key} />}
      </div>
      <Standing person={member} />
      {standing === 'removed' ? (
        <span className="quiet small">{t('channels.reads.until', { part: number(lastPart) })}</span>
      ) : null}
      {isKeyOver ? <Status tone="bad">{t('channels.key.over')}</Status> : null}
      {onRemove === undefined ? null : (
        <Button
          kind="plain"
          icon={UserMinus}
          onClick={onRemove}
          aria-label={t('channels.remove.one', { name: personName(t, member) })}
          title={t('channels.remove.one', { name: personName(t, member) })}
        />
      )}
    </li>
  );
}

interface Asked {
  readonly act: ChannelAct;
  readonly what: 'remove' | 'leave' | 'invite';
  readonly name: string;
}

function Acts({ onInvite, onLeave }: { onInvite: () => void; onLeave: () => void }) {
  const t = useText();
  return (
    <div className="row">
      <Button icon={UserPlus} onClick={onInvite}>
        {t('channels.invite')}
      </Button>
      <Button kind="plain" onClick={onLeave}>
        {t('channels.leave')}
      </Button>
    </div>
  );
}

export function Members({ summary, members, canSign }: MembersProps) {
  const t = useText();
  const { transaction, channel, standing } = summary;
  const [asked, setAsked] = useState<Asked>();
  const [isInviting, setInviting] = useState(false);
  const ids = { transaction, channel };
  const canAct = canSign && standing === 'reads';
  const close = (): void => {
    setAsked(undefined);
    setInviting(false);
  };
  return (
    <section className="members" aria-labelledby="members">
      <h2 id="members">{t('channels.who')}</h2>
      <p className="quiet small">{t('channels.who.more')}</p>
      <ul className="people">
        {members.map((member) => {
          const { isMe, key } = member;
          const canRemove = canAct && !isMe && ['reads', 'invited', 'left'].includes(member.standing);
          const ask = (): void => {
            const act: ChannelAct = { act: 'remove', ...ids, members: [key] };
            setAsked({ act, what: 'remove', name: personName(t, member) });
          };
          return <Member key={key} member={member} onRemove={canRemove ? ask : undefined} />;
        })}
      </ul>
      {canAct ? (
        <Acts
          onInvite={() => {
            setInviting(true);
          }}
          onLeave={() => {
            setAsked({ act: { act: 'leave', ...ids }, what: 'leave', name: '' });
          }}
        />
      ) : null}
      {isInviting ? (
        <ChooseContacts
          without={members.filter((one) => one.standing !== 'removed').map(({ key }) => key)}
          onClose={close}
          onChosen={(contacts, note) => {
            const more = note === '' ? {} : { note };
            setInviting(false);
            setAsked({
              act: { act: 'invite', ...ids, contacts: [...contacts], ...more },
              what: 'invite',
              name: '',
            });
          }}
        />
      ) : null}
      {asked === undefined ? null : (
        <AskFirst
          act={asked.act}
          title={t(`channels.${asked.what}.title`, { name: asked.name })}
          more={t(`channels.${asked.what}.more`)}
          go={t(`channels.${asked.what}.go`)}
          onClose={close}
          onDone={close}
        />
      )}
    </section>
  );
}
