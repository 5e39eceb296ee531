/** The menu, with the keys of the platform. Its entries open views, and one locks. */
import { Menu, type MenuItemConstructorOptions } from 'electron';

const views = [
  ['Home', 'home', '1'],
  ['Notarize', 'notarize', '2'],
  ['Records', 'records', '3'],
  ['Check', 'check', '4'],
  ['Contacts', 'contacts', '5'],
  ['Explorer', 'explorer', '6'],
  ['Channels', 'channels', '7'],
  ['Sync and alarms', 'sync', '8'],
  ['Settings', 'settings', '9'],
] as const;

export interface MenuActions {
  /** Opens a view, or what lies over the views: the palette, the keys, what the program is. */
  readonly show: (view: string) => void;
  readonly lock: () => void;
}

/** Sets the menu of the application. */
export function setMenu(isMac: boolean, { show, lock }: MenuActions): void {
  const item = (label: string, view: string, accelerator?: string): MenuItemConstructorOptions => ({
    label,
    ...(accelerator === undefined ? {} : { accelerator }),
    click: () => {
      show(view);
    },
  });
  const about = item('About Countersign', 'about');
  const separator = { type: 'separator' } as const;
  const application: MenuItemConstructorOptions = {
    role: 'appMenu',
    submenu: [
      ...[about, separator, { role: 'services' } as const, separator],
      ...(['hide', 'hideOthers', 'unhide'] as const).map((role) => ({ role })),
      ...[separator, { role: 'quit' } as const],
    ],
  };
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [application] : []),
    {
      label: 'File',
      submenu: [
        item('Search and commands', 'palette', 'CmdOrCtrl+K'),
        { label: 'Lock the identity', accelerator: 'CmdOrCtrl+L', click: lock },
        separator,
        { role: isMac ? 'close' : 'quit' },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        ...views.map(([label, view, key]) => item(label, view, `CmdOrCtrl+${key}`)),
        ...[separator, { role: 'resetZoom' } as const, { role: 'zoomIn' } as const],
        ...[{ role: 'zoomOut' } as const, separator, { role: 'togglefullscreen' } as const],
      ],
    },
    { role: 'windowMenu' },
    { role: 'help', submenu: [item('Keys', 'keys'), ...(isMac ? [] : [about])] },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
