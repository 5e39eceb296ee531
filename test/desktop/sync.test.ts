/** Sync and alarms: a ledger looked after, a profile repaired, a promise broken and two records signed, over real HTTP. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { buffer } from 'node:stream/consumers';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromUtf8 } from '../../src/core/bytes.ts';
import { verifyEvidence } from '../../src/core/evidence/verify.ts';
import { composeLedgerCard, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { openDatabase } from '../../src/wallet/store/driver.ts';
import { serveLie } from '../support/hostile/run.ts';
import { unwrap } from '../support/ledger.ts';
import { Host, hostLacks, hostSuite } from './host.ts';
import { faults, isTooWide, joinLedger, makeIdentity, tabTo, untranslated } from './journey-support.ts';

const lacks = hostLacks();
const passphrase = 'four words nobody guesses';

/** Another address of a firehose: what is asked for there waits while it is held. */
class Gate {
  readonly #server: Server;
  #held: (() => void)[] | undefined;

  private constructor(to: string) {
    this.#server = createServer((request, response) => {
      const answer = async (): Promise<void> => {
        const { method = 'GET', url = '/' } = request;
        const body = method === 'POST' ? { body: new Uint8Array(await buffer(request)) } : {};
        const got = await fetch(`${to}${url.slice(1)}`, { method, ...body });
        response.writeHead(got.status).end(new Uint8Array(await got.arrayBuffer()));
      };
      if (this.#held !== undefined && request.url !== '/checkpoint') this.#held.push(() => void answer());
      else void answer();
    });
  }

  static async start(to: string): Promise<Gate> {
    const gate = new Gate(to);
    await new Promise<void>((resolve) => gate.#server.listen(0, '127.0.0.1', resolve));
    return gate;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  hold(): void {
    this.#held = [];
  }

  get isReached(): boolean {
    return (this.#held?.length ?? 0) > 0;
  }

  release(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const answer of held) answer();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

async function part(page: Page, name: 'Ledgers' | 'Alarms' | 'Outbox' | 'Doctor'): Promise<void> {
  await page.keyboard.press('Control+8');
  await page.getByRole('navigation', { name: 'Parts of this view' }).getByText(name, { exact: true }).click();
}

describe.skipIf(lacks !== undefined)(hostSuite('sync and alarms'), () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-sync-'));
  let firehose: Awaited<ReturnType<typeof serveLie>>;
  let gate: Gate;
  let host: Host;
  let page: Page;
  const main = () => page.getByRole('main');
  const sync = async (): Promise<void> => {
    // The button is the one that stops, as long as it runs.
    await page.evaluate('countersign.syncStart({})');
  };
  const alarmCount = (): Promise<string | null> =>
    page.locator('.side .alerts').textContent({ timeout: 10_000 });

  beforeAll(async () => {
    firehose = await serveLie('two heads of one size', 3);
    gate = await Gate.start(firehose.url);
    const { id, logKey } = firehose.ledger.ledger;
    const card = unwrap(composeLedgerCard({ endpoints: [gate.url], ledger: id, log: logKey }));
    host = await Host.start(home);
    page = await host.page('main');
    await page.setViewportSize({ width: 1280, height: 820 });
    await makeIdentity(host, page, passphrase);
    await joinLedger(page, fromUtf8(writeLedgerCard(card)) ?? '');
  }, 120_000);
  afterAll(async () => {
    await host.stop();
    await gate.close();
    await firehose.close();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  });

  it('says what is held of a ledger, since when, and that nobody witnesses it', async () => {
    await part(page, 'Ledgers');
    const { size } = firehose.ledger;
    await page
      .getByText(`All ${size} blocks, with every message, signature and index entry checked here.`)
      .waitFor();
    expect(
      await main()
        .getByText(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC \(.* local time\)$/)
        .count(),
    ).toBe(1);
    await page.getByText('The card names none. Nobody but the operator says that').waitFor();
    expect(await faults(page)).toEqual([]);
  });

  it('shows how far a synchronisation is, and stops when it is told to', async () => {
    // More than is fetched on the side.
    firehose.grow(firehose.ledger.size + 80);
    firehose.publish();
    gate.hold();
    await tabTo(page, 'Synchronise now');
    await page.keyboard.press('Enter');
    await expect.poll(() => gate.isReached).toBe(true);
    await main().getByText('Synchronising').waitFor();
    await main().getByRole('progressbar').waitFor();
    await main().getByRole('button', { name: 'Stop' }).click();
    gate.release();
    await main().getByText('Stopped').waitFor();
    await page.getByRole('complementary').getByText('Stopped').waitFor();
    await sync();
    await main().getByText('Up to date', { exact: true }).waitFor();
    await page.getByText(`All ${firehose.ledger.size} blocks, with every message`).waitFor();
  });

  it('adds an address that serves this very ledger, and no other', async () => {
    const field = page.getByLabel('Another address');
    for (const [wrong, why] of [
      ['ftp://example.org', 'An address on the ledger card is not one where a ledger can be.'],
      [`${firehose.url}nothing/`, 'The firehose sent a head of the record that its operator did not sign.'],
    ] as const) {
      await field.fill(wrong);
      await page.keyboard.press('Enter');
      await main().getByText(why).waitFor();
    }
    expect(await faults(page)).toEqual([]);
    await field.fill(firehose.mirror);
    await page.keyboard.press('Enter');
    await expect.poll(() => main().getByText('Answers, with no more than is here').count()).toBe(2);
    await tabTo(page, `Remove ${firehose.mirror}`);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.addresses li').count()).toBe(1);
    // The last one stays.
    expect(await page.getByRole('button', { name: /^Remove / }).count()).toBe(0);
    await field.fill(firehose.mirror);
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.addresses li').count()).toBe(2);
  });

  it('holds only one’s own when that is chosen, with what it means, and everything again', async () => {
    const choose = async (name: string): Promise<void> => {
      await main().getByRole('button', { name: 'Change…' }).click();
      await page.getByLabel(name).check();
      await page.getByRole('button', { name: 'Hold this from now on' }).click();
    };
    await main().getByRole('button', { name: 'Change…' }).click();
    await page.getByText('Nothing is lost by going over').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await choose('Only your own');
    await page.getByText(/Of the messages your own: 0, with proof for \d+ tags/).waitFor();
    await choose('Everything');
    await page.getByText(`All ${firehose.ledger.size} blocks, with every message`).waitFor();
  });

  it('looks whether everything is in order, and makes a damaged copy anew', async () => {
    await part(page, 'Doctor');
    await tabTo(page, 'Look');
    await page.keyboard.press('Enter');
    await page.getByText('Everything that was looked at is in order.').waitFor();
    await page.getByText('The identity is protected by a passphrase, which was not asked for.').waitFor();
    const look = page.getByRole('button', { name: 'Look at everything' });
    await look.click();
    await page.getByText(/every hash made again, every signature/).waitFor();
    await page.getByText('Everything that was looked at is in order.').waitFor();
    const database = await openDatabase(join(home, 'profiles/default/record.sqlite'), 'create');
    await database.run('UPDATE message SET leaf = zeroblob(length(leaf)) WHERE height = 2 AND position = 0');
    await database.close();
    await look.click();
    await page.getByText('The copy of the record is damaged, and can be made anew').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Repair…' }).click();
    await page.getByRole('button', { name: 'Repair it now' }).click();
    await page.getByText('What was damaged of the record is repaired.').waitFor();
    expect(await faults(page)).toEqual([]);
    // What was open is open again.
    await page.getByRole('complementary').getByText('Identity open').waitFor();
    await sync();
    await page.getByRole('complementary').getByText('Up to date').waitFor();
  });

  it('shows what is on its way, a promise that was broken, and sends it again', async () => {
    await part(page, 'Alarms');
    await page.getByText('No alarm', { exact: true }).waitFor();
    expect(await faults(page)).toEqual([]);
    await part(page, 'Outbox');
    await page.getByText('Nothing was sent from here yet').waitFor();
    firehose.takes = 'promises';
    await page.keyboard.press('Control+2');
    writeFileSync(join(home, 'contract.txt'), 'a contract');
    await host.giveFiles(page, [join(home, 'contract.txt')]);
    await page.getByRole('button', { name: /^Record / }).click();
    await part(page, 'Outbox');
    await page.getByText('The operator promised to record it by').waitFor();
    firehose.grow(firehose.ledger.size + 2);
    firehose.publish();
    await sync();
    await page.getByText('Promise broken').waitFor();
    expect(await alarmCount()).toBe('1');
    await page.getByText(/did not keep a signed promise/).waitFor();
    expect(await faults(page)).toEqual([]);
    firehose.takes = 'seals';
    await main().getByRole('button', { name: 'Send again' }).click();
    await sync();
    await page.getByText(/after a promise was broken/).waitFor();
    // The evidence stays, and so does the alarm.
    expect(await alarmCount()).toBe('1');
  });

  it('shows on every view that an operator signed two records, and hands out the evidence', async () => {
    firehose.lie.tell(firehose);
    await sync();
    await expect.poll(alarmCount).toBe('2');
    for (const key of ['1', '2', '3', '4', '5', '8']) {
      await page.keyboard.press(`Control+${key}`);
      await page.getByText(/is shown, by its own signatures, to have broken the rules/).waitFor();
    }
    await page.keyboard.press('Control+1');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'Look at the alarms' }).click();
    await tabTo(page, /^The operator signed two different records/);
    await page.keyboard.press('Enter');
    await page.getByText('The operator signed two heads of the record').waitFor();
    await page.getByText('Nothing newer of this ledger is fetched or sent until you decide.').waitFor();
    expect(await faults(page)).toEqual([]);
    await host.order({ do: 'answer-dialog', value: { canceled: false, filePaths: [home] } });
    await page.getByRole('button', { name: 'Save to a file…' }).click();
    await page.getByText(/^Saved as/).waitFor();
    const file = readdirSync(home).find((name) => name.endsWith('.evidence.json')) ?? '';
    const shown = unwrap(
      verifyEvidence(new Uint8Array(readFileSync(join(home, file))), firehose.ledger.ledger.id),
    );
    expect(shown.kind).toBe('heads-inconsistent');
    await page.getByRole('button', { name: 'Show it' }).click();
    await page.getByText('"evidence":"countersign/evidence/v1"').waitFor();
    expect(await faults(page)).toEqual([]);
    await page.keyboard.press('Escape');
    for (const size of [
      { width: 1024, height: 700 },
      { width: 640, height: 410 },
    ]) {
      await page.setViewportSize(size);
      expect(await isTooWide(page), `an alarm in ${size.width}`).toBe(false);
    }
    await page.setViewportSize({ width: 1280, height: 820 });
  });

  it('goes on once a person has decided, and goes on saying what was seen', async () => {
    await tabTo(page, 'Acknowledge…');
    await page.keyboard.press('Enter');
    expect(await faults(page)).toEqual([]);
    await page.getByRole('button', { name: 'I have seen it: go on' }).click();
    await main().getByText('Acknowledged').first().waitFor();
    expect(await page.getByRole('button', { name: 'Acknowledge…' }).count()).toBe(0);
    firehose.instead.clear();
    firehose.publish();
    await part(page, 'Ledgers');
    await sync();
    await main().getByText('Up to date', { exact: true }).waitFor();
    expect(await alarmCount()).toBe('2');
    await page.getByText(/is shown, by its own signatures, to have broken the rules/).waitFor();
  });
});

describe.skipIf(lacks !== undefined)(hostSuite('sync and alarms in the pseudo-locale'), () => {
  it('shows no text that was not translated, and nothing too wide', async () => {
    const home = mkdtempSync(join(tmpdir(), 'countersign-sync-xa-'));
    const host = await Host.start(home, ['--locale=en-XA', '--preview']);
    const page = await host.page('main');
    const data =
      /^([\d,.]*|Ctrl [\dK]|UTC|practice\.countersign\.example|\d+ \w{3} \d{4},? \d\d:\d\d|http:\S+|[0-9a-f]{64}|[A-Z]\w+)$/;
    try {
      await page.setViewportSize({ width: 1024, height: 700 });
      await page.waitForSelector('h1');
      await page.getByRole('button').first().click();
      await page.waitForSelector('.side');
      await page.keyboard.press('Control+8');
      await page.waitForSelector('.ledger');
      const parts = await page.locator('.tabs button').count();
      for (let i = 0; i < parts; i++) {
        await page.locator('.tabs button').nth(i).click();
        if (i === parts - 1) {
          await page.locator('.looks button').first().click();
          await expect.poll(() => page.locator('.finding').count()).toBeGreaterThan(5);
        }
        expect(await untranslated(page, data), String(i)).toEqual([]);
        expect(await isTooWide(page), String(i)).toBe(false);
      }
    } finally {
      await host.stop();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    }
  });
});
