/** What runs the built application, as suites see it: the stand-in, or Electron's own program. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';

export const root = join(import.meta.dirname, '../..');
export const builtMain = join(root, 'out/main/index.js');

export type Order = Readonly<Record<string, unknown>>;

export interface HostPort {
  /** Resolves when the application is gone. */
  readonly ended: Promise<void>;
  isOver(): boolean;
  /** All pages that there are now. */
  pages(): readonly Page[];
  /** Asks the host itself: an event of the system, a request as if from a frame, an answer of a dialog. */
  order(order: Order): Promise<unknown>;
  /** Asks it to quit as a person does. */
  quit(): void;
  kill(): void;
}

/** @param home a folder for everything that the application writes. */
export type StartHost = (home: string, args: readonly string[], env: NodeJS.ProcessEnv) => Promise<HostPort>;

/** The environment of the application in a test. */
export function environment(home: string, env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return {
    ...process.env,
    COUNTERSIGN_HOME: join(home, 'profiles'),
    // Nobody's own keychain is within reach.
    DBUS_SESSION_BUS_ADDRESS: `unix:path=${join(home, 'no-bus')}`,
    ...env,
  };
}
