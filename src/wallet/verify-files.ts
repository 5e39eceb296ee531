/** Files that are checked offline: by what the reader names or, where nothing is named, by the ledgers of the profile. */
import { equalBytes } from '../core/bytes.ts';
import type { ReceiptCode } from '../core/errors/receipt.ts';
import type { LedgerCard } from '../core/record/ledger-card.ts';
import type { VerifierKey } from '../core/log/verifier-key.ts';
import type { Ledger } from '../core/record/ledger.ts';
import { type FileVerdict, judgeFile, ledgerIn, type Trust } from '../core/verify/file.ts';
import { headerAt } from './explorer/copy.ts';
import { type PinnedLedger, pinnedLedgers } from './ledgers.ts';
import type { Database } from './store/driver.ts';

/** Whom the reader names. */
export interface NamedTrust {
  readonly cards: readonly LedgerCard[];
  /** Ids of ledgers, 32 bytes each. */
  readonly ids: readonly Uint8Array[];
  /** Keys of logs. */
  readonly keys: readonly VerifierKey[];
}

/** A file, read when it is its turn: at most one is in memory. */
export interface GivenFile {
  readonly path: string;
  /** At most one byte more than any file may have. */
  readonly read: () => Promise<Uint8Array>;
}

/** Whether anything is named. */
export function isNamed({ cards, ids, keys }: NamedTrust): boolean {
  return cards.length + ids.length + keys.length > 0;
}

/** Compares the block of a receipt with the one of the copy: two different ones are two records. */
async function compared(
  database: Database,
  pinned: readonly PinnedLedger[],
  verdict: FileVerdict,
): Promise<FileVerdict> {
  const place = verdict.receipt?.place;
  const joined = pinned.find((known) => known.joined.ledger.idText === verdict.ledger)?.joined;
  if (place === undefined || joined === undefined) return verdict;
  const here = await headerAt(database, joined, place.header.height);
  if (here === undefined || equalBytes(here.hash, place.header.hash)) return verdict;
  const code: ReceiptCode = 'receipt-fork';
  return { ...verdict, verdict: 'invalid', code, detail: `block ${here.height}` };
}

/**
 * Judges files, in their order.
 * @param database that of a profile, whose ledgers and copies count; undefined when only what is named does.
 * @throws CountersignError with a `store-` code.
 */
export async function* verifyFiles(
  files: readonly GivenFile[],
  named: NamedTrust,
  database: Database | undefined,
): AsyncGenerator<{ readonly path: string; readonly verdict: FileVerdict }> {
  const pinned = database === undefined ? [] : await pinnedLedgers(database);
  const ledgers: Ledger[] = pinned.map(({ joined }) => joined.ledger);
  // The first block of a ledger is where its keys stand: one file may bring what another lacks.
  for (const { read } of files) {
    const ledger = ledgerIn(await read());
    if (ledger !== undefined && !ledgers.some(({ idText }) => idText === ledger.idText)) ledgers.push(ledger);
  }
  const joinedIds = pinned.map(({ joined }) => joined.ledger.id);
  const ids = [...named.cards.map(({ ledger }) => ledger), ...named.ids, ...joinedIds];
  const trust: Trust = { ids, keys: named.keys, ledgers, isAsked: isNamed(named) };
  for (const { path, read } of files) {
    const verdict = judgeFile(await read(), trust);
    yield { path, verdict: database === undefined ? verdict : await compared(database, pinned, verdict) };
  }
}
