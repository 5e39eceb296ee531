/** People in channels: named as this profile knows them, and told apart where they are no members. */
import { UserCheck, UserMinus, UserRound, UserRoundX, UserX } from 'lucide-react';
import type { ChannelRowView, PersonView } from '../../../contract/channels/channels.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { Status, type Tone } from '../../ui/controls.tsx';

/** By the name that this profile gave, else by the beginning of the key. */
export function personName(t: Text, { isMe, name, key }: PersonView): string {
  return isMe ? t('channels.you') : (name ?? t('channels.key', { key: key.slice(0, 12) }));
}

export function peopleNames(t: Text, people: readonly PersonView[]): string {
  return people.map((person) => personName(t, person)).join(', ');
}

/** What a channel is called here. */
export function channelName(
  t: Text,
  { name, channel }: Pick<ChannelRowView, 'channel'> & { readonly name?: string },
): string {
  return name ?? t('channels.unnamed', { id: channel.slice(0, 12) });
}

const looks = {
  reads: { tone: 'good', icon: UserCheck },
  invited: { tone: 'calm', icon: UserRound },
  left: { tone: 'warn', icon: UserMinus },
  removed: { tone: 'bad', icon: UserX },
  unknown: { tone: 'warn', icon: UserRound },
  stranger: { tone: 'bad', icon: UserRoundX },
} as const satisfies Record<PersonView['standing'], { readonly tone: Tone; readonly icon: unknown }>;

/** How somebody stands, in a few words. */
export function Standing({ person }: { person: PersonView }) {
  const t = useText();
  const { tone, icon } = looks[person.standing];
  return (
    <Status tone={tone} icon={icon}>
      {t(`channels.person.${person.standing}`)}
    </Status>
  );
}

/** An author: whoever is no member is told apart wherever they speak. */
export function Author({ person }: { person: PersonView }) {
  const t = useText();
  const isOut = ['removed', 'left', 'stranger'].includes(person.standing);
  return (
    <span className="author">
      <bdi className={person.isMe ? 'name me' : 'name'} title={person.key}>
        {personName(t, person)}
      </bdi>
      {isOut ? <Standing person={person} /> : null}
    </span>
  );
}
