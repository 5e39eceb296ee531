/** Whatever somebody gives to be checked: documents, receipts, cards, evidence, texts, pictures of a code. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fromUtf8, toHex } from '../../src/core/bytes.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { headsInconsistent } from '../../src/core/evidence/heads.ts';
import { composeEvidence } from '../../src/core/evidence/verify.ts';
import { type ContactCard, writeCard } from '../../src/core/identity/card.ts';
import { wordsOf } from '../../src/core/identity/words.ts';
import { type SignedMessage, wireBytes } from '../../src/core/record/envelope.ts';
import { parseEntryBundle } from '../../src/core/log/tiles.ts';
import { composeLedgerCard, writeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { readOperatorKeys, signCheckpoint } from '../../src/firehose/operator.ts';
import { type FirehoseService, serve } from '../../src/firehose/server.ts';
import { pictureSize } from '../../src/renderer/ui/picture-size.ts';
import { seedOf, signerOfSeed } from '../../src/wallet/vault/signer.ts';
import { announceIdentity, RecoveryKeys } from '../../src/wallet/workflows/announce.ts';
import { composeFileRecord } from '../../src/wallet/workflows/record-file.ts';
import { running, taken } from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { Host, hostLacks, hostSuite } from './host.ts';
import { faults, isTooWide, joinLedger, makeIdentity, tabTo } from './journey-support.ts';

const lacks = hostLacks();
const now = (): number => Math.floor(Date.now() / 1000);
const contract = 'Contract of sale\n';

describe('the size of a picture', () => {
  const bytes = (...parts: readonly (string | readonly number[])[]): Uint8Array =>
    new Uint8Array(
      parts.flatMap((part) =>
        typeof part === 'string' ? Array.from(part, (char) => char.charCodeAt(0)) : part,
      ),
    );
  const zeros = (many: number): number[] => new Array<number>(many).fill(0);

  it.each([
    ['PNG', bytes([0x89], 'PNG\r\n', [0x1a, 10], zeros(8), [0, 1, 0, 0], [0, 0, 2, 1]), 65_536, 513],
    ['GIF', bytes('GIF89a', [0x2c, 1, 0xc8, 0]), 300, 200],
    [
      'JPEG',
      bytes([0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xff, 0xc2, 0, 9, 8, 0, 200, 1, 44], zeros(4)),
      ...[300, 200],
    ],
    ['WebP', bytes('RIFF', zeros(4), 'WEBPVP8X', zeros(8), [43, 1, 0], [199, 0, 0]), 300, 200],
    ['WebP', bytes('RIFF', zeros(4), 'WEBPVP8 ', zeros(10), [44, 1, 200, 0]), 300, 200],
    ['WebP', bytes('RIFF', zeros(4), 'WEBPVP8L', zeros(5), [43, 193, 49, 0], zeros(5)), 300, 200],
  ] as const)('is read from the first bytes of a %s', (_name, picture, width, height) => {
    expect(pictureSize(picture)).toEqual({ width, height });
    for (let length = 0; length < picture.length; length++) pictureSize(picture.subarray(0, length));
  });

  it('is not made up', () => {
    expect(pictureSize(bytes('BM', zeros(60)))).toBeUndefined();
    expect(pictureSize(bytes([0xff, 0xd8, 0xff, 0xd9]))).toBeUndefined();
    expect(pictureSize(new Uint8Array())).toBeUndefined();
  });
});

describe.skipIf(lacks !== undefined)(hostSuite('check'), () => {
  const home = mkdtempSync(join(tmpdir(), 'countersign-check-'));
  const given = (name: string, content: string | Uint8Array): string => {
    writeFileSync(join(home, name), content);
    return join(home, name);
  };
  let service: FirehoseService;
  let ledger: Awaited<ReturnType<typeof running>>;
  let host: Host;
  let page: Page;
  let bob: ContactCard;
  let promise: Uint8Array;

  /** Somebody who announced a key and recorded the contract for everybody to see. */
  async function makeBob(): Promise<{ readonly card: ContactCard; readonly record: SignedMessage }> {
    const { id } = ledger.sequencer.ledger;
    const signer = signerOfSeed(seedOf(new Uint8Array(32)), id, 0);
    const claims = { name: 'Bob Example', firm: 'Example & Co' };
    const salt = sha256(new Uint8Array(1));
    const recovery = new RecoveryKeys(wordsOf(new Uint8Array(32).fill(1)));
    const key = { signer, claims, salt };
    const { message } = announceIdentity(key, id, recovery.commitment(id, 0), now());
    recovery.close();
    await taken(ledger.sequencer, wireBytes(message));
    const hash = sha256(new TextEncoder().encode(contract));
    const options = { salt: 'public', data: new Uint8Array() } as const;
    const record = composeFileRecord(signer, id, hash, now(), options).message;
    const { publicKey: sign, encryptionKey: encrypt } = signer;
    return { card: { claims, encrypt, ledger: id, salt, sign }, record };
  }

  beforeAll(async () => {
    ledger = await running({}, { now, intervalMs: 50 });
    const { id, logKey } = ledger.sequencer.ledger;
    const made = await makeBob();
    bob = made.card;
    promise = await taken(ledger.sequencer, wireBytes(made.record));
    service = await serve(ledger.sequencer, { host: '127.0.0.1', port: 0, onFailure: () => undefined });
    const content = { endpoints: [`${service.url}/`], ledger: id, log: logKey };
    const card = fromUtf8(writeLedgerCard(unwrap(composeLedgerCard(content)))) ?? '';
    host = await Host.start(home);
    page = await host.page('main');
    await page.setViewportSize({ width: 1280, height: 820 });
    await makeIdentity(host, page, 'four words nobody guesses');
    await joinLedger(page, card);
    await page.keyboard.press('Control+4');
  }, 90_000);
  afterAll(async () => {
    await host.stop();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    await service.stop();
  });

  /** Gives files, and waits for a sentence. */
  const check = async (files: readonly string[], sentence: string | RegExp): Promise<void> => {
    await host.giveFiles(page, files);
    await page.getByRole('main').getByText(sentence).first().waitFor();
  };
  const paste = async (text: string): Promise<void> => {
    await page.evaluate(`(() => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text/plain', ${JSON.stringify(text)});
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    })()`);
  };

  it('teaches what can be given, and says what an unusual file is', async () => {
    await page
      .getByText('Whether it proves, without any network, that an operator broke the rules')
      .waitFor();
    expect(await faults(page)).toEqual([]);
    await check([given('empty.txt', '')], 'This file is empty.');
    const folder = join(home, 'folder');
    mkdirSync(folder);
    await check([folder], 'There is no file in it');
    given('folder/one.txt', '1');
    given('folder/two.txt', '2');
    await check([folder], 'Cannot be told: 2');
    await check([given('odd.card', 'countersign:contact/!')], 'neither a contact card nor the link of one');
    await check([given('r.json', '{ "receipt": "countersign/receipt/v1" }')], 'was reformatted');
    await check([given('large.bin', new Uint8Array(20_000_000))], 'knows of no record of the file');
  });

  it('finds a public record, and names the contact once it is one', async () => {
    const file = given('contract.txt', contract);
    const key = toHex(bob.sign).slice(0, 16);
    await check([file], new RegExp(`recorded in block \\d+, signed by the key ${key}…`));
    await check([given('Bob.card', writeCard(bob))], 'It is of nobody among your contacts.');
    await page.getByText('Its key is on the record, and announced this very card.').waitFor();
    expect(await faults(page)).toEqual([]);
    await tabTo(page, 'Look at it in Contacts…');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Look at the card' }).click();
    await page.getByLabel('What you call this person').fill('Bob');
    await page.keyboard.press('Enter');
    await page.getByText('You have not compared safety numbers with Bob').waitFor();
    await page.keyboard.press('Control+4');
    await check([file], 'signed by your contact Bob');
    const changed = { ...bob, claims: { name: 'Robert Example' } };
    await check([given('changed.card', writeCard(changed))], 'this one was changed, is out of date');
    await page.getByRole('button', { name: 'Open Bob in Contacts' }).click();
    await page.getByText('You have not compared safety numbers with Bob').waitFor();
    await page.keyboard.press('Control+4');
  });

  it('takes a text: an id, a hash, a key, a card, a safety number', async () => {
    const hash = toHex(sha256(new TextEncoder().encode(contract)));
    await paste(hash.toUpperCase());
    await page.getByText('This file is identical to the one recorded').waitFor();
    await paste(toHex(bob.sign));
    await page.getByText('This is a key of your contact Bob. It counts on').waitFor();
    await paste(ledger.sequencer.ledger.idText);
    await page.getByText('a ledger that you have joined').waitFor();
    await paste(fromUtf8(writeCard(bob)) ?? '');
    await page.getByText('This is the contact card of Bob').waitFor();
    await paste(fromUtf8(promise) ?? '');
    await page.getByText('The operator promised, signed').waitFor();
    await page.getByLabel('Or paste a card, a link, an id or a hash').fill('0'.repeat(64));
    await tabTo(page, 'Look at it');
    await page.keyboard.press('Enter');
    await page.getByText('Nothing that you can look up here has this number.').waitFor();
    const number = await page.evaluate<string>(`(async () => {
      const { value } = await countersign.contactsPage({ text: '', limit: 1 });
      return (await countersign.contactsNumber({ id: value.rows[0].id })).value.qr;
    })()`);
    await paste(number);
    await page.getByText('This is the safety number that you and Bob share.').waitFor();
    await paste(number.replace(/.$/, (digit) => (digit === '0' ? '1' : '0')));
    await page.getByText('This is not the safety number that you share').waitFor();
  });

  it('judges evidence offline, and what it does not prove', async () => {
    const { sequencer, storage } = ledger;
    const { log } = await readOperatorKeys(storage);
    const [, bundle = new Uint8Array()] =
      [...storage.publicFiles()].find(([path]) => path.startsWith('tile/entries/000')) ?? [];
    const [founding = new Uint8Array()] = unwrap(parseEntryBundle(bundle, 1));
    const { logKey } = sequencer.ledger;
    const head = (n: number): Uint8Array => signCheckpoint(logKey, log, 1, new Uint8Array(32).fill(n));
    const source = { founding, checkpoint: head(1) };
    const evidence = composeEvidence(headsInconsistent, source, { other: fromUtf8(head(2)) ?? '' });
    const file = given('evidence.json', evidence);
    await check([file], 'The operator signed two heads of the record for the same 1 blocks');
    await page.getByText('The operator’s own signatures prove it, to anybody').waitFor();
    expect(await faults(page)).toEqual([]);
    const same = composeEvidence(headsInconsistent, source, { other: fromUtf8(head(1)) ?? '' });
    await check([given('no-lie.json', same)], 'The operator is not shown to have lied.');
  });

  it('holds a receipt and its file together, and a changed file apart', async () => {
    const own = given('own.txt', 'mine');
    await page.keyboard.press('Control+2');
    await host.giveFiles(page, [own]);
    await page.getByRole('button', { name: /^Record / }).click();
    await expect
      .poll(
        async () => {
          await page.getByRole('button', { name: 'Synchronise now' }).click({ timeout: 1000 });
          return page.getByText('All files are on record').count();
        },
        { timeout: 20_000, interval: 300 },
      )
      .toBe(1);
    const id = await page.evaluate<string>(
      "countersign.recordsPage({ text: '', state: 'any', method: 'any', offset: 0, limit: 1 }).then((a) => a.value.rows[0].id)",
    );
    await host.order({ do: 'answer-dialog', value: { canceled: false, filePaths: [home] } });
    await page.evaluate(`countersign.recordsSave({ ids: ['${id}'] })`);
    const receipt = join(home, readdirSync(home).find((name) => name.endsWith('.receipt.json')) ?? '');
    await page.keyboard.press('Control+4');
    await check([receipt], 'This receipt is genuine: a file called “own.txt” is on record');
    await check([own, receipt], 'that you recorded in block');
    expect(await page.locator('.checked').count()).toBe(0);
    await check(
      [given('changed.txt', 'mine?'), receipt],
      'The file is not the one that the receipt is about.',
    );
    expect(await faults(page)).toEqual([]);
  });

  it('shows several at once as a table, by keyboard too, and says what of it needs a look', async () => {
    const files = ['contract.txt', 'empty.txt', 'Bob.card', 'evidence.json', 'no-lie.json', 'odd.card'];
    await check(
      files.map((name) => join(home, name)),
      'Needs a look: 3',
    );
    await expect.poll(() => page.locator('.checked tbody tr').count()).toBe(files.length);
    await tabTo(page, 'empty.txt');
    for (let i = 1; i < files.length; i++) await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.verdict .name').textContent()).toBe('odd.card');
    expect(await faults(page)).toEqual([]);
    for (const size of [
      { width: 1024, height: 700 },
      { width: 640, height: 410 },
    ]) {
      await page.setViewportSize(size);
      expect(await isTooWide(page), `check in ${size.width}`).toBe(false);
    }
    await page.setViewportSize({ width: 1280, height: 820 });
  });

  it('reads a code out of a picture, as it is shown here', async () => {
    await page.getByRole('button', { name: 'Card of this ledger' }).click();
    const code = page.getByRole('img', { name: 'Card of this ledger, as a QR code' });
    expect(await faults(page)).toEqual([]);
    const picture = given('code.png', await code.screenshot());
    await page.getByRole('button', { name: 'Close', exact: true }).click();
    await check([picture], 'QR code in code.png');
    await page.getByRole('button', { name: 'QR code in code.png' }).click();
    await page.getByText('by which you have joined that ledger').waitFor();
    const bomb = new Uint8Array(64);
    bomb.set([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52, 0, 1, 0, 0, 0, 1]);
    const pasted = `(() => {
      const clipboardData = new DataTransfer();
      clipboardData.items.add(new File([new Uint8Array([${bomb.join()}])], 'a.png', { type: 'image/png' }));
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    })()`;
    await page.evaluate(pasted);
    await page.getByText('This picture is too large to be searched for a QR code.').waitFor();
  });

  it('does not name contacts while the identity is locked', async () => {
    await page.getByRole('button', { name: 'Lock' }).click();
    await check([join(home, 'contract.txt')], /signed by the key/);
    await check([join(home, 'Bob.card')], 'It is of nobody');
  });
});
