/** Large ledgers, made once and kept; and the firehose that serves one. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Ledger } from '../../../src/core/record/ledger.ts';
import { embeddedStorage } from '../../../src/firehose/embedded-storage.ts';
import { loadBlockLog } from '../../../src/firehose/block-log.ts';
import { cliMain } from '../../support/cli.ts';
import { makeLedger } from './make-ledger.ts';
import type { Setting } from './bench.ts';

/** What every data set follows from. */
export const dataSeed = 1;

export interface DataSet {
  /** The data folder of a firehose. */
  readonly folder: string;
  readonly ledger: Ledger;
  readonly messages: number;
}

/** A ledger with so many messages, as `messages.ts` makes them. */
export async function dataSet({ cache, say }: Setting, messages: number): Promise<DataSet> {
  const folder = join(cache, `ledger-${messages}`);
  if (!existsSync(folder)) {
    say(`making a ledger of ${messages.toLocaleString('en-US')} messages`);
    const unfinished = `${folder}.unfinished`;
    rmSync(unfinished, { recursive: true, force: true });
    await makeLedger({ folder: unfinished, messages, seed: dataSeed });
    renameSync(unfinished, folder);
  }
  const loaded = await loadBlockLog(embeddedStorage(folder).public);
  if (loaded === undefined) throw new Error(`no ledger in ${folder}`);
  return { folder, ledger: loaded.log.ledger, messages };
}

/** A firehose in a process of its own. */
export interface RunningFirehose {
  readonly child: ChildProcess;
  /** Ends with a slash. */
  readonly url: string;
  readonly stop: () => Promise<void>;
}

/** Starts `countersign firehose` on a free port. */
export async function startFirehose(data: string): Promise<RunningFirehose> {
  const options = ['--rate', '0', '--interval', '1000', '--log-level', 'error', '--port', '0'];
  const args = [cliMain, 'firehose', '--data', data, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const stop = async (): Promise<void> => {
    const gone = once(child, 'exit');
    if (child.exitCode !== null) return;
    child.kill('SIGTERM');
    await gone;
  };
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('listening on ')) return { child, url: line.slice(13), stop };
  }
  throw new Error('the firehose did not start');
}
