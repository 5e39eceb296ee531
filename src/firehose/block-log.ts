/**
 * The block log on storage: reads what a checkpoint covers, and appends one entry at a time in the layout of
 * `docs/spec/tiles.md`.
 */
import { equalBytes, toHex } from '../core/bytes.ts';
import { CountersignError } from '../core/errors/family.ts';
import type { FirehoseCode } from '../core/errors/firehose.ts';
import { openLedgerCheckpoint } from '../core/log/checkpoint.ts';
import {
  demandedTile,
  formatEntryBundle,
  formatTile,
  fullWidth,
  hashesAtLevel,
  parseEntryBundle,
  tilePath,
} from '../core/log/tiles.ts';
import { type BlockHeader, parseHeader } from '../core/record/header.ts';
import { checkLink, type Ledger, parseLedger } from '../core/record/ledger.ts';
import { IncrementalTree } from '../core/tree/incremental.ts';
import { leafHash, treeRoot } from '../core/tree/merkle.ts';
import { checkpointPath } from './operator.ts';
import type { Storage } from './storage.ts';

function damaged(what: string): CountersignError<FirehoseCode> {
  return new CountersignError<FirehoseCode>('firehose-damaged', what);
}

/** The entries and hashes at the right edge: what the next entry is appended to. */
export class BlockLog {
  readonly ledger: Ledger;
  readonly #tree = new IncrementalTree();
  /** Entries of the last, partial bundle. */
  #entries: Uint8Array[] = [];
  /** Per level, the hashes of the last, partial tile. */
  readonly #levels: Uint8Array[][] = [];
  #last: BlockHeader;

  constructor(ledger: Ledger) {
    this.ledger = ledger;
    this.#last = ledger.first;
    this.#append(ledger.first);
  }

  get size(): number {
    return this.#tree.size;
  }

  get root(): Uint8Array {
    return this.#tree.root();
  }

  /** The newest header. */
  get last(): BlockHeader {
    return this.#last;
  }

  /** Takes the next header over. @throws CountersignError `firehose-damaged` when it is not linked to the last. */
  append(header: BlockHeader): void {
    const linked = checkLink(this.#last, header, this.ledger);
    if (!linked.ok) throw damaged(`header ${header.height}: ${linked.code}`);
    this.#append(header);
  }

  #append(header: BlockHeader): void {
    if (this.#entries.length === fullWidth) this.#entries = [];
    this.#entries.push(header.bytes);
    let hash: Uint8Array | undefined = leafHash(header.bytes);
    this.#tree.append(hash);
    for (let level = 0; hash !== undefined; level++) {
      let tile: Uint8Array[] = this.#levels[level] ?? [];
      if (tile.length === fullWidth) tile = [];
      tile.push(hash);
      this.#levels[level] = tile;
      hash = tile.length === fullWidth ? treeRoot(tile) : undefined;
    }
    this.#last = header;
  }

  /** The files that the newest entry changed: its bundle, and a tile of each level that got a new hash. */
  edgeFiles(): readonly { readonly path: string; readonly bytes: Uint8Array }[] {
    const { size } = this;
    const index = Math.floor((size - 1) / fullWidth);
    const files = [
      {
        path: tilePath({ level: 'entries', index, width: this.#entries.length }),
        bytes: formatEntryBundle(this.#entries),
      },
    ];
    for (const [level, hashes] of this.#levels.entries()) {
      // A level gets a hash only when a tile below it became full.
      if (size % fullWidth ** level !== 0) break;
      const last = Math.floor((hashesAtLevel(size, level) - 1) / fullWidth);
      files.push({ path: tilePath({ level, index: last, width: hashes.length }), bytes: formatTile(hashes) });
    }
    return files;
  }
}

/**
 * Reads the block log as far as its checkpoint goes, and checks all of it.
 * @param onHeader told of every header above the founding one, in order.
 * @throws CountersignError `firehose-not-founded`, `firehose-damaged`, `firehose-storage`
 */
export async function loadBlockLog(
  storage: Storage,
  onHeader: (header: BlockHeader) => Promise<void>,
): Promise<BlockLog> {
  const note = await storage.read(checkpointPath);
  if (note === undefined) throw new CountersignError<FirehoseCode>('firehose-not-founded');
  let log: BlockLog | undefined;
  const size = Number(new TextDecoder().decode(note).split('\n')[1]);
  for (let index = 0; ; index++) {
    const bundle = Number.isSafeInteger(size) ? demandedTile(size, 'entries', index) : undefined;
    if (bundle === undefined) break;
    const path = tilePath(bundle);
    const bytes = await storage.read(path);
    const entries = bytes === undefined ? undefined : parseEntryBundle(bytes, bundle.width);
    if (!entries?.ok) throw damaged(path);
    for (const entry of entries.value) {
      if (log === undefined) {
        const ledger = parseLedger(entry);
        if (!ledger.ok) throw damaged(`header 0: ${ledger.code}`);
        log = new BlockLog(ledger.value);
      } else {
        const header = parseHeader(entry);
        if (!header.ok) throw damaged(`header ${log.size}: ${header.code}`);
        log.append(header.value);
        await onHeader(header.value);
      }
    }
  }
  if (log === undefined) throw damaged(checkpointPath);
  const checkpoint = openLedgerCheckpoint(note, log.ledger.logKey, []);
  if (!checkpoint.ok) throw damaged(`${checkpointPath}: ${checkpoint.code}`);
  if (checkpoint.value.size !== log.size || !equalBytes(checkpoint.value.root, log.root)) {
    throw damaged(`${checkpointPath}: another root than ${toHex(log.root)}`);
  }
  return log;
}
