/** The menu, with the keys of the platform. Its entries open views, and one locks. */
import { Menu, type MenuItemConstructorOptions } from 'electron';
import type { ShellText } from './texts.ts';

/** The views, and the number that opens each. */
const views = [
  ['home', '1'],
  ['notarize', '2'],
  ['records', '3'],
  ['check', '4'],
  ['contacts', '5'],
  ['explorer', '6'],
  ['channels', '7'],
  ['sync', '8'],
  ['settings', '9'],
] as const;

type Item = (typeof views)[number][0] | 'palette' | 'keys' | 'about';

/** What the platform does itself; the entries have a text of ours all the same. */
type Role = RoleOf<Parameters<ShellText>[0]> & MenuItemConstructorOptions['role'];
type RoleOf<Name> = Name extends `menu.role.${infer Role}` ? Role : never;

export interface MenuActions {
  /** Opens a view, or what lies over the views: the palette, the keys, what the program is. */
  readonly show: (view: string) => void;
  readonly lock: () => void;
}

const separator = { type: 'separator' } as const;

/** Sets the menu of the application. */
export function setMenu(t: ShellText, isMac: boolean, { show, lock }: MenuActions): void {
  const item = (name: Item, accelerator?: string): MenuItemConstructorOptions => ({
    label: t(`menu.${name}`),
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => {
      show(name);
    },
  });
  const roles = (...names: readonly Role[]): MenuItemConstructorOptions[] =>
    names.map((role) => ({ role, label: t(`menu.role.${role}`) }));
  const about = item('about');
  const application: MenuItemConstructorOptions = {
    label: t('app.name'),
    submenu: [
      ...[about, separator, ...roles('services'), separator],
      ...[...roles('hide', 'hideOthers', 'unhide'), separator, ...roles('quit')],
    ],
  };
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [application] : []),
    {
      label: t('menu.file'),
      submenu: [
        item('palette', 'CmdOrCtrl+K'),
        { label: t('menu.lock'), accelerator: 'CmdOrCtrl+L', click: lock },
        ...[separator, ...roles(isMac ? 'close' : 'quit')],
      ],
    },
    {
      label: t('menu.edit'),
      submenu: [...roles('undo', 'redo'), separator, ...roles('cut', 'copy', 'paste', 'selectAll')],
    },
    {
      label: t('menu.view'),
      submenu: [
        ...views.map(([view, key]) => item(view, `CmdOrCtrl+${key}`)),
        ...[separator, ...roles('resetZoom', 'zoomIn', 'zoomOut'), separator, ...roles('togglefullscreen')],
      ],
    },
    {
      // The platform keeps the list of windows in the menu of this role.
      ...{ role: 'window', label: t('menu.window') },
      submenu: roles('minimize', ...(isMac ? (['zoom', 'front'] as const) : (['close'] as const))),
    },
    { role: 'help', label: t('menu.help'), submenu: [item('keys'), ...(isMac ? [] : [about])] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
