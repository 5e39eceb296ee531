/** The contract suite: every channel, on whichever host runs the built application. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Answer } from '../../src/contract/channel.ts';
import { decode, encode } from '../../src/contract/codec.ts';
import { type ChannelName, channelNamed, channelNames } from '../../src/contract/schema.ts';
import { Host, hostLacks, hostSuite } from './host.ts';

const id = '0'.repeat(64);
const contact = '0'.repeat(32);

/** A request that each channel takes. The record, where one is named, is not there. */
const good: Readonly<Record<ChannelName, unknown>> = {
  'shell.view': {},
  'shell.about': {},
  'shell.setTheme': { theme: 'dark' },
  'shell.setNotices': { notices: 'hidden' },
  'shell.copy': { text: 'text' },
  'shell.openSecret': { purpose: 'create' },
  'state.snapshot': {},
  'start.practice': {},
  'start.open': { profile: 'nobody' },
  'start.lock': {},
  'start.unlock': {},
  'start.close': {},
  'ledger.preview': { card: '{}' },
  'ledger.join': { card: '{}' },
  'ledger.choose': { ledger: id },
  'ledger.card': {},
  'ledger.save': {},
  'sync.start': {},
  'sync.stop': {},
  'secret.purpose': {},
  'secret.close': {},
  'secret.checkKeychain': {},
  'secret.sheet': { sheet: 'identity' },
  'secret.answer': { sheet: 'identity', words: ['a', 'b', 'c'] },
  'secret.create': { keeper: { kind: 'keychain' } },
  'secret.restore': { words: 'abandon', keeper: { kind: 'keychain' } },
  'secret.recovery': { words: 'abandon' },
  'secret.watch': { keeper: { kind: 'keychain' } },
  'secret.unlock': { passphrase: 'a passphrase' },
  'files.offer': { paths: ['/nowhere'] },
  'notarize.start': { chosen: 1, method: 'salted', again: false },
  'notarize.stop': {},
  'notarize.page': { offset: 0, limit: 10 },
  'records.page': { text: '', state: 'any', method: 'any', offset: 0, limit: 10 },
  'records.detail': { id },
  'records.receipt': { id },
  'records.save': { ids: [id] },
  'check.files': { chosen: 1, from: 0 },
  'check.stop': {},
  'check.text': { text: 'countersign:contact/e30' },
  'contacts.own': {},
  'contacts.announce': { name: 'Alice' },
  'contacts.save': {},
  'contacts.page': { text: '', limit: 10 },
  'contacts.detail': { id: contact },
  'contacts.read': { text: 'countersign:contact/e30' },
  'contacts.add': { link: 'countersign:contact/e30', name: 'Bob', isOther: false },
  'contacts.samples': {},
  'contacts.number': { id: contact },
  'contacts.check': { id: contact, number: '0'.repeat(64), how: 'phone' },
  'contacts.approve': { id: contact, key: id },
  'channels.list': {},
  'channels.page': { transaction: id, channel: id, limit: 10 },
  'channels.seen': { transaction: id, channel: id, height: 1, position: 0 },
  'channels.preview': { act: { act: 'join', transaction: id, channel: id } },
  'channels.act': { act: { act: 'post', transaction: id, channel: id, text: 'Hello' } },
  'channels.discard': { transaction: id, channel: id, id: '0'.repeat(32) },
  'documents.look': { transaction: id, channel: id, chosen: 1 },
  'documents.put': { transaction: id, channel: id, chosen: 1 },
  'documents.interrupted': { transaction: id, channel: id },
  'documents.resume': { transaction: id, channel: id, id },
  'documents.save': { transaction: id, channel: id, message: id },
  'documents.stop': {},
  'disclosure.plan': { transaction: id, channel: id, target: { scope: 'channel' } },
  'disclosure.begin': { transaction: id, channel: id, target: { scope: 'channel' }, grant: id, contact },
  'disclosure.waiting': { transaction: id, channel: id },
  'grants.list': {},
  'grants.open': { message: id },
  'sync.ask': { ledger: id },
  'sync.addAddress': { ledger: id, address: 'https://example.org/' },
  'sync.removeAddress': { ledger: id, address: 'https://example.org/' },
  'sync.setMode': { ledger: id, mode: 'follow' },
  'outbox.list': { ledger: id, limit: 10 },
  'outbox.send': { ledger: id },
  'outbox.resend': { ledger: id, message: id },
  'doctor.start': { deep: false },
  'doctor.repair': {},
  'doctor.stop': {},
  'shell.setLook': { clock: 'both' },
  'settings.active': {},
  'settings.setIdle': { minutes: 15 },
  'settings.disk': {},
  'settings.remove': { name: 'nothing' },
  'settings.backupFolder': {},
  'settings.tryBackup': { chosen: 1 },
  'identity.keys': {},
  'identity.rotate': { name: 'Alice' },
  'identity.revoke': { reason: 'lost' },
  'secret.backup': { passphrase: 'a passphrase of words', withRecord: false },
  'secret.drill': { passphrase: 'a passphrase of words' },
  'secret.checkWords': { words: 'abandon' },
  'alarms.list': { limit: 10 },
  'alarms.detail': { number: 1 },
  'alarms.evidence': { number: 1 },
  'alarms.save': { number: 1 },
  'alarms.acknowledge': { number: 1 },
  'explorer.messages': { key: id, type: 'text/x-test', tag: id, id: 'ab', limit: 10 },
  'explorer.after': { after: { height: 0, position: 0 }, limit: 10 },
  'explorer.message': { id },
  'explorer.blocks': { below: 10, limit: 10 },
  'explorer.block': { height: 0 },
  'explorer.inBlock': { height: 0, offset: 0, limit: 10 },
  'explorer.find': { text: 'anything' },
  'explorer.verify': { from: 0, to: 10 },
  'explorer.verifyStop': {},
};

/** Requests that no channel takes, and one that has a member too many. */
const bad = (name: ChannelName): readonly unknown[] => [
  null,
  'text',
  [],
  { ...(good[name] as object), more: 1 },
  { $bytes: 1 },
];

const lacks = hostLacks();

describe.skipIf(lacks !== undefined)(hostSuite('every channel of the contract'), () => {
  let host: Host;
  const home = mkdtempSync(join(tmpdir(), 'countersign-contract-'));

  beforeAll(async () => {
    host = await Host.start(home);
    await (await host.page('main')).waitForSelector('h1');
  });
  afterAll(async () => {
    await host.stop();
    rmSync(home, { recursive: true, force: true });
  });

  const ask = async (name: ChannelName, given: readonly unknown[], frame = 'top', window = 'app://main') => {
    const text = await host.order({ do: 'invoke', name, given, frame, window });
    return decode(text as string) as Answer<unknown>;
  };
  const codeOf = (answer: Answer<unknown>): string => (answer.ok ? 'ok' : answer.failure.code);

  it('is answered by somebody, and bounded', () => {
    expect(Object.keys(good).sort()).toEqual([...channelNames].sort());
    for (const name of channelNames) {
      const channel = channelNamed(name);
      expect(channel?.request.safeParse(good[name]).success, name).toBe(true);
      expect(channel?.maxRequest, name).toBeLessThanOrEqual(8_388_608);
      expect(channel?.maxReply, name).toBeLessThanOrEqual(1_048_576);
    }
  });

  it.each(channelNames)('%s refuses frames that are not its own', async (name) => {
    const text = encode(good[name]);
    for (const frame of ['child', 'other-origin', 'unknown-window', 'none']) {
      expect(codeOf(await ask(name, [text], frame)), frame).toBe('ipc-frame');
    }
  });

  it.each(channelNames.filter((name) => channelNamed(name)?.windows.includes('main') === false))(
    '%s refuses the window with foreign content',
    async (name) => {
      expect(codeOf(await ask(name, [encode(good[name])]))).toBe('ipc-window');
    },
  );

  describe('a bad request', () => {
    const inMain = channelNames.filter((name) => channelNamed(name)?.windows.includes('main'));
    const inSecret = channelNames.filter((name) => channelNamed(name)?.windows.includes('secret'));

    beforeAll(async () => {
      await ask('shell.openSecret', [encode(good['shell.openSecret'])]);
      await (await host.page('secret')).waitForSelector('h1');
    });

    it.each([...inMain.map((name) => [name, 'main']), ...inSecret.map((name) => [name, 'secret'])] as [
      ChannelName,
      string,
    ][])('%s in the window %s: is refused for its form or its length', async (name, window) => {
      const origin = `app://${window}`;
      const { maxRequest = 0 } = channelNamed(name) ?? {};
      const long = JSON.stringify({ ...(good[name] as object), padding: 'x'.repeat(maxRequest) });
      expect(codeOf(await ask(name, [long], 'top', origin))).toBe('ipc-size');
      for (const value of bad(name)) {
        expect(codeOf(await ask(name, [JSON.stringify(value)], 'top', origin))).toBe('ipc-schema');
      }
      for (const given of [[], ['{'], [good[name]], [encode(good[name]), encode(good[name])]]) {
        expect(codeOf(await ask(name, given, 'top', origin))).toBe('ipc-schema');
      }
    });
  });

  it('names what is not there, in words', async () => {
    const answer = await ask('records.detail', [encode({ id })]);
    expect(answer).toMatchObject({ ok: false, failure: { code: 'ipc-gone' } });
    expect(answer.ok ? '' : answer.failure.next).toMatch(/[.]$/);
  });
});

/** All files below a folder. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

describe.skipIf(lacks !== undefined)(hostSuite('no reply and no file holds a secret'), () => {
  const passphrase = 'canary passphrase of four words';

  it('while an identity is made, and in everything that the main window can ask afterwards', async () => {
    const home = mkdtempSync(join(tmpdir(), 'countersign-secret-'));
    const host = await Host.start(home);
    try {
      const page = await host.page('main');
      await page.waitForSelector('h1');
      await page.evaluate("countersign.shellOpenSecret({ purpose: 'create' })");
      const secret = await host.page('secret');
      await secret.waitForSelector('h1');
      const words = await secret.evaluate<string[]>(`(async () => {
        const all = [];
        for (const sheet of ['identity', 'recovery']) {
          const { value } = await countersign.secretSheet({ sheet });
          all.push(...value.words);
          const words = value.asked.map((place) => value.words[place]);
          await countersign.secretAnswer({ sheet, words });
        }
        return all;
      })()`);
      expect(words).toHaveLength(48);
      const keeper = { kind: 'passphrase', passphrase };
      const made = await secret.evaluate(`countersign.secretCreate(${JSON.stringify({ keeper })})`);
      expect(made).toMatchObject({ ok: true });
      writeFileSync(join(home, 'given.txt'), 'a file');
      const texts: string[] = [];
      for (const name of channelNames.filter((one) => channelNamed(one)?.windows.includes('main'))) {
        if (
          ['start.close', 'start.practice', 'start.open', 'records.save', 'settings.backupFolder'].includes(
            name,
          )
        )
          continue;
        const order = { do: 'invoke', name, given: [encode(good[name])], frame: 'top', window: 'app://main' };
        texts.push((await host.order(order)) as string);
      }
      expect(texts.length).toBeGreaterThan(15);
      // A word alone may stand in a sentence; three in a row cannot.
      const canaries = [passphrase, words.slice(0, 3).join(' '), words.slice(24, 27).join(' ')];
      const all = [...texts, ...filesBelow(home).map((path) => readFileSync(path, 'latin1'))];
      for (const canary of [...canaries, ...canaries.map((one) => Buffer.from(one).toString('base64'))]) {
        expect(all.filter((text) => text.includes(canary))).toEqual([]);
      }
      // The sheets are gone with the identity that was made from them.
      expect(
        await secret.evaluate("countersign.secretAnswer({ sheet: 'identity', words: ['', '', ''] })"),
      ).toMatchObject({ ok: false, failure: { code: 'ipc-gone' } });
    } finally {
      await host.stop();
      rmSync(home, { recursive: true, force: true });
    }
  });
});
