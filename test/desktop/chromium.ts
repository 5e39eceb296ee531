/** The browser engine of the stand-in: Debian's Chromium, started with a profile of its own that is thrown away. */
import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The program, or undefined when this machine has none. */
export function chromiumPath(): string | undefined {
  const own = process.env['COUNTERSIGN_CHROMIUM'];
  return [...(own === undefined ? [] : [own]), ...places].find((path) => existsSync(path));
}

const flags = [
  '--remote-debugging-port=0',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--no-default-browser-check',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-extensions',
  '--disable-features=Translate,MediaRouter,OptimizationHints',
  '--password-store=basic',
  '--force-color-profile=srgb',
  '--font-render-hinting=none',
];

export interface RunningChromium {
  readonly endpoint: string;
  stop(): void;
}

/** Starts it. @throws Error when it does not listen within twenty seconds. */
export async function startChromium(isHeadless: boolean): Promise<RunningChromium> {
  const program = chromiumPath();
  if (program === undefined) throw new Error('there is no Chromium on this machine');
  const folder = mkdtempSync(join(tmpdir(), 'countersign-chromium-'));
  // Chromium refuses its sandbox when root runs it: in tests only, and nothing foreign is loaded.
  const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  const headless = isHeadless ? ['--headless'] : [];
  const child: ChildProcess = spawn(
    program,
    [...flags, ...asRoot, ...headless, `--user-data-dir=${folder}`, 'about:blank'],
    { stdio: 'ignore' },
  );
  const stop = (): void => {
    child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
  };
  process.once('exit', stop);
  const portFile = join(folder, 'DevToolsActivePort');
  for (let tries = 0; tries < 400 && child.exitCode === null; tries++) {
    const port = existsSync(portFile) ? readFileSync(portFile, 'utf8').split('\n')[0] : undefined;
    if (port !== undefined && port !== '') return { endpoint: `http://127.0.0.1:${port}`, stop };
    await sleep(50);
  }
  stop();
  throw new Error('Chromium did not start');
}
