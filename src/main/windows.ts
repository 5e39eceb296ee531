/** The windows: the main one, and the small one for secrets, which is modal to it and cannot be filmed. */
import { app, BrowserWindow, dialog, screen } from 'electron';
import type { WindowKind } from '../contract/channel.ts';
import type { ShellView } from '../contract/channels/shell.ts';
import { placeOn } from './place.ts';
import { pageOf, webPreferences } from './policy.ts';
import type { SettingsFile } from './settings.ts';
import type { ShellText } from './texts.ts';

const least = { minWidth: 1024, minHeight: 700 };
const usual = { width: 1280, height: 820 };
/** A page that crashed is loaded again at most so often within a minute. */
const mostReloads = 3;
const minuteMs = 60_000;

export interface WindowPorts {
  readonly texts: ShellText;
  readonly preload: string;
  readonly settings: SettingsFile;
  readonly background: string;
}

type Ended = NonNullable<ShellView['recovered']>;

export class Windows {
  readonly #ports: WindowPorts;
  readonly #kinds = new Map<number, WindowKind>();
  #main: BrowserWindow | undefined;
  #secret: BrowserWindow | undefined;
  /** What ended by itself and was not told to the page of the main window yet. */
  #ended: Ended | undefined;

  constructor(ports: WindowPorts) {
    this.#ports = ports;
  }

  /** Which window a web contents is, by its number. */
  readonly kindOf = (contentsId: number): WindowKind | undefined => this.#kinds.get(contentsId);

  get main(): BrowserWindow | undefined {
    return this.#main;
  }

  #make(kind: WindowKind, options: Electron.BrowserWindowConstructorOptions): BrowserWindow {
    const { preload, background } = this.#ports;
    const window = new BrowserWindow({
      show: false,
      backgroundColor: background,
      autoHideMenuBar: true,
      ...options,
      webPreferences: { ...webPreferences, preload },
    });
    const { id } = window.webContents;
    this.#kinds.set(id, kind);
    window.once('closed', () => {
      this.#kinds.delete(id);
    });
    window.once('ready-to-show', () => {
      window.show();
    });
    if (kind === 'main') this.#recover(window);
    // Its words are gone with the page.
    else
      window.webContents.on('render-process-gone', () => {
        window.close();
      });
    return window;
  }

  /** Asks what to do about a page that crashes again and again. @returns whether it is to be loaded again. */
  async #askAgain(window: BrowserWindow): Promise<boolean> {
    const { texts: t } = this.#ports;
    const { response } = await dialog.showMessageBox(window, {
      type: 'error',
      title: t('app.name'),
      message: t('crash.happened'),
      detail: t('crash.means'),
      buttons: [t('crash.again'), t('menu.role.quit')],
      ...{ defaultId: 0, cancelId: 1 },
    });
    return response === 0;
  }

  /** Loads the page again when its process ended by itself, with a sentence; asks when that does not help. */
  #recover(window: BrowserWindow): void {
    let reloads: number[] = [];
    window.webContents.on('render-process-gone', (_event, { reason }) => {
      if (reason === 'clean-exit' || window.isDestroyed()) return;
      const now = Date.now();
      reloads = [...reloads.filter((at) => at > now - minuteMs), now];
      if (reloads.length <= mostReloads) {
        this.reload('page');
        return;
      }
      void this.#askAgain(window).then((isAgain) => {
        reloads = [];
        if (isAgain) this.reload('page');
        else app.quit();
      });
    });
  }

  /** Loads the page of the main window again, which then says why. */
  reload(ended: Ended): void {
    this.#ended = ended;
    this.#main?.webContents.reload();
  }

  /** What ended by itself, told once to the window that it happened to. */
  recovery(kind: WindowKind): { readonly recovered?: Ended } {
    const recovered = this.#ended;
    if (kind !== 'main' || recovered === undefined) return {};
    this.#ended = undefined;
    return { recovered };
  }

  /** Opens the main window, or brings it to the front. @param view what it shows first. */
  async openMain(view?: string): Promise<void> {
    if (this.#main !== undefined) {
      if (this.#main.isMinimized()) this.#main.restore();
      this.#main.focus();
      if (view !== undefined) this.#main.webContents.send('shell.view', view);
      return;
    }
    const { settings, texts: t } = this.#ports;
    const kept = settings.value.window;
    const screens = screen.getAllDisplays().map(({ workArea }) => workArea);
    const place = kept && placeOn(kept, screens);
    const window = this.#make('main', { title: t('app.name'), ...usual, ...least, ...place });
    this.#main = window;
    if (kept?.maximized === true) window.maximize();
    window.on('close', () => {
      settings.set({ window: { ...window.getNormalBounds(), maximized: window.isMaximized() } });
    });
    window.once('closed', () => {
      this.#main = undefined;
    });
    await window.loadURL(view === undefined ? pageOf('main') : `${pageOf('main')}#${encodeURI(view)}`);
  }

  /** Opens the window for secrets. @param onClosed called when it is gone, however that came. */
  async openSecret(onClosed: () => void): Promise<void> {
    if (this.#secret !== undefined) {
      this.#secret.focus();
      return;
    }
    const window = this.#make('secret', {
      title: this.#ports.texts('app.name'),
      width: 720,
      height: 640,
      resizable: true,
      minimizable: false,
      maximizable: false,
      fullscreenable: false,
      ...(this.#main === undefined ? {} : { parent: this.#main, modal: true }),
    });
    this.#secret = window;
    // Screenshots and shared screens show nothing of it, where the system can do that.
    window.setContentProtection(true);
    window.once('closed', () => {
      this.#secret = undefined;
      onClosed();
    });
    await window.loadURL(pageOf('secret'));
  }

  closeSecret(): void {
    this.#secret?.close();
  }

  /** Sends a text to the main window. */
  tellMain(name: string, text: string): void {
    if (this.#main?.isDestroyed() === false) this.#main.webContents.send(name, text);
  }
}
