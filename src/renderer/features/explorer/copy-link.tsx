/** Copying something for others: a link that opens a view, bytes. */
import { Check, Copy, Link, type LucideIcon } from 'lucide-react';
import { useDesk } from '../../app/state.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/controls.tsx';
import { useCopied } from '../../ui/use-copied.ts';

interface CopyProps {
  readonly text: string;
  readonly label: string;
  readonly icon?: LucideIcon;
}

/** A button that copies a text, and says so. */
export function CopyButton({ text, label, icon = Copy }: CopyProps) {
  const t = useText();
  const { isCopied, copy } = useCopied();
  return (
    <Button
      icon={isCopied ? Check : icon}
      onClick={() => {
        copy(text);
      }}
    >
      {isCopied ? t('common.copied') : label}
    </Button>
  );
}

/** Copies a link to a place of the explorer. It names the ledger, so that it means the same for everybody. */
export function CopyLink({ to }: { to: string }) {
  const t = useText();
  const { id = '' } = useDesk('ledger') ?? {};
  return <CopyButton text={`countersign:explorer/${id}/${to}`} label={t('explorer.link')} icon={Link} />;
}
