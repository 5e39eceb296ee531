import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { composeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { pinLedger } from '../../src/wallet/ledgers.ts';
import { openWallet } from '../../src/wallet/wallet.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { walletLife } from '../faults/wallet-life.ts';
import { ledgerOnDisk } from '../faults/wallet-faults.ts';
import { lastLine, runCli } from '../support/cli.ts';
import { unwrap } from '../support/ledger.ts';
import { MemoryKeychain } from '../support/memory-keychain.ts';
import { served, stopServices } from '../support/served.ts';

const folder = mkdtempSync(join(tmpdir(), 'doctor-cli-test-'));
afterAll(async () => {
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
});

/** Takes the database for itself, says so, and keeps it until it is killed. */
const holder = `
  const { openDatabase } = await import(process.argv[1]);
  const database = await openDatabase(process.argv[2], 'create');
  await database.exec('BEGIN IMMEDIATE');
  console.log('held');
  // A connection that nothing refers to any more is closed.
  setInterval(() => database, 1000);`;

async function home(): Promise<string> {
  const place = mkdtempSync(join(folder, 'home-'));
  const file = join(place, 'file.txt');
  writeFileSync(file, 'recorded');
  await walletLife(place, await ledgerOnDisk(folder, 2), [file], () => undefined);
  return place;
}

describe('countersign doctor', () => {
  it('prints a line for each finding, and one object with --json', async () => {
    const env = { COUNTERSIGN_HOME: await home() };
    const words = await runCli(['doctor'], env);
    expect(words.stdout).toMatch(/^Profile default in /);
    expect(words.stdout).toMatch(/^ok {8}Database: It opens/m);
    const run = await runCli(['doctor', '--json'], env);
    const report = JSON.parse(run.stdout) as {
      readonly sound: boolean;
      readonly findings: readonly object[];
    };
    expect(report).toMatchObject({ profile: 'default', complete: true });
    expect(report.findings.length).toBeGreaterThan(4);
    expect(run.code).toBe(report.sound ? 0 : 1);
    const missing = await runCli(['doctor', '--profile', 'nobody'], env);
    expect([missing.code, missing.stderr]).toEqual([69, expect.stringContaining('[profile-missing]')]);
  });

  it('names damage, with the exit code 1, and what to do', async () => {
    const place = await home();
    writeFileSync(profileOf('default', { COUNTERSIGN_HOME: place }).storeFile, 'no database'.repeat(1000));
    const run = await runCli(['doctor'], { COUNTERSIGN_HOME: place });
    expect(run.code).toBe(1);
    expect(run.stdout).toMatch(/^WRONG {5}Database: The database file is damaged.*\[store-corrupt\]$/m);
    expect(run.stdout).toMatch(/What to do: Run "countersign doctor --deep"/);
    expect(lastLine(run)).toMatch(/^Not everything is in order/);
  });
});

describe('a database that another process writes to', () => {
  it('is waited for, not for ever, and named', async () => {
    const { ledger, url } = await served();
    const place = mkdtempSync(join(folder, 'home-'));
    const wallet = await openWallet(
      profileOf('default', { COUNTERSIGN_HOME: place }),
      { keychain: new MemoryKeychain() },
      'create',
    );
    const card = composeLedgerCard({ endpoints: [url], ledger: ledger.id, log: ledger.logKey });
    await pinLedger(wallet.database, unwrap(card), ledger, 1_700_000_000);
    await wallet.close();
    const driver = join(import.meta.dirname, '../../src/wallet/store/driver.ts');
    const { storeFile } = profileOf('default', { COUNTERSIGN_HOME: place });
    const child = spawn(process.execPath, ['--input-type=module', '-e', holder, driver, storeFile], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await new Promise((resolve) => child.stdout.once('data', resolve));
      const run = await runCli(['sync'], { COUNTERSIGN_HOME: place });
      expect([run.code, run.stderr]).toEqual([
        69,
        expect.stringMatching(/Another program is using.*\[store-busy\]/),
      ]);
      // Reading needs no turn.
      expect((await runCli(['ledger', 'list'], { COUNTERSIGN_HOME: place })).code).toBe(0);
    } finally {
      child.kill('SIGKILL');
    }
    expect((await runCli(['sync'], { COUNTERSIGN_HOME: place })).code).toBe(0);
  });
});
