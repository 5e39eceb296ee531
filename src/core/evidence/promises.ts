/** Evidence that a promise to include a message was broken (`docs/spec/promises.md`, `docs/spec/evidence.md`). */
import { toHex, toUtf8 } from '../bytes.ts';
import type { JsonValue } from '../encoding/json.ts';
import { arrayOf, readObject } from '../encoding/members.ts';
import type { BlockProof, LogHeaders } from '../record/log-headers.ts';
import type { PromiseContent } from '../record/promise.ts';
import { isPastPromise, maxPromiseBlocks, openPromise } from '../record/promise.ts';
import {
  blockFrom,
  blockJson,
  absenceFrom,
  absenceJson,
  presenceFrom,
  presenceJson,
} from '../record/proof-json.ts';
import type { Absence, Presence } from '../record/tag-proof.ts';
import { tagIndexOf } from '../record/tag-proof.ts';
import type { Result } from '../result.ts';
import { ok } from '../result.ts';
import type { Codec } from './kind.ts';
import { badProof, block, defineKind, noLie, text } from './kind.ts';
import { absencePart, headerPart, presencePart } from './parts.ts';

/** That one block does not hold the message: no leaf of its id, or one without an own index. */
export interface BlockWithout {
  readonly block: BlockProof;
  readonly absence?: Absence;
  readonly presence?: Presence;
}

const codes = { members: 'form', value: 'form' } as const;

function blockWithoutFrom(value: JsonValue): BlockWithout | undefined {
  const optional = { absence: absenceFrom, presence: presenceFrom };
  const read = readObject(value, codes, { block: blockFrom }, optional);
  return read.ok ? read.value : undefined;
}

const blocksWithout: Codec<readonly BlockWithout[]> = {
  read: arrayOf(blockWithoutFrom, maxPromiseBlocks),
  write: (items) =>
    items.map((item) => ({
      block: blockJson(item.block),
      ...(item.absence === undefined ? {} : { absence: absenceJson(item.absence) }),
      ...(item.presence === undefined ? {} : { presence: presenceJson(item.presence) }),
    })),
};

/** Whether the block at this height holds the message of the promise, as its index says. */
function holdsMessage(
  log: LogHeaders,
  item: BlockWithout,
  height: number,
  promise: PromiseContent,
): Result<boolean, 'evidence-proof'> {
  const what = `absences: block ${height}`;
  const header = headerPart(log, item.block, what);
  if (!header.ok) return header;
  if (header.value.height !== height) return badProof(`${what} is another`);
  const index = tagIndexOf(header.value);
  if (item.absence !== undefined && item.presence === undefined) {
    const absent = absencePart(index, promise.message, item.absence, what);
    return absent.ok ? ok(false) : absent;
  }
  if (item.presence === undefined || item.absence !== undefined) {
    return badProof(`${what}: one of absence and presence is needed`);
  }
  const leaf = presencePart(index, promise.message, item.presence, what);
  return leaf.ok ? ok(leaf.value.own !== undefined) : leaf;
}

/** Seconds since 1970 as people read them. */
function utc(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace('.000', '');
}

export const promiseBroken = defineKind(
  'promise-broken',
  { required: { absences: blocksWithout, end: block, promise: text }, optional: {} },
  (proof, log) => {
    const opened = openPromise(toUtf8(proof.promise), log.ledger);
    if (!opened.ok) return badProof('promise', opened.code);
    const promise = opened.value;
    const end = headerPart(log, proof.end, 'end');
    if (!end.ok) return end;
    const { height, time } = end.value;
    // Times never decrease: a block below the first one that is past the promise shows that none can keep it.
    if (proof.absences.length !== Math.max(height - promise.size, 0)) {
      return badProof(`absences of ${proof.absences.length} blocks, from ${promise.size} to ${height - 1}`);
    }
    let kept = false;
    for (const [i, item] of proof.absences.entries()) {
      const holds = holdsMessage(log, item, promise.size + i, promise);
      if (!holds.ok) return holds;
      kept ||= holds.value;
    }
    if (kept) return noLie('the message stands in the record');
    if (!isPastPromise(promise, end.value)) return noLie('the time of the promise is not over');
    const isMissing =
      height > promise.size ? ', and the message is in no block from there on before that one' : '';
    return ok(
      `The operator promised to seal the message ${toHex(promise.message)} in a block from ${promise.size} to ` +
        `${promise.lastHeight}, with a time not later than ${utc(promise.lastTime)}. The promise was not kept: the ` +
        `record that the operator signed has gone on to block ${height}, of ${utc(time)}${isMissing}.`,
    );
  },
);
