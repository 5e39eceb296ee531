/** The sign in the bar of the system: how the identity stands, locking it, and the way to the window. */
import { Menu, type MenuItemConstructorOptions, Tray } from 'electron';
import type { DeskState } from '../contract/state.ts';

export interface TrayActions {
  readonly show: () => void;
  readonly lock: () => void;
  readonly quit: () => void;
}

/** How things stand, in a few words and without any name. */
function standing({ profile, alarms, sync }: Partial<DeskState>): string {
  if (profile === undefined || profile === null) return 'No profile is open';
  const { state, canSign } = profile.identity;
  const open = canSign ? 'Identity open' : 'Watching only';
  const identity = state === 'open' ? open : state === 'none' ? 'No identity' : 'Identity locked';
  const { proven = 0, broken = 0, open: seen = 0 } = alarms ?? {};
  if (proven + broken + seen > 0) return `${identity} · alarm`;
  return sync?.problem === undefined ? identity : `${identity} · not up to date`;
}

/** Puts the sign there. @returns what tells it that the state changed. */
export function putTray(icon: string, actions: TrayActions): (state: Partial<DeskState>) => void {
  const tray = new Tray(icon);
  let last = '';
  tray.on('click', actions.show);
  return (state) => {
    const now = standing(state);
    if (now === last) return;
    last = now;
    const isOpen = state.profile?.identity.state === 'open';
    const template: MenuItemConstructorOptions[] = [
      { label: now, enabled: false },
      { type: 'separator' },
      { label: 'Open Countersign', click: actions.show },
      { label: 'Lock the identity', enabled: isOpen, click: actions.lock },
      { type: 'separator' },
      { label: 'Quit', click: actions.quit },
    ];
    tray.setToolTip(`Countersign: ${now}`);
    tray.setContextMenu(Menu.buildFromTemplate(template));
  };
}
