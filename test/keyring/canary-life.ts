/**
 * A thousand operations of two people on profiles that lie on a disk, with the real keychain. Started as a process of its
 * own, so that its home, its folder for temporary files and all that it prints can be looked through afterwards. The secrets
 * that were used go to who started it, and nowhere else.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toUtf8 } from '../../src/core/bytes.ts';
import { type Content, writeContent } from '../../src/core/channel/content.ts';
import { discloseMessage } from '../../src/core/channel/granted.ts';
import { startEngines } from '../../src/engines/start.ts';
import { backupPath, writeBackup } from '../../src/wallet/backup/backup.ts';
import { carryOut, planChannel } from '../../src/wallet/channels/actions.ts';
import { conversation } from '../../src/wallet/channels/conversation.ts';
import type { Intent } from '../../src/wallet/channels/drafts.ts';
import { channelMessages } from '../../src/wallet/channels/messages.ts';
import { type LocalChannel, openChannel } from '../../src/wallet/channels/open.ts';
import { type ChannelRow, randomness } from '../../src/wallet/channels/rows.ts';
import { sendChannels } from '../../src/wallet/channels/send.ts';
import { findContact, needCurrent } from '../../src/wallet/contacts/contacts.ts';
import { beginDisclosure, handOutDisclosures, writeGrantFile } from '../../src/wallet/disclosure/disclose.ts';
import type { Recipient } from '../../src/wallet/disclosure/disclosure-rows.ts';
import {
  grantedMessages,
  grantInFile,
  openGrant,
  receivedGrants,
} from '../../src/wallet/disclosure/open-grant.ts';
import { type DisclosureTarget, planDisclosure } from '../../src/wallet/disclosure/plan.ts';
import { documentsOf, putDocument } from '../../src/wallet/documents/documents.ts';
import { osKeychain } from '../../src/wallet/keychain/os-keychain.ts';
import { findLedger, type PinnedLedger } from '../../src/wallet/ledgers.ts';
import { sendQueued } from '../../src/wallet/outbox/send-queued.ts';
import { OwnSearch } from '../../src/wallet/private-search/own-search.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import { refresh } from '../../src/wallet/records/refresh.ts';
import { openWallet, type Wallet } from '../../src/wallet/wallet.ts';
import { wordsOfError } from '../support/canary.ts';

/** What is told in the end to who started this. */
export interface Told {
  readonly operations: number;
  /** Names, and bytes in hexadecimal. */
  readonly secrets: readonly (readonly [name: string, hex: string])[];
  /** The folder for temporary files. */
  readonly temporary: string;
}

/** What is looked for afterwards, told by whoever starts this. */
const [home = '', said = '', named = '', filed = '', noted = '', passphrase = ''] = process.argv.slice(2);

const now = (): number => Math.floor(Date.now() / 1000);
const running = { signal: new AbortController().signal };
const outside = mkdtempSync(join(home, 'of the person-'));
const secrets: [name: string, hex: string][] = [];
let operations = 0;

function keep(name: string, secret: Uint8Array): void {
  secrets.push([name, Buffer.from(secret).toString('hex')]);
}

class Life {
  readonly wallet: Wallet;
  #pinned: PinnedLedger;

  private constructor(wallet: Wallet, pinned: PinnedLedger) {
    this.wallet = wallet;
    this.#pinned = pinned;
  }

  static async open(who: string): Promise<Life> {
    const profile = profileOf('default', { COUNTERSIGN_HOME: join(home, who) });
    const wallet = await openWallet(
      profile,
      { keychain: osKeychain({ service: 'Countersign' }) },
      'existing',
    );
    return new Life(wallet, await findLedger(wallet.database, undefined));
  }

  get pinned(): PinnedLedger {
    return this.#pinned;
  }

  async sync(): Promise<PinnedLedger> {
    this.#pinned = (await refresh(this.wallet, this.#pinned)).pinned;
    return this.#pinned;
  }

  async deliver(): Promise<void> {
    const end = await sendChannels(this.wallet, this.#pinned, running);
    this.#pinned = end.pinned;
    if (end.failure !== undefined) throw end.failure;
  }

  async say(row: ChannelRow, contents: readonly Content[]): Promise<void> {
    const intents = contents.map((content): Intent => ({ kind: 'say', ...writeContent(content) }));
    await carryOut(this.wallet, { row, intents }, now());
    operations += contents.length;
    await this.deliver();
  }

  channel(row: ChannelRow): Promise<LocalChannel> {
    return openChannel(this.wallet, this.#pinned, row);
  }

  async disclose(target: DisclosureTarget, to: Recipient): Promise<void> {
    const plan = await planDisclosure(this.wallet, target);
    await beginDisclosure(this.wallet, this.#pinned, plan, to, now());
    await this.deliver();
    await handOutDisclosures(this.wallet, this.#pinned, now(), writeGrantFile);
    const rows = await this.wallet.privateRows();
    await sendQueued(this.wallet.database, rows, this.#pinned, { when: 'at once', now });
    operations++;
  }
}

/** Does what must fail, and prints the error as a log would. */
async function failing(work: () => Promise<unknown>): Promise<void> {
  operations++;
  await work().then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => {
      console.error(wordsOfError(error));
    },
  );
}

function text(n: number): Content {
  return { kind: 'text', text: `${said} ${n}` };
}

async function documents(buyer: Life, seller: Life, row: ChannelRow): Promise<void> {
  const path = join(outside, 'file');
  for (let n = 0; n < 20; n++) {
    const size = n === 0 ? 2_000_000 : 3000;
    writeFileSync(path, Buffer.concat([toUtf8(filed), randomBytes(size), toUtf8(filed)]));
    const done = await putDocument(buyer.wallet, buyer.pinned, row, path, {
      ...running,
      now,
      name: `${named} ${n}.txt`,
    });
    keep(`key of document ${n}`, done.document.key);
    operations++;
  }
  await failing(() => putDocument(buyer.wallet, buyer.pinned, row, outside, { ...running, now }));
  await buyer.deliver();
  await seller.sync();
  const all = await documentsOf(seller.wallet, await seller.channel(row));
  for (const { document } of all) {
    const bytes = await document.bytes(4_000_000, running);
    if (!Buffer.from(bytes).includes(filed)) throw new Error('another document');
    operations++;
  }
  const [one] = all;
  await failing(() => one?.document.writeTo(path, running) ?? Promise.resolve());
  await failing(() => one?.document.bytes(1, running) ?? Promise.resolve());
  const out = join(outside, 'out');
  for (const { document } of all.slice(0, 5)) {
    await document.writeTo(out, running);
    rmSync(out);
    operations++;
  }
  rmSync(path);
}

async function disclosures(buyer: Life, seller: Life, row: ChannelRow): Promise<void> {
  const channel = await buyer.channel(row);
  const open = channel.current?.opened;
  let target: DisclosureTarget | undefined;
  for await (const { sealed } of channelMessages(buyer.wallet, channel, { order: 'newest first' })) {
    if (open?.ok !== true) break;
    const granted = discloseMessage(open.value, sealed);
    if (!granted.ok) continue;
    target ??= { scope: 'message', channel, message: sealed.message.id };
    keep('key of a message', granted.value.key);
    if (secrets.length > 30) break;
  }
  if (target === undefined) throw new Error('nothing to disclose');
  const { approved } = needCurrent(await findContact(buyer.wallet, named));
  for (let n = 0; n < 2; n++) await buyer.disclose(target, { kind: 'key', keys: approved });
  const path = join(outside, 'grant');
  await buyer.disclose({ scope: 'channel', channel }, { kind: 'file', path });
  await seller.sync();
  const grants = [await grantInFile(path, buyer.pinned.joined.ledger.id)];
  rmSync(path);
  for await (const { grant } of receivedGrants(seller.wallet, seller.pinned))
    if (grant.ok) grants.push(grant.value);
  for (const grant of grants) {
    const { joined } = seller.pinned;
    const opened = await openGrant(seller.wallet.database, joined, grant);
    for await (const message of grantedMessages(seller.wallet.database, joined, opened))
      if (message.opened.ok) operations++;
  }
  await failing(() => grantInFile(join(outside, 'no grant'), buyer.pinned.joined.ledger.id));
  await failing(() =>
    buyer.disclose({ scope: 'period', channel, period: { from: 0, to: 0 } }, { kind: 'file', path }),
  );
}

async function searches(life: Life): Promise<OwnSearch> {
  const search = await OwnSearch.open(life.wallet);
  await search.update(life.pinned, now());
  for (let n = 0; n < 100; n++) {
    const words = n % 2 === 0 ? `${said} ${n}` : named;
    const { found } = await search.find(life.pinned, { words, limit: 5 });
    if (found.length === 0) throw new Error('found nothing');
    operations++;
  }
  return search;
}

async function live(): Promise<void> {
  await startEngines();
  const buyer = await Life.open('buyer');
  const seller = await Life.open('seller');
  const { approved } = needCurrent(await findContact(buyer.wallet, named));
  const made = { name: named, members: [approved], note: noted };
  const { row, intents } = await planChannel(buyer.wallet, buyer.pinned, made, now());
  await carryOut(buyer.wallet, { row, intents }, now());
  await buyer.deliver();
  await seller.deliver();
  for (let from = 0; from < 500; from += 100) {
    const contents = Array.from({ length: 100 }, (_, n) => text(from + n));
    await (from % 200 === 0 ? buyer : seller).say(row, contents);
    await buyer.sync();
  }
  await documents(buyer, seller, row);
  await disclosures(buyer, seller, row);
  await seller.deliver();
  const search = await searches(seller);
  for (const life of [buyer, seller]) {
    for (let n = 0; n < 5; n++, operations++)
      await conversation(life.wallet, await life.channel(row), { limit: 50 });
    const path = backupPath(life.wallet, now());
    await writeBackup(life.wallet, path, passphrase, { withRecord: true, now: now() });
    operations++;
    await failing(() => writeBackup(life.wallet, path, passphrase, { withRecord: false, now: now() }));
    for (const { opened } of (await life.channel(row)).epochs)
      if (opened.ok) keep('secret of an epoch', opened.value.secret);
    keep('local key', (await randomness(await life.wallet.privateRows())).localKey);
  }
  // What still waits lies here too, unsent.
  await carryOut(buyer.wallet, { row, intents: [{ kind: 'say', ...writeContent(text(1000)) }] }, now());
  process.send?.({ operations, secrets, temporary: tmpdir() } satisfies Told);
  await new Promise((next) => process.once('message', next));
  await search.close();
  await buyer.wallet.close();
  await seller.wallet.close();
  process.disconnect();
}

await live();
