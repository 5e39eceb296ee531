/** Firehoses that are killed, and whose writes fail: nothing acknowledged is lost, and nothing is ever said twice. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { toHex } from '../../src/core/bytes.ts';
import { openLedgerCheckpoint } from '../../src/core/log/checkpoint.ts';
import { embeddedStorage } from '../../src/firehose/embedded-storage.ts';
import { brokenPromises, foundIn, judge, startTime } from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { firehoseLife } from './firehose-life.ts';
import { type Fault, isInjected, type Life, live } from './lives.ts';

const sent = [1, 2];

/** The files of a folder by their paths in it. */
export function filesIn(folder: string): Map<string, Uint8Array> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const files = names.filter((name) => statSync(join(folder, name)).isFile());
  return new Map(
    files.map((name) => [name.replaceAll('\\', '/'), new Uint8Array(readFileSync(join(folder, name)))]),
  );
}

/** What lives of one firehose said, taken together. */
class Said {
  readonly promises = new Map<number, string>();
  readonly heads = new Set<string>();

  /** @throws Error when it contradicts what was said before. */
  take(lines: readonly string[]): void {
    for (const line of lines) {
      const [word, ...rest] = line.split(' ');
      if (word === 'head') this.heads.add(rest[0] ?? '');
      if (word !== 'promised') continue;
      const [n, note = ''] = [Number(rest[0]), rest[1]];
      const before = this.promises.get(n) ?? note;
      if (before !== note) throw new Error(`message ${n} got two promises`);
      this.promises.set(n, note);
    }
  }
}

export class FirehoseFaults {
  readonly #whole: string;
  readonly #folder: string;

  private constructor(whole: string, folder: string) {
    this.#whole = whole;
    this.#folder = folder;
  }

  /** A ledger with a few blocks. @param folder where everything is done. */
  static async prepare(folder: string): Promise<FirehoseFaults> {
    const whole = mkdtempSync(join(folder, 'firehose-'));
    await foundIn(embeddedStorage(whole));
    await firehoseLife(whole, startTime + 10, [11, 12], () => undefined);
    return new FirehoseFaults(whole, folder);
  }

  /** A copy that may be broken. */
  copy(): string {
    const folder = mkdtempSync(join(this.#folder, 'broken-'));
    cpSync(this.#whole, folder, { recursive: true });
    return folder;
  }

  #live(folder: string, options: { readonly fault?: Fault; readonly killAfterMs?: number }): Promise<Life> {
    const args = [folder, String(startTime + 20), ...sent.map(String)];
    return live({ module: 'firehose-life.ts', args, log: join(folder, 'log.txt'), ...options });
  }

  /** An undisturbed life: what it crosses, and how long it takes. */
  async measure(): Promise<Life> {
    const life = await this.#live(this.copy(), {});
    if (life.lines.at(-1) !== 'done') throw new Error(`a life that failed: ${life.stderr}`);
    return life;
  }

  /** One life with a fault, or killed after a while, and one without. @returns whether it was met. @throws Error when anything is lost */
  async one(options: { readonly fault?: Fault; readonly killAfterMs?: number }): Promise<boolean> {
    const folder = this.copy();
    const said = new Said();
    const life = await this.#live(folder, options);
    said.take(life.lines);
    if (!life.isKilled && life.code !== 0) throw new Error(`ended without a code: ${life.stderr}`);
    const lines: string[] = [];
    await firehoseLife(folder, startTime + 30, [...sent, 3], (line) => lines.push(line));
    if (lines.at(-1) !== 'done') throw new Error(`does not go on: ${lines.join(', ')}`);
    said.take(lines);
    await judgeAll(folder, said);
    return options.fault === undefined ? life.isKilled : isInjected(life, options.fault);
  }
}

/** @throws Error when a promise is broken, a head contradicts the record, or something still waits. */
async function judgeAll(folder: string, { heads, promises }: Said): Promise<void> {
  const judged = await judge(filesIn(join(folder, 'public')));
  const notes = [...promises.values()].map((text) => new Uint8Array(Buffer.from(text, 'hex')));
  const broken = brokenPromises(judged, notes);
  if (broken.length > 0) throw new Error(`broken promises: ${broken.join(', ')}`);
  if (promises.size !== sent.length + 1) throw new Error('not every message got its promise');
  // Two messages of before, and those that were sent, in blocks of their own or together; each once.
  if (judged.places.size !== 2 + promises.size) throw new Error(`${judged.places.size} messages in blocks`);
  for (const text of heads) {
    const head = unwrap(openLedgerCheckpoint(Buffer.from(text, 'hex'), judged.ledger.logKey, []));
    const root = judged.roots.get(head.size);
    if (root === undefined || toHex(root) !== toHex(head.root)) throw new Error(`two heads of ${head.size}`);
  }
}
