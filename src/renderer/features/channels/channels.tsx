/** Channels: the list; a conversation, its members and a new channel are views of their own. */
import { useObstacle } from '../../app/obstacle.tsx';
import { useText } from '../../i18n/text.ts';
import './channels.css';
import { Conversation } from './conversation.tsx';
import { Grants } from './grants.tsx';
import { ChannelList } from './list.tsx';
import { NewChannel } from './new-channel.tsx';

function Head({ title, lead }: { title: string; lead: string }) {
  return (
    <header>
      <div>
        <h1>{title}</h1>
        <p>{lead}</p>
      </div>
    </header>
  );
}

export function Channels({ rest }: { rest: string }) {
  const t = useText();
  const obstacle = useObstacle('channels');
  const [first = '', second = ''] = rest.split('/');
  if (obstacle === undefined && first === 'grants') return <Grants />;
  if (obstacle === undefined && first === 'new') return <NewChannel key={rest} transaction={second} />;
  if (obstacle === undefined && second !== '') {
    return <Conversation key={rest} transaction={first} channel={second} />;
  }
  return (
    <div className="page">
      <Head title={t('channels.title')} lead={t('channels.lead')} />
      {obstacle ?? <ChannelList />}
    </div>
  );
}
