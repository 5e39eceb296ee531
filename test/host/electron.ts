/**
 * The stand-in for the module `electron`: a test double, imported by nothing in the product and never shipped. It runs the
 * built bundles where Electron's binary cannot be had. What it does not know throws `NOT_IN_STAND_IN`; dialogs and menus
 * only record that they were called. It proves nothing about Electron's own sandbox, dialogs, keychain or packaging.
 */
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { absent, known, record, recorded, recorder } from './absent.ts';
import { startChromium } from '../desktop/chromium.ts';
import { BrowserWindow, host, preventable } from './window.ts';

const home = process.env['STAND_IN_HOME'] ?? '';
if (home === '') throw new Error('STAND_IN_HOME names the folder of the stand-in');
const userData = join(home, 'userData');
mkdirSync(userData, { recursive: true });

const engine = await startChromium(process.env['STAND_IN_HEADED'] !== '1');
host.browser = await chromium.connectOverCDP(engine.endpoint);

const events = new EventEmitter();
let answers: unknown[] = [];

function quit(): void {
  const event = preventable();
  events.emit('before-quit', event);
  if (event.isPrevented) return;
  engine.stop();
  process.exit(0);
}

host.onContents = (contents) => {
  events.emit('web-contents-created', {}, contents);
};
host.onAllClosed = () => {
  events.emit('window-all-closed');
};

export const app = known('app', {
  on: (name: string, listener: (...given: unknown[]) => void) => events.on(name, listener),
  quit,
  whenReady: () => Promise.resolve(),
  enableSandbox: recorder('app.enableSandbox'),
  requestSingleInstanceLock: () => true,
  setAsDefaultProtocolClient: recorder('app.setAsDefaultProtocolClient'),
  getPath: (name: string) => {
    if (name !== 'userData') throw new Error(`NOT_IN_STAND_IN: app.getPath ${name}`);
    return userData;
  },
  getVersion: () => '0.1.0',
  getLocale: () => 'en-GB',
});

export const protocol = known('protocol', {
  registerSchemesAsPrivileged: recorder('protocol.registerSchemesAsPrivileged'),
  handle: (scheme: string, serve: (request: Request) => Promise<Response>) => {
    host.serve.set(scheme, serve);
  },
});

type BeforeRequest = (details: { url: string }, callback: (answer: { cancel?: boolean }) => void) => void;

export const session = known('session', {
  defaultSession: known('session.defaultSession', {
    setPermissionRequestHandler: recorder('session.setPermissionRequestHandler'),
    setPermissionCheckHandler: recorder('session.setPermissionCheckHandler'),
    setDevicePermissionHandler: recorder('session.setDevicePermissionHandler'),
    on: recorder('session.on'),
    webRequest: known('webRequest', {
      onBeforeRequest: (judge: BeforeRequest) => {
        host.allows = (url) => {
          let isAllowed = true;
          judge({ url }, ({ cancel }) => (isAllowed = cancel !== true));
          return isAllowed;
        };
      },
    }),
  }),
});

export const ipcMain = known('ipcMain', {
  handle: (name: string, handler: (event: unknown, ...given: unknown[]) => unknown) => {
    host.handlers.set(name, handler);
  },
});

export const nativeTheme = known('nativeTheme', {
  get themeSource() {
    return host.theme;
  },
  set themeSource(theme: string) {
    host.theme = theme;
    for (const window of host.windows) void window.applyTheme();
  },
  shouldUseDarkColors: false,
});

export const dialog = known('dialog', {
  showOpenDialog: (...given: unknown[]) => {
    record('dialog.showOpenDialog', given.at(-1));
    return Promise.resolve(answers.shift() ?? { canceled: true, filePaths: [] });
  },
});

export const clipboard = known('clipboard', {
  writeText: async (text: string) => {
    await Promise.resolve();
    record('clipboard.writeText', text);
  },
});

export const Menu = known('Menu', {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: recorder('Menu.setApplicationMenu'),
});

export const screen = known('screen', {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
});

export const Tray = absent('Tray');
export const Notification = absent('Notification');
export const safeStorage = absent('safeStorage');
export const powerMonitor = absent('powerMonitor');
export const utilityProcess = absent('utilityProcess');
export const net = absent('net');
export { BrowserWindow };

/** What a test asks of the stand-in itself. */
type Order = { readonly id: number } & (
  | { readonly do: 'recorded' | 'quit' }
  | { readonly do: 'answer-dialog'; readonly value: unknown }
  | { readonly do: 'emit'; readonly name: string; readonly given: readonly unknown[] }
  | Invocation
);

/** A request as if it came from a frame: `top` is the one that the window was made for, others an attacker may have. */
interface Invocation {
  readonly do: 'invoke';
  readonly name: string;
  readonly given: readonly unknown[];
  readonly frame: 'top' | 'child' | 'other-origin' | 'unknown-window' | 'none';
  /** The origin of the window's page. */
  readonly window: string;
}

function invoke({ name, given, frame, window }: Invocation): unknown {
  const found = host.windows.find(({ webContents }) => webContents.mainFrame.origin === window);
  if (found === undefined) throw new Error(`no window ${window}`);
  const { mainFrame: own, id } = found.webContents;
  const mainFrame = frame === 'other-origin' ? { ...own, origin: 'https://example.org' } : own;
  const senderFrame = frame === 'none' ? null : frame === 'child' ? { ...own, parent: own } : mainFrame;
  const sender = { id: frame === 'unknown-window' ? id + 1000 : id, mainFrame };
  return host.handlers.get(name)?.({ sender, senderFrame }, ...given);
}

function obey(order: Order): unknown {
  switch (order.do) {
    case 'recorded':
      return recorded.map(({ name, given }) => ({ name, given: JSON.stringify(given ?? null) }));
    case 'answer-dialog':
      answers = [...answers, order.value];
      return undefined;
    case 'emit':
      events.emit(order.name, { preventDefault: () => undefined }, ...order.given);
      return undefined;
    case 'quit':
      quit();
      return undefined;
    case 'invoke':
      return invoke(order);
  }
}

process.on('message', (order: Order) => {
  new Promise((resolve) => {
    resolve(obey(order));
  }).then(
    (value) => process.send?.({ id: order.id, value }),
    (error: unknown) => process.send?.({ id: order.id, error: String(error) }),
  );
});
process.on('disconnect', () => {
  engine.stop();
  process.exit(0);
});
process.send?.({ endpoint: engine.endpoint });
