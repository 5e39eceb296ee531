/** One block: what was checked, its header field by field, and its messages. */
import { ChevronDown, ChevronUp, ShieldCheck, X } from 'lucide-react';
import { useCallback, useState } from 'react';
import type { BlockDetail } from '../../../contract/channels/explorer.ts';
import { api, value } from '../../api.ts';
import { FailureNotice } from '../../app/failure.tsx';
import { go } from '../../app/route.ts';
import { useDesk } from '../../app/state.ts';
import { useLoaded } from '../../app/use-loaded.ts';
import { type Text, useText } from '../../i18n/text.ts';
import { Button, Facts, Hash, Notice } from '../../ui/controls.tsx';
import { number, size as inBytes } from '../../ui/numbers.ts';
import { usePages } from '../../ui/pages.ts';
import { Table } from '../../ui/table.tsx';
import { FullTime, utcLong } from '../../ui/time.tsx';
import { CopyButton, CopyLink } from './copy-link.tsx';
import { inBlockColumns } from './rows.tsx';

/** What was checked of it for this view. */
function sentence(t: Text, { height, here, held, messages, size }: BlockDetail): string {
  const values = { size: number(size), count: number(messages), held: number(held) };
  const header = t(height + 1 === size ? 'explorer.block.newest' : 'explorer.block.hashed', {
    ...values,
    above: number(height + 1),
  });
  if (height === 0) return `${header} ${t('explorer.block.founding')}`;
  if (here === 'all' && messages === 1) return `${header} ${t('explorer.block.one')}`;
  return `${header} ${t(`explorer.block.${here}`, values)}`;
}

function HeaderFacts({ block }: { block: BlockDetail }) {
  const t = useText();
  const { hash, previous, sealed, messageTree, tagTree, rollups, bodyHash, bytes } = block;
  return (
    <section aria-labelledby="header">
      <h3 id="header">{t('explorer.header')}</h3>
      <Facts
        facts={[
          [t('explorer.header.hash'), <Hash key="hash" value={hash} />],
          ...(previous === undefined
            ? []
            : [[t('explorer.header.previous'), <Hash key="previous" value={previous} />] as const]),
          [t('explorer.header.sealed'), <FullTime key="sealed" seconds={sealed} />],
          [
            t('explorer.header.messages', { count: number(messageTree.count) }),
            <Hash key="messages" value={messageTree.root} />,
          ],
          [
            t('explorer.header.tags', { count: number(tagTree.count) }),
            <Hash key="tags" value={tagTree.root} />,
          ],
          ...rollups.map(
            ({ count, root }, i) =>
              [
                t('explorer.header.rollup', { level: i + 1, count: number(count) }),
                <Hash key={root} value={root} />,
              ] as const,
          ),
          [t('explorer.header.body', { size: inBytes(bytes) }), <Hash key="body" value={bodyHash} />],
        ]}
      />
    </section>
  );
}

function RawHeader({ header }: { header: Uint8Array }) {
  const t = useText();
  const text = new TextDecoder().decode(header);
  return (
    <details>
      <summary>{t('explorer.header.raw', { size: inBytes(header.length) })}</summary>
      <div className="stack">
        <pre className="raw" tabIndex={0}>
          {text}
        </pre>
        <div className="row">
          <CopyButton text={text} label={t('explorer.copy.header')} />
        </div>
      </div>
    </details>
  );
}

function InBlock({ block }: { block: BlockDetail }) {
  const t = useText();
  const { height, hash, held } = block;
  const load = useCallback(
    (offset: number, limit: number) => value(api.explorerInBlock({ height, offset, limit })),
    [height],
  );
  const [selected, setSelected] = useState<string>();
  const pages = usePages(load, `${hash} ${held}`);
  if (held === 0) return null;
  return (
    <section aria-labelledby="in-block">
      <h3 id="in-block">{t('explorer.inblock', { count: number(held) })}</h3>
      {pages.failure === undefined ? (
        <div className={held > 8 ? 'in-block many' : 'in-block'}>
          <Table
            label={t('explorer.inblock', { count: number(held) })}
            rows={pages}
            columns={inBlockColumns}
            idOf={({ id }) => id}
            selected={selected}
            onOpen={({ id }) => {
              setSelected(id);
            }}
            onEnter={({ id }) => {
              go(`explorer/message/${id}`);
            }}
          />
        </div>
      ) : (
        <FailureNotice failure={pages.failure} />
      )}
    </section>
  );
}

interface PanelProps {
  readonly height: number;
  /** Blocks under the signed head. */
  readonly size: number;
}

function close(): void {
  go('explorer/blocks');
}

function Top({ height, size }: PanelProps) {
  const t = useText();
  return (
    <div className="top">
      <h2>{t('ledger.block', { height: number(height) })}</h2>
      <div className="row tight">
        <Button
          kind="plain"
          icon={ChevronUp}
          aria-label={t('explorer.block.newer')}
          title={t('explorer.block.newer')}
          disabled={height + 1 >= size}
          onClick={() => {
            go(`explorer/block/${height + 1}`);
          }}
        />
        <Button
          kind="plain"
          icon={ChevronDown}
          aria-label={t('explorer.block.older')}
          title={t('explorer.block.older')}
          disabled={height === 0}
          onClick={() => {
            go(`explorer/block/${height - 1}`);
          }}
        />
        <Button kind="plain" icon={X} aria-label={t('explorer.block.close')} onClick={close} />
      </div>
    </div>
  );
}

export function BlockPanel({ height, size }: PanelProps) {
  const t = useText();
  const { id = '', filled = 0, reach = 0 } = useDesk('ledger') ?? {};
  // What is known of a block changes only while it is the newest one, or its messages are not here yet.
  const asOf = [id, Math.min(size, height + 2), Math.min(filled, height + 1), reach > height].join(' ');
  const { value: block, failure } = useLoaded(`${height} ${asOf}`, () => api.explorerBlock({ height }));
  return (
    <aside
      className="detail"
      aria-label={t('ledger.block', { height: number(height) })}
      tabIndex={0}
      onKeyDown={({ key }) => {
        if (key === 'Escape') close();
      }}
    >
      <Top height={height} size={size} />
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      {block === undefined ? null : (
        <>
          <section>
            <p className="sentence">{t('explorer.block.sealed', { time: utcLong(block.sealed) })}</p>
            <Notice
              tone={block.here === 'all' ? 'good' : 'calm'}
              title={t(`explorer.block.title.${block.here}`)}
            >
              {sentence(t, block)}
            </Notice>
            <div className="row">
              <CopyLink to={`block/${height}`} />
              {block.here === 'large' ? (
                <Button
                  icon={ShieldCheck}
                  onClick={() => {
                    go('explorer/verify');
                  }}
                >
                  {t('explorer.verify')}
                </Button>
              ) : null}
            </div>
          </section>
          <InBlock block={block} />
          <HeaderFacts block={block} />
          <RawHeader header={block.header} />
        </>
      )}
    </aside>
  );
}
