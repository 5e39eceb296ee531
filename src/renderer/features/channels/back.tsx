/** The way back to the list of channels. */
import { ArrowLeft } from 'lucide-react';
import { go } from '../../app/route.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/controls.tsx';

export function Back() {
  const t = useText();
  return (
    <Button
      kind="plain"
      icon={ArrowLeft}
      onClick={() => {
        go('channels');
      }}
    >
      {t('channels.back')}
    </Button>
  );
}
