/**
 * A ledger: one block log with the rules that its first header founded (`docs/spec/blocks.md`). Its id is the hash of
 * that header, so whoever knows the id knows the keys and limits.
 */
import { equalBytes, toHex } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { ChainCode } from '../errors/chain.ts';
import type { HeaderCode } from '../errors/header.ts';
import type { JsonCode } from '../errors/json.ts';
import type { VerifierKey } from '../log/verifier-key.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { LedgerLimits } from './founding.ts';
import type { BlockHeader } from './header.ts';
import { parseHeader } from './header.ts';

/** Not exported, with a private field: only {@link parseLedger} makes one, so id, keys and limits belong together. */
class FoundedLedger {
  /** SHA-256 of the first header: 32 bytes. */
  readonly id: Uint8Array;
  /** The header of height 0. */
  readonly first: BlockHeader;
  readonly origin: string;
  readonly limits: LedgerLimits;
  /** Signs checkpoints. */
  readonly logKey: VerifierKey;
  /** Signs inclusion promises. */
  readonly promiseKey: VerifierKey;
  readonly #idText: string;

  constructor(first: BlockHeader, founding: NonNullable<BlockHeader['founding']>) {
    this.id = first.hash;
    this.first = first;
    this.origin = founding.origin;
    this.limits = founding.limits;
    this.logKey = founding.log;
    this.promiseKey = founding.promise;
    this.#idText = toHex(first.hash);
    Object.freeze(this);
  }

  /** The id in hexadecimal, as people see it. */
  get idText(): string {
    return this.#idText;
  }
}

export type Ledger = FoundedLedger;

/** The id of the ledger whose first header has these bytes: 32 bytes. The bytes are not read. */
export function ledgerId(foundingBytes: Uint8Array): Uint8Array {
  return sha256(foundingBytes);
}

/** The ledger that these bytes, a header of height 0, found. Compare its `id` with the one that you trust. */
export function parseLedger(foundingBytes: Uint8Array): Result<Ledger, HeaderCode | JsonCode> {
  const header = parseHeader(foundingBytes);
  if (!header.ok) return header;
  const { founding, height } = header.value;
  if (founding === undefined) return refuse('header-position', `height ${height} is not the first`);
  return ok(new FoundedLedger(header.value, founding));
}

/**
 * Whether `upper` is linked to `lower`, the header one below it (`docs/spec/blocks.md`). Both were read already; that
 * `lower` belongs to the ledger is for the caller to know.
 */
export function checkLink(lower: BlockHeader, upper: BlockHeader, ledger: Ledger): Result<void, ChainCode> {
  const { body, height, messages, previous, time } = upper;
  if (height !== lower.height + 1) return refuse('chain-height', `${height} on ${lower.height}`);
  if (previous === undefined || !equalBytes(previous, lower.hash)) return refuse('chain-previous');
  if (upper.ledger === undefined || !equalBytes(upper.ledger, ledger.id)) return refuse('chain-ledger');
  if (time < lower.time) return refuse('chain-time', `${time} after ${lower.time}`);
  const { blockBytes, blockMessages } = ledger.limits;
  if (messages.count > blockMessages) return refuse('chain-limits', `${messages.count} messages`);
  if (body.size > blockBytes) return refuse('chain-limits', `${body.size} bytes`);
  return ok(undefined);
}

/** Reads the entry at `position` of the ledger's block log: a header that is valid there (`docs/spec/blocks.md`). */
export function parseHeaderAt(
  bytes: Uint8Array,
  position: number,
  ledger: Ledger,
): Result<BlockHeader, HeaderCode | JsonCode> {
  const header = parseHeader(bytes);
  if (!header.ok) return header;
  const { height, ledger: named, hash } = header.value;
  if (height !== position) return refuse('header-position', `height ${height} at ${position}`);
  const belongs = equalBytes(position === 0 ? hash : (named ?? hash), ledger.id);
  return belongs ? header : refuse('header-position', 'another ledger');
}
