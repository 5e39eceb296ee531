/** The palette: one field, and below it everything that can be shown, done or found. */
import { useEffect, useId, useRef, useState } from 'react';
import { shownKeys } from '../../app/keys.ts';
import { showOverlay } from '../../app/overlay.ts';
import { useText } from '../../i18n/text.ts';
import { reached } from '../../ui/list-keys.ts';
import { Modal } from '../../ui/dialog.tsx';
import { number } from '../../ui/numbers.ts';
import { type Item, type ItemGroup, useItems } from './items.ts';
import './palette.css';

interface OptionProps {
  readonly item: Item;
  readonly id: string;
  readonly isActive: boolean;
  readonly onRun: () => void;
  readonly onPoint: () => void;
}

function Option({ item, id, isActive, onRun, onPoint }: OptionProps) {
  const { title, more, icon: Icon, keys } = item;
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isActive) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [isActive]);
  return (
    <div
      ref={ref}
      role="option"
      id={id}
      aria-selected={isActive}
      className="option"
      onClick={onRun}
      onPointerMove={isActive ? undefined : onPoint}
    >
      <Icon size={16} aria-hidden strokeWidth={1.75} />
      <span className="title" title={title}>
        {title}
      </span>
      {more === undefined ? null : (
        <span className="more" title={more}>
          {more}
        </span>
      )}
      {keys === undefined ? null : <kbd>{shownKeys(keys)}</kbd>}
    </div>
  );
}

interface ListProps {
  readonly id: string;
  readonly groups: readonly ItemGroup[];
  readonly active: number;
  readonly onActive: (index: number) => void;
  readonly onRun: (index: number) => void;
}

function List({ id, groups, active, onActive, onRun }: ListProps) {
  const t = useText();
  let index = 0;
  return (
    <div role="listbox" id={id} className="options" aria-label={t('palette.results')} tabIndex={-1}>
      {groups.map(({ title, items }) => (
        <div key={title} role="group" aria-labelledby={`${id}-${title}`}>
          <div id={`${id}-${title}`} className="group">
            {t(title)}
          </div>
          {items.map((item) => {
            const at = index++;
            return (
              <Option
                key={at}
                id={`${id}-${at}`}
                item={item}
                isActive={at === active}
                onRun={() => {
                  onRun(at);
                }}
                onPoint={() => {
                  onActive(at);
                }}
              />
            );
          })}
        </div>
      ))}
    </div>
  );
}

function Foot({ count }: { count: number }) {
  const t = useText();
  const hints = [
    ['↑ ↓', 'palette.move'],
    ['Enter', 'palette.do'],
    ['Esc', 'palette.close'],
  ] as const;
  return (
    <div className="foot">
      <span role="status">
        {t(count === 1 ? 'palette.count.one' : 'palette.count', { count: number(count) })}
      </span>
      <span className="hints" aria-hidden>
        {hints.map(([keys, what]) => (
          <span key={keys}>
            <kbd>{keys}</kbd> {t(what)}
          </span>
        ))}
      </span>
    </div>
  );
}

export function Palette() {
  const t = useText();
  const id = useId();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const groups = useItems(text);
  const items = groups.flatMap((group) => group.items);
  const at = Math.min(active, items.length - 1);
  const close = (): void => {
    showOverlay(undefined);
  };
  const run = (index: number): void => {
    const item = items[index];
    if (item === undefined) return;
    // First the focus goes back to where it was; what is done may move it on.
    close();
    setTimeout(item.run);
  };
  return (
    <Modal className="palette" label={t('palette.title')} onClose={close} closesOutside>
      <input
        className="ask"
        role="combobox"
        aria-label={t('palette.label')}
        aria-expanded={items.length > 0}
        aria-controls={id}
        aria-autocomplete="list"
        aria-activedescendant={items.length === 0 ? undefined : `${id}-${at}`}
        placeholder={t('palette.hint')}
        maxLength={200}
        spellCheck={false}
        autoComplete="off"
        value={text}
        onChange={({ target }) => {
          setText(target.value);
          setActive(0);
        }}
        onKeyDown={(event) => {
          const isArrow = event.key.startsWith('Arrow') || event.key.startsWith('Page');
          const next = isArrow ? reached(event.key, at, items.length) : undefined;
          if (event.key === 'Enter' && !event.nativeEvent.isComposing) run(at);
          else if (next !== undefined) setActive(next);
          else return;
          event.preventDefault();
        }}
      />
      {items.length === 0 ? (
        <p className="none">{t('palette.none', { text: text.trim() })}</p>
      ) : (
        <List id={id} groups={groups} active={at} onActive={setActive} onRun={run} />
      )}
      <Foot count={items.length} />
    </Modal>
  );
}
