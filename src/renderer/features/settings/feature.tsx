import { Settings as Cog } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { Settings } from './settings.tsx';

export const feature: Feature = {
  id: 'settings',
  order: 9,
  icon: Cog,
  title: 'settings.title',
  View: Settings,
};
