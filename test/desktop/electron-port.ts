/** The application on Electron's own program, where there is one. It records nothing: what was called is seen to happen. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { _electron as electron, type ElectronApplication } from 'playwright-core';
import { environment, type Order, root, type StartHost } from './host-port.ts';

const program = process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';

/** Electron's program: in the folder that ELECTRON_OVERRIDE_DIST_PATH names, or where the package keeps it. */
export function electronPath(): string | undefined {
  const folder = process.env['ELECTRON_OVERRIDE_DIST_PATH'] ?? join(root, 'node_modules/electron/dist');
  const path = join(folder, process.platform === 'win32' ? 'electron.exe' : program);
  return existsSync(path) ? path : undefined;
}

/** Why it cannot open windows here; undefined when it can. */
export function electronLacks(): string | undefined {
  if (electronPath() === undefined) return "Electron's program is not on this machine";
  const hasScreen = process.env['DISPLAY'] !== undefined || process.env['WAYLAND_DISPLAY'] !== undefined;
  return process.platform === 'linux' && !hasScreen ? 'there is no screen for its windows' : undefined;
}

/** A request as if it came from a frame, answered by the handler that a page would reach. */
async function invoke(app: ElectronApplication, order: Order): Promise<unknown> {
  return app.evaluate(({ ipcMain, BrowserWindow }, { name, given, frame, window }) => {
    type Handler = (event: unknown, ...given: readonly unknown[]) => unknown;
    const { _invokeHandlers: handlers } = ipcMain as unknown as {
      readonly _invokeHandlers: ReadonlyMap<string, Handler>;
    };
    const found = BrowserWindow.getAllWindows().find(
      ({ webContents }) => webContents.mainFrame.origin === window,
    );
    const handler = handlers.get(String(name));
    if (found === undefined || handler === undefined) throw new Error(`nobody answers ${String(name)}`);
    const { webContents } = found;
    const own = { parent: null, origin: webContents.mainFrame.origin };
    const foreign = { ...own, origin: 'https://example.org' };
    const events: Readonly<Record<string, object>> = {
      top: { sender: webContents, senderFrame: webContents.mainFrame },
      child: { sender: { id: webContents.id, mainFrame: own }, senderFrame: { ...own, parent: own } },
      'other-origin': { sender: { id: webContents.id, mainFrame: foreign }, senderFrame: foreign },
      'unknown-window': { sender: { id: webContents.id + 1000, mainFrame: own }, senderFrame: own },
      none: { sender: { id: webContents.id, mainFrame: own }, senderFrame: null },
    };
    return handler(events[String(frame)], ...(given as readonly unknown[]));
  }, order);
}

export const startElectron: StartHost = async (home, args, env) => {
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const app = await electron.launch({
    executablePath: electronPath() ?? '',
    args: [...asRoot, `--user-data-dir=${join(home, 'userData')}`, root, ...args],
    env: { ...(environment(home, env) as Record<string, string>), XDG_CONFIG_HOME: join(home, 'userData') },
  });
  let isOver = false;
  const ended = new Promise<void>((resolve) => {
    app.once('close', () => {
      isOver = true;
      resolve();
    });
  });
  return {
    ended,
    isOver: () => isOver,
    pages: () => app.windows(),
    async order(order) {
      switch (order['do']) {
        case 'invoke':
          return invoke(app, order);
        case 'emit':
          return app.evaluate(
            ({ app: itself }, [name, given]) =>
              itself.emit(
                String(name),
                { preventDefault: () => undefined },
                ...(given as readonly unknown[]),
              ),
            [order['name'], order['given']],
          );
        default:
          throw new Error(`only the stand-in does ${String(order['do'])}`);
      }
    },
    quit: () =>
      void app
        .evaluate(({ app: itself }) => {
          itself.quit();
        })
        .catch(() => undefined),
    kill: () => app.process().kill('SIGKILL'),
  };
};
