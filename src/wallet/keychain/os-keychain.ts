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
}

function codeOf(reply: Extract<KeychainReply, { ok: false }>): KeychainCode {
  if (reply.at === 'load') return 'keychain-driver';
  // libsecret's words when no session bus, or no provider of the Secret Service on it, can be found.
  return /autolaunch D-Bus|not provided by any|D-Bus|DBus|ServiceUnknown|Could not connect/i.test(
    reply.message,
  )
    ? 'keychain-unavailable'
    : 'keychain-refused';
}

/** Runs one request in a child; resolves with what the child wrote, whatever that is. */
function runChild(request: KeychainRequest, options: OsKeychainOptions, waitMs: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', childFile], {
      stdio: ['pipe', 'pipe', 'ignore'],
      env: { ...(options.env ?? process.env) },
    });
    let output = '';
    let late = false;
    const timer = setTimeout(() => {
      late = true;
      child.kill('SIGKILL');
    }, waitMs);
    child.stdout.setEncoding('utf8');
    child.stdout.on('data', (chunk: string) => {
      output += chunk;
      if (output.length > longestReply) child.kill('SIGKILL');
    });
    child.on('error', (cause) => {
      clearTimeout(timer);
      reject(new CountersignError<KeychainCode>('keychain-driver', undefined, { cause }));
    });
    child.on('close', () => {
      clearTimeout(timer);
      if (late) reject(new CountersignError<KeychainCode>('keychain-no-answer'));
      else resolve(output);
    });
    // A child that ended early breaks the pipe; 'close' reports it.
    child.stdin.on('error', () => undefined);
    child.stdin.end(JSON.stringify(request));
  });
}

/** The keychain of the operating system: Secret Service, macOS Keychain or Windows Credential Manager. */
export function osKeychain(options: OsKeychainOptions): Keychain {
  const ask = async (
    request: Omit<KeychainRequest, 'service'>,
    waitMs = options.timeoutMs ?? 2200,
  ): Promise<Extract<KeychainReply, { ok: true }>> => {
    const output = await runChild({ ...request, service: options.service }, options, waitMs);
    let reply: KeychainReply;
    try {
      reply = JSON.parse(output) as KeychainReply;
    } catch (cause) {
      throw new CountersignError<KeychainCode>(
        'keychain-driver',
        'the keychain process ended without an answer',
        {
          cause,
        },
      );
    }
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
