/**
 * Starting the built application on a host: Electron's own program where ELECTRON_OVERRIDE_DIST_PATH names one, else the
 * stand-in. Suites say on which they ran.
 */
import { existsSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { chromiumPath } from './chromium.ts';
import { electronLacks, startElectron } from './electron-port.ts';
import { builtMain, type HostPort, type Order } from './host-port.ts';
import { startStandIn } from './stand-in-port.ts';

const isElectron = process.env['ELECTRON_OVERRIDE_DIST_PATH'] !== undefined;

/** The host that suites run on. */
const hostName = isElectron ? 'electron' : 'stand-in';

const unbuilt = (): string | undefined =>
  existsSync(builtMain) ? undefined : 'the application is not built: npm run build';

/** Why the stand-in cannot run here; undefined when it can. */
export function standInLacks(): string | undefined {
  return unbuilt() ?? (chromiumPath() === undefined ? 'this machine has no chromium' : undefined);
}

/** Why the suites of the desktop cannot run here; undefined when they can. */
export function hostLacks(): string | undefined {
  return isElectron ? (unbuilt() ?? electronLacks()) : standInLacks();
}

/** The same for suites that look at what was called of the system, which only the stand-in records. */
export function recorderLacks(): string | undefined {
  return hostLacks() ?? (isElectron ? 'only the stand-in records what was called' : undefined);
}

/** The name of a suite on the host that runs it, with the reason when none does. */
export function hostSuite(name: string, lacks = hostLacks()): string {
  const asRoot = isElectron && process.getuid?.() === 0 ? ', as root without its sandbox' : '';
  return lacks === undefined ? `${name} [host=${hostName}${asRoot}]` : `${name} (skipped: ${lacks})`;
}

/** The running application. */
export class Host {
  readonly #port: HostPort;

  private constructor(port: HostPort) {
    this.#port = port;
  }

  /** @param home a folder for everything that it writes. */
  static async start(home: string, args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Promise<Host> {
    return new Host(await (isElectron ? startElectron : startStandIn)(home, args, env));
  }

  /** On the stand-in, whatever else there is. */
  static async preview(home: string, env: NodeJS.ProcessEnv): Promise<Host> {
    return new Host(await startStandIn(home, ['--preview'], env));
  }

  /** Resolves when the application is gone. */
  get ended(): Promise<void> {
    return this.#port.ended;
  }

  /** The page of a window, once it is there. */
  async page(kind: 'main' | 'secret'): Promise<Page> {
    const starts = [`https://${kind}.app.invalid/`, `app://${kind}/`];
    for (let tries = 0; tries < 200; tries++) {
      const found = this.#port.pages().find((page) => starts.some((start) => page.url().startsWith(start)));
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

  /** Asks the host itself. */
  async order(order: Order): Promise<unknown> {
    return this.#port.order(order);
  }

  /** Ends it as a person does, and waits until it is gone. */
  async stop(): Promise<void> {
    if (this.#port.isOver()) return;
    this.#port.quit();
    const kill = setTimeout(() => {
      this.#port.kill();
    }, 15_000);
    await this.ended;
    clearTimeout(kill);
  }
}
