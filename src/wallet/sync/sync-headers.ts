/**
 * Headers first: they are small, and under the signed head they say what every body must be. They are kept aside while
 * they arrive, and taken over in one transaction once the head is known to cover them: no transaction waits for the
 * network.
 */
import { randomBytes } from 'node:crypto';
import { equalBytes } from '../../core/bytes.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import { openLedgerCheckpoint, type VerifiedCheckpoint } from '../../core/log/checkpoint.ts';
import { fullWidth } from '../../core/log/tiles.ts';
import { type BlockHeader, parseHeader } from '../../core/record/header.ts';
import { checkLink, parseHeaderAt } from '../../core/record/ledger.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import { leafHash } from '../../core/tree/merkle.ts';
import { FoundLie, type LookInto } from '../alarms/finding.ts';
import { foundHeader, foundOther } from '../alarms/headers.ts';
import { foundBadHead, type SentHead, shorterFork } from '../alarms/heads.ts';
import { noteShown, shownBy } from '../alarms/rows.ts';
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

/** Fetches the headers from the held ones on up to `size`, each linked to the one before. */
async function* newHeaders(
  joined: JoinedLedger,
  { tree, last: lastHeld }: Held,
  reader: LogReader,
  sent: SentHead,
): AsyncGenerator<readonly BlockHeader[]> {
  const { ledger } = joined;
  const { size } = sent.head;
  let last = lastHeld;
  for (let index = Math.floor(tree.size / fullWidth); tree.size < size; index++) {
    const entries = await fetchEntries(reader, size, index);
    const headers: BlockHeader[] = [];
    for (const entry of entries.slice(tree.size - index * fullWidth)) {
      const header = parseHeader(entry);
      if (!header.ok) throw foundHeader('sync-malformed', tree.size, header.code, sent);
      if (last === undefined) {
        if (!equalBytes(header.value.hash, ledger.id)) throw foundHeader('sync-no-ledger', 0, 'ledger', sent);
      } else {
        const linked = checkLink(last, header.value, ledger);
        if (!linked.ok) throw foundHeader('sync-mismatch', tree.size, linked.code, sent);
      }
      tree.append(leafHash(entry));
      last = header.value;
      headers.push(header.value);
    }
    yield headers;
  }
}

/** The head that the endpoint shows. @throws FoundLie, and CountersignError with a `sync-` code */
async function fetchHead(reader: LogReader, { ledger, size: held }: JoinedLedger): Promise<SentHead> {
  const note = await fetchNote(reader);
  const opened = openLedgerCheckpoint(note, ledger.logKey, []);
  if (!opened.ok) throw foundBadHead(ledger, note, opened.code);
  // A ledger has a first block: of an empty one nothing can be learned.
  if (opened.value.size === 0 && held === 0) throw stop('sync-checkpoint', '0 blocks');
  return { note, head: opened.value };
}

/**
 * Judges a head against the one that is here.
 * @returns whether it goes on from it; false when it is the same.
 * @throws FoundLie
 */
async function isLonger(
  store: RecordStore,
  joined: JoinedLedger,
  head: VerifiedCheckpoint | undefined,
  sent: SentHead,
  address: string,
): Promise<boolean> {
  const { size, root } = sent.head;
  const shown = await shownBy(store.statements, joined, address);
  const lookInto: LookInto = (looking) => shorterFork(looking, sent);
  if (size < joined.size) {
    // Behind what others show, or taking back what this very address has shown.
    const code = shown > size ? 'sync-rollback' : 'sync-stale';
    throw new FoundLie(code, address, `${size} blocks after ${Math.max(shown, joined.size)}`, lookInto);
  }
  if (size === head?.size && !equalBytes(root, head.root))
    throw new FoundLie('sync-fork', '', `${size} blocks`, lookInto);
  return size > joined.size;
}

/**
 * Brings the headers of the copy up to the endpoint's head.
 * @param address where the endpoint is: what it has shown is remembered.
 * @returns whether they are; false when the signal came before, or when they are more than it was to fetch.
 * @throws FoundLie when what the endpoint shows may be the operator's doing; CountersignError with a `sync-` or `store-`
 *   code. The copy is as it was then.
 */
export async function syncHeaders(
  store: RecordStore,
  joined: JoinedLedger,
  reader: LogReader,
  address: string,
  options: SyncOptions,
): Promise<boolean> {
  const here = await held(store, joined);
  const { tree } = here;
  const sent = await fetchHead(reader, joined);
  const { size, root } = sent.head;
  if (!(await isLonger(store, joined, here.head, sent, address))) {
    await remember(store, joined, address, size);
    return true;
  }
  if (size - joined.size > (options.atMost?.headers ?? Infinity)) return false;
  const session = new Uint8Array(randomBytes(16));
  await store.transaction((inside) => inside.unstage(joined));
  try {
    for await (const headers of newHeaders(joined, here, reader, sent)) {
      if (options.signal?.aborted === true) return false;
      await store.transaction((inside) => inside.stage(joined, session, headers));
      options.onProgress?.({ phase: 'headers', done: tree.size, of: size });
    }
    if (!equalBytes(tree.root(), root)) throw foundOther(sent);
    await store.transaction(async (inside) => {
      await inside.adopt(joined, session, sent.note, tree.state());
      await noteShown(inside.statements, joined, address, size);
    });
    return true;
  } finally {
    // Left behind when this fails too, they are forgotten at the next synchronisation.
    await store.transaction((inside) => inside.unstage(joined, session)).catch(() => undefined);
  }
}

/** Remembers how much an address has shown; nothing is written when that is known. */
async function remember(
  store: RecordStore,
  joined: JoinedLedger,
  address: string,
  size: number,
): Promise<void> {
  if ((await shownBy(store.statements, joined, address)) >= size) return;
  await store.transaction(({ statements }) => noteShown(statements, joined, address, size));
}
