/** Several verdicts: a table to look through, and the one that is chosen below it. */
import { type KeyboardEvent, useState } from 'react';
import { useText } from '../../i18n/text.ts';
import { Status, type Tone } from '../../ui/controls.tsx';
import { number } from '../../ui/numbers.ts';
import { Time } from '../../ui/time.tsx';
import { shortOf } from './said.ts';
import type { ShownView } from './use-check.ts';
import { icons, Verdict } from './verdict.tsx';

/** Where a verdict says that something stands. */
function placeOf(view: ShownView): { readonly height: number; readonly sealed: number } | undefined {
  if ('receipt' in view && view.receipt.place !== undefined) return view.receipt.place;
  return 'sealed' in view ? view : undefined;
}

interface RowProps {
  readonly view: ShownView;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
}

function Row({ view, isChosen, onChoose }: RowProps) {
  const t = useText();
  const { tone, word } = shortOf(view);
  const place = placeOf(view);
  return (
    <tr className={isChosen ? 'in-sight' : ''} onClick={onChoose}>
      <th scope="row">
        <button type="button" aria-pressed={isChosen} title={view.name} onClick={onChoose}>
          {view.name}
        </button>
      </th>
      <td>{t(`check.kind.${view.kind.replace(' ', '-')}`)}</td>
      <td>
        <Status tone={tone} icon={icons[tone]}>
          {t(word)}
        </Status>
      </td>
      <td className="figure">{place === undefined ? '' : number(place.height)}</td>
      <td className="figure">{place === undefined ? '' : <Time seconds={place.sealed} />}</td>
    </tr>
  );
}

/** How many are of each kind of verdict, in words. */
function Summary({ views }: { views: readonly ShownView[] }) {
  const t = useText();
  const count = (tone: Tone): number => views.filter((view) => shortOf(view).tone === tone).length;
  const parts = (['good', 'warn', 'bad', 'calm'] as const)
    .map((tone) => [tone, count(tone)] as const)
    .filter(([, many]) => many > 0)
    .map(([tone, many]) => t(`check.summary.${tone}`, { count: number(many) }));
  return <p className="quiet">{parts.join(' · ')}</p>;
}

/** Moves the focus up and down through the rows. */
function onArrow(event: KeyboardEvent<HTMLTableElement>): void {
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (by === undefined) return;
  event.preventDefault();
  const buttons = [...event.currentTarget.querySelectorAll('button')];
  const at = buttons.findIndex((button) => button === document.activeElement);
  buttons[Math.min(buttons.length - 1, Math.max(0, at + by))]?.focus();
}

function Table({ views, chosen, onChoose }: TableProps) {
  const t = useText();
  const columns = ['name', 'kind', 'verdict', 'block', 'sealed'] as const;
  return (
    <div className="checked">
      <table onKeyDown={onArrow}>
        <thead>
          <tr>
            {columns.map((column) => (
              <th key={column} scope="col">
                {t(`check.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {views.map((view, i) => (
            <Row
              key={`${i} ${view.name}`}
              view={view}
              isChosen={i === chosen}
              onChoose={() => {
                onChoose(i);
              }}
            />
          ))}
        </tbody>
      </table>
    </div>
  );
}

interface TableProps {
  readonly views: readonly ShownView[];
  readonly chosen: number;
  readonly onChoose: (chosen: number) => void;
}

export function Results({ views }: { views: readonly ShownView[] }) {
  const [chosen, setChosen] = useState(0);
  const [first] = views;
  if (first === undefined) return null;
  if (views.length === 1) return <Verdict view={first} />;
  return (
    <>
      <Summary views={views} />
      <Table views={views} chosen={chosen} onChoose={setChosen} />
      <Verdict view={views[chosen] ?? first} />
    </>
  );
}
