/** People at the command line: homes of their own, a real keyring of their own, and one ledger that is served. */
import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type PrivateKeyring,
  privateKeyringLacks,
  startPrivateKeyring,
} from '../../src/cli/private-keyring.ts';
import { composeLedgerCard, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { httpReader } from '../../src/engines/http-reader.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { openWallet } from '../../src/wallet/wallet.ts';
import { type CliRun, cliMain } from './cli.ts';
import { unwrap } from './ledger.ts';
import { MemoryKeychain } from './memory-keychain.ts';
import { type Served, served } from './served.ts';

const lacks = privateKeyringLacks();
const isLinux = process.platform === 'linux';
const reason = isLinux ? `this machine lacks ${lacks.join(', ')}` : 'it would be the keychain of this user';

/** Whether tests may use a real keyring. */
export const canUseKeyring = isLinux && lacks.length === 0;

/** The name of a suite that needs a real keyring, with the reason when it cannot run. */
export function keyringSuite(name: string): string {
  return canUseKeyring ? name : `${name} (skipped: ${reason})`;
}

export interface RunOptions {
  readonly env?: NodeJS.ProcessEnv;
  /** What is written to standard input; nothing is there when it is left out. */
  readonly input?: string;
  /** What is readable at file descriptor 3. */
  readonly third?: string;
}

/** A folder with homes, a keyring and a ledger's card. */
export class Town {
  readonly folder: string;
  readonly served: Served;
  readonly card: string;
  readonly keyring: PrivateKeyring;

  private constructor(folder: string, keyring: PrivateKeyring, service: Served) {
    this.folder = folder;
    this.keyring = keyring;
    this.served = service;
    this.card = join(folder, 'ledger.card');
    const { ledger, url } = service;
    const content = { endpoints: [url], ledger: ledger.id, log: ledger.logKey };
    writeFileSync(this.card, writeLedgerCard(unwrap(composeLedgerCard(content))));
  }

  static async start(parent: string): Promise<Town> {
    const folder = mkdtempSync(join(parent, 'town-'));
    return new Town(folder, await startPrivateKeyring(folder), await served());
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** The environment of a person's commands. */
  env(who: string): NodeJS.ProcessEnv {
    const env: NodeJS.ProcessEnv = {
      ...process.env,
      ...this.keyring.env,
      COUNTERSIGN_HOME: this.path(who),
      // Dozens of processes that each compile the same sources: half of their time.
      NODE_COMPILE_CACHE: join(tmpdir(), 'countersign-compile-cache'),
    };
    for (const name of ['COUNTERSIGN_PASSPHRASE', 'COUNTERSIGN_BACKUP_PASSPHRASE']) {
      Reflect.deleteProperty(env, name);
    }
    return env;
  }

  /** Runs a command of a person to its end. */
  async run(who: string, args: readonly string[], options: RunOptions = {}): Promise<CliRun> {
    const { input, third } = options;
    const child = spawn(process.execPath, [cliMain, ...args], {
      env: { ...this.env(who), ...options.env },
      stdio: [
        input === undefined ? 'ignore' : 'pipe',
        'pipe',
        'pipe',
        third === undefined ? 'ignore' : 'pipe',
      ],
      timeout: 60_000,
      killSignal: 'SIGKILL',
    });
    let stdout = '';
    let stderr = '';
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.stdin?.end(input);
    const pipe = child.stdio[3];
    if (pipe !== null && pipe !== undefined && 'end' in pipe) pipe.end(third);
    const code = await new Promise<number | null>((resolve) => child.on('close', resolve));
    return { code, stdout, stderr };
  }

  /** Runs a command that must succeed. @returns what it printed. */
  async ok(who: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
    const run = await this.run(who, args, options);
    if (run.code !== 0) throw new Error(`${args.join(' ')}: ${String(run.code)} ${run.stdout} ${run.stderr}`);
    return run.stdout;
  }

  /** Brings a person's copy of the ledger up to date, once what waits there is in a block. */
  async sync(who: string, profile = 'default'): Promise<void> {
    const place = profileOf(profile, { COUNTERSIGN_HOME: this.path(who) });
    const wallet = await openWallet(place, { keychain: new MemoryKeychain() }, 'existing');
    const { sequencer, ledger, url } = this.served;
    try {
      for (let tries = 0; sequencer.figures.waitingMessages > 0 && tries < 500; tries++) {
        await new Promise((next) => setTimeout(next, 10));
      }
      await syncLedger(wallet.store, ledger.id, httpReader(new URL(url), 10_000));
    } finally {
      await wallet.close();
    }
  }

  /** Gives a person an identity that is announced on the ledger. The words are in files of their name. */
  async person(who: string, ...claims: readonly string[]): Promise<void> {
    await this.ok(who, ['ledger', 'join', this.card, '--yes']);
    await this.sync(who);
    const words = ['--words-to-file', this.path(`${who}.words`)];
    const recovery = ['--recovery-words-to-file', this.path(`${who}.recovery`)];
    await this.ok(who, ['identity', 'new', ...words, ...recovery]);
    await this.ok(who, ['identity', 'announce', ...claims]);
    await this.sync(who);
  }

  async stop(): Promise<void> {
    await this.keyring.stop();
  }
}
