import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerLink, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { lieKinds } from '../../src/core/evidence/verify.ts';
import { type CliRun, lastLine, runCli } from '../support/cli.ts';
import type { HostileFirehose } from '../support/hostile/firehose.ts';
import { seeThrough, serveLie } from '../support/hostile/run.ts';
import { everyLie } from '../support/lies/every.ts';

const folder = mkdtempSync(join(tmpdir(), 'hostile-cli-'));
const env = { COUNTERSIGN_HOME: join(folder, 'home'), COUNTERSIGN_DEBUG: undefined };
/** A stranger: no profile, no ledger joined. */
const stranger = { COUNTERSIGN_HOME: join(folder, 'nobody'), COUNTERSIGN_DEBUG: undefined };
const run = (...args: readonly string[]): Promise<CliRun> => runCli(args, env);
const path = (name: string): string => join(folder, name);

let firehose: Awaited<ReturnType<typeof serveLie>>;
const card = path('ledger.card');
beforeAll(async () => {
  firehose = await serveLie('a longer record that is another', 1);
  writeFileSync(card, writeLedgerCard(firehose.card));
});
afterAll(async () => {
  await firehose.close();
  rmSync(folder, { recursive: true, force: true });
});

function honest(served: HostileFirehose): void {
  served.instead.clear();
  served.publish();
}

describe('an operator who keeps two records', () => {
  it('is caught by sync, shown to a stranger, and nothing is fetched until a person decides', async () => {
    expect(await run('ledger', 'join', card, '--yes')).toMatchObject({ code: 0 });
    expect(await run('sync')).toMatchObject({
      code: 0,
      stdout: expect.stringContaining('blocks here') as string,
    });
    firehose.lie.tell(firehose);
    const caught = await run('sync');
    expect(caught).toMatchObject({ code: 1 });
    expect(caught.stderr).toContain('The operator signed two different records of one ledger. [sync-fork]');
    expect(caught.stderr).toContain(`What was met: ${firehose.url}: `);
    honest(firehose);
    expect(await run('sync')).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('[alarm-open]') as string,
    });
    const list = await run('alarm', 'list');
    expect(list.stdout).toMatch(
      /^1 +\S+Z {2}hostile\.example\/ledger {2}with proof; nothing newer is fetched/,
    );
    expect((await run('alarm', 'show', '1')).stdout).toContain(
      'the record was rewritten or shown differently',
    );
    expect((await run('ledger', 'show')).stdout).toContain(
      'ALARM: the operator of hostile.example/ledger is shown',
    );
    expect((await run('blocks')).stderr).toContain('ALARM: the operator of hostile.example/ledger is shown');

    const evidence = path('evidence.json');
    expect(await run('alarm', 'export', '1', evidence)).toMatchObject({ code: 0 });
    expect(await run('alarm', 'export', '1', evidence)).toMatchObject({ code: 73 });
    const shown = await runCli(['verify', '--card', card, evidence], stranger);
    expect(shown).toMatchObject({ code: 0 });
    expect(shown.stdout).toContain('The operator signed a head of the record for');
    expect(lastLine(shown)).toBe('verify: OK 1');
    const open = await runCli(['verify', evidence], stranger);
    expect(open.code).toBe(2);
    expect(lastLine(open)).toBe(`verify: OPEN verify-no-anchor ${evidence}`);

    expect(await run('alarm', 'acknowledge', '2', '--yes')).toMatchObject({ code: 64 });
    expect(await run('alarm', 'acknowledge', '1', '--yes')).toMatchObject({ code: 0 });
    firehose.grow(firehose.ledger.size);
    firehose.publish();
    const on = await run('sync');
    expect(on).toMatchObject({ code: 0 });
    expect(on.stdout).toContain(`${firehose.ledger.size} blocks here and checked`);
    expect((await run('alarm', 'list')).stdout).toContain('acknowledged');
    const told = await run('ledger', 'list', '--json');
    expect(JSON.parse(told.stdout)).toMatchObject({
      ledgers: [{ alarm: expect.stringContaining('ALARM') as string }],
    });
  });
});

describe('countersign verify, for a stranger with the card alone', () => {
  it('shows every kind of evidence that a synchronisation leaves behind', async () => {
    const names = [
      ...['two heads of one size', 'a head that says more', 'an entry that is no header'],
      ...['a header on another one', 'a forged signature', 'a message in two blocks'],
      ...['a tag left out', 'a foreign message under an id', 'a total of nothing', 'an index out of order'],
      ...['a wrong total', 'a roll-up with a total of nothing', 'a roll-up out of order'],
    ];
    const files: string[] = [];
    for (const [i, name] of names.entries()) {
      const { alarm } = await seeThrough(name, 40 + i, folder);
      const file = path(`evidence-${i}.json`);
      writeFileSync(file, alarm?.evidence ?? '');
      files.push(file);
    }
    const shown = await runCli(['verify', '--json', '--card', ledgerLink(firehose.card), ...files], stranger);
    expect(shown.code).toBe(0);
    const { verdict, files: found } = JSON.parse(shown.stdout) as {
      verdict: string;
      files: readonly { kind: string; verdict: string; shows: readonly string[] }[];
    };
    expect(verdict).toBe('OK');
    expect(found.every((file) => file.kind === 'evidence' && file.verdict === 'valid')).toBe(true);
    const kinds = found.map(({ shows }) => /kind of evidence is (.*)\./.exec(shows[1] ?? '')?.[1]);
    // A promise that was not kept is no lie that a synchronisation meets.
    expect([...new Set(kinds)].sort()).toEqual(lieKinds.filter((kind) => kind !== 'promise-broken').sort());
  });

  it('refuses what was changed, is of another ledger, or is nothing that it knows', async () => {
    const [lie] = everyLie();
    const foreign = path('foreign.json');
    writeFileSync(foreign, lie?.file ?? '');
    const other = await runCli(['verify', '--card', card, foreign], stranger);
    expect(lastLine(other)).toBe(`verify: FAILED evidence-ledger ${foreign}`);
    const named = await runCli(['verify', '--ledger', lie?.ledger.ledger.idText ?? '', foreign], stranger);
    expect(named).toMatchObject({ code: 0 });
    const broken = path('broken.json');
    writeFileSync(
      broken,
      Buffer.from(
        readFileSync(foreign, 'utf8')
          .replace('"size"', '"sise"')
          .replace(/[0-9]\n/, '9\n'),
      ),
    );
    const rubbish = path('rubbish');
    writeFileSync(rubbish, 'rubbish');
    const both = await runCli(['verify', broken, rubbish], stranger);
    expect(both).toMatchObject({ code: 1 });
    expect(both.stdout).toContain('[verify-kind]');
    expect(await runCli(['verify', path('nowhere')], stranger)).toMatchObject({ code: 1 });
    expect(await runCli(['verify'], stranger)).toMatchObject({ code: 64 });
  });

  it('judges promises by a first block that another file brings, and cards for what they are', async () => {
    const { ledger } = firehose;
    const message = ledger.message();
    const note = ledger.promise({ message: message.id, size: 3, lastHeight: 4, lastTime: 1_800_000_000 });
    const promise = path('promise');
    writeFileSync(promise, note);
    const alone = await runCli(['verify', '--card', card, promise], stranger);
    expect(lastLine(alone)).toBe(`verify: OPEN verify-no-founding ${promise}`);
    const evidence = path('evidence-0.json');
    const together = await runCli(['verify', '--card', card, promise, evidence], stranger);
    expect(together.stdout).toContain('The operator promised, signed, to seal the message');
    expect(lastLine(together)).toBe('verify: OK 2');
    writeFileSync(promise, note.with(200, (note[200] ?? 0) ^ 1));
    expect(await runCli(['verify', '--card', card, promise, evidence], stranger)).toMatchObject({ code: 1 });
    const joined = await runCli(['verify', card], env);
    expect(lastLine(joined)).toBe('verify: OK 1');
    expect(lastLine(await runCli(['verify', card], stranger))).toBe(`verify: OPEN verify-unsigned ${card}`);
  });
});
