/**
 * Small ledgers for tests: honest ones, and ones whose operator lies. Every step of sealing can be tampered with, and
 * what is signed afterwards is signed by the ledger's own keys, as a lying operator would.
 */
import './engines.ts';
import { concatBytes, equalBytes, toHex, toUtf8, uintToBytes } from '../../src/core/bytes.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { publicKeyOf, signMessage } from '../../src/core/crypto/signature.ts';
import { formatCheckpoint } from '../../src/core/log/checkpoint.ts';
import { formatNote } from '../../src/core/log/note.ts';
import type { VerifierKey } from '../../src/core/log/verifier-key.ts';
import { keyType, verifierKey } from '../../src/core/log/verifier-key.ts';
import { composeBody } from '../../src/core/record/body.ts';
import type { Envelope, SignedMessage } from '../../src/core/record/envelope.ts';
import { composeMessage, messageId, parseLeaf, sealMessage } from '../../src/core/record/envelope.ts';
import type { LedgerLimits } from '../../src/core/record/founding.ts';
import { absoluteLimits } from '../../src/core/record/founding.ts';
import type { BlockHeader, HeaderContent } from '../../src/core/record/header.ts';
import { composeFoundingHeader, composeHeader, parseHeader } from '../../src/core/record/header.ts';
import { rollupCount, rollupSpans } from '../../src/core/record/header.ts';
import type { Ledger } from '../../src/core/record/ledger.ts';
import { parseLedger } from '../../src/core/record/ledger.ts';
import type { BlockProof, MessageProof } from '../../src/core/record/log-headers.ts';
import { LogHeaders } from '../../src/core/record/log-headers.ts';
import { MemoryState } from '../../src/core/record/memory-state.ts';
import type { PromiseContent } from '../../src/core/record/promise.ts';
import { promiseText } from '../../src/core/record/promise.ts';
import type { RollupLevel } from '../../src/core/record/rollup.ts';
import { writeRollupLeaf } from '../../src/core/record/rollup.ts';
import type { TagEntry } from '../../src/core/record/tag-index.ts';
import { buildTagIndex, parseTagLeaf, writeTagList } from '../../src/core/record/tag-index.ts';
import type { Lookup, Presence } from '../../src/core/record/tag-proof.ts';
import { IndexProver } from '../../src/core/record/tag-proof.ts';
import type { NodeReader } from '../../src/core/tree/merkle.ts';
import {
  foldPeaks,
  inclusionProof,
  leafHash,
  prefixProof,
  treeNodes,
  treeRoot,
} from '../../src/core/tree/merkle.ts';
import { rootNodes } from '../../src/core/tree/nodes.ts';

/** 32 bytes that a name stands for. */
export function bytes32(name: string): Uint8Array {
  return sha256(toUtf8(name));
}

/** A time when tests' ledgers begin. */
export const testTime = 1_700_000_000;

/** What a lying operator puts in place of what would be honest. */
export interface Tamper {
  /** The leaves of the message tree. */
  readonly messages?: (leaves: Uint8Array[]) => Uint8Array[];
  /** The leaves of the tag index; `entries` is what they honestly say. */
  readonly index?: (leaves: Uint8Array[], entries: readonly TagEntry[]) => Uint8Array[];
  /** The leaves of each roll-up. */
  readonly rollups?: (levels: Uint8Array[][]) => Uint8Array[][];
  /** What the header says, as long as its form stays sound. */
  readonly header?: (content: HeaderContent) => HeaderContent;
  /** The entry of the block log, whatever its bytes. */
  readonly entry?: (bytes: Uint8Array) => Uint8Array;
}

/** A block of a test's ledger and all that its header commits to. */
export interface TestBlock {
  readonly height: number;
  /** What stands in the block log. */
  readonly entry: Uint8Array;
  /** What the header said before its bytes were tampered with. */
  readonly header: BlockHeader;
  readonly messages: readonly Uint8Array[];
  readonly index: readonly Uint8Array[];
  /** What the messages honestly give. */
  readonly entries: readonly TagEntry[];
  readonly rollups: readonly (readonly Uint8Array[])[];
  readonly body: Uint8Array;
}

export interface MessageOptions {
  readonly tags?: readonly Uint8Array[];
  readonly data?: Uint8Array;
  /** Names the sender's key. */
  readonly sender?: string;
  readonly ledger?: Uint8Array;
}

const nothing = new Uint8Array(0);

/** A ledger that a test's operator runs. */
export class TestLedger {
  readonly ledger: Ledger;
  readonly founding: Uint8Array;
  /** By height; those that {@link skipTo} left out are missing. */
  readonly blocks = new Map<number, TestBlock>();
  /** As of the newest block, of what its index says, be it true or not. */
  state = new MemoryState();
  readonly #logSeed: Uint8Array;
  readonly #promiseSeed: Uint8Array;
  #nonce = 0;
  #size = 1;
  /** The nodes of the block log by its size, as far as they were asked for. */
  readonly #nodes = new Map<number, NodeReader>();

  /** @param keys names its keys; ledgers of one name have the same ones by default. */
  constructor(name = 'test', limits: Partial<LedgerLimits> = {}, keys = name) {
    const origin = `${name}.example/ledger`;
    this.#logSeed = bytes32(`${keys} log`);
    this.#promiseSeed = bytes32(`${keys} promise`);
    const first = composeFoundingHeader(
      {
        origin,
        limits: { ...absoluteLimits, ...limits },
        log: verifierKey(origin, keyType.ed25519, publicKey(this.#logSeed)),
        promise: verifierKey(`${origin}/promise`, keyType.ed25519, publicKey(this.#promiseSeed)),
      },
      testTime,
    );
    this.founding = first.bytes;
    this.ledger = unwrap(parseLedger(first.bytes));
    this.blocks.set(0, {
      height: 0,
      entry: first.bytes,
      header: first,
      messages: [],
      index: [],
      entries: [],
      rollups: [],
      body: nothing,
    });
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Goes on to this height with entries of the block log that nobody looks at, so that tests of roll-ups need not
   * seal all blocks.
   */
  skipTo(height: number): void {
    this.#size = height;
    this.#nodes.clear();
  }

  /** A signed message, different from every other. */
  message(options: MessageOptions = {}): SignedMessage {
    const head = {
      body: {},
      ledger: options.ledger ?? this.ledger.id,
      nonce: concatBytes(uintToBytes(0, 8), uintToBytes(this.#nonce++, 8)),
      tags: options.tags ?? [],
      time: testTime,
      v: 1,
    };
    const draft = { payloadType: 'text/x-test', head, data: options.data ?? nothing };
    const seed = bytes32(options.sender ?? 'sender');
    const unsigned = composeMessage({ ...draft, sender: publicKey(seed) });
    return sealMessage(unsigned, signMessage(seed, unsigned.signedBytes));
  }

  /** Seals the next block. */
  seal(messages: readonly SignedMessage[], tamper: Tamper = {}): TestBlock {
    const height = this.size;
    const lower = this.blocks.get(height - 1)?.header;
    const sealed = change(
      messages.map(({ leaf }) => leaf),
      tamper.messages,
    );
    const honest = buildTagIndex(sealed.map(carrier), (tag) => this.state.previous(tag));
    const index = tamper.index?.([...honest.leaves], honest.entries) ?? [...honest.leaves];
    const spans = rollupSpans.slice(0, rollupCount(height));
    const rollups = change(
      spans.map((span) => this.state.since(height - span).map(writeRollupLeaf)),
      tamper.rollups,
    );
    const body = composeBody(messages);
    const content: HeaderContent = {
      body: { hash: sha256(body), size: body.length },
      height,
      ledger: this.ledger.id,
      messages: commitment(sealed),
      previous: lower?.hash ?? bytes32('skipped'),
      rollups: rollups.map(commitment),
      tags: commitment(index),
      time: testTime + 5 * height,
    };
    const header = composeHeader(change(content, tamper.header));
    const entry = change(header.bytes, tamper.entry);
    const block = { height, entry, header, messages: sealed, index, entries: honest.entries, rollups, body };
    this.blocks.set(height, block);
    this.#size = height + 1;
    this.#nodes.clear();
    const leaves = index.map((leaf) => parseTagLeaf(leaf, height)).filter((leaf) => leaf.ok);
    this.state.apply(height, { entries: leaves.map(({ value }) => value) });
    return block;
  }

  at(height: number): TestBlock {
    const block = this.blocks.get(height);
    if (block === undefined) throw new RangeError(`no block ${height}`);
    return block;
  }

  /** A signed checkpoint of the first `size` blocks: the note. */
  checkpoint(size = this.size): Uint8Array {
    return this.signHead(size, this.root(size));
  }

  /** The root of the block log of the first `size` blocks. */
  root(size = this.size): Uint8Array {
    return foldPeaks(rootNodes(size).map(this.#reader(size)));
  }

  /** A signed checkpoint that says anything. */
  signHead(size: number, root: Uint8Array, extensions: readonly string[] = []): Uint8Array {
    const { origin, logKey } = this.ledger;
    const text = formatCheckpoint({ origin, size, root, extensions });
    return signedNote(text, logKey, this.#logSeed);
  }

  promise(content: PromiseContent): Uint8Array {
    return signedNote(promiseText(this.ledger.id, content), this.ledger.promiseKey, this.#promiseSeed);
  }

  /** The block's inclusion in the checkpoint of the first `size` blocks. */
  block(height: number, size = this.size): BlockProof {
    const path = inclusionProof(this.#reader(size), height, size);
    return { header: this.at(height).entry, height, path };
  }

  prefix(oldSize: number, size = this.size): Uint8Array[] {
    return prefixProof(this.#reader(size), oldSize, size);
  }

  messageProof(height: number, index: number): MessageProof {
    return prover(this.at(height).messages).entry(index);
  }

  /** The presence or absence of a tag in the index of a block. */
  lookup(height: number, tag: Uint8Array): Lookup {
    return prover(this.at(height).index).lookup(tag);
  }

  /** The honest list of a tag in the index of a block. */
  list(height: number, tag: Uint8Array): Uint8Array {
    const found = this.at(height).entries.find((entry) => equalBytes(entry.tag, tag));
    return writeTagList(found?.indices ?? []);
  }

  /** The leaf at a position of the index of a block. */
  entry(height: number, position: number): Presence {
    return prover(this.at(height).index).entry(position);
  }

  rollupProver(height: number, level: RollupLevel): IndexProver {
    return prover(this.at(height).rollups[level - 1] ?? []);
  }

  /** The headers under the checkpoint of the first `size` blocks, all of them taken in. */
  log(size = this.size): LogHeaders {
    const log = unwrap(LogHeaders.open(this.ledger, this.checkpoint(size)));
    for (const height of this.blocks.keys()) if (height < size) unwrap(log.include(this.block(height, size)));
    return log;
  }

  /** What every evidence file against this ledger brings along. */
  source(size = this.size): { founding: Uint8Array; checkpoint: Uint8Array } {
    return { founding: this.founding, checkpoint: this.checkpoint(size) };
  }

  #reader(size: number): NodeReader {
    const known = this.#nodes.get(size);
    if (known !== undefined) return known;
    const filler = leafHash(toUtf8('skipped'));
    const hashes = Array.from({ length: size }, (_, height) => {
      const entry = this.blocks.get(height)?.entry;
      return entry === undefined ? filler : leafHash(entry);
    });
    const nodes = treeNodes(hashes);
    this.#nodes.set(size, nodes);
    return nodes;
  }
}

const publicKeys = new Map<string, Uint8Array>();

/** Deriving a public key takes milliseconds, and tests need few of them over and over. */
function publicKey(seed: Uint8Array): Uint8Array {
  const name = toHex(seed);
  const known = publicKeys.get(name) ?? publicKeyOf(seed);
  publicKeys.set(name, known);
  return known;
}

function signedNote(text: string, key: VerifierKey, seed: Uint8Array): Uint8Array {
  return formatNote(text, [{ name: key.name, keyId: key.id, bytes: signMessage(seed, toUtf8(text)) }]);
}

const provers = new WeakMap<readonly Uint8Array[], IndexProver>();

function prover(leaves: readonly Uint8Array[]): IndexProver {
  const known = provers.get(leaves) ?? new IndexProver(leaves);
  provers.set(leaves, known);
  return known;
}

/** The value of a result that must be good. */
export function unwrap<T>(result: { ok: true; value: T } | { ok: false; code: string; detail?: string }): T {
  if (!result.ok) throw new Error(`${result.code} ${result.detail ?? ''}`);
  return result.value;
}

function change<T>(value: T, tamper: ((value: T) => T) | undefined): T {
  return tamper === undefined ? value : tamper(value);
}

function commitment(leaves: readonly Uint8Array[]): { count: number; root: Uint8Array } {
  return { count: leaves.length, root: treeRoot(leaves.map(leafHash)) };
}

/** What the index takes from a leaf; a leaf that is no message carries its own hash alone. */
function carrier(leaf: Uint8Array): { id: Uint8Array; head: Pick<Envelope['head'], 'tags'> } {
  const envelope = parseLeaf(leaf);
  if (!envelope.ok) return { id: sha256(leaf), head: { tags: [] } };
  return { id: messageId(envelope.value), head: envelope.value.head };
}

/** The header in these bytes, which must be sound. */
export function headerOf(bytes: Uint8Array): BlockHeader {
  return unwrap(parseHeader(bytes));
}
