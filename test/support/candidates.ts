/** Everything that could be tried as evidence against a small ledger, built from what its operator really signed. */
import type { JsonValue } from '../../src/core/encoding/json.ts';
import { chainBroken, headerInvalid } from '../../src/core/evidence/headers.ts';
import { checkpointExtended, headsInconsistent } from '../../src/core/evidence/heads.ts';
import type { TagStatement } from '../../src/core/evidence/history.ts';
import { tagHistory } from '../../src/core/evidence/history.ts';
import type { Kind } from '../../src/core/evidence/kind.ts';

import { messageInvalid, messageRepeated } from '../../src/core/evidence/messages.ts';
import { promiseBroken } from '../../src/core/evidence/promises.ts';
import { rollupMalformed, rollupUnsorted } from '../../src/core/evidence/rollups.ts';
import { tagForeign, tagMalformed, tagMissing, tagUnsorted } from '../../src/core/evidence/tags.ts';
import type { LieKind } from '../../src/core/evidence/verify.ts';
import type { Lookup } from '../../src/core/record/tag-proof.ts';
import type { LogHeaders } from '../../src/core/record/log-headers.ts';
import { messageId, parseLeaf } from '../../src/core/record/envelope.ts';
import type { TestLedger } from './ledger.ts';
import { unwrap } from './ledger.ts';

/** A kind and a proof of it, as its file would hold it. */
export interface Candidate {
  readonly kind: LieKind;
  readonly proof: JsonValue;
  readonly judge: (log: LogHeaders) => ReturnType<Kind['verify']>;
}

const text = (note: Uint8Array): string => new TextDecoder().decode(note);

function candidate<Proof>(kind: Kind<LieKind, Proof>, proof: Proof): Candidate {
  const json = kind.write(proof);
  return { kind: kind.name, proof: json, judge: (log) => kind.verify(json, log) };
}

/** The positions next to this one, and itself. */
function around(position: number, count: number): readonly number[] {
  return [position - 1, position, position + 1].filter((at) => at >= 0 && at < count);
}

/** Every candidate. @param tags those that are asked for. */
export function* candidates(ledger: TestLedger, tags: readonly Uint8Array[]): Generator<Candidate> {
  const heights = [...ledger.blocks.keys()];
  yield candidate(checkpointExtended, {});
  for (const height of heights) {
    const size = height + 1;
    const prefix = size === ledger.size ? {} : { prefix: ledger.prefix(size) };
    yield candidate(headsInconsistent, { other: text(ledger.checkpoint(size)), ...prefix });
    yield candidate(headerInvalid, { block: ledger.block(height) });
    if (ledger.blocks.has(height + 1)) {
      yield candidate(chainBroken, { lower: ledger.block(height), upper: ledger.block(height + 1) });
    }
    yield* aboutMessages(ledger, height, tags);
    yield* aboutIndex(ledger, height);
    if (ledger.at(height).rollups.length > 0) yield* aboutRollup(ledger, height);
  }
  for (const tag of tags) yield* aboutHistory(ledger, tag);
}

function* aboutMessages(
  ledger: TestLedger,
  height: number,
  tags: readonly Uint8Array[],
): Generator<Candidate> {
  const block = ledger.block(height);
  for (const [index, leaf] of ledger.at(height).messages.entries()) {
    const message = ledger.messageProof(height, index);
    yield candidate(messageInvalid, { block, message });
    const id = messageId(unwrap(parseLeaf(leaf)));
    for (const tag of [id, ...tags]) {
      const lookup = ledger.lookup(height, tag);
      const shown = shownBy(lookup);
      yield candidate(tagMissing, { block, message, tag, ...shown });
      const indices = ledger.list(height, tag);
      if (lookup.found) yield candidate(tagMissing, { block, indices, message, tag, ...shown });
    }
    for (const [other, { messages }] of ledger.blocks) {
      for (const again of messages.keys()) {
        const proof = { again: ledger.messageProof(other, again), block, message };
        yield candidate(messageRepeated, { ...proof, againBlock: ledger.block(other) });
        if (other === height) yield candidate(messageRepeated, proof);
      }
    }
    yield* aboutPromise(ledger, height, id);
  }
}

/** Promises that the block at this height keeps, at the first and the last moment. */
function* aboutPromise(ledger: TestLedger, height: number, id: Uint8Array): Generator<Candidate> {
  const { time } = ledger.at(height).header;
  for (const size of ledger.blocks.keys()) {
    if (size === 0 || size > height) continue;
    const promise = text(ledger.promise({ message: id, size, lastHeight: height, lastTime: time }));
    for (const end of ledger.blocks.keys()) {
      if (end < size) continue;
      const absences = Array.from({ length: end - size }, (_, i) => {
        return { block: ledger.block(size + i), ...shownBy(ledger.lookup(size + i, id)) };
      });
      yield candidate(promiseBroken, { absences, end: ledger.block(end), promise });
    }
  }
}

function* aboutIndex(ledger: TestLedger, height: number): Generator<Candidate> {
  const block = ledger.block(height);
  const { index, messages } = ledger.at(height);
  for (const position of index.keys()) {
    const entry = ledger.entry(height, position);
    const indices = ledger.list(height, entry.leaf.subarray(0, 32));
    yield candidate(tagMalformed, { block, entry });
    yield candidate(tagMalformed, { block, entry, indices });
    for (const other of around(position, index.length)) {
      yield candidate(tagUnsorted, { block, left: entry, right: ledger.entry(height, other) });
    }
    for (const listed of messages.keys()) {
      const message = ledger.messageProof(height, listed);
      yield candidate(tagForeign, { block, listed, message, presence: entry });
      yield candidate(tagForeign, { block, indices, listed, message, presence: entry });
    }
    yield candidate(tagForeign, { block, indices, listed: messages.length, presence: entry });
  }
}

function* aboutRollup(ledger: TestLedger, height: number): Generator<Candidate> {
  const prover = ledger.rollupProver(height, 1);
  const leaves = ledger.at(height).rollups[0] ?? [];
  const common = { block: ledger.block(height), level: 1 } as const;
  for (const position of leaves.keys()) {
    const entry = prover.entry(position);
    yield candidate(rollupMalformed, { ...common, entry });
    for (const other of around(position, leaves.length)) {
      yield candidate(rollupUnsorted, { ...common, left: entry, right: prover.entry(other) });
    }
  }
}

/** Every statement that the blocks and roll-ups make about a tag, in pairs. */
export function* aboutHistory(ledger: TestLedger, tag: Uint8Array): Generator<Candidate> {
  const said: TagStatement[] = [];
  for (const height of ledger.blocks.keys()) {
    const block = ledger.block(height);
    said.push({ block, ...shownBy(ledger.lookup(height, tag)) });
    if (ledger.at(height).rollups.length === 0) continue;
    said.push({ block, level: 1, ...shownBy(ledger.rollupProver(height, 1).lookup(tag)) });
  }
  for (const first of said) for (const second of said) yield candidate(tagHistory, { first, second, tag });
}

function shownBy(lookup: Lookup): Pick<TagStatement, 'absence' | 'presence'> {
  return lookup.found ? { presence: lookup.presence } : { absence: lookup.absence };
}
