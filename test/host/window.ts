/** `BrowserWindow` of the stand-in: a page of Chromium, driven over its debugging protocol. */
import { EventEmitter } from 'node:events';
import { readFileSync } from 'node:fs';
import type { Browser, CDPSession, Page } from 'playwright-core';
import { known, record, recorder } from './absent.ts';
import { isolatedWorld, worlds } from './worlds.ts';

/** Custom schemes cannot be taught to Chromium from outside, so pages lie under addresses that no network has. */
const hosted = /^https:\/\/([a-z]+)\.app\.invalid(?=\/|$)/;
const toHosted = (url: string): string => url.replace(/^app:\/\/([a-z]+)/, 'https://$1.app.invalid');
const fromHosted = (url: string): string => url.replace(hosted, 'app://$1');

type IpcHandler = (event: unknown, ...given: unknown[]) => unknown;

/** What all windows of the stand-in share. */
export const host = {
  browser: undefined as Browser | undefined,
  handlers: new Map<string, IpcHandler>(),
  serve: new Map<string, (request: Request) => Promise<Response>>(),
  allows: ((): boolean => true) as (url: string) => boolean,
  windows: [] as BrowserWindow[],
  theme: 'system',
  onContents: ((): void => undefined) as (contents: object) => void,
  onAllClosed: (): void => undefined,
};

export function preventable() {
  const event = {
    isPrevented: false,
    isMainFrame: true,
    preventDefault: () => void (event.isPrevented = true),
  };
  return event;
}

let nextId = 1;

class Contents extends EventEmitter {
  readonly id = nextId++;
  readonly mainFrame: { parent: null; origin: string; url: string } = { parent: null, origin: '', url: '' };
  cdp: CDPSession | undefined;
  page: Page | undefined;
  context = 0;

  readonly setWindowOpenHandler = recorder('webContents.setWindowOpenHandler');
  readonly getURL = (): string => this.mainFrame.url;
  readonly isDestroyed = (): boolean => this.page?.isClosed() ?? true;
  readonly reload = (): void => void this.page?.reload().catch(() => undefined);
  send(name: string, ...values: unknown[]): void {
    void this.run(`standInSend(${JSON.stringify(name)}, ${JSON.stringify(values)})`).catch(() => undefined);
  }

  /** Evaluates in the world of the preload. */
  async run(expression: string, returnByValue = true): Promise<{ objectId?: string | undefined }> {
    const { result } = (await this.cdp?.send('Runtime.evaluate', {
      ...{ expression, contextId: this.context, returnByValue },
    })) ?? { result: {} };
    return result;
  }

  /** The page says paths of files by number, because only the browser knows them. */
  async withPaths(text: string): Promise<string> {
    let changed = text;
    for (const [token, number] of text.matchAll(/\/stand-in-file\/(\d+)/g)) {
      const { objectId = '' } = await this.run(`standInFiles[${number ?? ''}]`, false);
      const { path } = (await this.cdp?.send('DOM.getFileInfo', { objectId })) ?? { path: '' };
      changed = changed.replace(`"${token}"`, JSON.stringify(path));
    }
    return changed;
  }

  async invoke(payload: string): Promise<void> {
    const { id, name, given } = JSON.parse(payload) as { id: number; name: string; given: unknown[] };
    const answer = async (): Promise<unknown> => {
      const values = await Promise.all(
        given.map((one) => (typeof one === 'string' ? this.withPaths(one) : one)),
      );
      const handler = host.handlers.get(name);
      if (handler === undefined) throw new Error(`No handler registered for '${name}'`);
      return handler({ sender: this, senderFrame: this.mainFrame }, ...values);
    };
    const [isOk, value] = await answer().then(
      (done) => [true, done] as const,
      (error: unknown) => [false, String(error)] as const,
    );
    await this.run(`standInAnswer(${id}, ${String(isOk)}, ${JSON.stringify(value ?? null)})`).catch(
      () => undefined,
    );
  }

  /** Answers a request of the page, or stops it, as the session and the guards say. */
  async fetched(paused: {
    requestId: string;
    request: { url: string; method: string };
    resourceType: string;
  }) {
    const { requestId, request, resourceType } = paused;
    const url = fromHosted(request.url);
    const isMove = resourceType === 'Document' && this.mainFrame.url !== '' && url !== this.mainFrame.url;
    const event = preventable();
    if (isMove) this.emit('will-navigate', event, url);
    const serve = host.serve.get(new URL(url).protocol.slice(0, -1));
    if (event.isPrevented || serve === undefined || !host.allows(url)) {
      // An aborted move leaves the page as it is.
      await this.cdp?.send('Fetch.failRequest', { requestId, errorReason: 'Aborted' });
      return;
    }
    const response = await serve(new Request(url, { method: request.method }));
    const body = Buffer.from(await response.arrayBuffer()).toString('base64');
    const responseHeaders = [...response.headers].map(([name, value]) => ({ name, value }));
    const answer = { requestId, responseCode: response.status, responseHeaders, body };
    await this.cdp?.send('Fetch.fulfillRequest', answer);
  }
}

interface WindowOptions {
  readonly width?: number;
  readonly height?: number;
  readonly webPreferences: { readonly preload: string };
}

export class BrowserWindow extends EventEmitter {
  readonly webContents = known('webContents', new Contents());
  readonly #options: WindowOptions;
  #ready: Promise<void> | undefined;

  constructor(options: WindowOptions) {
    super();
    this.#options = options;
    record('BrowserWindow', options);
    host.windows.push(this);
    host.onContents(this.webContents);
    return known('BrowserWindow', this);
  }

  async #open(): Promise<void> {
    const { browser } = host;
    const contents = this.webContents;
    const [context] = browser?.contexts() ?? [];
    if (browser === undefined || context === undefined) throw new Error('there is no browser');
    const session = await browser.newBrowserCDPSession();
    const appeared = context.waitForEvent('page');
    const { width = 1280, height = 800, webPreferences } = this.#options;
    await session.send('Target.createTarget', { url: 'about:blank', newWindow: true, width, height });
    const page = await appeared;
    // The empty one that Chromium starts with.
    const others = context.pages().filter((one) => one !== page && one.url() === 'about:blank');
    await Promise.all(others.map((one) => one.close()));
    const cdp = await context.newCDPSession(page);
    contents.page = page;
    contents.cdp = cdp;
    cdp.on('Runtime.executionContextCreated', ({ context: { id, name, auxData } }) => {
      const { frameId } = (auxData ?? {}) as { frameId?: string };
      if (name === isolatedWorld && frameId === mainFrameId) contents.context = id;
    });
    cdp.on('Runtime.bindingCalled', ({ payload, executionContextId }) => {
      contents.context = executionContextId;
      void contents.invoke(payload);
    });
    cdp.on('Fetch.requestPaused', (paused) => {
      void contents.fetched(paused).catch(() => undefined);
    });
    page.once('close', () => {
      this.#closed();
    });
    const { frameTree } = await cdp.send('Page.getFrameTree');
    const mainFrameId = frameTree.frame.id;
    await cdp.send('Page.enable');
    await cdp.send('Runtime.enable');
    await cdp.send('Fetch.enable', { patterns: [{ urlPattern: '*' }] });
    await cdp.send('Runtime.addBinding', { name: 'standInInvoke', executionContextName: isolatedWorld });
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source: worlds.pageWorld });
    const source = worlds.preloadWorld(readFileSync(webPreferences.preload, 'utf8'));
    await cdp.send('Page.addScriptToEvaluateOnNewDocument', { source, worldName: isolatedWorld });
    await this.applyTheme();
  }

  /** What `nativeTheme.themeSource` does to pages. */
  async applyTheme(): Promise<void> {
    const value = host.theme === 'system' ? '' : host.theme;
    const features = [{ name: 'prefers-color-scheme', value }];
    // A page that is being closed needs no theme.
    await this.webContents.cdp?.send('Emulation.setEmulatedMedia', { features }).catch(() => undefined);
  }

  async loadURL(url: string): Promise<void> {
    this.#ready ??= this.#open();
    await this.#ready;
    const { mainFrame, page } = this.webContents;
    mainFrame.url = url.replace(/#.*$/, '');
    mainFrame.origin = /^app:\/\/[a-z]+/.exec(url)?.[0] ?? '';
    await page?.goto(toHosted(url));
    this.emit('ready-to-show');
  }

  #closed(): void {
    host.windows = host.windows.filter((one) => one.webContents !== this.webContents);
    this.emit('closed');
    if (host.windows.length === 0) host.onAllClosed();
  }

  close(): void {
    this.emit('close', preventable());
    void this.webContents.page?.close().catch(() => undefined);
  }
  readonly isDestroyed = (): boolean => this.webContents.isDestroyed();
  readonly isMinimized = (): boolean => false;
  readonly isFocused = (): boolean => false;
  readonly isMaximized = (): boolean => false;
  readonly getNormalBounds = (): object => ({ x: 0, y: 0, width: 1280, height: 800 });
  readonly show = recorder('BrowserWindow.show');
  readonly focus = recorder('BrowserWindow.focus');
  readonly setContentProtection = recorder('BrowserWindow.setContentProtection');
}
