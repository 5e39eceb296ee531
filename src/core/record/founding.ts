/**
 * The founding member of the first header (`docs/spec/blocks.md`, 'Founding member'): name, keys and limits of a
 * ledger, which its id commits to.
 */
import { equalBytes } from '../bytes.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { integerFrom, readObject } from '../encoding/members.ts';
import type { HeaderCode } from '../errors/header.ts';
import { isLedgerOrigin } from '../log/checkpoint.ts';
import type { VerifierKey } from '../log/verifier-key.ts';
import { formatVerifierKey, keyType, parseVerifierKey } from '../log/verifier-key.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { maxDataBytes } from './envelope.ts';
import { maxHeadBytes } from './head.ts';

/** The most messages in one block. */
export const maxBlockMessages = 65_536;

/** The longest block body, in bytes. */
export const maxBodyBytes = 268_435_456;

/** What a ledger allows: each from 1 to the absolute limit. */
export interface LedgerLimits {
  /** Bytes of a block body. */
  readonly blockBytes: number;
  /** Messages in one block. */
  readonly blockMessages: number;
  /** Bytes of the data of one message. */
  readonly dataBytes: number;
  /** Bytes of the head of one message. */
  readonly headBytes: number;
}

/** The absolute limits of `docs/spec/README.md`. */
export const absoluteLimits: LedgerLimits = {
  blockBytes: maxBodyBytes,
  blockMessages: maxBlockMessages,
  dataBytes: maxDataBytes,
  headBytes: maxHeadBytes,
};

export interface Founding {
  /** First line of every checkpoint, and the name of the log key. */
  readonly origin: string;
  readonly limits: LedgerLimits;
  /** Signs checkpoints. */
  readonly log: VerifierKey;
  /** Signs inclusion promises. */
  readonly promise: VerifierKey;
}

const codes = { members: 'header-founding', value: 'header-founding' } as const;

const limitMembers = {
  blockBytes: integerFrom(1, absoluteLimits.blockBytes),
  blockMessages: integerFrom(1, absoluteLimits.blockMessages),
  dataBytes: integerFrom(1, absoluteLimits.dataBytes),
  headBytes: integerFrom(1, absoluteLimits.headBytes),
};

function limits(value: JsonValue): LedgerLimits | undefined {
  const read = readObject(value, codes, limitMembers);
  return read.ok ? read.value : undefined;
}

function signingKey(value: JsonValue): VerifierKey | undefined {
  const key = typeof value === 'string' ? parseVerifierKey(value) : undefined;
  return key?.ok === true && key.value.type === keyType.ed25519 ? key.value : undefined;
}

function origin(value: JsonValue): string | undefined {
  return typeof value === 'string' && isLedgerOrigin(value) ? value : undefined;
}

const members = { limits, log: signingKey, origin, promise: signingKey };

/** Reads the founding member. */
export function readFounding(value: JsonValue): Result<Founding, HeaderCode> {
  const read = readObject(value, codes, members);
  if (!read.ok) return read;
  const { log, promise } = read.value;
  if (log.name !== read.value.origin)
    return refuse('header-founding', "the log key's name is not the origin");
  if (promise.name !== `${read.value.origin}/promise`) {
    return refuse('header-founding', "the promise key's name is not the origin with /promise");
  }
  if (equalBytes(log.publicKey, promise.publicKey)) {
    return refuse('header-founding', 'one key for the log and for promises');
  }
  return ok(read.value);
}

/** The founding member as JSON. */
export function foundingJson(founding: Founding): JsonObject {
  const { blockBytes, blockMessages, dataBytes, headBytes } = founding.limits;
  return {
    limits: { blockBytes, blockMessages, dataBytes, headBytes },
    log: formatVerifierKey(founding.log),
    origin: founding.origin,
    promise: formatVerifierKey(founding.promise),
  };
}
