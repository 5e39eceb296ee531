/** Everything that can be done from anywhere: views, what features declare, and what belongs to the window itself. */
import {
  Bell,
  BellOff,
  BookLock,
  ClipboardCopy,
  GraduationCap,
  Info,
  Keyboard,
  Lock,
  LockOpen,
  Monitor,
  Moon,
  RefreshCw,
  Search,
  Square,
  Sun,
} from 'lucide-react';
import type { DeskState } from '../../contract/state.ts';
import { api } from '../api.ts';
import { copyDiagnostics } from './diagnostics.ts';
import { type Command, type Feature, features } from './feature.ts';
import { showOverlay } from './overlay.ts';
import { go, useRoute } from './route.ts';
import { deskState } from './state.ts';
import { chooseTheme } from './theme.ts';
import { unlock } from './unlock.ts';

const hasProfile = ({ profile }: DeskState): boolean => profile !== null;

/** The commands that show the views. */
const views: readonly Command[] = features.map(({ id, title, icon, order }) => ({
  title,
  icon,
  keys: `Mod+${order}`,
  when: hasProfile,
  run: () => {
    go(id);
  },
}));

/** Puts the focus into the field for searching of the view that is shown. */
function focusSearch(): void {
  document.querySelector<HTMLElement>('main input[type=search]')?.focus();
}

/** What belongs to the window. */
const own: readonly Command[] = [
  {
    title: 'palette.open',
    icon: Search,
    keys: 'Mod+K',
    keyOnly: true,
    run: () => {
      showOverlay('palette');
    },
  },
  { title: 'command.search', icon: Search, keys: '/', keyOnly: true, when: hasProfile, run: focusSearch },
  {
    title: 'command.keys',
    icon: Keyboard,
    keys: '?',
    run: () => {
      showOverlay('keys');
    },
  },
  {
    title: 'command.sync',
    icon: RefreshCw,
    when: ({ ledger, sync }) => ledger !== null && sync.phase !== 'running',
    run: () => void api.syncStart({}),
  },
  {
    title: 'command.sync.stop',
    icon: Square,
    when: ({ sync }) => sync.phase === 'running',
    run: () => void api.syncStop({}),
  },
  {
    title: 'command.lock',
    icon: Lock,
    keys: 'Mod+L',
    when: ({ profile }) => profile?.identity.state === 'open',
    run: () => void api.startLock({}),
  },
  {
    title: 'command.unlock',
    icon: LockOpen,
    when: ({ profile }) => profile !== null && !['open', 'none'].includes(profile.identity.state),
    run: () => {
      const { profile } = deskState() ?? {};
      if (profile) unlock(profile.identity);
    },
  },
  {
    title: 'command.practice',
    icon: GraduationCap,
    when: ({ profile, start }) => profile === null && !start.busy,
    run: () => void api.startPractice({}),
  },
  { title: 'command.leave', icon: BookLock, when: hasProfile, run: () => void api.startClose({}) },
  ...(['system', 'light', 'dark'] as const).map((theme) => ({
    title: `nav.theme.${theme}`,
    icon: { system: Monitor, light: Sun, dark: Moon }[theme],
    run: () => {
      chooseTheme(theme);
    },
  })),
  ...(['off', 'hidden', 'counts'] as const).map((notices) => ({
    title: `command.notices.${notices}`,
    icon: notices === 'off' ? BellOff : Bell,
    run: () => void api.shellSetNotices({ notices }),
  })),
  { title: 'command.diagnostics', icon: ClipboardCopy, run: () => void copyDiagnostics() },
  {
    title: 'command.about',
    icon: Info,
    run: () => {
      showOverlay('about');
    },
  },
];

export interface CommandGroup {
  /** The key of its name among the texts. */
  readonly title: string;
  readonly commands: readonly Command[];
}

const canDo = (state: DeskState | undefined, { when }: Command): boolean =>
  when === undefined || (state !== undefined && when(state));

/** The feature in sight, if one is. */
function featureHere(state: DeskState | undefined): Feature | undefined {
  const { view } = useRoute.getState();
  return (state?.profile ?? null) === null ? undefined : features.find(({ id }) => id === view);
}

/** All commands that can be done now, by where they come from. */
export function commandGroups(): readonly CommandGroup[] {
  const state = deskState();
  const here = featureHere(state);
  const offered = (state?.profile ?? null) === null ? [] : features.flatMap(({ commands }) => commands ?? []);
  const groups: CommandGroup[] = [
    { title: 'commands.here', commands: here?.here ?? [] },
    { title: 'commands.views', commands: views },
    { title: 'commands.actions', commands: [...offered, ...own] },
  ];
  return groups
    .map(({ title, commands }) => ({ title, commands: commands.filter((one) => canDo(state, one)) }))
    .filter(({ commands }) => commands.length > 0);
}

/** All commands that can be done now; those of the view in sight first. */
export function available(): readonly Command[] {
  return commandGroups().flatMap(({ commands }) => commands);
}
