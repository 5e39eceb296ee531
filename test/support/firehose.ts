/** What the tests of the firehose share: ledgers in memory, messages, and a judge of everything that was stored. */
import './fast-engines.ts';
import { concatBytes, equalBytes, toHex, toUtf8, uintToBytes } from '../../src/core/bytes.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { auditLog } from '../../src/core/log/audit.ts';
import { openLedgerCheckpoint } from '../../src/core/log/checkpoint.ts';
import { demandedTiles, parseEntryBundle, tilePath } from '../../src/core/log/tiles.ts';
import { type VerifiedBlock, verifyBlock } from '../../src/core/record/block.ts';
import {
  parseWire,
  signDraft,
  signedBytes,
  type SignedMessage,
  wireBytes,
} from '../../src/core/record/envelope.ts';
import { bodyPath, rollupPath, tagIndexPath } from '../../src/core/record/files.ts';
import { absoluteLimits, type LedgerLimits } from '../../src/core/record/founding.ts';
import { type BlockHeader, parseHeader } from '../../src/core/record/header.ts';
import { type Ledger, parseLedger } from '../../src/core/record/ledger.ts';
import { MemoryState } from '../../src/core/record/memory-state.ts';
import { keepsPromise, openPromise } from '../../src/core/record/promise.ts';
import type { TagLeaf } from '../../src/core/record/tag-index.ts';
import { rollupCommitment, writeRollupLeaf } from '../../src/core/record/rollup.ts';
import { parseTagIndexFile } from '../../src/core/record/tag-index-file.ts';
import { IncrementalTree } from '../../src/core/tree/incremental.ts';
import { leafHash } from '../../src/core/tree/merkle.ts';
import { foundLedger } from '../../src/firehose/operator.ts';
import { Sequencer, type SequencerOptions } from '../../src/firehose/sequencer.ts';
import type { FirehoseStorage } from '../../src/firehose/storage.ts';
import { unwrap } from './ledger.ts';
import { memoryReader } from './log.ts';
import { MemoryStorage } from './memory-storage.ts';
import { secondSignature } from './second-signature.ts';

/** When tests' ledgers begin. */
export const startTime = 1_700_000_000;

export async function foundIn(
  storage: FirehoseStorage,
  limits: Partial<LedgerLimits> = {},
  origin = 'firehose.example/test',
): Promise<Ledger> {
  return foundLedger(storage, origin, { ...absoluteLimits, ...limits }, startTime);
}

/** Opens a ledger whose blocks follow each other at once; a failure of sealing is an error unless it is expected. */
export async function openIn(
  storage: FirehoseStorage,
  options: Partial<SequencerOptions> = {},
): Promise<Sequencer> {
  const onFailure = (error: unknown): void => {
    throw error;
  };
  return Sequencer.open(storage, { intervalMs: 1, now: () => startTime + 10, onFailure, ...options });
}

/** A ledger founded in memory, and its sequencer. */
export async function running(
  limits: Partial<LedgerLimits> = {},
  options: Partial<SequencerOptions> = {},
): Promise<{ readonly storage: MemoryStorage; readonly sequencer: Sequencer; readonly ledger: Ledger }> {
  const storage = new MemoryStorage();
  const ledger = await foundIn(storage, limits);
  return { storage, sequencer: await openIn(storage, options), ledger };
}

const seed = new Uint8Array(32).fill(7);

/** The n-th message for a ledger; the same n gives the same bytes. */
export function messageFor(
  ledger: Ledger,
  n: number,
  options: { readonly tags?: readonly Uint8Array[]; readonly data?: Uint8Array } = {},
): SignedMessage {
  const nonce = new Uint8Array(16);
  nonce.set(uintToBytes(n, 8));
  const head = { body: {}, ledger: ledger.id, nonce, tags: options.tags ?? [], time: startTime, v: 1 };
  return signDraft({ payloadType: 'text/x-test', head, data: options.data ?? toUtf8(`message ${n}`) }, seed);
}

const wires = new Map<string, Uint8Array>();

/** The bytes of the n-th message for a ledger; made once, because signing takes its time. */
export function wireFor(ledger: Ledger, n: number): Uint8Array {
  const name = `${ledger.idText} ${n}`;
  const wire = wires.get(name) ?? wireBytes(messageFor(ledger, n));
  wires.set(name, wire);
  return wire;
}

/** The same message with another signature that is valid too. */
export function withSecondSignature(wire: Uint8Array): Uint8Array {
  const { envelope, data } = unwrap(parseWire(wire));
  const unsigned = envelope.leaf.subarray(0, -64);
  const signature = secondSignature(seed, envelope.sender, signedBytes(envelope), 12_345n);
  return concatBytes(unsigned, signature, data);
}

/** Waits until a condition holds. @throws Error after ten seconds. */
export async function until(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('it did not happen in ten seconds');
    await new Promise((next) => setTimeout(next, 1));
  }
}

/** Takes a message that must be good. @returns the note of its promise. */
export async function taken(sequencer: Sequencer, wire: Uint8Array): Promise<Uint8Array> {
  return unwrap(await sequencer.take(wire));
}

/** Where a message stands, and what the index says of its id. */
interface Place {
  readonly height: number;
  readonly time: number;
  readonly leaf: TagLeaf;
}

/** What is in the record of a ledger, once all of it was verified. */
export interface Judged {
  readonly ledger: Ledger;
  readonly headers: readonly BlockHeader[];
  /** Where each message stands, by its id in hexadecimal. */
  readonly places: ReadonlyMap<string, Place>;
  /** The root of the first n headers, by n. */
  readonly roots: ReadonlyMap<number, Uint8Array>;
}

function headersIn(files: ReadonlyMap<string, Uint8Array>, size: number): BlockHeader[] {
  return [...demandedTiles(size)]
    .filter(({ level }) => level === 'entries')
    .flatMap((ref) => unwrap(parseEntryBundle(files.get(tilePath(ref)) ?? new Uint8Array(), ref.width)))
    .map((entry) => unwrap(parseHeader(entry)));
}

function fileAt(files: ReadonlyMap<string, Uint8Array>, path: string): Uint8Array {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`${path} is missing`);
  return bytes;
}

/** Blocks judged before, by all bytes that were judged; a header's hash stands for everything below it. */
const judged = new Map<string, VerifiedBlock>();

function judgeBlock(
  context: { ledger: Ledger; lower: BlockHeader; state: MemoryState },
  header: BlockHeader,
  files: ReadonlyMap<string, Uint8Array>,
): VerifiedBlock {
  const { height } = header;
  const body = fileAt(files, bodyPath(height));
  const index = fileAt(files, tagIndexPath(height));
  const rollups = header.rollups.map((_, i) => fileAt(files, rollupPath(height, i === 0 ? 1 : 2)));
  const name = [header.bytes, body, index, ...rollups].map((bytes) => toHex(sha256(bytes))).join(' ');
  const known = judged.get(name);
  if (known !== undefined) return known;
  for (const [i, commitment] of header.rollups.entries()) {
    const leaves = context.state.since(height - (i === 0 ? 256 : 65_536));
    const isSame = equalBytes(rollups[i] ?? body, Buffer.concat(leaves.map(writeRollupLeaf)));
    if (!isSame || !equalBytes(rollupCommitment(leaves).root, commitment.root))
      throw new Error(`roll-up of block ${height}`);
  }
  unwrap(parseTagIndexFile(index, header));
  const block = unwrap(verifyBlock(context, header, body));
  judged.set(name, block);
  return block;
}

/**
 * Judges all public files of a ledger, as someone who fetched them: the log's audit, every block in full, every tag
 * index and roll-up. @throws Error at the first thing that is wrong.
 */
export async function judge(files: ReadonlyMap<string, Uint8Array>): Promise<Judged> {
  const note = fileAt(files, 'checkpoint');
  const size = Number(Buffer.from(note).toString().split('\n')[1]);
  const headers = headersIn(files, size);
  const ledger = unwrap(parseLedger(headers[0]?.bytes ?? new Uint8Array()));
  const checkpoint = unwrap(openLedgerCheckpoint(note, ledger.logKey, []));
  const report = await auditLog(memoryReader(files), ledger.logKey, [], () => undefined);
  if (report.failures.length > 0 || checkpoint.size !== size)
    throw new Error(`audit: ${JSON.stringify(report.failures)}`);
  const state = new MemoryState();
  const tree = new IncrementalTree();
  const places = new Map<string, Place>();
  const roots = new Map<number, Uint8Array>();
  let lower = ledger.first;
  for (const header of headers) {
    tree.append(leafHash(header.bytes));
    roots.set(tree.size, tree.root());
    const { height, time } = header;
    if (height === 0) continue;
    const block = judgeBlock({ ledger, lower, state }, header, files);
    const leaves = new Map(block.index.entries.map((leaf) => [toHex(leaf.tag), leaf]));
    for (const { id } of block.messages) {
      const leaf = leaves.get(toHex(id));
      if (leaf !== undefined) places.set(toHex(id), { height, time, leaf });
    }
    state.apply(height, block.index);
    lower = header;
  }
  return { ledger, headers, places, roots };
}

/** Which of these promises is not kept by the record. */
export function brokenPromises(judged: Judged, notes: readonly Uint8Array[]): readonly string[] {
  return notes.flatMap((note) => {
    const promise = unwrap(openPromise(note, judged.ledger));
    const place = judged.places.get(toHex(promise.message));
    const isKept = place !== undefined && keepsPromise(promise, place, place.leaf);
    return isKept ? [] : [`${toHex(promise.message)}: ${JSON.stringify(place)}`];
  });
}
