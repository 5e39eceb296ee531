/**
 * Asks the Secret Service whether its default collection is locked. keytar cannot tell: a locked keyring answers it
 * exactly like an empty one. The question goes through one of the two small programs that come with every message bus.
 */
import { execFile } from 'node:child_process';
import type { LockState } from './keychain.ts';

const timeoutMs = 600;
const service = 'org.freedesktop.secrets';
const collection = '/org/freedesktop/secrets/aliases/default';
const property = ['org.freedesktop.Secret.Collection', 'Locked'] as const;

interface Question {
  readonly program: string;
  readonly args: readonly string[];
}

const questions: readonly Question[] = [
  {
    program: 'dbus-send',
    args: [
      '--session',
      '--print-reply=literal',
      `--reply-timeout=${timeoutMs}`,
      `--dest=${service}`,
      collection,
      'org.freedesktop.DBus.Properties.Get',
      `string:${property[0]}`,
      `string:${property[1]}`,
    ],
  },
  {
    program: 'gdbus',
    args: [
      'call',
      '--session',
      '--timeout=1',
      `--dest=${service}`,
      `--object-path=${collection}`,
      '--method=org.freedesktop.DBus.Properties.Get',
      ...property,
    ],
  },
];

type Environment = Readonly<Record<string, string | undefined>>;

/** What one program answers; `missing` when it is not installed. */
function ask({ program, args }: Question, env: Environment): Promise<LockState | 'missing'> {
  return new Promise((resolve) => {
    const options = { env: { ...env }, timeout: timeoutMs, killSignal: 'SIGKILL', maxBuffer: 4096 } as const;
    execFile(program, args, options, (error, stdout) => {
      if (error !== null) resolve((error as { code?: unknown }).code === 'ENOENT' ? 'missing' : 'unknown');
      else if (/\btrue\b/.test(stdout)) resolve('locked');
      else resolve(/\bfalse\b/.test(stdout) ? 'unlocked' : 'unknown');
    });
  });
}

/** Whether the default collection of the Secret Service is locked; `unknown` on other systems than Linux. */
export async function secretServiceLockState(env: Environment): Promise<LockState> {
  if (process.platform !== 'linux') return 'unknown';
  for (const question of questions) {
    const answer = await ask(question, env);
    if (answer !== 'missing') return answer;
  }
  return 'unknown';
}
