/**
 * Buy side, sell side and an auditor on one transaction: both sides talk in one channel, each has a further one of its own.
 * Neither side reads the other; the auditor reads one message, then one channel, and nothing more. What is not to be read is
 * looked for in the page, in everything that the program tells the page, and in every file of the home.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heard } from './heard.ts';
import { hostLacks, hostSuite } from './host.ts';
import { tabTo } from './journey-support.ts';
import { announce, ask, cardOf, gather, type Gathering, onRecord, type Person, say, seen } from './people.ts';

const lacks = hostLacks();

interface Ids {
  readonly transaction: string;
  readonly channel: string;
}

/** What is said, and where. */
const said = {
  boat: ['We offer 100 for the boat.', 'We would rather have 140.'],
  buy: ['Between us: we can go up to 125.', 'The bank gives us 90 of it.'],
  sell: ['Between us: below 115 it stays in the yard.'],
  late: ['After the audit: the limit is 130 now.'],
} as const;
const document = { name: 'Loan offer.txt', text: 'The bank lends ninety, at six per cent, for seven years.' };

/** What only those read who are in a place: what was said, what was put in, what it is called. */
const closed = {
  boat: [...said.boat, 'Boat for two'],
  buy: [...said.buy, document.name, document.text, 'Room of the buyers'],
  sell: [...said.sell, 'Room of the sellers'],
  late: said.late,
} as const;

/** Which of these texts stand in what somebody could find. */
function among(texts: readonly string[], hay: Buffer | string): readonly string[] {
  if (typeof hay === 'string') return texts.filter((text) => hay.includes(text));
  return texts.filter((text) => hay.includes(text) || hay.includes(Buffer.from(text, 'utf16le')));
}

/** Everything in the files of a home. */
function onDisk({ home }: Person): Buffer {
  const files = readdirSync(home, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Buffer.concat(
    files.map(({ parentPath, name }) => {
      try {
        return readFileSync(join(parentPath, name));
      } catch {
        // A file of the browser that is gone by now.
        return Buffer.alloc(0);
      }
    }),
  );
}

/** Everything that the program tells a page that asks all it can about the record and about these channels. */
async function told({ page }: Person, channels: readonly Ids[]): Promise<string> {
  return page.evaluate<string>(`(async () => {
    const all = [];
    const ask = async (name, request) => {
      const answer = await countersign[name](request);
      all.push(answer);
      return answer.value;
    };
    await ask('stateSnapshot', {});
    await ask('channelsList', {});
    await ask('contactsPage', { text: '', limit: 9 });
    for (const ids of ${JSON.stringify(channels)}) {
      await ask('channelsPage', { ...ids, limit: 50 });
      await ask('documentsInterrupted', ids);
      await ask('disclosureWaiting', ids);
      for (const scope of ['epoch', 'channel', 'transaction'])
        await ask('disclosurePlan', { ...ids, target: { scope } });
    }
    for (const { id } of await ask('grantsList', {})) await ask('grantsOpen', { message: id });
    const { rows } = await ask('explorerMessages', { limit: 100 });
    for (const { id } of rows) await ask('explorerMessage', { id });
    const decoder = new TextDecoder();
    return JSON.stringify(all, (_, value) => (value instanceof Uint8Array ? decoder.decode(value) : value));
  })()`);
}

/** Presses a button by keyboard. */
async function press({ page }: Person, name: string | RegExp): Promise<void> {
  await tabTo(page, name);
  await page.keyboard.press('Enter');
}

/** Opens a channel from the list, by keyboard. */
async function open(person: Person, name: string): Promise<void> {
  await person.page.keyboard.press('Control+7');
  await person.page.getByRole('button', { name: new RegExp(`^${name}`) }).waitFor();
  await press(person, new RegExp(`^${name}`));
  await person.page.getByRole('heading', { name, level: 1 }).waitFor();
}

describe.skipIf(lacks !== undefined)(hostSuite('buy side, sell side and an auditor'), () => {
  const papers = mkdtempSync(join(tmpdir(), 'countersign-papers-'));
  let gathering: Gathering;
  let buyer: Person;
  let seller: Person;
  let auditor: Person;
  const channels = new Map<string, Ids>();

  /** Fills in the form of a new channel, founds it, and keeps what it is called on the record. */
  const found = async (person: Person, name: string, contact?: string): Promise<void> => {
    const { page } = person;
    await tabTo(page, 'Name of the channel');
    await page.keyboard.type(name);
    if (contact !== undefined) {
      await tabTo(page, new RegExp(`^${contact}`));
      await page.keyboard.press('Space');
    }
    await press(person, 'See what everybody will see…');
    await page.getByRole('dialog').getByText('and to which transaction it belongs').waitFor();
    await press(person, 'Found the channel');
    await page.locator('.conversation').getByText('founded the channel').waitFor();
    await onRecord(page);
    const [transaction = '', channel = ''] = (await page.evaluate<string>('location.hash'))
      .split('/')
      .slice(-2);
    channels.set(name, { transaction, channel });
  };

  /** What somebody finds of what they are not to read: in the page, in all that it is told, and on the disk. */
  const finds = async (person: Person, texts: readonly string[]): Promise<readonly string[]> => {
    const page = `${await person.page.innerText('body')} ${(await heard(person.page)).join(' ')}`;
    const replies = await told(person, [...channels.values()]);
    return [...among(texts, page), ...among(texts, replies), ...among(texts, onDisk(person))];
  };

  /** Looks at the firehose until everything that one has is with the other. */
  const catchUp = async (one: Person, other: Person): Promise<void> => {
    const reach = async (person: Person): Promise<number> => {
      const { state } = await ask<{ state: { ledger: { filled: number } } }>(person, 'stateSnapshot', {});
      return state.ledger.filled;
    };
    const wanted = await reach(other);
    await expect
      .poll(
        async () => {
          await ask(one, 'syncStart', {});
          return reach(one);
        },
        { timeout: 20_000, interval: 200 },
      )
      .toBeGreaterThanOrEqual(wanted);
  };

  beforeAll(async () => {
    gathering = await gather(3);
    [buyer, seller, auditor] = gathering.people as [Person, Person, Person];
  }, 120_000);
  afterAll(async () => {
    await gathering.end();
    rmSync(papers, { recursive: true, force: true });
  });

  it('know each other by their cards', async () => {
    const people = [
      [buyer, 'Buyer'],
      [seller, 'Seller'],
      [auditor, 'Auditor'],
    ] as const;
    await Promise.all(
      people.map(async ([person, name]) => {
        await announce(person, `${name} Example`);
        await seen(person.page, 'On record');
      }),
    );
    for (const [person, own] of people)
      for (const [other, name] of people.filter(([, name]) => name !== own))
        await ask(person, 'contactsAdd', { link: await cardOf(other), name, isOther: false });
  });

  it('talk in a channel that both sides read', async () => {
    await buyer.page.keyboard.press('Control+7');
    await press(buyer, 'New channel');
    await found(buyer, 'Boat for two', 'Seller');
    await say(buyer.page, said.boat[0]);
    await seller.page.keyboard.press('Control+7');
    await seen(seller.page, 'You are invited');
    await open(seller, 'Boat for two');
    await seen(seller.page, said.boat[0]);
    await press(seller, 'Join');
    await seller.page.getByRole('dialog').getByText('not what it says').waitFor();
    await press(seller, 'Join');
    await seller.page.getByText('joined, and holds the key').waitFor();
    await say(seller.page, said.boat[1]);
    await onRecord(seller.page);
    await seen(buyer.page, said.boat[1]);
  });

  it('have a channel of their own each, on the same transaction', async () => {
    for (const [person, name, texts] of [
      [buyer, 'Room of the buyers', said.buy],
      [seller, 'Room of the sellers', said.sell],
    ] as const) {
      await press(person, 'Further channel on this transaction');
      await person.page.getByText('A further channel on a transaction that there is').waitFor();
      await found(person, name);
      for (const text of texts) await say(person.page, text);
      await onRecord(person.page);
    }
    expect(new Set([...channels.values()].map(({ transaction }) => transaction)).size).toBe(1);
    const path = join(papers, document.name);
    writeFileSync(path, document.text);
    await buyer.host.giveFiles(buyer.page, [path]);
    await buyer.page.getByRole('dialog').getByText('a document, not its name').waitFor();
    await press(buyer, 'Send the document');
    await buyer.page.locator('.conversation').getByText(`sent the document “${document.name}”`).waitFor();
    await onRecord(buyer.page);
  });

  it('and neither side reads the other', async () => {
    await catchUp(seller, buyer);
    await catchUp(buyer, seller);
    expect(await finds(seller, closed.buy)).toEqual([]);
    expect(await finds(buyer, closed.sell)).toEqual([]);
    // What one may read is told to the page, so what is looked for could be found there; of that too nothing is on the disk.
    expect(among([...closed.sell, ...closed.boat], await told(seller, [...channels.values()]))).toEqual([
      ...closed.sell,
      ...closed.boat,
    ]);
    expect(among([...closed.sell, ...closed.boat], onDisk(seller))).toEqual([]);
    expect(among([gathering.ledger.origin], onDisk(seller))).toEqual([gathering.ledger.origin]);
    await seller.page.keyboard.press('Control+7');
    await expect.poll(() => seller.page.locator('.people button').count()).toBe(2);
  });

  it('see of each other in the explorer that something was said, how long it is, and not what', async () => {
    const room = channels.get('Room of the buyers');
    const { entries } = await ask<{ entries: readonly { id: string; kind: string }[] }>(
      buyer,
      'channelsPage',
      {
        ...room,
        limit: 50,
      },
    );
    const { id = '' } = entries.find(({ kind }) => kind === 'message') ?? {};
    const { page } = seller;
    await page.keyboard.press('Control+6');
    await page.keyboard.press('/');
    await page.keyboard.type(id);
    await page.getByText('Understood as a whole hash').waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Bytes, and what they say' }).waitFor();
    const shown = await page.getByRole('main').innerText();
    expect(shown).toContain('application/vnd.countersign.sealed.v1');
    expect(among(closed.buy, shown)).toEqual([]);
  });

  it('open one message to the auditor, who reads exactly that one', async () => {
    await open(buyer, 'Boat for two');
    const { page } = buyer;
    const entry = page.locator('.entry.of-message').filter({ hasText: said.boat[1] });
    await entry.getByRole('button', { name: 'Disclose this message…' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').getByText('This opens one message, and nothing else').waitFor();
    await page.getByRole('dialog').getByLabel('Contact', { exact: true }).selectOption({ label: 'Auditor' });
    await page.getByRole('dialog').getByText('to the inbox of this contact').waitFor();
    await press(buyer, 'Disclose it');
    await seen(page, 'disclosed one message');
    await auditor.page.keyboard.press('Control+7');
    await press(auditor, 'Disclosed to you');
    await seen(auditor.page, 'one message');
    await press(auditor, /^Buyer/);
    await auditor.page.getByText('The message stands on the record, and opens').waitFor();
    expect(await auditor.page.locator('.entry.granted').count()).toBe(1);
    expect(await auditor.page.getByRole('main').innerText()).toContain(said.boat[1]);
    const others = [said.boat[0], 'Boat for two', ...closed.buy, ...closed.sell];
    expect(await finds(auditor, others)).toEqual([]);
    expect(among([said.boat[1]], onDisk(auditor))).toEqual([]);
  });

  it('then one channel, and nothing that was said in the others, or later', async () => {
    await open(buyer, 'Room of the buyers');
    await press(buyer, 'Disclose…');
    const dialog = buyer.page.getByRole('dialog');
    await dialog.getByLabel('The whole channel').focus();
    await buyer.page.keyboard.press('Space');
    await dialog.getByText('The members get a new one first').waitFor();
    await dialog.getByLabel('Contact', { exact: true }).selectOption({ label: 'Auditor' });
    await dialog.getByText('to the inbox of this contact').waitFor();
    await press(buyer, 'Disclose it');
    await seen(buyer.page, 'disclosed the whole channel');
    await seen(auditor.page, 'the whole channel');
    await onRecord(buyer.page);
    await say(buyer.page, said.late[0]);
    await onRecord(buyer.page);
    await catchUp(auditor, buyer);
    await auditor.page.locator('.people button').filter({ hasText: 'the whole channel' }).focus();
    await auditor.page.keyboard.press('Enter');
    await auditor.page.getByRole('heading', { name: 'A disclosure of the whole channel' }).waitFor();
    await auditor.page.getByText(`sent the document “${document.name}”`).waitFor();
    expect(among(said.buy, await auditor.page.getByRole('main').innerText())).toEqual(said.buy);
    const others = [said.boat[0], ...closed.sell, ...closed.late, document.text];
    expect(await finds(auditor, others)).toEqual([]);
    expect(await finds(seller, [...closed.buy, ...closed.late])).toEqual([]);
    await press(auditor, 'All channels');
    await auditor.page.getByText('No channel yet').waitFor();
  });
});
