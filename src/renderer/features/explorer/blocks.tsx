/** The list of blocks, newest first, with one block in detail beside it. */
import { ArrowUp } from 'lucide-react';
import { useCallback, useRef, useState } from 'react';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { usePages } from '../../ui/pages.ts';
import { Table } from '../../ui/table.tsx';
import { BlockPanel } from './block.tsx';
import { blockColumns } from './rows.tsx';
import { Tabs } from './tabs.tsx';

interface BlocksProps {
  readonly ledger: string;
  /** Blocks under the signed head. */
  readonly size: number;
  readonly height: number | undefined;
}

/** The list stands still; what comes is counted, and shown when one asks for it. */
export function Blocks({ ledger, size, height }: BlocksProps) {
  const t = useText();
  const [below, setBelow] = useState(size);
  const scroller = useRef<HTMLDivElement>(null);
  const load = useCallback(
    (offset: number, limit: number) =>
      value(api.explorerBlocks({ below: Math.max(0, below - offset), limit })).then(({ rows }) => ({
        rows,
        total: below,
      })),
    [below],
  );
  const pages = usePages(load, `${ledger} ${below}`);
  const fresh = size - below;
  const isOpen = height !== undefined;
  return (
    <>
      <Tabs tab="blocks">
        <span className="quiet">{t('explorer.blocks.count', { count: number(size) })}</span>
        <div className="row" aria-live="polite">
          {fresh <= 0 ? null : (
            <Button
              kind="plain"
              icon={ArrowUp}
              onClick={() => {
                setBelow(size);
                scroller.current?.scrollTo(0, 0);
              }}
            >
              {t(fresh === 1 ? 'explorer.blocks.fresh.one' : 'explorer.blocks.fresh', {
                count: number(fresh),
              })}
            </Button>
          )}
        </div>
      </Tabs>
      {pages.failure === undefined ? null : <FailureNotice failure={pages.failure} />}
      <div className={isOpen ? 'split open' : 'split'}>
        <div className="list">
          <Table
            label={t('explorer.blocks')}
            rows={pages}
            columns={blockColumns}
            idOf={(row) => String(row.height)}
            selected={isOpen ? String(height) : undefined}
            selectedAt={isOpen && height < below ? below - 1 - height : undefined}
            scroller={scroller}
            onOpen={(row) => {
              go(`explorer/block/${row.height}`);
            }}
          />
        </div>
        {isOpen ? <BlockPanel key={height} height={height} size={size} /> : null}
      </div>
    </>
  );
}
