/** A text as a QR code: drawn as one path, black on white in both themes, because programs that read it expect that. */
import { Copy, Save } from 'lucide-react';
import { type ReactNode, useState } from 'react';
import { encode } from 'uqr';
import type { Answer } from '../../contract/channel.ts';
import { value } from '../api.ts';
import { FailureNotice } from '../app/failure.tsx';
import { useWork } from '../app/use-work.ts';
import { useText } from '../i18n/text.ts';
import { Button, Notice } from './controls.tsx';
import { Dialog } from './dialog.tsx';
import './qr-code.css';
import { useCopied } from './use-copied.ts';

/** Codes with more modules than this cannot be read from a screen with a hand-held device. */
const largestVersion = 30;
/** The white margin that readers need, in modules. */
const margin = 4;

interface Modules {
  readonly size: number;
  readonly path: string;
}

/** The modules of a text, with as much repair as fits; undefined when it is too long. */
function modulesOf(text: string): Modules | undefined {
  for (const ecc of ['M', 'L'] as const) {
    try {
      const { size, data } = encode(text, { ecc, border: margin, maxVersion: largestVersion });
      return { size, path: data.map(rowPath).join('') };
    } catch {
      // It does not fit with this much repair.
    }
  }
  return undefined;
}

/** A row of modules as rectangles, one for each run of black ones. */
function rowPath(row: readonly boolean[], y: number): string {
  let path = '';
  for (let x = 0; x < row.length; x++) {
    if (row[x] !== true || row[x - 1] === true) continue;
    let end = x;
    while (row[end] === true) end++;
    path += `M${x} ${y}h${end - x}v1h-${end - x}z`;
  }
  return path;
}

function QrCode({ modules: { size, path }, label }: { modules: Modules; label: string }) {
  return (
    <svg
      className="qr"
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      role="img"
      aria-label={label}
    >
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  );
}

interface QrDialogProps {
  readonly title: string;
  /** What the code holds. */
  readonly text: string;
  readonly onClose: () => void;
  /** Writes the same as a file; left out where no file makes sense. */
  readonly save?: () => Promise<Answer<{ readonly file: string } | null>>;
  /** What the code is for; not in sight where there is none. */
  readonly children: ReactNode;
}

/** Shows a text as a QR code; where it is too long for one, says what to do instead. */
export function QrDialog({ title, text, onClose, save, children }: QrDialogProps) {
  const t = useText();
  const work = useWork();
  const [saved, setSaved] = useState<string>();
  const { isCopied, copy } = useCopied();
  const modules = modulesOf(text);
  const toFile = (): void => {
    void work.run(async () => {
      if (save !== undefined) setSaved((await value(save()))?.file);
    });
  };
  const ends = (
    <>
      {save === undefined ? null : (
        <Button icon={Save} disabled={work.busy} onClick={toFile}>
          {t('qr.save')}
        </Button>
      )}
      <Button
        icon={Copy}
        onClick={() => {
          copy(text);
        }}
      >
        {t(isCopied ? 'common.copied' : 'qr.copy')}
      </Button>
      <Button kind="primary" onClick={onClose}>
        {t('common.close')}
      </Button>
    </>
  );
  return (
    <Dialog title={title} onClose={onClose} ends={ends}>
      <div className="stack qr-dialog">
        {modules === undefined ? (
          <Notice tone="warn" title={t('qr.long')}>
            {t('qr.long.more')}
          </Notice>
        ) : (
          <>
            <QrCode modules={modules} label={t('qr.label', { title })} />
            <div className="quiet">{children}</div>
          </>
        )}
        {work.failure === undefined ? null : <FailureNotice failure={work.failure} />}
        {saved === undefined ? null : <Notice tone="good" title={t('qr.saved', { file: saved })} />}
      </div>
    </Dialog>
  );
}
