/**
 * The stage of the surface: the built application with one profile on a ledger with sample traffic, brought from one
 * state to the next, so that each screen can be looked at in all of them. Nothing in it is staged behind the screens:
 * the wallet, the firehose and the line between them are real ones.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import type { Answer } from '../../../src/contract/channel.ts';
import type { Api } from '../../../src/contract/schema.ts';
import type { DeskState } from '../../../src/contract/state.ts';
import { Host } from '../host.ts';
import { SampleLedger } from './ledger.ts';
import { contacts, linkOf } from './people.ts';
import { featuresFolder, type Locale, type Text, textsOf } from './texts.ts';

/** The states of a profile, in the order in which one goes through them. */
export const states = ['new', 'joining', 'empty', 'full', 'offline', 'locked'] as const;
export type State = (typeof states)[number];

const passphrase = 'four words nobody guesses';

/** Own files, by matter. */
const files = {
  'Sale of a warehouse': [
    ...['Purchase agreement.pdf', 'Annex 1 Site plan.pdf', 'Annex 2 Inventory.xlsx', 'Annex 3 Permits.pdf'],
    ...['Power of attorney of the buyer.pdf', 'Power of attorney of the seller.pdf', 'Valuation report.pdf'],
    ...['Land register extract.pdf', 'Environmental survey.pdf', 'Escrow instruction.docx'],
    ...['Board resolution of the buyer.pdf', 'Board resolution of the seller.pdf', 'Photographs.zip'],
  ],
  'Lease of an office': [
    ...['Lease 2026.pdf', 'Lease 2026, redline.docx', 'House rules.pdf', 'Handover protocol.pdf'],
    ...['Floor plan, 3rd floor.pdf', 'Deposit guarantee.pdf', 'Index clause, calculation.xlsx'],
    ...[
      'Insurance certificate of the tenant for fire, water, glass, business interruption and liability.pdf',
    ],
    ...['Meter readings.csv', 'Keys handed over.pdf'],
  ],
} as const;

const usualSize = { width: 1280, height: 820 };
const secretSize = { width: 720, height: 640 };

/** The profile of the stage, and what lies in its folder. */
const profile = 'default';
const profileFiles = ['record.sqlite', 'identity.sealed', 'desktop.json'];

/** What the own announcement says. */
const claims = { name: 'Sample user', firm: 'Sample Legal LLP' };
const own = Object.values(claims);

const contactData = contacts.flatMap(({ name, firm, role }) => [
  name,
  firm,
  role,
  `Sample ${name.toLowerCase()}`,
]);

type Value<N extends keyof Api> =
  Awaited<ReturnType<Extract<Api[N], (...given: never) => Promise<unknown>>>> extends Answer<infer T>
    ? T
    : never;

/** Asks the program behind a window. @throws Error when it refuses. */
async function askOn<N extends keyof Api>(
  page: Page,
  name: N,
  request: Parameters<Api[N]>[0],
): Promise<Value<N>> {
  const answer = await page.evaluate<Answer<Value<N>>>(`countersign.${name}(${JSON.stringify(request)})`);
  if (!answer.ok) throw new Error(`${name}: ${answer.failure.code} ${answer.failure.happened}`);
  return answer.value;
}

interface Options {
  readonly locale?: Locale;
  /** What the clock of the ledger shows in the end: seconds since 1970. */
  readonly present?: number;
  readonly env?: NodeJS.ProcessEnv;
  /** Where it lies, when that is seen; else in a folder of its own. */
  readonly home?: string;
}

/** Waits until something holds. @throws Error after half a minute. */
export async function until(what: string, holds: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 300; tries++) {
    if (await holds()) return;
    await sleep(100);
  }
  throw new Error(`it did not come: ${what}`);
}

export class Stage {
  readonly text: Text;
  readonly ledger: SampleLedger;
  readonly host: Host;
  readonly page: Page;
  readonly home: string;
  /** Names, labels and addresses that stand on screens beside texts: the data of this stage. */
  readonly data: readonly string[];
  /** Where the own files lie. */
  readonly folder: string;
  #recovery: readonly string[] = [];

  private constructor(locale: Locale, home: string, ledger: SampleLedger, host: Host, page: Page) {
    this.text = textsOf(locale);
    this.home = home;
    this.ledger = ledger;
    this.host = host;
    this.page = page;
    this.folder = join(home, 'files');
    this.data = [
      this.folder,
      join(home, 'profiles', profile),
      profile,
      ...profileFiles,
      ...own,
      home,
      ...ledger.data,
      ...contactData,
      ...Object.keys(files),
      ...Object.values(files).flat(),
    ];
    mkdirSync(this.folder, { recursive: true });
    for (const name of Object.values(files).flat())
      writeFileSync(join(this.folder, name), `${name}\n`.repeat(1 + ((name.length * 7919) % 5000)));
  }

  static async start({ locale = 'en', present, env = {}, home: given }: Options = {}): Promise<Stage> {
    const ledger = await SampleLedger.start(present ?? Math.floor(Date.now() / 1000));
    const home = given ?? mkdtempSync(join(tmpdir(), 'countersign-surface-'));
    const host = await Host.start(home, [`--locale=${locale}`], env);
    const page = await host.page('main');
    await page.setViewportSize(usualSize);
    await page.waitForSelector('h1');
    return new Stage(locale, home, ledger, host, page);
  }

  async stop(): Promise<void> {
    await this.host.stop();
    await this.ledger.stop();
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Asks the program behind the main window, as its page does. */
  async ask<N extends keyof Api>(name: N, request: Parameters<Api[N]>[0]): Promise<Value<N>> {
    return askOn(this.page, name, request);
  }

  async state(): Promise<DeskState> {
    return (await this.ask('stateSnapshot', {})).state;
  }

  /** Shows a view by its place in the navigation. */
  async open(feature: string): Promise<void> {
    const source = readFileSync(join(featuresFolder, feature, 'feature.tsx'), 'utf8');
    const title = /title: '([^']+)'/.exec(source)?.[1] ?? '';
    // The same view anew, whatever it showed before.
    await this.#press(feature === 'home' ? 'records.title' : 'home.title');
    await this.#press(title);
    await this.page.locator('main h1').waitFor();
  }

  async #press(title: string): Promise<void> {
    const item = this.page.locator('.side nav button').filter({ hasText: this.text(title) });
    await item.first().click();
  }

  /** Presses the button with this text. */
  async press(key: string, values?: Readonly<Record<string, string | number>>): Promise<void> {
    const name = this.text(key, values);
    await this.page.locator('main, dialog').getByRole('button', { name }).first().click();
  }

  /** Waits for a text. */
  async see(key: string, values?: Readonly<Record<string, string | number>>): Promise<void> {
    await this.page.getByText(this.text(key, values)).first().waitFor();
  }

  /** Gives own files to the drop target that is in sight. */
  async give(...names: readonly string[]): Promise<void> {
    await this.page.locator('input[type=file]').first().waitFor({ state: 'attached' });
    await this.host.giveFiles(
      this.page,
      names.map((name) => join(this.folder, name)),
    );
  }

  /** Opens the window for secrets. */
  async secret(purpose: string): Promise<Page> {
    await this.ask('shellOpenSecret', { purpose } as Parameters<Api['shellOpenSecret']>[0]);
    const secret = await this.host.page('secret');
    await secret.setViewportSize(secretSize);
    await secret.waitForSelector('h1');
    return secret;
  }

  async closeSecret(): Promise<void> {
    const secret = await this.host.page('secret');
    const closed = secret.waitForEvent('close');
    // The page may be gone before it can say so.
    await secret.evaluate('void countersign.secretClose({})').catch(() => undefined);
    await closed;
  }

  /** Brings the profile into its next state. */
  async enter(state: State): Promise<void> {
    await this.#entrances[state]();
  }

  readonly #entrances: Readonly<Record<State, () => Promise<void>>> = {
    new: () => Promise.resolve(),
    joining: () => this.#makeIdentity(),
    empty: () => this.#join(),
    full: () => this.#fill(),
    offline: () => this.#goOffline(),
    locked: async () => {
      await this.ask('startLock', {});
      await until('the lock', async () => (await this.state()).profile?.identity.state !== 'open');
    },
  };

  async #makeIdentity(): Promise<void> {
    const secret = await this.secret('create');
    for (const sheet of ['identity', 'recovery'] as const) {
      const { words, asked } = await askOn(secret, 'secretSheet', { sheet });
      await askOn(secret, 'secretAnswer', { sheet, words: asked.map((place) => words[place] ?? '') });
      this.#recovery = words;
    }
    await askOn(secret, 'secretCreate', { keeper: { kind: 'passphrase', passphrase } });
    await this.closeSecret();
    await this.page.locator('.side').waitFor();
  }

  async #join(): Promise<void> {
    await this.ask('ledgerJoin', { card: this.ledger.card });
    await this.#synchronise();
  }

  /** Synchronises until everything that the firehose has is here. */
  async #synchronise(): Promise<void> {
    await this.ask('syncStart', {});
    await until('the whole record', async () => {
      const { ledger, sync } = await this.state();
      if (sync.phase === 'running') return false;
      const { size } = this.ledger.sequencer.figures;
      if (ledger?.size === size && ledger.filled === size) return true;
      await this.ask('syncStart', {});
      return false;
    });
  }

  async #fill(): Promise<void> {
    const { id } = this.ledger.sequencer.ledger;
    await this.ledger.fill();
    const secret = await this.secret('recovery');
    await askOn(secret, 'secretRecovery', { words: this.#recovery.join(' ') });
    await this.closeSecret();
    await this.ask('contactsAnnounce', claims);
    await this.#synchronise();
    for (const contact of contacts) {
      const link = linkOf(contact, id);
      const added = await this.ask('contactsAdd', { link, name: contact.name, isOther: true });
      if (!added.added || contact.state !== 'verified') continue;
      const { groups } = await this.ask('contactsNumber', { id: added.id });
      await this.ask('contactsCheck', { id: added.id, number: groups.join(''), how: 'in-person' });
    }
    for (const [matter, names] of Object.entries(files)) await this.#record(matter, names);
    await this.ledger.more();
    await this.#synchronise();
  }

  /** Puts own files on the record by the form. */
  async #record(matter: string, names: readonly string[]): Promise<void> {
    await this.open('notarize');
    if ((await this.state()).job !== null) await this.press('notarize.next');
    await this.give(...names);
    await this.page.getByLabel(this.text('notarize.matter')).fill(matter);
    await this.page.getByLabel(this.text('notarize.client')).fill('Sample Trading Ltd');
    await this.page.locator('main button[type=submit]').click();
    await until('the files on record', async () => {
      const { job } = await this.state();
      if (job?.phase === 'done') await this.ask('syncStart', {});
      return job?.inBlock === names.length;
    });
  }

  async #goOffline(): Promise<void> {
    this.ledger.line.cut();
    await this.ask('syncStart', {});
    await until('the failure', async () => (await this.state()).sync.problem !== undefined);
  }
}
