/** The way back from one thing to the list of all. */
import { ArrowLeft } from 'lucide-react';
import type { ReactNode } from 'react';
import { Button } from '../ui/controls.tsx';
import { go } from './route.ts';

/** @param children what the list is called. */
export function Back({ to, children }: { to: string; children: ReactNode }) {
  return (
    <Button
      kind="plain"
      icon={ArrowLeft}
      onClick={() => {
        go(to);
      }}
    >
      {children}
    </Button>
  );
}
