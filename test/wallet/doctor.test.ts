import {
  chmodSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { httpReader } from '../../src/engines/http-reader.ts';
import { deepLook } from '../../src/wallet/doctor/deep.ts';
import type { Finding } from '../../src/wallet/doctor/findings.ts';
import { type DoctorPorts, quickLook } from '../../src/wallet/doctor/quick.ts';
import { type Profile, profileOf } from '../../src/wallet/profile.ts';
import { composeLedgerCard } from '../../src/core/record/ledger-card.ts';
import { followLedger } from '../../src/wallet/follow/follow.ts';
import { pinLedger } from '../../src/wallet/ledgers.ts';
import type { FollowWish } from '../../src/wallet/store/followed-store.ts';
import { openWallet } from '../../src/wallet/wallet.ts';
import { openDatabase } from '../../src/wallet/store/driver.ts';
import { messageFor, taken, until } from '../support/firehose.ts';
import { wireBytes } from '../../src/core/record/envelope.ts';
import { unwrap } from '../support/ledger.ts';
import { type Person, Place, stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'doctor-test-'));
let place: Place;
let ann: Person;
/** The profile that a test may damage: a copy of one that is whole. */
let profile: Profile;
let path: string;

beforeAll(async () => {
  place = await Place.start(join(folder, 'whole'));
  ann = await place.person('ann');
  await place.announce(ann.wallet, {});
  const { ledger, sequencer } = place.served;
  for (let n = 0; n < 12; n++) {
    const tags = [new Uint8Array(32).fill(n % 3), new Uint8Array(32).fill(100 + n)];
    await taken(sequencer, wireBytes(messageFor(ledger, n, { tags })));
    if (n % 4 === 3) await until(() => sequencer.waiting === 0);
  }
  await place.sync(ann.wallet);
  await ann.wallet.close();
});
beforeEach(() => {
  profile = profileOf('default', { COUNTERSIGN_HOME: mkdtempSync(join(folder, 'home-')) });
  cpSync(ann.wallet.profile.folder, profile.folder, { recursive: true });
  path = profile.storeFile;
  ann.keychain.mood = 'unlocked';
});
afterAll(async () => {
  await place.close();
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
});

function ports(isReachable = true): DoctorPorts {
  const nowhere = new URL('http://127.0.0.1:1/');
  return {
    keychain: ann.keychain,
    readerOf: (endpoint, timeoutMs) => httpReader(isReachable ? endpoint : nowhere, timeoutMs),
  };
}

async function quick(isReachable = true): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  await quickLook(profile, ports(isReachable), (finding) => findings.push(finding));
  return findings;
}

async function deep(isReachable = true): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  await deepLook(profile, ports(isReachable), (finding) => findings.push(finding));
  return findings;
}

function bad(findings: readonly Finding[]): readonly (string | undefined)[] {
  return findings.filter(({ state }) => state === 'bad').map(({ code }) => code);
}

function codes(findings: readonly Finding[], state: Finding['state']): (string | undefined)[] {
  return findings.filter((finding) => finding.state === state).map(({ code }) => code);
}

/** Does something to the database as it lies there. */
async function damage(...statements: readonly string[]): Promise<void> {
  const database = await openDatabase(path, 'create');
  await database.exec('PRAGMA foreign_keys = OFF; PRAGMA writable_schema = ON');
  for (const statement of statements) expect(await database.run(statement)).toBeGreaterThan(0);
  await database.close();
}

/** Tags have numbers by when they came; what they say does not depend on that. */
const queries = {
  ledger: 'SELECT * FROM ledger',
  block: 'SELECT * FROM block ORDER BY ledger, height',
  message: 'SELECT * FROM message ORDER BY id',
  keys: 'SELECT * FROM message_key ORDER BY key, message',
  tag: 'SELECT ledger, tag, height, total FROM tag ORDER BY ledger, tag',
  tagged: 'SELECT tag.tag, message FROM tagged JOIN tag ON tag.id = tagged.tag ORDER BY 1, 2',
  tags: 'SELECT count(*) FROM tagged',
  incoming: 'SELECT * FROM incoming',
  pins: 'SELECT * FROM ledger_pin',
  rows: 'SELECT * FROM private_row ORDER BY kind, key',
  mark: 'SELECT * FROM private_mark',
  outbox: 'SELECT * FROM outbox',
  alarms: 'SELECT * FROM alarm',
  shown: 'SELECT * FROM address_head',
  layout: 'SELECT type, name, sql FROM sqlite_schema ORDER BY type, name',
} as const;

/** Everything in the database. */
async function everything(): Promise<unknown> {
  const database = await openDatabase(path, 'create');
  const content: Record<string, unknown> = {};
  for (const [name, query] of Object.entries(queries)) content[name] = await database.all(query);
  await database.close();
  return content;
}

describe('the quick look', () => {
  it('says how everything stands, and changes nothing', async () => {
    const before = readFileSync(path);
    const findings = await quick();
    expect(codes(findings, 'ok')).toHaveLength(findings.length);
    const text = findings.map(({ about, sentence }) => `${about}: ${sentence}`).join('\n');
    expect(text).toMatch(/yours alone/);
    expect(text).toMatch(/structure is whole/);
    expect(text).toMatch(/opens with its keychain/);
    expect(text).toMatch(/answers, with no more than is here/);
    expect(text).toMatch(/1 message sent from here and in a block|0 messages sent/);
    expect(readFileSync(path)).toEqual(before);
    expect(readdirSync(profile.folder).sort()).toEqual(['identity.sealed', 'record.sqlite']);
  });

  it('tells an address that does not answer, and a keychain that is locked, from damage', async () => {
    ann.keychain.mood = 'locked';
    const findings = await quick(false);
    expect(bad(findings)).toEqual([]);
    expect(codes(findings, 'note').sort()).toEqual(['sync-unreachable', 'vault-locked']);
  });

  const sealed = (): string => profile.vaultFile;
  const changes: Readonly<Record<string, () => Promise<void> | void>> = {
    'store-corrupt': () => {
      writeFileSync(path, 'no database at all'.repeat(100));
    },
    'store-corrupt: half a database': () => {
      writeFileSync(path, readFileSync(path).subarray(0, 20_000));
    },
    'store-future': () => version(99),
    'vault-gone': () => {
      rmSync(sealed());
    },
    'vault-malformed': () => {
      writeFileSync(sealed(), '{}');
    },
    'doctor-permissions': () => {
      chmodSync(profile.folder, 0o755);
      chmodSync(path, 0o644);
    },
  };
  it.each(Object.entries(changes))('names %s', async (code, change) => {
    await change();
    expect(bad(await quick())).toEqual([code.replace(/:.*/, '')]);
  });
});

async function version(number: number): Promise<void> {
  const database = await openDatabase(path, 'create');
  await database.exec(`PRAGMA user_version = ${number}`);
  await database.close();
}

describe('the deep look', () => {
  it('reads everything and finds nothing', async () => {
    const findings = await deep();
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    const text = findings.map(({ about, sentence }) => `${about}: ${sentence}`).join('\n');
    expect(text).toMatch(/every signature and every entry of the index verified/);
    expect(text).toMatch(/Private records: All \d+ rows? open/);
  });

  it.each([
    ['a leaf', ['UPDATE message SET leaf = zeroblob(length(leaf)) WHERE id = 5']],
    ['data', ["UPDATE message SET data = CAST('forged' AS BLOB) WHERE id = 6"]],
    ['data that is gone', ['UPDATE message SET data = NULL WHERE id = 6']],
    ['a message that is gone', ['DELETE FROM message WHERE id = 4']],
    ['an id', ['UPDATE message SET message_id = randomblob(32) WHERE id = 3']],
    [
      'a header',
      ["UPDATE block SET header = CAST(replace(header, 'height', 'heighT') AS BLOB) WHERE height = 2"],
    ],
    ['all headers', ['DELETE FROM block']],
    ['a link', ['UPDATE tag SET total = total + 1 WHERE id = 2']],
    ['the tags of a message', ['DELETE FROM tagged WHERE message = 5']],
    [
      'a message too many',
      [
        'INSERT INTO message SELECT 99, ledger, height + 1, position, message_id, leaf, data FROM message WHERE id = 13',
      ],
    ],
    ['the cursor', ['UPDATE ledger SET filled = filled - 1']],
    ['the tree', ['UPDATE ledger SET tree = zeroblob(length(tree))']],
    ['the first header', ['UPDATE ledger SET founding = zeroblob(9)']],
    [
      'an index of the file',
      ["UPDATE sqlite_schema SET sql = replace(sql, 'position)', 'height)') WHERE name = 'message_by_type'"],
    ],
  ])('repairs %s, so that the copy is as it was', async (_, statements) => {
    const before = await everything();
    await damage(...statements);
    const damaged = readFileSync(path);
    const findings = await deep();
    expect(bad(findings)).toEqual([]);
    expect(codes(findings, 'repaired').length).toBeGreaterThan(0);
    expect(await everything()).toEqual(before);
    expect(readFileSync(`${path}.damaged-1`).length).toBe(damaged.length);
    expect(readdirSync(profile.folder).sort()).toEqual([
      'identity.sealed',
      'record.sqlite',
      'record.sqlite.damaged-1',
    ]);
    expect(codes(await deep(), 'ok')).not.toHaveLength(0);
  });

  it('repairs without a network what is still there in another form', async () => {
    const before = await everything();
    await damage('UPDATE tag SET height = 1', 'DELETE FROM message_key', 'DELETE FROM tagged');
    expect(bad(await deep(false))).toEqual([]);
    expect(await everything()).toEqual(before);
  });

  it('changes nothing when what is damaged cannot be fetched, and repairs it when it can', async () => {
    const before = await everything();
    await damage('UPDATE message SET leaf = zeroblob(length(leaf)) WHERE id = 5');
    const damaged = await everything();
    expect(bad(await deep(false))).toEqual(['copy-message', 'sync-unreachable', 'doctor-unrepaired']);
    expect(await everything()).toEqual(damaged);
    expect(existsSync(`${path}.damaged-1`)).toBe(false);
    expect(bad(await deep())).toEqual([]);
    expect(await everything()).toEqual(before);
  });

  it('names a head that cannot be read any more, and takes the one of the firehose', async () => {
    const before = await everything();
    await damage('UPDATE ledger SET checkpoint = zeroblob(length(checkpoint))');
    const findings = await deep();
    expect(bad(findings)).toEqual([]);
    expect(codes(findings, 'note')).toEqual(['doctor-head']);
    expect(await everything()).toEqual(before);
  });

  it('names what nobody else has, and leaves it as it is', async () => {
    const [row] = await rowsOf('SELECT kind, key FROM private_row LIMIT 1');
    await damage(
      `UPDATE private_row SET sealed = zeroblob(length(sealed)) WHERE key = '${String(row?.['key'])}'`,
    );
    const before = await everything();
    expect(bad(await deep())).toEqual(['vault-rows']);
    expect(await everything()).toEqual(before);
    await damage('DELETE FROM private_row');
    expect(bad(await deep())).toEqual(['vault-rows']);
  });

  it('carries private rows through a repair as they are', async () => {
    await damage('DELETE FROM message WHERE id = 2');
    const before = await rowsOf('SELECT * FROM private_row ORDER BY kind, key');
    expect(before.length).toBeGreaterThan(0);
    expect(bad(await deep())).toEqual([]);
    expect(await rowsOf('SELECT * FROM private_row ORDER BY kind, key')).toEqual(before);
  });

  it('leaves alone what is no database, and a database that another process uses', async () => {
    const good = `${path}.good`;
    copyFileSync(path, good);
    writeFileSync(path, 'no database at all'.repeat(100));
    const before = readFileSync(path);
    expect(bad(await deep())).toContain('doctor-unrepaired');
    expect(readFileSync(path)).toEqual(before);
    copyFileSync(good, path);
    await damage('DELETE FROM message WHERE id = 2');
    const other = await openDatabase(path, 'create');
    await other.all('SELECT * FROM ledger');
    expect(bad(await deep())).toContain('store-busy');
    await other.close();
    expect(bad(await deep())).toEqual([]);
  });

  it('says that private records were not looked at while the keychain is locked', async () => {
    ann.keychain.mood = 'locked';
    const findings = await deep();
    expect(bad(findings)).toEqual([]);
    expect(codes(findings, 'note').sort()).toEqual(['doctor-unread', 'vault-locked']);
  });

  it('stops when it is told to, and changes nothing', async () => {
    await damage('DELETE FROM message WHERE id = 2');
    const before = await everything();
    const stop = new AbortController();
    const look = deepLook(profile, ports(), () => undefined, {
      signal: stop.signal,
      onRepair: () => {
        stop.abort();
      },
    });
    await expect(look).rejects.toMatchObject({ name: 'AbortError' });
    expect(await everything()).toEqual(before);
  });
});

describe('a copy that follows', () => {
  const tag = new Uint8Array(32).fill(1);

  async function follow(): Promise<void> {
    const { ledger, url } = place.served;
    const wallet = await openWallet(profile, { keychain: ann.keychain }, 'create');
    const wish = (): Promise<readonly FollowWish[]> => Promise.resolve([{ tag, why: 'tag' }]);
    await followLedger(wallet.store, ledger.id, httpReader(new URL(url), 10_000), wish);
    await wallet.close();
  }

  beforeEach(async () => {
    profile = profileOf('follower', { COUNTERSIGN_HOME: mkdtempSync(join(folder, 'home-')) });
    path = profile.storeFile;
    const { ledger, url } = place.served;
    const wallet = await openWallet(profile, { keychain: ann.keychain }, 'create');
    const card = composeLedgerCard({ endpoints: [url], ledger: ledger.id, log: ledger.logKey });
    await pinLedger(wallet.database, unwrap(card), ledger, 1_700_000_000);
    await wallet.close();
    await follow();
  });

  it('is in order', async () => {
    const findings = await deep();
    expect(findings.filter(({ state }) => state !== 'ok')).toEqual([]);
    expect(findings.map(({ sentence }) => sentence).join()).toMatch(
      /4 followed messages verified, and none is missing/,
    );
  });

  it.each([
    ['a leaf', 'UPDATE followed_message SET leaf = zeroblob(length(leaf)) WHERE id = 2'],
    ['data', "UPDATE followed_message SET data = CAST('forged' AS BLOB) WHERE id = 2"],
    ['a place', 'UPDATE followed_message SET position = position + 1 WHERE id = 2'],
    [
      'what shows it',
      "UPDATE followed_message SET proof = CAST(replace(proof, 'a', 'b') AS BLOB) WHERE id = 2",
    ],
    ['a message that is gone', 'DELETE FROM followed_message WHERE id = 2'],
    ['a tag that is gone', 'DELETE FROM followed_carried WHERE message = 2'],
    ['a tag too many', 'INSERT INTO followed_carried VALUES (1, zeroblob(32), 2)'],
  ])('that is damaged is found, and fetched again by the next synchronisation: %s', async (_, statement) => {
    const held = 'SELECT height, position, message_id, leaf, data, proof FROM followed_message ORDER BY 1, 2';
    const before = await rowsOf(held);
    await damage(statement);
    const findings = await deep();
    expect(bad(findings)).toEqual([]);
    expect(codes(findings, 'repaired').length).toBeGreaterThan(0);
    await follow();
    expect(await rowsOf(held)).toEqual(before);
    expect((await deep()).filter(({ state }) => state !== 'ok')).toEqual([]);
  });
});

async function rowsOf(sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const database = await openDatabase(path, 'create');
  const rows = await database.all(sql);
  await database.close();
  return rows;
}
