/** The main window: the first start while no profile is open, else the side and one view. */
import { useEffect, useRef, useState } from 'react';
import type { ShellView } from '../../contract/channels/shell.ts';
import { About } from '../features/about/about.tsx';
import { KeysSheet } from '../features/palette/keys-sheet.tsx';
import { Palette } from '../features/palette/palette.tsx';
import { Repairing } from '../features/sync/doctor.tsx';
import { FirstStart } from '../features/start/first-start.tsx';
import { JoinLedger } from '../features/start/join-ledger.tsx';
import { useText } from '../i18n/text.ts';
import { Button } from '../ui/controls.tsx';
import { api } from '../api.ts';
import { useActivity } from './activity.ts';
import { features } from './feature.ts';
import { useKeys } from './keys.ts';
import { overlayNamed, showOverlay, useOverlay } from './overlay.ts';
import { go, useRoute } from './route.ts';
import { Side } from './side.tsx';
import { useDesk } from './state.ts';
import './layout.css';

/** Views that the shell asks for: for a menu, a key of the system, a link. */
function useAskedViews(): void {
  useEffect(() => {
    const show = (to: string): void => {
      const overlay = overlayNamed(to);
      if (overlay === undefined) go(to);
      else showOverlay(overlay);
    };
    api.onView(show);
    const { view } = useRoute.getState();
    if (overlayNamed(view) === undefined) return;
    go('home');
    show(view);
  }, []);
}

/** What lies over the views. */
function Overlays() {
  const { shown } = useOverlay();
  switch (shown) {
    case undefined:
      return null;
    case 'palette':
      return <Palette />;
    case 'keys':
      return <KeysSheet />;
    case 'about':
      return <About />;
  }
}

/** What everybody who is told something of a ledger must be told first. */
function Alarm() {
  const t = useText();
  const { proven, broken, open, origin } = useDesk('alarms');
  const kind = proven > 0 ? 'proven' : broken > 0 ? 'broken' : open > 0 ? 'open' : undefined;
  if (kind === undefined || origin === undefined) return null;
  return (
    <div className="strip alarm" role="alert">
      {t(`alarm.${kind}`, { origin })}{' '}
      <button
        type="button"
        className="link-like"
        onClick={() => {
          go('sync/alarms');
        }}
      >
        {t('alarm.look')}
      </button>
    </div>
  );
}

function Strip({ shell }: { shell: ShellView }) {
  const t = useText();
  const profile = useDesk('profile');
  if (!shell.preview && profile?.kind !== 'practice') return null;
  return <header className="strip">{t(shell.preview ? 'app.preview' : 'app.practice')}</header>;
}

/** Says once that something ended by itself and goes on. */
function Recovered({ shell }: { shell: ShellView }) {
  const t = useText();
  const [isSeen, setSeen] = useState(false);
  if (shell.recovered === undefined || isSeen) return null;
  return (
    <div className="strip" role="status">
      {t(`recovered.${shell.recovered}`)}{' '}
      <Button
        kind="plain"
        onClick={() => {
          setSeen(true);
        }}
      >
        {t('common.close')}
      </Button>
    </div>
  );
}

/** The card of a ledger that a link brought: looked at, never joined by itself. */
function GivenCard({ card }: { card: string }) {
  const t = useText();
  return (
    <div className="page">
      <header>
        <div>
          <h1>{t('join.title')}</h1>
          <p>{t('join.lead')}</p>
        </div>
      </header>
      <JoinLedger key={card} given={card} />
    </div>
  );
}

function Views({ shell }: { shell: ShellView }) {
  const t = useText();
  const { view, rest } = useRoute();
  const main = useRef<HTMLElement>(null);
  const doctor = useDesk('doctor');
  const { View } = features.find(({ id }) => id === view) ?? features[0] ?? {};
  useEffect(() => {
    main.current?.scrollTo(0, 0);
  }, [view]);
  return (
    <>
      <a
        className="button skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          main.current?.focus();
        }}
      >
        {t('app.skip')}
      </a>
      <Side shell={shell} />
      <main id="main" className="main" ref={main} tabIndex={-1}>
        {doctor?.look === 'repair' && doctor.phase === 'running' ? (
          <Repairing doctor={doctor} />
        ) : view === 'card' ? (
          <GivenCard card={rest} />
        ) : View === undefined ? null : (
          <View key={view} rest={rest} />
        )}
      </main>
    </>
  );
}

export function App({ shell }: { shell: ShellView }) {
  useActivity();
  const profile = useDesk('profile');
  useKeys();
  useAskedViews();
  return (
    <div className="window">
      <div className="strips">
        <Strip shell={shell} />
        <Alarm />
        <Recovered shell={shell} />
      </div>
      {profile === null ? <FirstStart shell={shell} /> : <Views shell={shell} />}
      <Overlays />
    </div>
  );
}
