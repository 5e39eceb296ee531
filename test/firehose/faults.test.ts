/**
 * What a firehose leaves behind when its storage fails or its process dies, at every single write and removal: no message
 * that was acknowledged is lost, no promise is broken, every checkpoint covers complete files, and no file that was ever
 * written is written again with other bytes: so whatever anyone may have read is what the record says in the end.
 */
import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { openLedgerCheckpoint } from '../../src/core/log/checkpoint.ts';
import type { Ledger } from '../../src/core/record/ledger.ts';
import type { Sequencer } from '../../src/firehose/sequencer.ts';
import {
  brokenPromises,
  foundIn,
  judge,
  openIn,
  running,
  startTime,
  taken,
  until,
  wireFor,
} from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { type Change, type Fault, MemoryStorage } from '../support/memory-storage.ts';

const faults: readonly Fault[] = ['not done', 'done but errored'];

/** Everything that one ledger's storage went through, over several lives of its firehose. */
class History {
  readonly ledger: Ledger;
  files: ReadonlyMap<string, Uint8Array>;
  /** The promises that left, by number of the message. */
  readonly promises = new Map<number, string>();
  readonly #changes: Change[] = [];
  readonly #shown = new Set<string>();
  #clock = startTime + 10;

  constructor(ledger: Ledger, files: ReadonlyMap<string, Uint8Array>) {
    this.ledger = ledger;
    this.files = files;
    for (const [path, bytes] of files) this.#changes.push({ kind: 'write', path, bytes });
  }

  /**
   * One life: opens the ledger, sends these messages one by one, each into a block of its own, and stops.
   * @param faultAt which change fails, counted from 0.
   * @param isDeadly whether nothing works any more from then on, as when the process dies.
   * @returns how many changes there were.
   */
  async live(messages: readonly number[], faultAt: number, fault: Fault, isDeadly: boolean): Promise<number> {
    const storage = new MemoryStorage(this.files);
    let count = 0;
    storage.faultAt = (kind) => {
      const at = kind === 'read' ? count : count++;
      if (isDeadly && at > faultAt) return 'not done';
      return kind !== 'read' && at === faultAt ? fault : undefined;
    };
    let failed = false;
    const onFailure = (): void => void (failed = true);
    // Each life has a time of its own: a block that is sealed again must not take it.
    this.#clock += 7;
    const sequencer = await openIn(storage, { onFailure, now: () => this.#clock }).catch(this.#expected);
    if (sequencer !== undefined) {
      for (const n of messages) {
        this.#shown.add(toHex(sequencer.checkpoint));
        await this.#send(sequencer, n);
        await until(() => sequencer.waiting === 0 || (failed && isDeadly));
      }
      await sequencer.stop();
      this.#shown.add(toHex(sequencer.checkpoint));
    }
    this.#changes.push(...storage.changes);
    this.files = new Map(storage.files);
    return count;
  }

  async #send(sequencer: Sequencer, n: number): Promise<void> {
    const note = await taken(sequencer, wireFor(this.ledger, n)).catch(this.#expected);
    if (note === undefined) return;
    const before = this.promises.get(n);
    expect(toHex(note)).toBe(before ?? toHex(note));
    this.promises.set(n, toHex(note));
  }

  readonly #expected = (error: unknown): undefined => {
    if (error instanceof CountersignError) {
      const { code } = error as CountersignError;
      if (code === 'firehose-storage' || code === 'firehose-busy') return undefined;
    }
    throw error;
  };

  /** Judges what is stored now, and everything that was ever written or shown. */
  async judge(): Promise<void> {
    const files = [...this.files].map(([path, bytes]) => [path.replace(/^public\//, ''), bytes] as const);
    const judged = await judge(new Map(files));
    const written = new Map<string, string>();
    for (const { kind, path, bytes = new Uint8Array() } of this.#changes) {
      if (kind === 'remove' || !path.startsWith('public/')) continue;
      const text = toHex(bytes);
      if (path === 'public/checkpoint') this.#shown.add(text);
      else expect(written.get(path) ?? text, `${path} was written twice with different bytes`).toBe(text);
      written.set(path, text);
    }
    for (const text of this.#shown) {
      const head = unwrap(openLedgerCheckpoint(Buffer.from(text, 'hex'), this.ledger.logKey, []));
      const root = judged.roots.get(head.size);
      if (root !== undefined) expect(toHex(head.root), `head of ${head.size}`).toBe(toHex(root));
    }
  }

  /** Judges the end: everything acknowledged is in the record, as promised. */
  async judgeEnd(): Promise<void> {
    await this.judge();
    const judged = await judge(new MemoryStorage(this.files).publicFiles());
    const notes = [...this.promises.values()].map((text) => new Uint8Array(Buffer.from(text, 'hex')));
    expect(brokenPromises(judged, notes)).toEqual([]);
    expect([...this.files.keys()].filter((path) => path.startsWith('private/pending/'))).toEqual([]);
  }
}

/** A ledger whose newest block has this height, without the partial files that may be gone. */
async function ledgerUpTo(height: number): Promise<MemoryStorage> {
  const { storage, sequencer, ledger } = await running();
  for (let n = 1; n <= height; n++) {
    await taken(sequencer, wireFor(ledger, 1000 + n));
    await until(() => sequencer.waiting === 0);
  }
  await sequencer.stop();
  const old = [...storage.files.keys()].filter((path) => Number(/\.p\/([0-9]+)$/.exec(path)?.[1]) < height);
  for (const path of old) storage.files.delete(path);
  return new MemoryStorage(storage.files);
}

const messages = [1, 2];

describe.each([
  { name: 'a young ledger', height: 1 },
  { name: 'a ledger that fills its first tiles and sums up its first 256 blocks', height: 254 },
])('$name', ({ height }) => {
  let start: MemoryStorage;
  let ledger: Ledger;
  let changes = 0;

  beforeAll(async () => {
    start = await ledgerUpTo(height);
    ({ ledger } = await judge(start.publicFiles()));
    changes = await new History(ledger, start.files).live(messages, Infinity, 'not done', false);
  });

  it('goes through the writes that this table means to break', async () => {
    const history = new History(ledger, start.files);
    await history.live(messages, Infinity, 'not done', false);
    await history.judgeEnd();
    const { roots } = await judge(new MemoryStorage(history.files).publicFiles());
    expect(roots.size).toBe(height + 1 + messages.length);
    expect(changes).toBeGreaterThanOrEqual(8 * messages.length);
    const paths = [...history.files.keys()];
    expect(paths.includes('public/rollup/1/256')).toBe(height === 254);
    expect(paths.includes('public/tile/0/000')).toBe(height === 254);
    expect(paths.includes('public/tile/0/000.p/255')).toBe(false);
  });

  // Going on is the same at every height; starting again is not.
  it.each(height === 1 ? faults : [])('survives one failure at every change: %s', async (fault) => {
    for (let at = 0; at < changes; at++) {
      const history = new History(ledger, start.files);
      await history.live(messages, at, fault, false);
      await history.live(messages, Infinity, fault, false);
      await history.judgeEnd();
      expect(history.promises.size, `change ${at}`).toBe(messages.length);
    }
  });

  // A change that takes effect before the end is the next one that does not.
  it('survives the end of the process at every change', async () => {
    for (let at = 0; at <= changes; at++) {
      const history = new History(ledger, start.files);
      await history.live(messages, at, 'not done', true);
      await history.judge();
      await history.live([...messages, 3], Infinity, 'not done', false);
      await history.judgeEnd();
      expect(history.promises.size, `change ${at}`).toBe(messages.length + 1);
    }
  });
});

describe('any series of failures and ends', () => {
  it('loses nothing and never says two different things', async () => {
    const first = await ledgerUpTo(1);
    const { ledger } = await judge(first.publicFiles());
    // A generator of numbers that are the same in every run.
    let state = 1;
    const random = (below: number): number => {
      state = (state * 48_271) % 2_147_483_647;
      return state % below;
    };
    for (let run = 0; run < 12; run++) {
      const history = new History(ledger, first.files);
      for (let life = 0; life < 5; life++) {
        const sent = [random(4), random(4), random(4)];
        await history.live(
          sent,
          random(25),
          random(2) === 0 ? 'not done' : 'done but errored',
          random(3) > 0,
        );
        await history.judge();
      }
      await history.live([9], Infinity, 'not done', false);
      await history.judgeEnd();
    }
  });
});

describe('an interrupted founding', () => {
  it.each(faults)('leaves a whole ledger, or none, and never overwrites keys: %s', async (fault) => {
    for (let at = 0; at < 4; at++) {
      const storage = new MemoryStorage();
      let count = 0;
      storage.faultAt = (kind) => (kind !== 'read' && count++ === at ? fault : undefined);
      await expect(foundIn(storage)).rejects.toMatchObject({ code: 'firehose-storage' });
      storage.faultAt = undefined;
      const keys = storage.files.get('private/keys.json');
      const isWhole = at === 3 && fault === 'done but errored';
      const isNothing = keys === undefined;
      expect(isNothing).toBe(at === 0 && fault === 'not done');
      const again = foundIn(storage);
      if (isNothing) await again;
      else {
        const code = isWhole ? 'firehose-founded' : 'firehose-unfinished';
        await expect(again).rejects.toMatchObject({ code });
        expect(storage.files.get('private/keys.json')).toEqual(keys);
      }
      if (isWhole || isNothing) await (await openIn(storage)).stop();
      else await expect(openIn(storage)).rejects.toMatchObject({ code: 'firehose-unfinished' });
    }
  });
});
