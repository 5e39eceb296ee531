/** The way back from one thing to the list of all. */
import { ArrowLeft } from 'lucide-react';
import { useText } from '../i18n/text.ts';
import { Button } from '../ui/controls.tsx';
import { go } from './route.ts';

/** @param title the key of what the list is called. */
export function Back({ to, title }: { to: string; title: string }) {
  const t = useText();
  return (
    <Button
      kind="plain"
      icon={ArrowLeft}
      onClick={() => {
        go(to);
      }}
    >
      {t(title)}
    </Button>
  );
}
