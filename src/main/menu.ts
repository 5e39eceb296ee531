/** The menu, with the keys of the platform. Its entries open views; none does anything else. */
import { Menu, type MenuItemConstructorOptions } from 'electron';

const views = [
  ['Home', 'home', '1'],
  ['Notarize', 'notarize', '2'],
  ['Records', 'records', '3'],
  ['Check', 'check', '4'],
  ['Contacts', 'contacts', '5'],
  ['Sync and alarms', 'sync', '8'],
] as const;

/** Sets the menu of the application. @param show opens a view. */
export function setMenu(isMac: boolean, show: (view: string) => void): void {
  const viewItems = views.map(([label, view, key]): MenuItemConstructorOptions => ({
    label,
    accelerator: `CmdOrCtrl+${key}`,
    click: () => {
      show(view);
    },
  }));
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } as const] : []),
    {
      label: 'File',
      submenu: [{ role: isMac ? 'close' : 'quit' }],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [
        ...viewItems,
        { type: 'separator' },
        { role: 'resetZoom' },
        { role: 'zoomIn' },
        { role: 'zoomOut' },
        { type: 'separator' },
        { role: 'togglefullscreen' },
      ],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
