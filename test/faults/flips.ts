/**
 * Bits that change in files at rest. What is read of a wallet's database is the record or an error with a code, never
 * anything else; and whatever of its content changed is found by the deep look. What a firehose serves after a bit of its
 * files changed does not get past those who fetch it, and it makes no promise that is another one.
 */
import { isDeepStrictEqual } from 'node:util';
import { copyFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { toHex } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import { deepLook } from '../../src/wallet/doctor/deep.ts';
import { diskReader } from '../../src/engines/disk-reader.ts';
import { findBlocks, messagesWithIdFrom } from '../../src/wallet/explorer/look-up.ts';
import { findMessages } from '../../src/wallet/explorer/search.ts';
import { headerAt, messagesOf } from '../../src/wallet/explorer/copy.ts';
import { pinnedLedgers } from '../../src/wallet/ledgers.ts';
import { profileOf } from '../../src/wallet/profile.ts';
import type { Database } from '../../src/wallet/store/driver.ts';
import { openStore } from '../../src/wallet/store/open.ts';
import { brokenPromises, judge, openIn, startTime, wireFor } from '../support/firehose.ts';
import { contentIn } from './content.ts';
import { filesIn, FirehoseFaults } from './firehose-faults.ts';
import type { Random } from './random.ts';
import { fileKeychain, walletLife } from './wallet-life.ts';
import { ledgerOnDisk } from './wallet-faults.ts';

/** What came of some flips. */
export interface Flips {
  /** Bits that were changed. */
  readonly flipped: number;
  /** Of these: changed something of what is stored. */
  readonly changed: number;
  /** Of these: found when it was read to be shown. */
  readonly foundOnReading: number;
}

/** Changes one bit of a file. */
function flip(path: string, random: Random): { readonly at: number; readonly bit: number } {
  const bytes = readFileSync(path);
  // Zeros are mostly room that nothing uses.
  const used = [...bytes.keys()].filter((at) => bytes[at] !== 0);
  const at = used[random.below(used.length)] ?? 0;
  const bit = random.below(8);
  bytes.writeUInt8(bytes.readUInt8(at) ^ (1 << bit), at);
  writeFileSync(path, bytes);
  return { at, bit };
}

/** Everything about the record that a person can be shown. */
async function shown(database: Database): Promise<unknown> {
  const all: unknown[] = [];
  for (const { card, joined } of await pinnedLedgers(database)) {
    const page = { limit: 1000 };
    const blocks = await findBlocks(database, joined, 1000, joined.size);
    const messages = await findMessages(database, joined, {}, page);
    // Data that is not here is said to be not here: that is less, and nothing false.
    const words = ({ height, message, position }: (typeof messages)[number]): string[] => [
      `${height}/${position} ${toHex(message.id)}`,
      ...(message.data === undefined ? [] : [`${height}/${position} ${toHex(message.data)}`]),
    ];
    all.push(
      card.origin,
      blocks.map(({ bytes }) => toHex(bytes)),
      messages.flatMap(words),
    );
    for (const { message } of messages) {
      const [id] = [toHex(message.id)];
      all.push((await messagesWithIdFrom(database, joined, id)).flatMap(words));
      const [tag] = message.head.tags;
      if (tag !== undefined) all.push((await findMessages(database, joined, { tag }, page)).flatMap(words));
    }
    const [one] = messages;
    if (one !== undefined) {
      const { payloadType: type, sender } = one.message;
      all.push((await findMessages(database, joined, { sender, type }, page)).flatMap(words));
    }
    for (let height = 0; height < joined.size; height++) {
      const header = await headerAt(database, joined, height);
      if (header !== undefined && height > 0)
        all.push((await messagesOf(database, joined, header)).flatMap(words));
    }
  }
  return all;
}

/** Whether some of these were left out of what is shown, and nothing else is different: what an index does not find. */
function isPartOf(part: unknown, whole: unknown): boolean {
  const all = new Set((whole as unknown[]).flat().map(String));
  return (part as unknown[]).flat().every((one) => all.has(String(one)));
}

type Outcome = 'same' | 'refused' | 'less';

/** @throws Error when anything is shown that is not the record, or it fails without a code. */
async function read(path: string, expected: unknown): Promise<Outcome> {
  let database: Database | undefined;
  try {
    database = await openStore(path);
    const seen = await shown(database);
    if (isDeepStrictEqual(seen, expected)) return 'same';
    if (isPartOf(seen, expected)) return 'less';
    throw new Error('something else was shown than what was recorded');
  } catch (error) {
    if (error instanceof CountersignError) return 'refused';
    throw error;
  } finally {
    await database?.close().catch(() => undefined);
  }
}

/** Flips bits of a wallet's database, one in each of so many copies. @throws Error at the first that gets past. */
export async function walletFlips(folder: string, random: Random, count: number): Promise<Flips> {
  const ledger = await ledgerOnDisk(folder, 4);
  const home = mkdtempSync(join(folder, 'flips-'));
  const file = join(folder, 'flips.txt');
  writeFileSync(file, 'recorded');
  await walletLife(home, ledger, [file], () => undefined);
  const good = profileOf('default', { COUNTERSIGN_HOME: home });
  const database = await openStore(good.storeFile);
  const expected = await shown(database);
  await database.close();
  const content = await contentIn(good.storeFile);
  const broken = profileOf('broken', { COUNTERSIGN_HOME: home });
  const report = { flipped: 0, changed: 0, foundOnReading: 0 };
  for (let i = 0; i < count; i++) {
    cpSync(good.folder, broken.folder, { recursive: true });
    const place = flip(broken.storeFile, random);
    report.flipped++;
    const where = `byte ${place.at}, bit ${place.bit}`;
    const damaged = `${broken.storeFile}.flipped`;
    copyFileSync(broken.storeFile, damaged);
    const outcome = await read(broken.storeFile, expected).catch((error: unknown) => {
      throw new Error(where, { cause: error });
    });
    copyFileSync(damaged, broken.storeFile);
    const now = await contentIn(broken.storeFile).catch(() => undefined);
    if (!isDeepStrictEqual(now, content) || outcome !== 'same') {
      report.changed++;
      if (outcome === 'refused') report.foundOnReading++;
      const found = await isFound(home, ledger);
      if (!found) throw new Error(`${where}: not found by the deep look`);
    }
    rmSync(broken.folder, { recursive: true, force: true });
  }
  return report;
}

async function isFound(home: string, ledger: string): Promise<boolean> {
  const profile = profileOf('broken', { COUNTERSIGN_HOME: home });
  const readerOf = (): ReturnType<typeof diskReader> => diskReader(join(ledger, 'public'));
  let isBad = false;
  await deepLook(profile, { keychain: fileKeychain(home), readerOf }, ({ state }) => {
    isBad ||= state === 'bad' || state === 'repaired';
  });
  return isBad;
}

/** Flips bits of a firehose's files, one in each of so many copies. @throws Error at the first that gets past. */
export async function firehoseFlips(folder: string, random: Random, count: number): Promise<Flips> {
  const faults = await FirehoseFaults.prepare(folder);
  const whole = faults.copy();
  const good = await served(whole);
  const names = [...filesIn(whole).keys()].filter((name) => /^(public|private)\//.test(name));
  const report = { flipped: 0, changed: 0, foundOnReading: 0 };
  for (let i = 0; i < count; i++) {
    const copy = faults.copy();
    const name = names[random.below(names.length)] ?? '';
    if (readFileSync(join(copy, name)).length === 0) continue;
    flip(join(copy, name), random);
    report.flipped++;
    report.changed++;
    const outcome = await served(copy).catch((error: unknown) => {
      if (error instanceof CountersignError) return 'refused';
      throw new Error(name, { cause: error });
    });
    if (outcome === 'refused') report.foundOnReading++;
    else if (!isDeepStrictEqual(outcome, good)) throw new Error(`${name}: it serves something else`);
    rmSync(copy, { recursive: true, force: true });
  }
  return report;
}

/** What a stranger finds who fetches everything, and the promises that the firehose repeats. @throws CountersignError when refused */
async function served(folder: string): Promise<unknown> {
  const judged = await judge(filesIn(join(folder, 'public'))).catch((error: unknown) => {
    throw new CountersignError('log-tile-mismatch', String(error));
  });
  if (!existsSync(dirname(join(folder, 'private')))) throw new Error('no firehose');
  const sequencer = await openIn(embeddedStorage(folder), { now: () => startTime + 40 });
  try {
    const notes: Uint8Array[] = [];
    for (const n of [11, 12]) {
      const taken = await sequencer.take(wireFor(judged.ledger, n));
      if (!taken.ok) throw new CountersignError(taken.code);
      notes.push(taken.value);
    }
    // A note that the operator did not sign is refused by whoever gets it, with an error that has a code.
    const broken = await Promise.resolve()
      .then(() => brokenPromises(judged, notes))
      .catch((error: unknown) => {
        throw new CountersignError('sync-promise', String(error));
      });
    if (broken.length > 0) throw new Error(`another promise: ${broken.join(', ')}`);
    return {
      places: [...judged.places.keys()],
      roots: [...judged.roots.values()].map(toHex),
      notes: notes.map(toHex),
    };
  } finally {
    await sequencer.stop();
  }
}
