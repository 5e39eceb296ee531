/** The shell of the application: it boots, guards, wires, and does no work of its own. */
import { join } from 'node:path';
import { app, dialog, nativeTheme, powerMonitor, protocol, session } from 'electron';
import type { Answer, WindowKind } from '../contract/channel.ts';
import { encode } from '../contract/codec.ts';
import { type ChannelName, type ReplyOf, schema } from '../contract/schema.ts';
import { failureFrom, loadExplanations } from '../desk/explanations.ts';
import type { DeskSetup } from '../desk/protocol.ts';
import { DeskThread } from './desk-thread.ts';
import { pageServer } from './files.ts';
import { guardEverything, guardSession } from './guard.ts';
import { viewOfLink } from '../contract/links.ts';
import { Attention } from './attention.ts';
import { type Handed, handedIn, HandedOver } from './handed.ts';
import { askKeychain } from './keychain.ts';
import { setMenu } from './menu.ts';
import { scheme } from './policy.ts';
import { openChannels } from './router.ts';
import { type SettingsFile, settingsIn } from './settings.ts';
import { shellHandlers } from './shell.ts';
import { type ShellText, shellTexts } from './texts.ts';
import { Windows } from './windows.ts';

/** The folder of the build: pages and preload lie beside this file's folder. */
const built = join(import.meta.dirname, '..');
const stopWithinMs = 10_000;
const trayIcon = join(import.meta.dirname, process.platform === 'darwin' ? 'trayTemplate.png' : 'tray.png');
const isPreview = process.argv.includes('--preview');

/** Asks for a folder to write into. */
async function askFolder(t: ShellText, windows: Windows): Promise<string | undefined> {
  const options = {
    title: t('folder.title'),
    buttonLabel: t('folder.choose'),
    properties: ['openDirectory', 'createDirectory'] as ('openDirectory' | 'createDirectory')[],
  };
  const { main } = windows;
  const { canceled, filePaths } =
    main === undefined ? await dialog.showOpenDialog(options) : await dialog.showOpenDialog(main, options);
  return canceled ? undefined : filePaths[0];
}

function startDesk(t: ShellText, windows: Windows, attention: Attention): DeskThread {
  const setup: DeskSetup = {
    practiceFolder: join(app.getPath('userData'), 'practice'),
    practiceOnly: isPreview,
  };
  return new DeskThread(setup, {
    onDelta: (delta) => {
      attention.take(delta);
      windows.tellMain('state.delta', encode(delta));
    },
    onQuestion: () => askFolder(t, windows),
    onKeychain: askKeychain,
    onRestart: () => {
      attention.forget();
      windows.reload('desk');
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

async function boot(handed: HandedOver): Promise<void> {
  await app.whenReady();
  await loadExplanations();
  const settings = settingsIn(join(app.getPath('userData'), 'shell.json'));
  nativeTheme.themeSource = settings.value.theme;
  protocol.handle(scheme, pageServer(join(built, 'renderer')));
  guardSession(session.defaultSession);
  const texts = await shellTexts();
  const background = nativeTheme.shouldUseDarkColors ? '#16181b' : '#f7f7f5';
  const windows = new Windows({ texts, preload: join(built, 'preload', 'index.cjs'), settings, background });
  const attention = new Attention({ texts, windows, settings, icon: trayIcon });
  const desk = startDesk(texts, windows, attention);
  wire(windows, settings, desk);
  setMenu(texts, process.platform === 'darwin', {
    show: (view) => void windows.openMain(view),
    lock: () => {
      desk.lock();
    },
  });
  attention.start(desk);
  listen(windows, desk);
  let isStopped = false;
  app.on('before-quit', (event) => {
    if (isStopped) return;
    event.preventDefault();
    void Promise.all([desk.stop(stopWithinMs), settings.settled()]).finally(() => {
      isStopped = true;
      app.quit();
    });
  });
  const viewOf = viewsHanded(desk);
  const later = handed.follow((one) => {
    void viewOf(one).then((view) => windows.openMain(view));
  });
  await windows.openMain(await viewOf(later ?? handedIn(process.argv.slice(1), process.cwd())));
}

/** Which view shows what was handed over: files are offered to the desk, and the page is told their number. */
function viewsHanded(desk: DeskThread): (given: Handed) => Promise<string | undefined> {
  return async ({ link, files }) => {
    // A link that names nothing leads home.
    if (files.length === 0) return link === undefined ? undefined : (viewOfLink(link) ?? 'home');
    const answer = (await desk.ask('files.offer', { paths: files })) as Answer<ReplyOf<'files.offer'>>;
    return answer.ok ? `check/given/${answer.value.chosen}` : 'check';
  };
}

/** Windows that are closed or asked for again, and a machine that sleeps or is left alone. */
function listen(windows: Windows, desk: DeskThread): void {
  app.on('activate', () => {
    void windows.openMain();
  });
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit();
  });
  const lock = (): void => {
    desk.lock();
  };
  powerMonitor.on('suspend', lock);
  powerMonitor.on('lock-screen', lock);
}

if (app.requestSingleInstanceLock()) {
  app.enableSandbox();
  app.setAsDefaultProtocolClient('countersign');
  protocol.registerSchemesAsPrivileged([
    { scheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ]);
  guardEverything();
  void boot(new HandedOver());
} else {
  app.quit();
}
