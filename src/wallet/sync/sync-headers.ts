/**
 * Headers first: they are small, and under the signed head they say what every body must be. They are kept aside while
 * they arrive, and taken over in one transaction once the head is known to cover them: no transaction waits for the
 * network.
 */
import { randomBytes } from 'node:crypto';
import { equalBytes, fromUtf8 } from '../../core/bytes.ts';
import { headsInconsistent } from '../../core/evidence/heads.ts';
import { composeEvidence, verifyEvidence } from '../../core/evidence/verify.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import { openLedgerCheckpoint, type VerifiedCheckpoint } from '../../core/log/checkpoint.ts';
import { fullWidth } from '../../core/log/tiles.ts';
import { type BlockHeader, parseHeader } from '../../core/record/header.ts';
import { checkLink, parseHeaderAt } from '../../core/record/ledger.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import { leafHash } from '../../core/tree/merkle.ts';
import { corrupt, type JoinedLedger } from '../store/record-reader.ts';
import type { RecordStore } from '../store/record-store.ts';
import { fetchEntries, fetchNote, stop } from './fetch.ts';
import type { SyncOptions } from './options.ts';

/** The stored header at a height. @throws CountersignError `store-corrupt` */
export async function storedHeader(
  store: RecordStore,
  joined: JoinedLedger,
  height: number,
): Promise<BlockHeader> {
  const [bytes] = await store.headers(joined, height, 1);
  const header = bytes && parseHeaderAt(bytes, height, joined.ledger);
  if (!header?.ok) throw corrupt(`header ${height}: ${header?.code ?? 'missing'}`);
  return header.value;
}

/** What the copy holds already: the head, the tree under it, and its last header. */
interface Held {
  readonly head: VerifiedCheckpoint | undefined;
  readonly tree: IncrementalTree;
  readonly last: BlockHeader | undefined;
}

/**
 * What the copy says of itself, as far as the operator signed it: a damaged copy must not pass for a lie of the
 * operator. @throws CountersignError `store-corrupt`
 */
async function held(store: RecordStore, joined: JoinedLedger): Promise<Held> {
  const { ledger, checkpoint, size, tree: peaks } = joined;
  if (checkpoint === undefined) {
    if (size !== 0) throw corrupt('checkpoint');
    return { head: undefined, tree: new IncrementalTree(), last: undefined };
  }
  const head = openLedgerCheckpoint(checkpoint, ledger.logKey, []);
  if (!head.ok || head.value.size !== size) throw corrupt('checkpoint');
  const hashes = Array.from({ length: Math.ceil(peaks.length / 32) }, (_, i) =>
    peaks.subarray(32 * i, 32 * i + 32),
  );
  const tree = IncrementalTree.restore({ size, peaks: hashes });
  if (!tree.ok || !equalBytes(tree.value.root(), head.value.root)) throw corrupt('tree');
  return { head: head.value, tree: tree.value, last: await storedHeader(store, joined, size - 1) };
}

/** Two heads of the same size with different roots: the file that proves it is kept, whatever comes of the rest. */
async function keepFork(store: RecordStore, joined: JoinedLedger, other: Uint8Array): Promise<void> {
  const { ledger, checkpoint = new Uint8Array() } = joined;
  const source = { founding: ledger.first.bytes, checkpoint };
  const file = composeEvidence(headsInconsistent, source, { other: fromUtf8(other) ?? '' });
  const verdict = verifyEvidence(file, ledger.id);
  if (!verdict.ok) throw new RangeError(`two heads that are no evidence: ${verdict.code}`);
  await store.transaction((inside) => inside.keepEvidence(joined, file));
}

/** Fetches the headers from the held ones on up to `size`, each linked to the one before. */
async function* newHeaders(
  joined: JoinedLedger,
  { tree, last: lastHeld }: Held,
  reader: LogReader,
  size: number,
): AsyncGenerator<readonly BlockHeader[]> {
  const { ledger } = joined;
  let last = lastHeld;
  for (let index = Math.floor(tree.size / fullWidth); tree.size < size; index++) {
    const entries = await fetchEntries(reader, size, index);
    const headers: BlockHeader[] = [];
    for (const entry of entries.slice(tree.size - index * fullWidth)) {
      const header = parseHeader(entry);
      if (!header.ok) throw stop('sync-malformed', `header ${tree.size}: ${header.code}`);
      if (last === undefined) {
        if (!equalBytes(header.value.hash, ledger.id)) throw stop('sync-no-ledger');
      } else {
        const linked = checkLink(last, header.value, ledger);
        if (!linked.ok) throw stop('sync-mismatch', `header ${tree.size}: ${linked.code}`);
      }
      tree.append(leafHash(entry));
      last = header.value;
      headers.push(header.value);
    }
    yield headers;
  }
}

/**
 * Brings the headers of the copy up to the endpoint's head.
 * @returns whether they are; false when the signal came before.
 * @throws CountersignError with a `sync-` or `store-` code: then the copy is as it was.
 */
export async function syncHeaders(
  store: RecordStore,
  joined: JoinedLedger,
  reader: LogReader,
  options: SyncOptions,
): Promise<boolean> {
  const here = await held(store, joined);
  const { head, tree } = here;
  const note = await fetchNote(reader);
  const opened = openLedgerCheckpoint(note, joined.ledger.logKey, []);
  if (!opened.ok) throw stop('sync-checkpoint', opened.code);
  const { size, root } = opened.value;
  if (size === 0) throw stop('sync-checkpoint', 'a ledger has a first block');
  if (size < joined.size) throw stop('sync-rollback', `${size} after ${joined.size}`);
  if (size === head?.size) {
    if (equalBytes(root, head.root)) return true;
    await keepFork(store, joined, note);
    throw stop('sync-fork', `${size} blocks`);
  }
  const session = new Uint8Array(randomBytes(16));
  await store.transaction((inside) => inside.unstage(joined));
  try {
    for await (const headers of newHeaders(joined, here, reader, size)) {
      if (options.signal?.aborted === true) return false;
      await store.transaction((inside) => inside.stage(joined, session, headers));
      options.onProgress?.({ phase: 'headers', done: tree.size, of: size });
    }
    if (!equalBytes(tree.root(), root)) throw stop('sync-mismatch', `${size} blocks`);
    await store.transaction((inside) => inside.adopt(joined, session, note, tree.state()));
    return true;
  } finally {
    // Left behind when this fails too, they are forgotten at the next synchronisation.
    await store.transaction((inside) => inside.unstage(joined, session)).catch(() => undefined);
  }
}
