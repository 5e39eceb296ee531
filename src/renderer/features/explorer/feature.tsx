import { Blocks, ShieldCheck } from 'lucide-react';
import type { DeskState } from '../../../contract/state.ts';
import type { Feature } from '../../app/feature.ts';
import { go } from '../../app/route.ts';
import { Explorer } from './explorer.tsx';

const hasBlocks = ({ ledger }: DeskState): boolean => ledger !== null && ledger.size > 0;

export const feature: Feature = {
  id: 'explorer',
  order: 6,
  icon: Blocks,
  title: 'explorer.title',
  View: Explorer,
  commands: [
    {
      title: 'explorer.go.blocks',
      icon: Blocks,
      when: hasBlocks,
      run: () => {
        go('explorer/blocks');
      },
    },
    {
      title: 'explorer.go.verify',
      icon: ShieldCheck,
      when: hasBlocks,
      run: () => {
        go('explorer/verify');
      },
    },
  ],
  lookUp: { title: 'explorer.look-up', to: (text) => `explorer/find/${text}` },
};
