/**
 * The stand-in for the module `electron`: a test double, imported by nothing in the product and never shipped. It runs the
 * built bundles where Electron's binary cannot be had. What it does not know throws `NOT_IN_STAND_IN`; dialogs and menus
 * only record that they were called. It proves nothing about Electron's own sandbox, dialogs, keychain or packaging.
 */
import { fork } from 'node:child_process';
import { EventEmitter } from 'node:events';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { absent, known, record, recorded, recorder, recorders } from './absent.ts';
import { startChromium } from '../desktop/chromium.ts';
import { BrowserWindow, host, preventable } from './window.ts';

const home = process.env['STAND_IN_HOME'] ?? '';
if (home === '') throw new Error('STAND_IN_HOME names the folder of the stand-in');
const parentPort = new URL('./parent-port.ts', import.meta.url).href;
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

host.onContents = (contents) => void events.emit('web-contents-created', {}, contents);
host.onAllClosed = () => void events.emit('window-all-closed');

export const app = known('app', {
  on: (name: string, listener: (...given: unknown[]) => void) => events.on(name, listener),
  quit,
  whenReady: () => Promise.resolve(),
  ...recorders('app', 'enableSandbox', 'setAsDefaultProtocolClient', 'setAppUserModelId'),
  requestSingleInstanceLock: () => true,
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
    ...recorders('session', 'setPermissionRequestHandler', 'setPermissionCheckHandler'),
    ...recorders('session', 'setDevicePermissionHandler', 'on'),
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

function asks(name: string): (...given: readonly unknown[]) => Promise<unknown> {
  return (...given) => {
    record(name, given.at(-1));
    return Promise.resolve(answers.shift() ?? { canceled: true, filePaths: [], response: 0 });
  };
}
export const dialog = known('dialog', {
  showOpenDialog: asks('dialog.showOpenDialog'),
  showMessageBox: asks('dialog.showMessageBox'),
});

export const clipboard = known('clipboard', {
  writeText: recorder('clipboard.writeText'),
});

export const Menu = known('Menu', {
  buildFromTemplate: (template: unknown) => template,
  setApplicationMenu: recorder('Menu.setApplicationMenu'),
});

export const screen = known('screen', {
  getAllDisplays: () => [{ workArea: { x: 0, y: 0, width: 1920, height: 1080 } }],
});

/** The system says that it sleeps or locks when a test emits `power:suspend` or `power:lock-screen`. */
export const powerMonitor = known('powerMonitor', {
  on: (name: string, listener: () => void) => events.on(`power:${name}`, listener),
});

/** Constructed with `new`: objects whose methods only record. */
export function Tray(image: string): object {
  record('Tray', image);
  return known('Tray', recorders('Tray', 'setToolTip', 'setContextMenu', 'on', 'destroy'));
}
export function Notification(options: object): object {
  record('Notification', options);
  return known('Notification', recorders('Notification', 'on', 'show'));
}

export const utilityProcess = known('utilityProcess', {
  fork: (file: string) => {
    const execArgv = ['--disable-warning=ExperimentalWarning', '--import', parentPort];
    const child = fork(file, [], { execArgv, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    return known('UtilityProcess', {
      on: (name: string, listener: () => void) => child.on(name, listener),
      postMessage: (data: object) => child.send(data),
      kill: () => child.kill(),
    });
  },
});
export const safeStorage = absent('safeStorage');
export const net = absent('net');
export { BrowserWindow };

/** What a test asks of the stand-in itself. */
type Order = { readonly id: number } & (
  | { readonly do: 'recorded' | 'quit' }
  | { readonly do: 'answer-dialog'; readonly value: unknown }
  | { readonly do: 'emit'; readonly of?: 'page'; readonly name: string; readonly given: readonly unknown[] }
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

/** What an event comes from: the application, or the page of its first window. */
const emitterOf = (of: 'page' | undefined): EventEmitter | undefined =>
  of === undefined ? events : host.windows[0]?.webContents;

function obey(order: Order): unknown {
  switch (order.do) {
    case 'recorded':
      return recorded.map(({ name, given }) => ({ name, given: JSON.stringify(given ?? null) }));
    case 'answer-dialog':
      answers = [...answers, order.value];
      return undefined;
    case 'emit':
      emitterOf(order.of)?.emit(order.name, preventable(), ...order.given);
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
