/** The ledger of the surface: a real firehose on this machine, with a few weeks of sample traffic. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import '../../support/fast-engines.ts';
import { fromUtf8 } from '../../../src/core/bytes.ts';
import { absoluteLimits } from '../../../src/core/record/founding.ts';
import { composeLedgerCard, writeLedgerCard } from '../../../src/core/record/ledger-card.ts';
import { matters, SamplePeople, things } from '../../../src/desk/practice/people.ts';
import { foundLedger } from '../../../src/firehose/operator.ts';
import { Sequencer } from '../../../src/firehose/sequencer.ts';
import { type FirehoseService, serve } from '../../../src/firehose/server.ts';
import { MemoryStorage } from '../../support/memory-storage.ts';
import { unwrap } from '../../support/ledger.ts';
import { Line } from '../line.ts';
import { announcements, rotations } from './people.ts';

const origin = 'record.countersign.example';
const hour = 3600;
/** Blocks of sample traffic before the present, one each few hours. */
const pastBlocks = 60;
const inBlock = 6;

export class SampleLedger {
  readonly sequencer: Sequencer;
  readonly line: Line;
  readonly #service: FirehoseService;
  readonly #clock: { now: number };
  readonly #present: number;
  readonly #folder = mkdtempSync(join(tmpdir(), 'countersign-people-'));

  private constructor(
    sequencer: Sequencer,
    service: FirehoseService,
    clock: { now: number },
    present: number,
  ) {
    this.sequencer = sequencer;
    this.#service = service;
    this.#clock = clock;
    this.#present = present;
    this.line = new Line(Number(new URL(service.url).port));
  }

  /** Founds it, with nothing in it. @param present what its clock shows at the end: seconds since 1970. */
  static async start(present: number): Promise<SampleLedger> {
    const clock = { now: present - (pastBlocks + 2) * 6 * hour };
    const storage = new MemoryStorage();
    await foundLedger(storage, origin, absoluteLimits, clock.now);
    const onFailure = (error: unknown): void => {
      throw error;
    };
    const sequencer = await Sequencer.open(storage, { intervalMs: 20, now: () => clock.now, onFailure });
    const service = await serve(sequencer, { host: '127.0.0.1', port: 0, onFailure });
    const ledger = new SampleLedger(sequencer, service, clock, present);
    await ledger.line.connect();
    return ledger;
  }

  /** What it shows beside texts. */
  get data(): readonly string[] {
    return [origin, this.line.url, ...matters, ...things];
  }

  /** Its card, as its operator hands it out. */
  get card(): string {
    const { id, logKey } = this.sequencer.ledger;
    const content = { endpoints: [this.line.url], ledger: id, log: logKey };
    return fromUtf8(writeLedgerCard(unwrap(composeLedgerCard(content)))) ?? '';
  }

  /** Puts these messages into one block. */
  async #seal(wires: readonly Uint8Array[]): Promise<void> {
    const sealed = new Promise<void>((resolve) => {
      const end = this.sequencer.onBlock(() => {
        end();
        resolve();
      });
    });
    for (const wire of wires) unwrap(await this.sequencer.take(wire));
    await sealed;
  }

  /** Fills it with what sample people recorded until the present. */
  async fill(): Promise<void> {
    const { id } = this.sequencer.ledger;
    const { people } = await SamplePeople.open(this.#folder, id);
    const at = (): number => this.#clock.now;
    await this.#seal([...people.announcements(at()), ...announcements(id, at())]);
    for (let block = pastBlocks; block > 0; block--) {
      this.#clock.now = this.#present - block * 6 * hour;
      await this.#seal(Array.from({ length: 1 + (block % inBlock) }, () => people.record(at())));
    }
    this.#clock.now = this.#present - hour;
    await this.#seal(rotations(id, at()));
    this.#clock.now = this.#present;
  }

  /** Lets sample people record a little more. */
  async more(): Promise<void> {
    const { people } = await SamplePeople.open(this.#folder, this.sequencer.ledger.id);
    for (const count of [2, 1, 3])
      await this.#seal(Array.from({ length: count }, () => people.record(this.#clock.now)));
  }

  async stop(): Promise<void> {
    this.line.cut();
    await this.#service.stop();
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
