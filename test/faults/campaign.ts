/** All kinds of faults, so many of each, from one seed; and the count of what was really injected. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hostileLies } from '../support/hostile/lies.ts';
import { honestRun, seeThrough } from '../support/hostile/run.ts';
import type { FaultKind } from './boundaries.ts';
import { FirehoseFaults } from './firehose-faults.ts';
import { firehoseFlips, type Flips, walletFlips } from './flips.ts';
import type { Fault } from './lives.ts';
import { Random } from './random.ts';
import { WalletFaults } from './wallet-faults.ts';

/** How many of each; of boundaries and lies never more than there are. */
export interface Amounts {
  /** Ends of a process at boundaries, firehose and wallet each. */
  readonly kills: number;
  /** Ends at random instants, firehose and wallet each. */
  readonly instants: number;
  /** Writes that fail, firehose and wallet each. */
  readonly failures: number;
  /** Lies of a hostile firehose. */
  readonly lies: number;
  /** Synchronisations with an honest one, which must raise no alarm. */
  readonly honest: number;
  /** Bits changed, in the wallet's database and in the firehose's files each. */
  readonly flips: number;
}

/** What one kind of fault came to. */
export interface Tally {
  readonly name: string;
  readonly injected: number;
  /** How many had to be. */
  readonly due: number;
  readonly note: string;
}

type Subject = Pick<FirehoseFaults, 'measure' | 'one'>;

const deadly: readonly FaultKind[] = ['kill before', 'kill half', 'kill after'];
const failing: readonly FaultKind[] = ['EIO', 'ENOSPC'];

export class Campaign {
  readonly #folder = mkdtempSync(join(tmpdir(), 'countersign-faults-'));
  readonly #random: Random;
  readonly #onTally: (tally: Tally) => void;
  readonly tallies: Tally[] = [];

  constructor(seed: number, onTally: (tally: Tally) => void = () => undefined) {
    this.#random = new Random(seed);
    this.#onTally = onTally;
  }

  /** @throws Error at the first thing that is lost, contradicted, or shown falsely; and when nothing was injected. */
  async run(amounts: Amounts): Promise<void> {
    try {
      await this.#processes('firehose', await FirehoseFaults.prepare(this.#folder), amounts);
      await this.#processes('wallet', await WalletFaults.prepare(this.#folder), amounts);
      await this.#lies(amounts);
      this.#flips('wallet', amounts.flips, await walletFlips(this.#folder, this.#random, amounts.flips));
      this.#flips('firehose', amounts.flips, await firehoseFlips(this.#folder, this.#random, amounts.flips));
    } finally {
      rmSync(this.#folder, { recursive: true, force: true });
    }
  }

  #tally(name: string, injected: number, due: number, note = ''): void {
    const tally = { name, injected, due, note };
    this.tallies.push(tally);
    this.#onTally(tally);
    // A harness that injects nothing finds nothing.
    if (injected < due || due === 0) throw new Error(`${name}: ${injected} of ${due} faults were injected`);
  }

  async #processes(name: string, subject: Subject, amounts: Amounts): Promise<void> {
    const { boundaries, ms } = await subject.measure();
    const of = `of ${boundaries.length} boundaries`;
    await this.#atBoundaries(`${name} killed`, subject, boundaries, deadly, amounts.kills, of);
    await this.#atBoundaries(`${name} writes failed`, subject, boundaries, failing, amounts.failures, of);
    let injected = 0;
    for (let i = 0; i < amounts.instants; i++) {
      // A life that was quicker than its end is lived again, with an earlier one.
      for (let tries = 0; tries < 8; tries++) {
        const killAfterMs = this.#random.below(Math.ceil(ms / 2 ** tries));
        if (!(await this.#one(`${name} killed after ${killAfterMs} ms`, subject, { killAfterMs }))) continue;
        injected++;
        break;
      }
    }
    this.#tally(`${name} killed at random instants`, injected, amounts.instants);
  }

  async #atBoundaries(
    name: string,
    subject: Subject,
    boundaries: readonly string[],
    kinds: readonly FaultKind[],
    count: number,
    note: string,
  ): Promise<void> {
    const all = boundaries.flatMap((_, at) => kinds.map((kind): Fault => ({ at, kind })));
    const chosen = this.#random.some(all, count);
    let injected = 0;
    for (const first of chosen) {
      // Writes that come together make one boundary of two: a life that never met its fault is lived with another.
      for (let fault: Fault | undefined = first, tries = 0; fault !== undefined && tries < 8; tries++) {
        const where = `${name}: ${fault.kind}, ${boundaries[fault.at] ?? ''}`;
        if (await this.#one(where, subject, { fault })) {
          injected++;
          break;
        }
        [fault] = this.#random.some(all, 1);
      }
    }
    this.#tally(name, injected, chosen.length, note);
  }

  async #one(where: string, subject: Subject, options: Parameters<Subject['one']>[0]): Promise<boolean> {
    return subject.one(options).catch((error: unknown) => {
      throw new Error(`${where}: ${(error as Error).message}`, { cause: error });
    });
  }

  async #lies({ honest, lies }: Amounts): Promise<void> {
    const seed = this.#random.below(1_000_000);
    const told = this.#random.some(hostileLies, lies);
    let seen = 0;
    for (const [i, lie] of told.entries()) {
      const { code } = await seeThrough(lie.name, seed + i, this.#folder);
      if (code !== lie.code) throw new Error(`${lie.name}: ${code} instead of ${lie.code}`);
      seen++;
    }
    this.#tally('lies seen through', seen, told.length, `of ${hostileLies.length}`);
    for (let i = 0; i < honest; i++) await honestRun(seed + i, this.#folder);
    this.#tally('honest runs without an alarm', honest, honest);
  }

  #flips(name: string, due: number, { changed, flipped, foundOnReading }: Flips): void {
    const note = `${changed} changed what is stored; ${foundOnReading} of these found on reading, the others by the deep look`;
    this.#tally(`bits flipped, ${name}`, flipped, due, name === 'wallet' ? note : '');
  }
}
