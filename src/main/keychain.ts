/** Asking the keychain of the operating system, in a process of its own for each question. */
import { fileURLToPath } from 'node:url';
import { utilityProcess } from 'electron';
import type { FromDesk } from '../desk/protocol.ts';

type KeychainQuestion = Extract<FromDesk, { kind: 'keychain' }>;

const childFile = fileURLToPath(new URL('../desk/keychain-child.ts', import.meta.url));

/** The text of the answer; undefined when none came in time, empty when the process ended without one. */
export function askKeychain(
  request: KeychainQuestion['request'],
  waitMs: number,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const child = utilityProcess.fork(childFile, [], {
      serviceName: 'countersign-keychain',
      stdio: 'ignore',
    });
    const settle = (answer: string | undefined): void => {
      clearTimeout(timer);
      resolve(answer);
      child.kill();
    };
    const timer = setTimeout(settle, waitMs, undefined);
    child.on('message', (answer: unknown) => {
      settle(typeof answer === 'string' ? answer : '');
    });
    child.on('exit', () => {
      settle('');
    });
    child.postMessage(request);
  });
}
