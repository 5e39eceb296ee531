import { Stamp } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { Notarize } from './notarize.tsx';

export const feature: Feature = {
  id: 'notarize',
  order: 2,
  icon: Stamp,
  title: 'notarize.title',
  View: Notarize,
};
