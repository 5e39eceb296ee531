import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest';
import { memoryReader } from '../../test/support/log.ts';
import { foundIn } from '../../test/support/firehose.ts';
import { MemoryStorage } from '../../test/support/memory-storage.ts';
import { toHex, toUtf8 } from '../core/bytes.ts';
import type { LogReader } from '../core/log/audit-port.ts';
import { verifierKey } from '../core/log/verifier-key.ts';
import { refuse } from '../core/result.ts';
import type { Ledger } from '../core/record/ledger.ts';
import {
  type LedgerCard,
  type LedgerCardContent,
  ledgerLink,
  parseLedgerLink,
} from '../core/record/ledger-card.ts';
import { cardFrom, effectOf, fetchForCard, findLedger, pinLedger, pinnedLedgers } from './ledgers.ts';
import type { Database } from './store/driver.ts';
import { openStore } from './store/open.ts';

const folder = mkdtempSync(join(tmpdir(), 'ledgers-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The reader of an endpoint that cannot be reached. */
function brokenReader(): LogReader {
  return { ...memoryReader(new Map()), read: () => Promise.resolve(refuse('log-unreachable', 'no network')) };
}

let database: Database;
let files = 0;
beforeEach(async () => {
  database = await openStore(join(folder, `${files++}.sqlite`));
});
afterEach(async () => {
  await database.close();
});

function cardOf(ledger: Ledger, changes: Partial<LedgerCardContent> = {}): LedgerCard {
  const content = { endpoints: ['https://a.example/'], ledger: ledger.id, log: ledger.logKey, ...changes };
  const card = parseLedgerLink(ledgerLink(content));
  if (!card.ok) throw new Error(card.code);
  return card.value;
}

async function served(): Promise<{ ledger: Ledger; reader: LogReader }> {
  const storage = new MemoryStorage();
  const ledger = await foundIn(storage);
  return { ledger, reader: memoryReader(storage.publicFiles()) };
}

describe('joining a ledger', () => {
  it('pins its card, once', async () => {
    const { ledger } = await served();
    const card = cardOf(ledger);
    expect(await effectOf(database, card)).toBe('join');
    expect(await pinLedger(database, card, ledger, 1000)).toBe('join');
    expect(await pinLedger(database, card, ledger, 2000)).toBe('nothing');
    const [pinned, ...others] = await pinnedLedgers(database);
    expect(others).toEqual([]);
    expect(pinned).toMatchObject({
      card,
      pinnedAt: 1000,
      joined: { endpoint: 'https://a.example/', size: 0 },
    });
    expect(pinned?.joined.ledger.idText).toBe(ledger.idText);
  });

  it('takes other addresses and another policy over, for the same id and key', async () => {
    const { ledger } = await served();
    await pinLedger(database, cardOf(ledger), ledger, 1000);
    const other = cardOf(ledger, { endpoints: ['http://b/', 'https://a.example/'], policy: 'quorum none\n' });
    expect(await effectOf(database, other)).toBe('change');
    expect(await pinLedger(database, other, ledger, 2000)).toBe('change');
    expect(await pinnedLedgers(database)).toMatchObject([
      { card: other, pinnedAt: 1000, joined: { endpoint: 'http://b/' } },
    ]);
  });

  it('is an alarm with another id or key under the same origin, and changes nothing', async () => {
    const { ledger } = await served();
    const { ledger: copied } = await served();
    expect(copied.origin).toBe(ledger.origin);
    await pinLedger(database, cardOf(ledger), ledger, 1000);
    const before = await pinnedLedgers(database);
    const alarm = { code: 'ledger-changed' };
    await expect(effectOf(database, cardOf(copied))).rejects.toMatchObject(alarm);
    await expect(pinLedger(database, cardOf(copied), copied, 1)).rejects.toMatchObject(alarm);
    for (const changes of [{ ledger: copied.id }, { log: copied.logKey }]) {
      await expect(effectOf(database, cardOf(ledger, changes))).rejects.toMatchObject(alarm);
    }
    expect(await pinnedLedgers(database)).toEqual(before);
    expect(await database.all('SELECT id FROM ledger')).toHaveLength(1);
  });

  it('needs a card and a ledger that belong together', async () => {
    const { ledger } = await served();
    const { ledger: other } = await served();
    for (const changes of [{ ledger: other.id }, { log: other.logKey }]) {
      await expect(pinLedger(database, cardOf(ledger, changes), ledger, 1)).rejects.toMatchObject({
        code: 'ledger-mismatch',
      });
    }
    expect(await pinnedLedgers(database)).toEqual([]);
  });

  it('keeps nothing of a joining that fails', async () => {
    const { ledger } = await served();
    await database.exec(
      "CREATE TRIGGER fail BEFORE INSERT ON ledger_pin BEGIN SELECT RAISE(ABORT, 'asked for'); END",
    );
    await expect(pinLedger(database, cardOf(ledger), ledger, 1)).rejects.toThrow();
    expect(await database.all('SELECT id FROM ledger')).toEqual([]);
  });

  it('finds out a pin that was changed in the database', async () => {
    const { ledger } = await served();
    const { ledger: other } = await served();
    await pinLedger(database, cardOf(ledger), ledger, 1);
    for (const change of [
      "UPDATE ledger_pin SET origin = 'x'",
      "UPDATE ledger_pin SET card = x'7b7d'",
      `UPDATE ledger_pin SET card = x'${toHex(toUtf8(JSON.stringify({ v: 1 })))}'`,
      `UPDATE ledger SET founding = x'${toHex(other.first.bytes)}'`,
    ]) {
      await database.exec('BEGIN');
      await database.exec(change);
      await expect(pinnedLedgers(database), change).rejects.toMatchObject({ code: 'store-corrupt' });
      await database.exec('ROLLBACK');
    }
    expect(await pinnedLedgers(database)).toHaveLength(1);
  });
});

describe('finding a joined ledger', () => {
  it('goes by origin, by the beginning of the id, or by being the only one', async () => {
    const none = { code: 'ledger-not-joined' };
    await expect(findLedger(database, undefined)).rejects.toMatchObject(none);
    const first = await foundIn(new MemoryStorage());
    await pinLedger(database, cardOf(first), first, 1);
    const { idText } = first;
    for (const given of [undefined, first.origin, idText, idText.slice(0, 4)]) {
      expect((await findLedger(database, given)).joined.ledger.idText).toBe(idText);
    }
    for (const given of ['', 'firehose.example', idText.slice(0, 3), idText.slice(1), idText.toUpperCase()]) {
      await expect(findLedger(database, given), given).rejects.toMatchObject(none);
    }
    const second = await foundIn(new MemoryStorage(), {}, 'second.example');
    await pinLedger(database, cardOf(second), second, 1);
    await expect(findLedger(database, undefined)).rejects.toMatchObject({
      code: 'ledger-ambiguous',
      detail: 'firehose.example/test, second.example',
    });
    expect((await findLedger(database, 'second.example')).joined.ledger.idText).toBe(second.idText);
  });
});

describe('fetching the ledger of a card', () => {
  it('goes through the addresses until one serves it', async () => {
    const { ledger, reader } = await served();
    const { reader: wrong } = await served();
    const endpoints = ['https://down/', 'https://wrong/', 'https://right/', 'https://never/'];
    const asked: string[] = [];
    const readers: Record<string, LogReader> = { down: brokenReader(), wrong, right: reader };
    const found = await fetchForCard(cardOf(ledger, { endpoints }), ({ host }) => {
      asked.push(host);
      return readers[host] ?? brokenReader();
    });
    expect(found.idText).toBe(ledger.idText);
    expect(asked).toEqual(['down', 'wrong', 'right']);
  });

  it('says what the last address failed with', async () => {
    const { ledger } = await served();
    const { reader: wrong } = await served();
    const card = cardOf(ledger, { endpoints: ['https://a/', 'https://b/'] });
    await expect(fetchForCard(card, () => brokenReader())).rejects.toMatchObject({
      code: 'sync-unreachable',
    });
    await expect(fetchForCard(card, () => wrong)).rejects.toMatchObject({ code: 'sync-no-ledger' });
  });

  it('refuses a card whose key is not the ledger`s, whoever serves it', async () => {
    const { ledger, reader } = await served();
    const log = verifierKey(ledger.origin, 1, new Uint8Array(32).fill(3));
    await expect(fetchForCard(cardOf(ledger, { log }), () => reader)).rejects.toMatchObject({
      code: 'ledger-mismatch',
    });
  });
});

describe('a card that a person gives', () => {
  it('is read in any form, or refused with the code of what is wrong', async () => {
    const { ledger } = await served();
    const card = cardOf(ledger);
    expect(cardFrom(toUtf8(`${ledgerLink(card)}\n`))).toEqual(card);
    expect(() => cardFrom(toUtf8('hello'))).toThrow(/ledger-link/);
    expect(() => cardFrom(toUtf8('{ }'))).toThrow(/json-syntax/);
  });
});
