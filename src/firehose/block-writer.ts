/**
 * Writes blocks: decides what the next one holds, seals it, publishes it, and tidies up behind it. Everything here is
 * done by one caller at a time, and whatever failed is taken up again where it stopped.
 */
import { sealBlockOver, type SealedBlock } from '../core/record/block.ts';
import { bodyPath, tagIndexPath } from '../core/record/files.ts';
import { PageDirectories, pageWidth } from '../core/record/pages.ts';
import { composeTagIndexFile } from '../core/record/tag-index-file.ts';
import { distinctTags, tagLeafBytes } from '../core/record/tag-groups.ts';
import type { LogFile } from '../core/log/edge.ts';
import { fullWidth } from '../core/log/tiles.ts';
import { leafHash } from '../core/tree/merkle.ts';
import { type BlockLog, supersededFolders } from './block-log.ts';
import { type Decision, readDecision, writeDecision } from './decision.ts';
import { checkpointPath, signCheckpoint } from './operator.ts';
import type { PendingMessages } from './pending.ts';
import type { RecordIndex } from './record-index.ts';
import { directoryFiles, writeRollups } from './rollups.ts';
import type { FirehoseStorage } from './storage.ts';
import { keyOf } from './tag-state.ts';

/** A block under a checkpoint. */
export interface PublishedBlock {
  readonly height: number;
  readonly messages: number;
  /** Of its body. */
  readonly bytes: number;
  /** Messages that waited and found no place in it. */
  readonly left: number;
  /** How long sealing and writing took, in milliseconds. */
  readonly ms: number;
}

/** A sealed block that is not under a checkpoint yet: what is to be written for it. */
interface UnpublishedBlock {
  readonly decision: Decision;
  readonly sealed: SealedBlock;
  readonly files: readonly LogFile[];
}

/** What a block holds at most. */
export interface BlockLimits {
  readonly messages: number;
  readonly bytes: number;
}

interface Parts {
  readonly storage: FirehoseStorage;
  readonly log: BlockLog;
  readonly index: RecordIndex;
  readonly pending: PendingMessages;
  /** Of the key of the log. */
  readonly seed: Uint8Array;
}

export class BlockWriter {
  readonly #parts: Parts;
  #published: { readonly size: number; readonly checkpoint: Uint8Array; readonly lastTime: number };
  #unpublished: UnpublishedBlock | undefined;
  /** Something behind the newest block is still to be put away. */
  #isUntidy = true;

  constructor(parts: Parts, checkpoint: Uint8Array) {
    this.#parts = parts;
    const { size, last } = parts.log;
    this.#published = { size, checkpoint, lastTime: last.time };
  }

  /** Number of blocks under the newest checkpoint. */
  get size(): number {
    return this.#published.size;
  }

  get checkpoint(): Uint8Array {
    return this.#published.checkpoint;
  }

  /** Sealing time of the newest block, seconds since 1970. */
  get lastTime(): number {
    return this.#published.lastTime;
  }

  /** Whether there is something to do even when no message waits. */
  get isUnfinished(): boolean {
    return this.#unpublished !== undefined || this.#isUntidy;
  }

  /** Takes up the block that a stop interrupted. @throws CountersignError `firehose-damaged`, `firehose-storage` */
  async resume(): Promise<void> {
    const { storage, log, pending } = this.#parts;
    const decision = await readDecision(storage.private, log.size, (id) => pending.find(id));
    if (decision !== undefined) this.#unpublished = await this.#seal(decision);
    await this.#removeSuperseded();
    this.#isUntidy = false;
  }

  /**
   * Writes the next block, if there is something to put into it.
   * @param now seconds since 1970.
   * @throws CountersignError `firehose-storage`, `firehose-damaged`; to be called again.
   */
  async writeNext(most: BlockLimits, now: number): Promise<PublishedBlock | undefined> {
    const begun = performance.now();
    this.#unpublished ??= await this.#next(most, now);
    const block = this.#unpublished;
    if (block === undefined) return undefined;
    const left = this.#parts.pending.ready - block.decision.items.length;
    await this.#publish(block);
    this.#isUntidy = true;
    const { header, body } = block.sealed;
    const ms = performance.now() - begun;
    return { height: header.height, messages: header.messages.count, bytes: body.length, left, ms };
  }

  /**
   * Puts away what the newest block has made superfluous. A failure is not one of the block, which stands.
   * @throws CountersignError `firehose-storage`, `firehose-damaged`; to be called again.
   */
  async tidy(): Promise<void> {
    if (!this.#isUntidy) return;
    const { index, pending } = this.#parts;
    await index.settle(this.size);
    await pending.sweep();
    if (this.size % fullWidth === 0) await this.#removeSuperseded();
    this.#isUntidy = false;
  }

  async #next({ messages, bytes }: BlockLimits, now: number): Promise<UnpublishedBlock | undefined> {
    const items = this.#parts.pending.next(messages, bytes);
    if (items.length === 0) return undefined;
    return this.#seal({ time: Math.max(now, this.#parts.log.last.time), items });
  }

  /** Seals the block that was decided on: the same decision always gives the same bytes. */
  async #seal(decision: Decision): Promise<UnpublishedBlock> {
    const { storage, log, index } = this.#parts;
    const { ledger, last: lower } = log;
    const messages = decision.items.map(({ message }) => message);
    const carriers = messages.map(({ id, head }) => ({ id, head }));
    const before = await index.findAll(distinctTags(carriers));
    const rollups = await writeRollups(storage.public, log);
    const state = {
      previous: (tag: Uint8Array) => before.get(keyOf(tag)),
      includes: (id: Uint8Array) => before.get(keyOf(id))?.own !== undefined,
    };
    // From here on nothing waits and nothing fails: log and index go on together.
    const sealed = sealBlockOver({ ledger, lower, state }, messages, decision.time, rollups);
    const files = [...blockFiles(sealed), ...log.append(sealed.header)];
    index.apply(sealed.header.height, sealed.index.entries, before);
    return { decision, sealed, files };
  }

  /** Writes a sealed block, its checkpoint last. After a failure it is called again with the same block. */
  async #publish({ decision, sealed, files }: UnpublishedBlock): Promise<void> {
    const { storage, log, pending, seed } = this.#parts;
    const { size, root, ledger } = log;
    await writeDecision(storage.private, size - 1, decision);
    const written = await Promise.allSettled(
      files.map(({ path, bytes }) => storage.public.write(path, bytes)),
    );
    for (const end of written) if (end.status === 'rejected') throw end.reason;
    const checkpoint = signCheckpoint(ledger.logKey, seed, size, root);
    await storage.public.write(checkpointPath, checkpoint);
    this.#published = { size, checkpoint, lastTime: sealed.header.time };
    this.#unpublished = undefined;
    pending.remove(decision.items);
  }

  async #removeSuperseded(): Promise<void> {
    const { public: storage } = this.#parts.storage;
    for (const folder of supersededFolders(this.size)) {
      for (const name of await storage.list(folder)) await storage.remove(`${folder}/${name}`);
    }
  }
}

/** Body and tag index of a block, with their directories where they are long. */
function blockFiles({ header, body, index, leafHashes, lengths }: SealedBlock): LogFile[] {
  const bodyFile = bodyPath(header.height);
  const indexFile = tagIndexPath(header.height);
  const files: LogFile[] = [
    { path: bodyFile, bytes: body },
    { path: indexFile, bytes: composeTagIndexFile(index.entries) },
  ];
  if (leafHashes.length > pageWidth) {
    const pages = new PageDirectories('messages');
    for (const [i, hash] of leafHashes.entries()) pages.push(hash, lengths[i] ?? 0);
    files.push(...directoryFiles(bodyFile, pages));
  }
  if (index.count > pageWidth) {
    const pages = new PageDirectories('tags');
    for (const [i, { tag, count }] of index.entries.entries()) {
      pages.push(leafHash(index.leaves[i] ?? new Uint8Array()), tagLeafBytes + 4 * count, tag);
    }
    files.push(...directoryFiles(indexFile, pages));
  }
  return files;
}
