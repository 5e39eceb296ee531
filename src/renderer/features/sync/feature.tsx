import { RefreshCw } from 'lucide-react';
import type { Feature } from '../../app/feature.ts';
import { Sync, useAlarmCount } from './sync.tsx';

export const feature: Feature = {
  id: 'sync',
  order: 8,
  icon: RefreshCw,
  title: 'syncing.title',
  View: Sync,
  useAlerts: useAlarmCount,
};
