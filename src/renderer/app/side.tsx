/** The side: views, and below them how ledger, synchronising and identity stand. */
import { BookLock, Eye, KeyRound, Lock, RefreshCw, Search, TriangleAlert, UserX } from 'lucide-react';
import type { ShellView } from '../../contract/channels/shell.ts';
import { api } from '../api.ts';
import { useText } from '../i18n/text.ts';
import { Button, Status } from '../ui/controls.tsx';
import { number } from '../ui/numbers.ts';
import { features } from './feature.ts';
import { ariaKeys, shownKeys } from './keys.ts';
import { showOverlay } from './overlay.ts';
import { go, useRoute } from './route.ts';
import { LedgerCardButton } from './ledger-card.tsx';
import { useDesk } from './state.ts';
import { chooseTheme, useTheme } from './theme.ts';
import { unlock } from './unlock.ts';

/** A number beside the name of a view. @param what names its text. */
function Count({ useCount, what }: { useCount: () => number; what: 'alerts' | 'news' }) {
  const t = useText();
  const count = useCount();
  if (count === 0) return null;
  return (
    <span className={`alerts ${what}`} aria-label={t(`nav.${what}`, { count })} role="img">
      {number(count)}
    </span>
  );
}

function Navigation() {
  const t = useText();
  const { view } = useRoute();
  return (
    <nav aria-label={t('nav.label')}>
      <ul>
        {features.map(({ id, title, icon: Icon, order, useAlerts, useNews }) => (
          <li key={id}>
            <button
              type="button"
              className="item"
              aria-current={view === id ? 'page' : undefined}
              aria-keyshortcuts={ariaKeys(`Mod+${order}`)}
              onClick={() => {
                go(id);
              }}
            >
              <Icon size={17} aria-hidden strokeWidth={1.75} />
              {t(title)}
              {useNews === undefined ? null : <Count useCount={useNews} what="news" />}
              {useAlerts === undefined ? null : <Count useCount={useAlerts} what="alerts" />}
              <kbd aria-hidden>{shownKeys(`Mod+${order}`)}</kbd>
            </button>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** The ledger that is shown; where there are several, the choice of it. */
function LedgerName() {
  const t = useText();
  const ledger = useDesk('ledger');
  const ledgers = useDesk('ledgers');
  if (ledgers.length < 2) return <div className="name">{ledger?.origin}</div>;
  const isTwice = (origin: string): boolean => ledgers.filter((one) => one.origin === origin).length > 1;
  return (
    <select
      className="input"
      aria-label={t('ledger.choose')}
      value={ledger?.id}
      onChange={({ target }) => {
        void api.ledgerChoose({ ledger: target.value });
      }}
    >
      {ledgers.map(({ id, origin }) => (
        <option key={id} value={id}>
          {isTwice(origin) ? `${origin} (${id.slice(0, 8)})` : origin}
        </option>
      ))}
    </select>
  );
}

const tones = { idle: 'good', running: 'calm', stopped: 'warn' } as const;
const says = { idle: 'sync.done', running: 'sync.running', stopped: 'sync.stopped' } as const;

function LedgerFoot() {
  const t = useText();
  const ledger = useDesk('ledger');
  const sync = useDesk('sync');
  if (ledger === null) return <div className="quiet">{t('ledger.none')}</div>;
  const isRunning = sync.phase === 'running';
  return (
    <div>
      <LedgerName />
      <div className="line">
        <span className="quiet">
          {t('ledger.blocks', { filled: number(ledger.filled), size: number(ledger.size) })}
        </span>
        <LedgerCardButton />
      </div>
      <div className="line">
        {sync.problem !== undefined ? (
          <Status tone="bad" icon={TriangleAlert}>
            {t('sync.problem')}
          </Status>
        ) : (
          <Status tone={tones[sync.phase]}>{t(says[sync.phase])}</Status>
        )}
        <Button
          kind="plain"
          icon={RefreshCw}
          aria-label={t(isRunning ? 'sync.stop' : 'sync.now')}
          title={t(isRunning ? 'sync.stop' : 'sync.now')}
          onClick={() => {
            void (isRunning ? api.syncStop({}) : api.syncStart({}));
          }}
        />
      </div>
    </div>
  );
}

function IdentityFoot() {
  const t = useText();
  const profile = useDesk('profile');
  if (profile === null) return null;
  const { identity } = profile;
  const isOpen = identity.state === 'open';
  const key = isOpen ? (identity.canSign ? 'open' : 'watch') : identity.state === 'none' ? 'none' : 'locked';
  const icon = { open: KeyRound, watch: Eye, none: UserX, locked: Lock }[key];
  return (
    <div className="line">
      <Status tone={key === 'locked' ? 'warn' : 'calm'} icon={icon}>
        {t(`identity.${key}`)}
      </Status>
      {key === 'none' ? null : (
        <Button
          kind="plain"
          onClick={() => {
            if (isOpen) void api.startLock({});
            else unlock(identity);
          }}
        >
          {t(isOpen ? 'identity.lock' : 'identity.unlock')}
        </Button>
      )}
    </div>
  );
}

function ThemeFoot({ shell }: { shell: ShellView }) {
  const t = useText();
  const theme = useTheme(shell.theme);
  const themes = ['system', 'light', 'dark'] as const;
  return (
    <select
      className="input"
      aria-label={t('nav.theme')}
      value={theme}
      onChange={({ target }) => {
        chooseTheme(themes.find((one) => one === target.value) ?? 'system');
      }}
    >
      {themes.map((one) => (
        <option key={one} value={one}>
          {t(`nav.theme.${one}`)}
        </option>
      ))}
    </select>
  );
}

export function Side({ shell }: { shell: ShellView }) {
  const t = useText();
  return (
    <aside className="side" aria-label={t('side.label')}>
      <div className="brand">{t('app.name')}</div>
      <button
        type="button"
        className="item find"
        title={t('palette.open')}
        aria-keyshortcuts={ariaKeys('Mod+K')}
        onClick={() => {
          showOverlay('palette');
        }}
      >
        <Search size={16} aria-hidden strokeWidth={1.75} />
        {t('palette.short')}
        <kbd aria-hidden>{shownKeys('Mod+K')}</kbd>
      </button>
      <Navigation />
      <div className="foot">
        <LedgerFoot />
        <IdentityFoot />
        <ThemeFoot shell={shell} />
        <Button
          kind="plain"
          icon={BookLock}
          onClick={() => {
            void api.startClose({});
          }}
        >
          {t('nav.leave')}
        </Button>
      </div>
    </aside>
  );
}
