import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { fromBase64, toBase64 } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { KeychainCode } from '../../core/errors/keychain.ts';
import type { Keychain } from './keychain.ts';
import { secretServiceLockState } from './lock-state.ts';
import type { KeychainReply, KeychainRequest } from './protocol.ts';

const childFile = fileURLToPath(new URL('./child.ts', import.meta.url));
const longestReply = 4096;

export interface OsKeychainOptions {
  /** The name under which entries stand in the keychain. */
  readonly service: string;
  /** Environment of the child: names the session bus on Linux. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** After this long without an answer the child is ended. Default 2,200 ms: a state is found in three seconds. */
  readonly timeoutMs?: number;
  /** The program that answers: another than `child.ts` only in tests. */
  readonly program?: string;
  /**
   * Who runs the process that answers, where this program cannot start one by itself: resolves with its text, empty when it
   * ended without one, undefined when it did not answer in time.
   */
  readonly run?: RunKeychain;
}

export type RunKeychain = (request: KeychainRequest, waitMs: number) => Promise<string | undefined>;

function codeOf(reply: Extract<KeychainReply, { ok: false }>): KeychainCode {
  if (reply.at === 'load') return 'keychain-driver';
  // libsecret's words when no session bus, or no provider of the Secret Service on it, can be found.
  return /given address|autolaunch D-Bus|not provided by any|D-Bus|DBus|ServiceUnknown|Could not connect/i.test(
    reply.message,
  )
    ? 'keychain-unavailable'
    : 'keychain-refused';
}

/** Runs one request in a child; resolves with the first line that it wrote, or what there was of it at its end. */
function runChild(request: KeychainRequest, options: OsKeychainOptions, waitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const program = options.program ?? childFile;
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...(options.env ?? process.env) },
    });
    let output = '';
    // Whoever the child started may hold its output open: nobody waits for that, nor for the child once it answered.
    const settle = (error?: CountersignError<KeychainCode>): void => {
      clearTimeout(timer);
      child.stdout.destroy();
      child.kill('SIGKILL');
      if (error === undefined) resolve(output);
      else reject(error);
    };
    const timer = setTimeout(() => {
      settle(new CountersignError<KeychainCode>('keychain-no-answer'));
    }, waitMs);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      output += chunk;
      if (output.includes('\n') || output.length > longestReply) settle();
    });
    child.on('error', (cause) => {
      settle(new CountersignError<KeychainCode>('keychain-driver', undefined, { cause }));
    });
    child.on('close', () => {
      settle();
    });
    // A child that ended early breaks the pipe; 'close' reports it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(request));
  });
}

/** Reads the child's answer. Neither its words nor the reason why they cannot be read go on: they may hold the secret. */
function parseReply(output: string): KeychainReply {
  const reply = readReply(output);
  if (reply === undefined)
    throw new CountersignError<KeychainCode>('keychain-driver', 'the keychain process gave no answer');
  return reply;
}

function readReply(output: string): KeychainReply | undefined {
  let value: unknown;
  try {
    value = JSON.parse(output);
  } catch {
    return undefined;
  }
  const { ok, at, message, removed, secret } = (value ?? {}) as Readonly<Record<string, unknown>>;
  if (ok === true && typeof removed === 'boolean' && (secret === null || typeof secret === 'string'))
    return { ok, removed, secret };
  if (ok === false && (at === 'load' || at === 'call') && typeof message === 'string')
    return { ok, at, message };
  return undefined;
}

/** The keychain of the operating system: Secret Service, macOS Keychain or Windows Credential Manager. */
export function osKeychain(options: OsKeychainOptions): Keychain {
  const ask = async (
    request: Omit<KeychainRequest, 'service'>,
    waitMs = options.timeoutMs ?? 2200,
  ): Promise<Extract<KeychainReply, { ok: true }>> => {
    const whole = { ...request, service: options.service };
    const run: RunKeychain = options.run ?? ((asked, ms) => runChild(asked, options, ms));
    const output = await run(whole, waitMs);
    if (output === undefined) throw new CountersignError<KeychainCode>('keychain-no-answer');
    const reply = parseReply(output);
    // The message is the system's own and names no secret: keytar never puts one into it.
    if (!reply.ok) throw new CountersignError<KeychainCode>(codeOf(reply), reply.message.slice(0, 200));
    return reply;
  };
  return {
    lockState: () => secretServiceLockState(options.env ?? process.env),
    async read(account, waitMs) {
      const { secret } = await ask({ action: 'read', account }, waitMs);
      if (secret === null) return undefined;
      const key = fromBase64(secret);
      // Foreign content under our name is a key that opens nothing; the vault then says 'changed'.
      return key?.length === 32 ? key : new Uint8Array(32);
    },
    async write(account, key) {
      await ask({ action: 'write', account, secret: toBase64(key) });
    },
    async remove(account) {
      return (await ask({ action: 'remove', account })).removed;
    },
  };
}
