import { Archive } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { Records } from './records.tsx';

export const feature: Feature = {
  id: 'records',
  order: 3,
  icon: Archive,
  title: 'records.title',
  View: Records,
};
