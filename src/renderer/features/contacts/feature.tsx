import { Users } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { Contacts } from './contacts.tsx';

export const feature: Feature = {
  id: 'contacts',
  order: 5,
  icon: Users,
  title: 'contacts.title',
  View: Contacts,
};
