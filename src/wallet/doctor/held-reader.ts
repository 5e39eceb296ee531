/**
 * A ledger as what is held of it still is, and as the firehose serves it where that is damaged. Nothing of it is believed:
 * whoever reads it judges everything anew, under the head that is held.
 */
import { equalBytes } from '../../core/bytes.ts';
import { sha256 } from '../../core/crypto/sha256.ts';
import type { LogReader } from '../../core/log/audit-port.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import { formatEntryBundle, fullWidth, parseTilePath } from '../../core/log/tiles.ts';
import { composeBody } from '../../core/record/body.ts';
import { parseBlockFilePath } from '../../core/record/files.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import { parseHeaderAt } from '../../core/record/ledger.ts';
import { ok } from '../../core/result.ts';
import { IncrementalTree } from '../../core/tree/incremental.ts';
import { leafHash } from '../../core/tree/merkle.ts';
import type { JoinedLedger, RecordReader } from '../store/record-reader.ts';

/** What is held of a ledger; each part may be damaged. */
export interface Held {
  readonly reader: RecordReader;
  readonly joined: JoinedLedger;
}

interface HeldBody {
  readonly bytes: Uint8Array;
  readonly isPartial: boolean;
}

/** What a damaged database answers, or undefined where it cannot. */
async function readable<T>(reading: Promise<T>): Promise<T | undefined> {
  return reading.catch(() => undefined);
}

/** The head that is held, when its signature verifies. */
export function heldHead(
  { joined }: Held,
  ledger: Ledger,
): { readonly size: number; readonly note: Uint8Array } | undefined {
  const { checkpoint } = joined;
  const head = checkpoint && openLedgerCheckpoint(checkpoint, ledger.logKey, []);
  return head?.ok === true && checkpoint !== undefined
    ? { size: head.value.size, note: checkpoint }
    : undefined;
}

/** Whether the headers that are held are those of the head that is held. */
async function hasHeaders({ reader, joined }: Held, ledger: Ledger): Promise<boolean> {
  const head = openLedgerCheckpoint(joined.checkpoint ?? new Uint8Array(), ledger.logKey, []);
  if (!head.ok) return false;
  const tree = new IncrementalTree();
  while (tree.size < head.value.size) {
    const page = await readable(
      reader.headers(joined, tree.size, Math.min(fullWidth, head.value.size - tree.size)),
    );
    if (page === undefined || page.length === 0) return false;
    for (const header of page) tree.append(leafHash(header));
  }
  return equalBytes(tree.root(), head.value.root);
}

/**
 * @param fresh where the headers are that bodies must fit: the copy that is made.
 * @param remote an address of the ledger.
 */
export async function heldReader(
  held: Held,
  ledger: Ledger,
  fresh: { readonly headers: (height: number) => Promise<Uint8Array | undefined> },
  remote: LogReader,
): Promise<LogReader> {
  const { reader, joined } = held;
  const head = heldHead(held, ledger);
  const isChain = await hasHeaders(held, ledger);

  const bundle = async (path: string): Promise<Uint8Array | undefined> => {
    const ref = parseTilePath(path);
    if (!isChain || !ref.ok || ref.value.level !== 'entries') return undefined;
    const { index, width } = ref.value;
    const entries = await readable(reader.headers(joined, index * fullWidth, width));
    return entries?.length === width ? formatEntryBundle(entries) : undefined;
  };

  /** The body as its rows give it, and whether data is missing that was missing when it came. */
  const bodyOf = async (height: number): Promise<HeldBody | undefined> =>
    readable(
      reader.parts(joined, height).then((parts) => ({
        bytes: composeBody(parts),
        isPartial: parts.some(({ data }) => data === undefined),
      })),
    );

  const isTheBody = async (height: number, body: Uint8Array): Promise<boolean> => {
    const header = parseHeaderAt((await fresh.headers(height)) ?? new Uint8Array(), height, ledger);
    return header.ok && equalBytes(sha256(body), header.value.body.hash);
  };

  const read: LogReader['read'] = async (path, limit) => {
    if (path === 'checkpoint') return head === undefined ? remote.read(path, limit) : ok(head.note);
    const block = parseBlockFilePath(path);
    if (block === undefined) {
      const own = await bundle(path);
      return own === undefined ? remote.read(path, limit) : ok(own);
    }
    const own = await bodyOf(block.height);
    if (own !== undefined && (await isTheBody(block.height, own.bytes))) return ok(own.bytes);
    const served = await remote.read(path, limit);
    const isServed = served.ok && served.value !== undefined;
    // Data that was withheld then may be withheld now. Whether the rest is sound is judged by whoever reads it.
    return !isServed && own?.isPartial === true ? ok(own.bytes) : served;
  };
  return { canList: false, readAhead: remote.readAhead, list: () => Promise.resolve(ok(undefined)), read };
}
