/**
 * A keyring of our own for demonstrations and tests on Linux: a private message bus and a private
 * gnome-keyring-daemon with a home of their own. The user's session, keyring and profile are never within reach,
 * and nothing is left behind, however the process that started it ends.
 */
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { accessSync, constants, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { delimiter, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { CountersignError } from '../core/errors/family.ts';
import type { KeychainCode } from '../core/errors/keychain.ts';

/** A running private keyring. */
export interface PrivateKeyring {
  /** What a process that uses the keychain needs in its environment, beside the rest of it. */
  readonly env: Readonly<Record<string, string>>;
  /** Locks the keyring, as a screen saver would: reads then find nothing, writes are refused. Linux only. */
  readonly lock?: () => Promise<void>;
  /** Ends the keyring and removes its files. */
  stop(): Promise<void>;
}

const programs = ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon'];
const readyWithinMs = 30_000;
const stoppedWithinMs = 5_000;
/** The longest path of a Unix socket on Linux is 107 bytes; this much is ours: `/keyring-XXXXXX/run/keyring/control`. */
const longestFolder = 70;

/** The whole policy of the private bus: its one user may do everything; nothing is ever started on demand. */
const busConfiguration = (socket: string): string => `<busconfig>
  <type>session</type>
  <listen>unix:path=${socket}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
`;

/**
 * The guard, in a session of its own so that Ctrl-C in the terminal does not reach it: starts bus and keyring and
 * waits until its standard input ends, which happens when the process that started it stops it or ends in any way.
 * Then it ends both by their ids and removes the folder. The password comes on its first line.
 *
 * The daemon runs from a copy: the installed file may carry a capability (to lock memory) that containers refuse,
 * and a copy does not. Where the folder may not hold programs the installed one is used.
 */
const guardScript = `
cd "$1" || exit
umask 077
IFS= read -r password
dbus-daemon --config-file=bus.conf --nofork --nopidfile </dev/null >bus.log 2>&1 & bus=$!
tries=0
while [ ! -S run/bus ] && [ $tries -lt 400 ]; do sleep 0.05; tries=$((tries + 1)); done
cp "$(command -v gnome-keyring-daemon)" daemon
./daemon --version >/dev/null 2>&1 && program=./daemon || program=gnome-keyring-daemon
printf %s "$password" | "$program" --foreground --unlock --components=secrets >keyring.log 2>&1 & keyring=$!
cat >/dev/null
kill "$keyring" "$bus"
wait
cd / && rm -rf "$1"
`;

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The programs that a private keyring needs and this machine lacks. Empty where the system has a keychain built in. */
export function privateKeyringLacks(): readonly string[] {
  if (process.platform !== 'linux') return [];
  const folders = (process.env['PATH'] ?? '').split(delimiter);
  return programs.filter((name) => !folders.some((folder) => isExecutable(join(folder, name))));
}

/** The folder of one keyring: `home`, `run` for sockets, logs, and the copied daemon. */
function makeFolder(parent: string): string {
  const isShort = Buffer.byteLength(resolve(parent)) <= longestFolder;
  return mkdtempSync(join(isShort ? resolve(parent) : '/tmp', 'keyring-'));
}

function startGuard(folder: string, address: string): ChildProcess {
  const script = `mkdir -m 700 "$1/home" "$1/run" || exit${guardScript}`;
  const home = join(folder, 'home');
  const guard = spawn('/bin/sh', ['-c', script, 'private-keyring', folder], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {
      PATH: process.env['PATH'],
      LANG: 'C.UTF-8',
      HOME: home,
      XDG_CONFIG_HOME: join(home, 'config'),
      XDG_DATA_HOME: join(home, 'data'),
      XDG_CACHE_HOME: join(home, 'cache'),
      XDG_RUNTIME_DIR: join(folder, 'run'),
      DBUS_SESSION_BUS_ADDRESS: address,
    },
  });
  // A guard that ended early breaks the pipe; waiting for the keyring reports it.
  guard.stdin.on('error', () => undefined);
  guard.stdin.write(`${randomBytes(16).toString('hex')}\n`);
  // Neither may keep a finished process alive: its end is what the guard waits for.
  guard.unref();
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}

/** Calls a method of the Secret Service on the private bus and returns the reply's text. */
async function callSecrets(
  address: string,
  path: string,
  method: string,
  ...args: string[]
): Promise<string> {
  const target = ['--session', '--print-reply', '--reply-timeout=2000', '--dest=org.freedesktop.secrets'];
  const { stdout } = await promisify(execFile)('dbus-send', [...target, path, method, ...args], {
    env: { PATH: process.env['PATH'], DBUS_SESSION_BUS_ADDRESS: address },
    timeout: 3000,
  });
  return stdout;
}

const defaultCollection = '/org/freedesktop/secrets/aliases/default';

/** Whether the keyring answers and is unlocked. */
async function isOpen(address: string): Promise<boolean> {
  const property = ['string:org.freedesktop.Secret.Collection', 'string:Locked'];
  try {
    const reply = await callSecrets(
      address,
      defaultCollection,
      'org.freedesktop.DBus.Properties.Get',
      ...property,
    );
    return reply.includes('boolean false');
  } catch {
    return false;
  }
}

/** The end of a log, for an error's detail. */
function tail(folder: string, name: string): string {
  try {
    return readFileSync(join(folder, name), 'utf8').trim().slice(-300);
  } catch {
    return '';
  }
}

function unavailable(detail: string): CountersignError<KeychainCode> {
  return new CountersignError<KeychainCode>('keychain-unavailable', detail);
}

/**
 * Starts a keyring of its own, empty and unlocked. On macOS and Windows nothing is started: the system's keychain
 * is always there, and callers use a service name of their own whose entries they remove.
 *
 * @param parent an existing folder; the keyring makes one of its own in it (or in /tmp when the path is too long
 *   for a socket) and removes it at the end
 * @throws CountersignError `keychain-unavailable` when programs are missing or the keyring does not answer in 30 s
 */
export async function startPrivateKeyring(parent: string): Promise<PrivateKeyring> {
  if (process.platform !== 'linux') return { env: {}, stop: () => Promise.resolve() };
  const missing = privateKeyringLacks();
  if (missing.length > 0) throw unavailable(`missing programs: ${missing.join(', ')}`);

  const folder = makeFolder(parent);
  const socket = join(folder, 'run', 'bus');
  const address = `unix:path=${socket}`;
  writeFileSync(join(folder, 'bus.conf'), busConfiguration(socket));
  const guard = startGuard(folder, address);
  const ended = new Promise<void>((done) => {
    guard.once('error', () => {
      done();
    });
    guard.once('exit', () => {
      done();
    });
  });
  const stop = async (): Promise<void> => {
    const timer = setTimeout(() => {
      if (guard.pid !== undefined) process.kill(-guard.pid, 'SIGKILL');
    }, stoppedWithinMs);
    guard.ref();
    guard.stdin?.end();
    await ended;
    clearTimeout(timer);
  };

  const deadline = performance.now() + readyWithinMs;
  while (!(await isOpen(address))) {
    if (guard.exitCode !== null || performance.now() > deadline) {
      const logs = [tail(folder, 'bus.log'), tail(folder, 'keyring.log')].filter((text) => text !== '');
      await stop();
      throw unavailable(`the private keyring does not answer: ${logs.join(' / ')}`);
    }
    await new Promise((next) => setTimeout(next, 30));
  }
  const lock = async (): Promise<void> => {
    const method = 'org.freedesktop.Secret.Service.Lock';
    await callSecrets(address, '/org/freedesktop/secrets', method, `array:objpath:${defaultCollection}`);
  };
  return { env: { DBUS_SESSION_BUS_ADDRESS: address }, lock, stop };
}
