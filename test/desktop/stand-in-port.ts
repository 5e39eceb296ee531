/** The application on the stand-in: main in a process of Node, pages in Chromium. */
import { fork } from 'node:child_process';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { builtMain, environment, root, type StartHost } from './host-port.ts';

interface Reply {
  readonly id?: number;
  readonly value?: unknown;
  readonly error?: string;
  readonly endpoint?: string;
}

export const startStandIn: StartHost = async (home, args, env) => {
  const hook = join(root, 'test/host/hook.ts');
  const child = fork(builtMain, [...args], {
    execArgv: ['--disable-warning=ExperimentalWarning', '--import', hook],
    env: { ...environment(home, env), STAND_IN_HOME: home },
  });
  const ended = new Promise<void>((resolve) => {
    child.once('exit', () => {
      resolve();
    });
  });
  const endpoint = await new Promise<string>((resolve, reject) => {
    child.once('message', ({ endpoint: address = '' }: Reply) => {
      resolve(address);
    });
    child.once('exit', (code) => {
      reject(new Error(`the application ended with ${String(code)}`));
    });
  });
  const waiting = new Map<number, (reply: Reply) => void>();
  child.on('message', (reply: Reply) => {
    waiting.get(reply.id ?? 0)?.(reply);
  });
  const browser = await chromium.connectOverCDP(endpoint);
  let number = 0;
  return {
    ended,
    isOver: () => child.exitCode !== null,
    pages: () => browser.contexts()[0]?.pages() ?? [],
    async order(order) {
      const id = ++number;
      const reply = await new Promise<Reply>((resolve) => {
        waiting.set(id, resolve);
        child.send({ ...order, id });
      });
      waiting.delete(id);
      if (reply.error !== undefined) throw new Error(reply.error);
      return reply.value;
    },
    quit: () => child.send({ id: 0, do: 'quit' }),
    kill: () => child.kill('SIGKILL'),
  };
};
