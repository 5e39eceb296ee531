import { ScanSearch } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { Check } from './check.tsx';

export const feature: Feature = {
  id: 'check',
  order: 4,
  icon: ScanSearch,
  title: 'check.title',
  View: Check,
};
