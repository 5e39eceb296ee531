/** The live list of messages, narrowed as one likes, with one message in detail beside it. */
import { ArrowUp, Pause, Play } from 'lucide-react';
import { type RefObject, useRef, useState } from 'react';
import { FailureNotice } from '../../app/failure.tsx';
import { useDesk } from '../../app/state.ts';
import { useText } from '../../i18n/text.ts';
import { Button, Empty, Notice, Status } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { Table } from '../../ui/table.tsx';
import { Filters } from './filters.tsx';
import { MessagePanel } from './message.tsx';
import type { Filter } from './place.ts';
import { messageColumns } from './rows.tsx';
import type { LiveView } from './live-list.ts';
import { Tabs } from './tabs.tsx';
import { useLive } from './use-live.ts';

function Nothing({ isFiltered, onAll }: { isFiltered: boolean; onAll: () => void }) {
  const t = useText();
  return isFiltered ? (
    <Empty title={t('explorer.none')} action={<Button onClick={onAll}>{t('explorer.none.go')}</Button>}>
      {t('explorer.none.more')}
    </Empty>
  ) : (
    <Empty title={t('explorer.quiet')}>{t('explorer.quiet.more')}</Empty>
  );
}

/** What this copy does not hold. */
function NotAll({ isWhole }: { isWhole: boolean }) {
  const t = useText();
  const { mode, size = 0, filled = 0 } = useDesk('ledger') ?? {};
  if (!isWhole) {
    return (
      <Notice tone="calm" title={t('explorer.follows')}>
        {filled > 1
          ? t('explorer.follows.above', { filled: number(filled), above: number(size - filled) })
          : t('explorer.follows.more', { size: number(size) })}
      </Notice>
    );
  }
  if (mode === 'follow' || filled >= size) return null;
  return (
    <Notice tone="calm" title={t('explorer.partial', { filled: number(filled), size: number(size) })}>
      {t('explorer.partial.more')}
    </Notice>
  );
}

interface BarProps {
  readonly isPaused: boolean;
  readonly isHeld: boolean;
  readonly fresh: number;
  readonly isMore: boolean;
  readonly onPause: () => void;
  readonly onShow: () => void;
}

/** Whether the list moves, and what waits to be shown. */
function LiveBar({ isPaused, isHeld, fresh, isMore, onPause, onShow }: BarProps) {
  const t = useText();
  const count = isMore ? t('explorer.fresh.many', { count: number(fresh) }) : number(fresh);
  return (
    <>
      <Status tone={isPaused ? 'warn' : 'calm'} icon={isPaused || isHeld ? Pause : Play}>
        {t(isPaused ? 'explorer.paused' : isHeld ? 'explorer.held' : 'explorer.live')}
      </Status>
      <div className="row" aria-live="polite">
        {fresh === 0 ? null : (
          <Button kind="plain" icon={ArrowUp} onClick={onShow}>
            {t(fresh === 1 && !isMore ? 'explorer.fresh.one' : 'explorer.fresh', { count })}
          </Button>
        )}
      </div>
      <Button icon={isPaused ? Play : Pause} onClick={onPause}>
        {t(isPaused ? 'explorer.resume' : 'explorer.pause')}
      </Button>
    </>
  );
}

/** Whether a person is at the list: it lies under the pointer, or is not at its top. */
function usePresence() {
  const [isOver, setOver] = useState(false);
  const [isDown, setDown] = useState(false);
  const handlers = {
    onPointerEnter: () => {
      setOver(true);
    },
    onPointerLeave: () => {
      setOver(false);
    },
    onScrollCapture: ({ target }: { readonly target: EventTarget }) => {
      if (target instanceof HTMLElement) setDown(target.scrollTop > 0);
    },
  };
  return { isPresent: isOver || isDown, handlers };
}

interface ListProps {
  readonly view: LiveView;
  readonly isFiltered: boolean;
  readonly selected: string | undefined;
  readonly scroller: RefObject<HTMLDivElement | null>;
  readonly onOpen: (id: string) => void;
  readonly onAll: () => void;
}

function List({ view, isFiltered, selected, scroller, onOpen, onAll }: ListProps) {
  const t = useText();
  if (view.isLoaded && view.total === 0) return <Nothing isFiltered={isFiltered} onAll={onAll} />;
  return (
    <Table
      label={t('explorer.list')}
      rows={view}
      columns={messageColumns}
      idOf={({ id }) => id}
      selected={selected}
      scroller={scroller}
      onOpen={({ id }) => {
        onOpen(id);
      }}
    />
  );
}

export function Messages({ given }: { given: Filter }) {
  const [filter, setFilter] = useState(given);
  const [selected, setSelected] = useState<string>();
  const [isPaused, setPaused] = useState(false);
  const scroller = useRef<HTMLDivElement>(null);
  const { isPresent, handlers } = usePresence();
  const isHeld = isPaused || isPresent || selected !== undefined;
  const { view, show } = useLive(filter, isHeld);
  const { isWhole, failure, fresh, isMore } = view;
  const change = (next: Filter): void => {
    setFilter(next);
    setSelected(undefined);
  };
  return (
    <>
      <Tabs tab="messages">
        <LiveBar
          isPaused={isPaused}
          isHeld={isHeld}
          fresh={fresh}
          isMore={isMore}
          onPause={() => {
            setPaused(!isPaused);
          }}
          onShow={() => {
            show();
            scroller.current?.scrollTo(0, 0);
          }}
        />
      </Tabs>
      <Filters filter={filter} onChange={change} />
      <NotAll isWhole={isWhole} />
      {failure === undefined ? null : <FailureNotice failure={failure} />}
      <div className={selected === undefined ? 'split' : 'split open'}>
        <div className="list" {...handlers}>
          <List
            view={view}
            isFiltered={Object.keys(filter).length > 0}
            selected={selected}
            scroller={scroller}
            onOpen={setSelected}
            onAll={() => {
              change({});
            }}
          />
        </div>
        {selected === undefined ? null : (
          <MessagePanel
            key={selected}
            id={selected}
            onFilter={change}
            onClose={() => {
              setSelected(undefined);
            }}
          />
        )}
      </div>
    </>
  );
}
