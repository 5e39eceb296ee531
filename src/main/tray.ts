/** The sign in the bar of the system: how the identity stands, locking it, and the way to the window. */
import { Menu, type MenuItemConstructorOptions, Tray } from 'electron';
import type { DeskState } from '../contract/state.ts';
import type { ShellText } from './texts.ts';

export interface TrayActions {
  readonly show: () => void;
  readonly lock: () => void;
  readonly quit: () => void;
}

/** How things stand, in a few words and without any name. */
function standing(t: ShellText, { profile, alarms, sync }: Partial<DeskState>): string {
  if (profile === undefined || profile === null) return t('tray.profile');
  const { state, canSign } = profile.identity;
  const stands = state === 'open' ? (canSign ? 'open' : 'watch') : state === 'none' ? 'none' : 'locked';
  const identity = t(`tray.${stands}`);
  const { proven = 0, broken = 0, open: seen = 0 } = alarms ?? {};
  if (proven + broken + seen > 0) return t('tray.alarm', { identity });
  return sync?.problem === undefined ? identity : t('tray.behind', { identity });
}

/** Puts the sign there. @returns what tells it that the state changed. */
export function putTray(
  t: ShellText,
  icon: string,
  actions: TrayActions,
): (state: Partial<DeskState>) => void {
  const tray = new Tray(icon);
  let last = '';
  tray.on('click', actions.show);
  return (state) => {
    const now = standing(t, state);
    if (now === last) return;
    last = now;
    const isOpen = state.profile?.identity.state === 'open';
    const template: MenuItemConstructorOptions[] = [
      { label: now, enabled: false },
      { type: 'separator' },
      { label: t('tray.show'), click: actions.show },
      { label: t('menu.lock'), enabled: isOpen, click: actions.lock },
      { type: 'separator' },
      { label: t('menu.role.quit'), click: actions.quit },
    ];
    tray.setToolTip(t('tray.says', { standing: now }));
    tray.setContextMenu(Menu.buildFromTemplate(template));
  };
}
