import { Archive, Clock, TriangleAlert } from 'lucide-react';
import type { DeskState } from '../../../contract/state.ts';
import type { Feature } from '../../app/feature.ts';
import { go } from '../../app/route.ts';
import { Records } from './records.tsx';

const hasProblem = ({ outbox }: DeskState): boolean => outbox.refused + outbox.broken > 0;
const waits = ({ outbox }: DeskState): boolean => outbox.queued + outbox.accepted > 0;

export const feature: Feature = {
  id: 'records',
  order: 3,
  icon: Archive,
  title: 'records.title',
  View: Records,
  commands: [
    {
      title: 'records.go.waiting',
      icon: Clock,
      when: waits,
      run: () => {
        go('records/waiting');
      },
    },
    {
      title: 'records.go.problem',
      icon: TriangleAlert,
      when: hasProblem,
      run: () => {
        go('records/problem');
      },
    },
  ],
  lookUp: { title: 'records.look-up', to: (text) => `records/find/${text}` },
};
