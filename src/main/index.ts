/** The shell of the application: it boots, guards, wires, and does no work of its own. */
import { join } from 'node:path';
import { app, dialog, nativeTheme, protocol, session } from 'electron';
import type { Answer, WindowKind } from '../contract/channel.ts';
import { encode } from '../contract/codec.ts';
import { type ChannelName, schema } from '../contract/schema.ts';
import { failureFrom, loadExplanations } from '../desk/explanations.ts';
import type { DeskSetup } from '../desk/protocol.ts';
import { DeskThread } from './desk-thread.ts';
import { pageServer } from './files.ts';
import { guardEverything, guardSession } from './guard.ts';
import { askKeychain } from './keychain.ts';
import { linkIn, viewOfLink } from './links.ts';
import { setMenu } from './menu.ts';
import { scheme } from './policy.ts';
import { openChannels } from './router.ts';
import { type SettingsFile, settingsIn } from './settings.ts';
import { shellHandlers } from './shell.ts';
import { Windows } from './windows.ts';

/** The folder of the build: pages and preload lie beside this file's folder. */
const built = join(import.meta.dirname, '..');
const stopWithinMs = 10_000;
const isPreview = process.argv.includes('--preview');

/** Asks for a folder to write into. */
async function askFolder(windows: Windows): Promise<string | undefined> {
  const options = {
    properties: ['openDirectory', 'createDirectory'] as ('openDirectory' | 'createDirectory')[],
  };
  const { main } = windows;
  const { canceled, filePaths } =
    main === undefined ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(main, options);
  return canceled ? undefined : filePaths[0];
}

function startDesk(windows: Windows): DeskThread {
  const setup: DeskSetup = {
    practiceFolder: join(app.getPath('userData'), 'practice'),
    practiceOnly: isPreview,
  };
  return new DeskThread(setup, {
    onDelta: (delta) => {
      windows.tellMain('state.delta', encode(delta));
    },
    onQuestion: () => askFolder(windows),
    onKeychain: askKeychain,
    onRestart: () => {
      windows.main?.webContents.reload();
    },
  });
}

type AnyHandler = (request: unknown, from: WindowKind) => unknown;

function wire(windows: Windows, settings: SettingsFile, desk: DeskThread): void {
  const handlers = shellHandlers({ windows, settings, desk, isPreview }) as unknown as Readonly<
    Record<string, AnyHandler | undefined>
  >;
  openChannels(windows.kindOf, async (name: ChannelName, request, from): Promise<Answer<unknown>> => {
    const { answeredBy, errors } = schema[name];
    if (answeredBy === 'desk') return desk.ask(name, request);
    try {
      return { ok: true, value: await handlers[name]?.(request, from) };
    } catch (error) {
      return { ok: false, failure: failureFrom(error, errors) };
    }
  });
}

async function boot(): Promise<void> {
  await app.whenReady();
  await loadExplanations();
  const settings = settingsIn(join(app.getPath('userData'), 'shell.json'));
  nativeTheme.themeSource = settings.value.theme;
  protocol.handle(scheme, pageServer(join(built, 'renderer')));
  guardSession(session.defaultSession);
  const background = nativeTheme.shouldUseDarkColors ? '#16181b' : '#f7f7f5';
  const windows = new Windows({ preload: join(built, 'preload', 'index.cjs'), settings, background });
  const desk = startDesk(windows);
  wire(windows, settings, desk);
  const show = (view: string): void => {
    void windows.openMain(view);
  };
  setMenu(process.platform === 'darwin', show);
  listen(windows, show);
  let isStopped = false;
  app.on('before-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    void Promise.all([desk.stop(stopWithinMs), settings.settled()]).finally(() => {
      isStopped = true;
      app.quit();
    });
  });
  await windows.openMain(viewOfLink(linkIn(process.argv) ?? ''));
}

/** Links, second starts, and windows that are closed. */
function listen(windows: Windows, show: (view: string) => void): void {
  app.on('open-url', (event, url) => {
    event.preventDefault();
    show(viewOfLink(url) ?? 'home');
  });
  app.on('second-instance', (_event, args) => {
    const view = viewOfLink(linkIn(args) ?? '');
    void windows.openMain(view);
  });
  app.on('activate', () => {
    void windows.openMain();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
}

if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  app.setAsDefaultProtocolClient('countersign');
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  guardEverything();
  void boot();
} else {
  app.quit();
}
