/** Starting the built application on a host: the stand-in here, Electron's own binary where it is there. */
import { type ChildProcess, fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from './chromium.ts';

const root = join(import.meta.dirname, '../..');
const builtMain = join(root, 'out/main/index.js');

/** Why the suites of the desktop cannot run here; undefined when they can. */
export function hostLacks(): string | undefined {
  if (!existsSync(builtMain)) return 'the application is not built: npm run build';
  return chromiumPath() === undefined ? 'this machine has no chromium' : undefined;
}

/** The name of a suite on the host that runs it, with the reason when none does. */
export function hostSuite(name: string): string {
  const lacks = hostLacks();
  return lacks === undefined ? `${name} [host=stand-in]` : `${name} (skipped: ${lacks})`;
}

interface Reply {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly endpoint?: string;
}

/** The running application. */
export class Host {
  readonly #child: ChildProcess;
  readonly #browser: Browser;
  readonly #waiting = new Map<number, (reply: Reply) => void>();
  /** Resolves when the application is gone. */
  readonly ended: Promise<void>;
  #number = 0;

  private constructor(child: ChildProcess, browser: Browser) {
    this.#child = child;
    this.#browser = browser;
    this.ended = new Promise((resolve) => {
      child.once('exit', () => {
        resolve();
      });
    });
    child.on('message', (reply: Reply) => {
      this.#waiting.get(reply.id ?? 0)?.(reply);
    });
  }

  /** @param home a folder for everything that it writes. */
  static async start(home: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Host> {
    const hook = join(root, 'test/host/hook.ts');
    const child = fork(builtMain, [...args], {
      execArgv: ['--disable-warning=ExperimentalWarning', '--import', hook],
      env: {
        ...process.env,
        COUNTERSIGN_HOME: join(home, 'profiles'),
        // Nobody's own keychain is within reach.
        DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home, 'no-bus')}`,
        ...env,
        STAND_IN_HOME: home,
      },
    });
    const endpoint = await new Promise<string>((resolve, reject) => {
      child.once('message', ({ endpoint: address = '' }: Reply) => {
        resolve(address);
      });
      child.once('exit', (code) => {
        reject(new Error(`the application ended with ${String(code)}`));
      });
    });
    return new Host(child, await chromium.connectOverCDP(endpoint));
  }

  /** The page of a window, once it is there. */
  async page(kind: 'main' | 'secret'): Promise<Page> {
    const [context] = this.#browser.contexts();
    if (context === undefined) throw new Error('no context');
    const isIt = (page: Page): boolean => page.url().startsWith(`https://${kind}.app.invalid/`);
    for (let tries = 0; tries < 200; tries++) {
      const found = context.pages().find(isIt);
      if (found !== undefined) return found;
      await new Promise((next) => setTimeout(next, 50));
    }
    throw new Error(`the window ${kind} did not open`);
  }

  /** Gives files to the drop target of a page, by their paths, as choosing them in the system's dialog does. */
  async giveFiles(page: Page, files: readonly string[]): Promise<void> {
    const cdp = await page.context().newCDPSession(page);
    const expression = "document.querySelector('input[type=file]')";
    const { result } = await cdp.send('Runtime.evaluate', { expression });
    await cdp.send('DOM.setFileInputFiles', { files: [...files], objectId: result.objectId ?? '' });
    await cdp.detach();
  }

  /** Asks the stand-in itself. */
  async order(order: Readonly<Record<string, unknown>>): Promise<unknown> {
    const id = ++this.#number;
    const reply = await new Promise<Reply>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#child.send({ ...order, id });
    });
    this.#waiting.delete(id);
    if (reply.error !== undefined) throw new Error(reply.error);
    return reply.value;
  }

  /** Ends it as a person does, and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#child.exitCode !== null) return;
    this.#child.send({ id: 0, do: 'quit' });
    const kill = setTimeout(() => this.#child.kill('SIGKILL'), 15_000);
    await this.ended;
    clearTimeout(kill);
  }
}
