/** All keys, made from the declarations that the keys are obeyed by. */
import { type CommandGroup, commandGroups } from '../../app/commands.ts';
import { shownKeys } from '../../app/keys.ts';
import { showOverlay } from '../../app/overlay.ts';
import { useText } from '../../i18n/text.ts';
import { Button } from '../../ui/controls.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { listKeys } from '../../ui/list-keys.ts';
import './palette.css';

interface KeyRow {
  readonly keys: string;
  /** The key of what they do among the texts. */
  readonly title: string;
}

function Keys({ title, rows }: { title: string; rows: readonly KeyRow[] }) {
  const t = useText();
  return (
    <section>
      <h3>{t(title)}</h3>
      <dl>
        {rows.map((row) => (
          <div key={row.title}>
            <dt>{t(row.title)}</dt>
            <dd>
              {shownKeys(row.keys)
                .split(' ')
                .map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function rowsOf({ commands }: CommandGroup): readonly KeyRow[] {
  return commands.flatMap(({ keys, title }) => (keys === undefined ? [] : [{ keys, title }]));
}

export function KeysSheet() {
  const t = useText();
  const close = (): void => {
    showOverlay(undefined);
  };
  const groups = commandGroups()
    .map((group) => ({
      title: group.title === 'commands.actions' ? 'keys.everywhere' : group.title,
      rows: rowsOf(group),
    }))
    .filter(({ rows }) => rows.length > 0);
  const others = [
    { title: 'keys.list', rows: Object.entries(listKeys).map(([keys, { title }]) => ({ keys, title })) },
    { title: 'keys.dialog', rows: [{ keys: 'Escape', title: 'keys.close' }] },
  ];
  return (
    <Dialog
      title={t('keys.title')}
      onClose={close}
      ends={<Button onClick={close}>{t('common.close')}</Button>}
    >
      <div className="keys-scroll" tabIndex={0} role="region" aria-label={t('keys.title')}>
        <div className="keys-sheet">
          {[...groups, ...others].map(({ title, rows }) => (
            <Keys key={title} title={title} rows={rows} />
          ))}
        </div>
      </div>
    </Dialog>
  );
}
