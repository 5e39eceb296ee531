import { MessageSquareLock, MessageSquarePlus } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { Channels } from './channels.tsx';

export const feature: Feature = {
  id: 'channels',
  order: 7,
  icon: MessageSquareLock,
  title: 'channels.title',
  View: Channels,
  useNews: () => useDesk('channels').unread,
  useAlerts: () => useDesk('channels').alarms,
  commands: [
    {
      title: 'channels.new',
      icon: MessageSquarePlus,
      when: ({ profile, ledger }) => profile?.identity.canSign === true && ledger !== null,
      run: () => {
        go('channels/new');
      },
    },
  ],
};
