/** The safety of the shell: the table of docs/security.md, point by point, as far as it can be seen without the binary. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { contentSecurityPolicy, webPreferences } from '../../src/main/policy.ts';
import { Host, hostLacks, hostSuite, recorderLacks } from './host.ts';

const root = join(import.meta.dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** All sources of a room, as one text. */
function sourcesOf(room: string): string {
  return readdirSync(join(root, 'src', room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => read(join('src', room, name)))
    .join('\n');
}

const shell = sourcesOf('main');
const table = read('docs/security.md');
const rows = [...table.matchAll(/^\| +(\d+) \|.*\| `([^`]+)` +\|$/gm)].map(([, number, name]) => ({
  number: Number(number),
  name: name ?? '',
}));

/** The sources of a directive of the policy. */
function allowed(directive: string): readonly string[] {
  const found = contentSecurityPolicy
    .split('; ')
    .map((part) => part.split(' '))
    .find(([name]) => name === directive);
  return found?.slice(1) ?? [];
}

describe('the policy for content', () => {
  it('allows nothing that it does not name', () => {
    expect(allowed('default-src')).toEqual(["'none'"]);
  });

  it('takes scripts, styles and fonts from the application alone, and no code made of text', () => {
    for (const directive of ['script-src', 'style-src', 'font-src', 'worker-src', 'connect-src'])
      expect(allowed(directive), directive).toEqual(["'self'"]);
    expect(allowed('img-src')).toEqual(["'self'", 'blob:']);
    expect(contentSecurityPolicy).not.toMatch(/unsafe|\*|https?:|data:|nonce|sha256/);
    expect(allowed('require-trusted-types-for')).toEqual(["'script'"]);
    expect(allowed('trusted-types')).toEqual(["'none'"]);
  });

  it('lets nobody frame, embed, redirect the base or send a form', () => {
    for (const directive of ['object-src', 'frame-src', 'frame-ancestors', 'base-uri', 'form-action'])
      expect(allowed(directive), directive).toEqual(["'none'"]);
  });
});

describe('how windows are made', () => {
  it('sandboxed, isolated, without Node and without anything experimental', () => {
    expect(webPreferences).toEqual({
      sandbox: true,
      contextIsolation: true,
      nodeIntegration: false,
      nodeIntegrationInWorker: false,
      nodeIntegrationInSubFrames: false,
      webSecurity: true,
      allowRunningInsecureContent: false,
      experimentalFeatures: false,
      enableBlinkFeatures: '',
      webviewTag: false,
      navigateOnDragDrop: false,
      spellcheck: false,
      safeDialogs: true,
    });
    expect(shell.match(/new BrowserWindow\(/g)).toHaveLength(1);
    expect(shell).toContain('webPreferences: { ...webPreferences, preload }');
  });

  it('opens nothing outside of itself', () => {
    expect(shell).not.toMatch(
      /openExternal|openPath|<webview|allowpopups|commandLine\.appendSwitch|file:\/\//,
    );
    expect(shell).toMatch(/setWindowOpenHandler\(\(\) => \(\{ action: 'deny' \}\)\)/);
  });

  it('runs on the version of Electron that the lockfile holds exactly', () => {
    const { devDependencies } = JSON.parse(read('package.json')) as {
      devDependencies: Readonly<Record<string, string>>;
    };
    expect(devDependencies['electron']).toMatch(/^\d+\.\d+\.\d+$/);
  });
});

describe('the table of docs/security.md', () => {
  it('has the twenty points in order, each with a test of this name', () => {
    expect(rows.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
    const tests = [
      'test/desktop/security.test.ts',
      'test/desktop/contract.test.ts',
      'test/desktop/packaging.test.ts',
      'test/checks/packages.test.ts',
    ]
      .map(read)
      .join('\n');
    expect(rows.filter(({ name }) => !tests.includes(name)).map(({ name }) => name)).toEqual([]);
  });
});

describe('the stand-in for Electron', () => {
  const files = readdirSync(join(root, 'test/host'));
  const lines = files.flatMap((name) => read(join('test/host', name)).split('\n'));

  it('is small, and nothing of the product knows of it', () => {
    const code = lines.filter((line) => !/^\s*($|\/\/|\/\*\*|\*)/.test(line));
    expect(code.length).toBeLessThan(500);
    for (const room of ['main', 'preload', 'renderer', 'desk', 'contract', 'wallet', 'core'])
      expect(sourcesOf(room), room).not.toMatch(/stand-in|standIn|STAND_IN|playwright|app\.invalid/);
  });
});

const lacks = hostLacks();

describe.skipIf(lacks !== undefined)(hostSuite('a page of the application'), () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-security-'));
  let host: Host;
  let page: Page;

  beforeAll(async () => {
    host = await Host.start(home);
    page = await host.page('main');
    await page.waitForSelector('h1');
  });
  afterAll(async () => {
    await host.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const recorded = async (name: string): Promise<readonly string[]> => {
    const all = (await host.order({ do: 'recorded' })) as { name: string; given: string }[];
    return all.filter((one) => one.name === name).map(({ given }) => given);
  };

  it('has only the functions with names, and nothing of Node or Electron', async () => {
    const seen = await page.evaluate<{ api: string[]; frozen: boolean; others: string[] }>(`({
      api: Object.keys(countersign).sort(),
      frozen: Object.isFrozen(countersign),
      others: ['require', 'process', 'module', 'electron', 'ipcRenderer', 'Buffer', 'standInInvoke']
        .filter((name) => name in globalThis),
    })`);
    expect(seen.others).toEqual([]);
    expect(seen.frozen).toBe(true);
    expect(seen.api).toContain('recordsPage');
    expect(seen.api).not.toContain('filesOffer');
    expect(seen.api.filter((name) => !/^[a-z]+[A-Z][A-Za-z]+$/.test(name))).toEqual([]);
  });

  it('runs no text as code, no script of its own making and no handler in markup', async () => {
    // Later, by a timer of the page: what a debugger asks for directly is let through.
    const done = await page.evaluate<Record<string, unknown>>(`(async () => {
      const tries = {};
      await new Promise((next) => setTimeout(next));
      const attempt = (name, run) => { try { run(); tries[name] = 'ran'; } catch (e) { tries[name] = e.name; } };
      attempt('eval', () => (0, eval)('1'));
      attempt('Function', () => new Function('return 1'));
      attempt('innerHTML', () => { document.createElement('div').innerHTML = '<b>x</b>'; });
      const script = document.createElement('script');
      attempt('script', () => { script.text = 'globalThis.ran = true'; document.body.append(script); });
      tries.ran = 'ran' in globalThis;
      return tries;
    })()`);
    expect(done).toEqual({
      eval: 'EvalError',
      Function: 'EvalError',
      innerHTML: 'TypeError',
      script: 'TypeError',
      ran: false,
    });
  });

  it('reaches no network', async () => {
    const tries = await page.evaluate(`Promise.all(
      ['https://example.org/', 'http://127.0.0.1:9/', 'app://secret/index.html']
        .map((url) => fetch(url).then(() => 'came', () => 'refused')))`);
    expect(tries).toEqual(['refused', 'refused', 'refused']);
  });

  it('cannot leave, and opens no window', async () => {
    const before = page.url();
    await page.evaluate("location.assign('https://example.org/')");
    await page.evaluate("setTimeout(() => open('https://example.org/'))");
    expect(await page.evaluate("document.querySelector('h1').textContent")).toBe('Countersign');
    expect(page.url()).toBe(before);
  });

  it('is served with the policy, and only files of the build are', async () => {
    const answers = await page.evaluate<[string, number, string][]>(`Promise.all(
      ['/index.html', '/../package.json', '/..%2f..%2fpackage.json', '/nothing.js', '/assets/'].map(async (path) => {
        const answer = await fetch(path);
        return [path, answer.status, answer.headers.get('content-security-policy')];
      }))`);
    expect(answers.map(([, status]) => status)).toEqual([200, 404, 404, 404, 404]);
    for (const [path, , policy] of answers) expect(policy, path).toBe(contentSecurityPolicy);
  });

  it.skipIf(recorderLacks() !== undefined)('is denied every permission, device and download', async () => {
    for (const name of ['PermissionRequestHandler', 'PermissionCheckHandler', 'DevicePermissionHandler'])
      expect(await recorded(`session.set${name}`), name).toHaveLength(1);
    expect(await recorded('session.on')).toEqual(['"will-download"']);
    expect(shell).toMatch(/const granted: readonly string\[\] = \[\];/);
    expect(await recorded('app.enableSandbox')).toHaveLength(1);
  });

  it('shows a view for a link and does nothing else', async () => {
    await host.order({ do: 'emit', name: 'open-url', given: ['countersign:records'] });
    await expect.poll(() => page.url()).toContain('#records');
    await host.order({ do: 'emit', name: 'open-url', given: ['countersign:start/practice'] });
    await expect.poll(() => page.url()).toContain('#home');
    const state = await page.evaluate<{ value: { state: object } }>('countersign.stateSnapshot({})');
    expect(state.value.state).toMatchObject({ profile: null });
  });
});
