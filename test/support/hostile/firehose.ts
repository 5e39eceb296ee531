/**
 * A firehose that listens on the loopback and serves a small ledger, honestly or with one lie. It has the operator's keys,
 * so that it can sign whatever it likes.
 */
import '../fast-engines.ts';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { concatBytes, toHex } from '../../../src/core/bytes.ts';
import { sha256 } from '../../../src/core/crypto/sha256.ts';
import type { SignedMessage } from '../../../src/core/record/envelope.ts';
import { composeBody } from '../../../src/core/record/body.ts';
import { bodyPath, rollupPath, tagIndexPath } from '../../../src/core/record/files.ts';
import { composeLedgerCard, type LedgerCard } from '../../../src/core/record/ledger-card.ts';
import { verifyWire } from '../../../src/core/record/message.ts';
import { writeTagList } from '../../../src/core/record/tag-index.ts';
import { filesOf } from '../endpoint.ts';
import { bytes32, type Tamper, TestLedger, testTime, unwrap } from '../ledger.ts';

/** Numbers from 0 up to 1 that a seed gives again and again. */
function randomOf(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (state + 0x6d2b_79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What is sent in place of a file: nothing, or bytes without end. */
type Instead = Uint8Array | 'nothing' | 'endless';

/** A tag that every block's first message carries: its history is what operators lie about. */
export const lieTag = bytes32('lie');

/** The most bytes of a block: what is longer is told from what is wrong. */
const blockBytes = 100_000;

async function received(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  return new Uint8Array(Buffer.concat(chunks));
}

function sendEndless(response: ServerResponse): void {
  const piece = Buffer.alloc(65_536);
  const more = (): void => {
    while (!response.destroyed && response.write(piece));
    if (!response.destroyed) response.once('drain', more);
  };
  more();
}

export class HostileFirehose {
  /** The true record. */
  ledger = new TestLedger('hostile', { blockBytes });
  readonly random: () => number;
  /** What the blocks of the true record hold, from height 1 on. */
  readonly history: (readonly SignedMessage[])[] = [];
  /** Lists of indices that lying leaves of an index state the hash of. */
  readonly lists = new Map<string, Uint8Array>();
  readonly instead = new Map<string, Instead>();
  /** What becomes of what is posted: it is not taken, sealed at once, or promised and never sealed. */
  takes: 'nothing' | 'seals' | 'promises' = 'nothing';
  #files = new Map<string, Uint8Array>();
  readonly #server: Server;

  private constructor(seed: number) {
    this.random = randomOf(seed);
    this.#server = createServer((request, response) => void this.#answer(request, response));
  }

  /** Serves a new ledger honestly. */
  static async start(seed: number): Promise<HostileFirehose> {
    const firehose = new HostileFirehose(seed);
    await new Promise<void>((resolve) => firehose.#server.listen(0, '127.0.0.1', resolve));
    return firehose;
  }

  /** Where it is served. */
  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/`;
  }

  /** Another address of the same files. */
  get mirror(): string {
    return `${this.url}mirror/`;
  }

  get card(): LedgerCard {
    const { id, logKey } = this.ledger.ledger;
    return unwrap(composeLedgerCard({ endpoints: [this.url], ledger: id, log: logKey }));
  }

  /** Whole numbers from `from` up to and including `to`. */
  between(from: number, to: number): number {
    return from + Math.floor(this.random() * (to - from + 1));
  }

  /** A few messages, the first of which carries {@link lieTag}. */
  messages(ledger = this.ledger): SignedMessage[] {
    const first = ledger.message({ tags: [lieTag], data: bytes32(String(this.random())) });
    const others = Array.from({ length: this.between(1, 4) }, () => {
      const tags = this.random() < 0.5 ? [] : [bytes32(`tag ${this.between(0, 3)}`)];
      return ledger.message({ tags, sender: `sender ${this.between(0, 2)}` });
    });
    return [first, ...others];
  }

  /** Seals blocks of the true record, up to a height; small ones where there are many. */
  grow(to: number): void {
    while (this.ledger.size <= to) {
      const isFar = to - this.ledger.size > 10;
      this.seal(isFar ? [this.ledger.message({ tags: [lieTag] })] : this.messages());
    }
  }

  /** Seals the next block of the true record, or of what it is from now on. */
  seal(messages: readonly SignedMessage[], tamper: Tamper = {}): void {
    this.ledger.seal(messages, tamper);
    this.history.push(messages);
  }

  /** Another record with the same keys, which parts from the true one at a height. */
  twin(from: number, to: number): TestLedger {
    const other = new TestLedger('hostile', { blockBytes });
    for (const messages of this.history.slice(0, from - 1)) other.seal(messages);
    // Messages of one number are the same in both.
    for (let n = 0; n < 1000; n++) other.message();
    while (other.size <= to)
      other.seal(to - other.size > 10 ? [other.message({ tags: [lieTag] })] : this.messages(other));
    return other;
  }

  /** Serves a record, up to what it holds by now. */
  publish(ledger = this.ledger): void {
    const files = filesOf(ledger);
    for (let height = 1; height < ledger.size; height++) {
      const { body, entries, index, messages, rollups } = ledger.at(height);
      for (const { indices } of entries) this.keepList(indices);
      const leaves = index.flatMap((leaf) => [
        leaf,
        this.lists.get(toHex(leaf.slice(56))) ?? new Uint8Array(),
      ]);
      files.set(tagIndexPath(height), concatBytes(...leaves));
      for (const [i, level] of rollups.entries())
        files.set(rollupPath(height, i === 0 ? 1 : 2), concatBytes(...level));
      // The body has the leaves that were sealed, whatever they are.
      const data = this.history[height - 1]?.map((message) => message.data) ?? [];
      if (ledger === this.ledger) {
        const parts = messages.map((leaf, i) => ({ leaf, data: data[i] }));
        files.set(bodyPath(height), composeBody(parts));
      } else files.set(bodyPath(height), body);
    }
    this.#files = files;
  }

  /** Serves a list with every leaf that states its hash. */
  keepList(indices: readonly number[]): void {
    const list = writeTagList(indices);
    this.lists.set(toHex(sha256(list)), list);
  }

  /** What is served at a path. */
  file(path: string): Uint8Array {
    return this.#files.get(path) ?? new Uint8Array();
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = (request.url ?? '').replace(/^\/(?:mirror\/)?/, '');
    if (request.method === 'POST') {
      await this.#take(await received(request), response);
      return;
    }
    const instead = this.instead.get(path);
    const file = instead ?? this.#files.get(path) ?? 'nothing';
    if (file === 'nothing') response.writeHead(404).end();
    else if (file === 'endless') sendEndless(response.writeHead(200));
    else response.writeHead(200).end(file);
  }

  /** Promises to seal a message in the next block or the one after it. */
  async #take(wire: Uint8Array, response: ServerResponse): Promise<void> {
    const { id, limits } = this.ledger.ledger;
    const message = verifyWire(wire, id, limits);
    if (!message.ok || this.takes === 'nothing') {
      response.writeHead(503).end();
      return;
    }
    const { leaf, data, id: messageId } = message.value;
    const { size } = this.ledger;
    const lastTime = testTime + 1_000_000;
    const note = this.ledger.promise({ message: messageId, size, lastHeight: size + 1, lastTime });
    if (this.takes === 'seals') {
      this.seal([{ leaf, data: data ?? new Uint8Array(), id: messageId }]);
      this.publish();
    }
    await new Promise<void>((resolve) => response.writeHead(200).end(note, resolve));
  }
}
