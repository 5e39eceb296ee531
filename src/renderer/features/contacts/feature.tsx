import { UserPlus, Users } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { go } from '../../app/route.ts';
import { Contacts } from './contacts.tsx';

export const feature: Feature = {
  id: 'contacts',
  order: 5,
  icon: Users,
  title: 'contacts.title',
  View: Contacts,
  commands: [
    {
      title: 'contacts.add',
      icon: UserPlus,
      when: ({ profile, ledger }) => profile?.identity.state === 'open' && ledger !== null,
      run: () => {
        go('contacts/add');
      },
    },
  ],
};
