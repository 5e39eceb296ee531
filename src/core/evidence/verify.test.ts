import { describe, expect, it } from 'vitest';
import { bytes32, TestLedger, testTime, unwrap } from '../../../test/support/ledger.ts';
import { everyLie } from '../../../test/support/lies/every.ts';
import { absent, present, said, tag, text } from '../../../test/support/lies/lies.ts';
import { toBase64, toUtf8 } from '../bytes.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import { parseJson, writeJson } from '../encoding/json.ts';
import { formatCheckpoint } from '../log/checkpoint.ts';
import { formatNote, signNote } from '../log/note.ts';
import { chainBroken, headerInvalid } from './headers.ts';
import { headsInconsistent } from './heads.ts';
import type { TagStatement } from './history.ts';
import { tagHistory } from './history.ts';

import { messageRepeated } from './messages.ts';
import { promiseBroken } from './promises.ts';
import { rollupUnsorted } from './rollups.ts';
import { tagForeign, tagMissing, tagUnsorted } from './tags.ts';
import { composeEvidence, maxEvidenceBytes, verifyEvidence } from './verify.ts';

const lies = everyLie();
const [lie] = lies.filter(({ kind }) => kind === 'tag-missing');
if (lie === undefined) throw new RangeError('no lie');
const { ledger } = lie;
const id = ledger.ledger.id;

function codeOf(result: { ok: boolean; code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

/** The code for the file of a lie with some members replaced; undefined takes one out. */
function changed(members: Readonly<Record<string, JsonValue | undefined>>): string {
  const file = unwrap(parseJson(lie?.file ?? new Uint8Array(0), maxEvidenceBytes)) as JsonObject;
  const entries = Object.entries({ ...file, ...members });
  const kept = entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return codeOf(verifyEvidence(writeJson(Object.fromEntries(kept)), id));
}

describe('an evidence file', () => {
  it.each<[string, Readonly<Record<string, JsonValue | undefined>>, string]>([
    ['nothing wrong', {}, 'ok'],
    ['an unknown member', { extra: 1 }, 'evidence-format'],
    ['a member missing', { proof: undefined }, 'evidence-format'],
    ['another format', { evidence: 'countersign/evidence/v2' }, 'evidence-format'],
    ['an unknown kind', { kind: 'tag-lost' }, 'evidence-format'],
    ['a kind that every object has', { kind: 'constructor' }, 'evidence-format'],
    ['a proof that is no object', { proof: [] }, 'evidence-format'],
    ['a founding header that is no base64', { founding: '=' }, 'evidence-format'],
    ['a ledger that is no id', { ledger: 'ab' }, 'evidence-format'],
    ['another ledger', { ledger: 'ab'.repeat(32) }, 'evidence-ledger'],
    [
      'another founding header',
      { founding: toBase64(new TestLedger('other').founding) },
      'evidence-founding',
    ],
    ['a checkpoint that is none', { checkpoint: 'x' }, 'evidence-checkpoint'],
    [
      'a checkpoint of another log',
      { checkpoint: text(new TestLedger('other').checkpoint()) },
      'evidence-checkpoint',
    ],
    ['another checkpoint of this log', { checkpoint: text(ledger.checkpoint(1)) }, 'evidence-proof'],
    ['the proof of nothing', { proof: {} }, 'evidence-proof'],
    ['another kind', { kind: 'tag-foreign' }, 'evidence-proof'],
    ['the first of two faults', { ledger: 'ab'.repeat(32), checkpoint: 'x', proof: {} }, 'evidence-ledger'],
    ['the first of two others', { founding: '', checkpoint: 'x' }, 'evidence-founding'],
    ['the first of the last two', { checkpoint: 'x', proof: {} }, 'evidence-checkpoint'],
  ])('is judged with %s', (_, members, code) => {
    expect(changed(members)).toBe(code);
  });

  it('is no evidence with a checkpoint that carries extension lines, or that another key signed', () => {
    const { origin, logKey, promiseKey } = ledger.ledger;
    const root = bytes32('root');
    const extended = formatCheckpoint({ origin, size: 2, root, extensions: ['more'] });
    const note = formatNote(extended, [signNote(logKey, bytes32('test log'), extended)]);
    expect(changed({ checkpoint: text(note) })).toBe('evidence-checkpoint');
    const plain = formatCheckpoint({ origin, size: 2, root, extensions: [] });
    const byPromise = formatNote(plain, [signNote(promiseKey, bytes32('test promise'), plain)]);
    expect(changed({ checkpoint: text(byPromise) })).toBe('evidence-checkpoint');
  });

  it('of a ledger whose founding header is none proves nothing', () => {
    const founding = toUtf8('{"height":0}');
    const file = composeEvidence(
      headerInvalid,
      { founding, checkpoint: ledger.checkpoint() },
      { block: ledger.block(1) },
    );
    const named = unwrap(parseJson(file, maxEvidenceBytes)) as { ledger: string };
    const asked = Uint8Array.from(named.ledger.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
    expect(codeOf(verifyEvidence(file, asked))).toBe('evidence-founding');
  });

  it('is not read beyond its limit, and never throws on rubbish', () => {
    expect(codeOf(verifyEvidence(new Uint8Array(maxEvidenceBytes + 1), id))).toBe('json-too-long');
    expect(codeOf(verifyEvidence(new Uint8Array(maxEvidenceBytes).fill(0x5b), id))).toBe('json-too-deep');
    for (const rubbish of ['', '{}', 'null', '[]', '"x"', '{"a":1}', '{"kind":"tag-history"}']) {
      expect(verifyEvidence(toUtf8(rubbish), id).ok).toBe(false);
    }
  });

  it('is not composed beyond its limit or from a broken checkpoint', () => {
    const source = ledger.source();
    const other = 'x'.repeat(maxEvidenceBytes);
    expect(() => composeEvidence(headsInconsistent, source, { other })).toThrow(/bytes of evidence/);
    const broken = { ...source, checkpoint: Uint8Array.of(0xff) };
    expect(() => composeEvidence(headerInvalid, broken, { block: ledger.block(1) })).toThrow(RangeError);
  });
});

/** An honest ledger to draw wrong conclusions from: the tag in block 1 and 3, and a roll-up at 256. */
const honest = new TestLedger();
const [first, second] = [honest.message({ tags: [tag] }), honest.message()];
honest.seal([first]);
honest.seal([second, honest.message({ tags: [second.id] })]);
honest.seal([honest.message({ tags: [tag] }), honest.message()]);
honest.skipTo(254);
honest.seal([honest.message({ tags: [tag] })]);
honest.seal([honest.message()]);
honest.seal([honest.message({ tags: [tag] })]);
const source = honest.source();

function judge(file: Uint8Array): string {
  return codeOf(verifyEvidence(file, honest.ledger.id));
}

describe('a proof that is put together wrongly', () => {
  it('about heads', () => {
    const other = text(honest.checkpoint(3));
    const prefix = honest.prefix(3);
    expect(judge(composeEvidence(headsInconsistent, source, { other, prefix }))).toBe('evidence-no-lie');
    expect(judge(composeEvidence(headsInconsistent, source, { other }))).toBe('evidence-proof');
    expect(judge(composeEvidence(headsInconsistent, source, { other, prefix: prefix.slice(1) }))).toBe(
      'evidence-proof',
    );
    expect(judge(composeEvidence(headsInconsistent, source, { other, prefix: prefix.toReversed() }))).toBe(
      'evidence-proof',
    );
    const same = text(source.checkpoint);
    expect(judge(composeEvidence(headsInconsistent, source, { other: same }))).toBe('evidence-no-lie');
    expect(judge(composeEvidence(headsInconsistent, source, { other: same, prefix: [] }))).toBe(
      'evidence-proof',
    );
    const foreign = text(new TestLedger('other').checkpoint());
    expect(judge(composeEvidence(headsInconsistent, source, { other: foreign, prefix }))).toBe(
      'evidence-proof',
    );
  });

  it('about blocks', () => {
    const far = { lower: honest.block(1), upper: honest.block(3) };
    expect(judge(composeEvidence(chainBroken, source, far))).toBe('evidence-proof');
    const reversed = { lower: honest.block(2), upper: honest.block(1) };
    expect(judge(composeEvidence(chainBroken, source, reversed))).toBe('evidence-proof');
    const moved = { block: { ...honest.block(2), height: 3 } };
    expect(judge(composeEvidence(headerInvalid, source, moved))).toBe('evidence-proof');
    const madeUp = { block: { ...honest.block(2), header: toUtf8('made up') } };
    expect(judge(composeEvidence(headerInvalid, source, madeUp))).toBe('evidence-proof');
  });

  it('about messages', () => {
    const [block, message] = [honest.block(1), honest.messageProof(1, 0)];
    const same = { again: message, block, message };
    expect(judge(composeEvidence(messageRepeated, source, same))).toBe('evidence-no-lie');
    // The same block is left out, so that one lie has one form.
    expect(judge(composeEvidence(messageRepeated, source, { ...same, againBlock: block }))).toBe(
      'evidence-proof',
    );
    const different = {
      again: honest.messageProof(3, 1),
      block: honest.block(3),
      message: honest.messageProof(3, 0),
    };
    expect(judge(composeEvidence(messageRepeated, source, different))).toBe('evidence-no-lie');
    const elsewhere = { ...same, againBlock: honest.block(2) };
    expect(judge(composeEvidence(messageRepeated, source, elsewhere))).toBe('evidence-proof');
  });

  it('about tags', () => {
    const at = { block: honest.block(1), message: honest.messageProof(1, 0), tag };
    const presence = present(honest, 1, tag);
    const absence = absent(honest, 1, second.id);
    expect(judge(composeEvidence(tagMissing, source, { ...at, presence }))).toBe('evidence-no-lie');
    const indices = honest.list(1, tag);
    expect(judge(composeEvidence(tagMissing, source, { ...at, indices, presence }))).toBe('evidence-no-lie');
    const wrongList = { ...at, indices: honest.list(3, second.id), presence };
    expect(judge(composeEvidence(tagMissing, source, wrongList))).toBe('evidence-proof');
    expect(judge(composeEvidence(tagMissing, source, { ...at, absence, indices }))).toBe('evidence-proof');
    expect(judge(composeEvidence(tagMissing, source, at))).toBe('evidence-proof');
    expect(judge(composeEvidence(tagMissing, source, { ...at, presence, absence }))).toBe('evidence-proof');
    expect(judge(composeEvidence(tagMissing, source, { ...at, absence }))).toMatch(
      /^evidence-(proof|no-lie)$/,
    );
    const other = { ...at, tag: second.id, absence };
    expect(judge(composeEvidence(tagMissing, source, other))).toBe('evidence-no-lie');
    const indicesOfTwo = honest.list(2, second.id);
    const naming = {
      block: honest.block(2),
      indices: indicesOfTwo,
      presence: present(honest, 2, second.id),
      listed: 1,
    };
    const named = { ...naming, message: honest.messageProof(2, 1) };
    expect(judge(composeEvidence(tagForeign, source, named))).toBe('evidence-no-lie');
    const three = {
      block: honest.block(3),
      indices: honest.list(3, tag),
      presence: present(honest, 3, tag),
    };
    const own = { block: honest.block(1), listed: 0, presence: present(honest, 1, first.id) };
    const ownMessage = honest.messageProof(1, 0);
    const itself = { ...own, message: ownMessage };
    expect(judge(composeEvidence(tagForeign, source, itself))).toBe('evidence-no-lie');
    expect(judge(composeEvidence(tagForeign, source, { ...itself, indices: honest.list(1, first.id) }))).toBe(
      'evidence-proof',
    );
    const [zero, one] = [honest.messageProof(3, 0), honest.messageProof(3, 1)];
    expect(judge(composeEvidence(tagForeign, source, { ...three, listed: 0, message: one }))).toBe(
      'evidence-proof',
    );
    expect(judge(composeEvidence(tagForeign, source, { ...three, listed: 0 }))).toBe('evidence-proof');
    expect(judge(composeEvidence(tagForeign, source, { ...three, listed: 9, message: zero }))).toBe(
      'evidence-proof',
    );
    expect(judge(composeEvidence(tagForeign, source, { ...three, listed: 9 }))).toBe('evidence-no-lie');
    expect(judge(composeEvidence(tagForeign, source, { ...three, listed: 1, message: one }))).toBe(
      'evidence-no-lie',
    );
  });

  it('about order', () => {
    const block = honest.block(3);
    const [left, right] = [honest.entry(3, 1), honest.entry(3, 0)];
    expect(judge(composeEvidence(tagUnsorted, source, { block, left, right }))).toBe('evidence-no-lie');
    expect(judge(composeEvidence(tagUnsorted, source, { block, left, right: left }))).toBe('evidence-no-lie');
    const index = (leaves: Uint8Array[]): Uint8Array[] => [...leaves, toUtf8('short')];
    const short = new TestLedger();
    short.seal([short.message()], { index });
    const entries = { left: short.entry(1, 0), right: short.entry(1, 1) };
    const file = composeEvidence(tagUnsorted, short.source(), { block: short.block(1), ...entries });
    expect(codeOf(verifyEvidence(file, short.ledger.id))).toBe('evidence-proof');
  });

  it('about the history of a tag', () => {
    const judged = (first: TagStatement, second: TagStatement, wanted = tag): string =>
      judge(composeEvidence(tagHistory, source, { first, second, tag: wanted }));
    const [one, two, three] = [said(honest, 1), said(honest, 2), said(honest, 3)];
    for (const first of [one, two, three, said(honest, 254), said(honest, 256, 1)]) {
      for (const second of [one, two, three, said(honest, 254), said(honest, 256, 1)]) {
        expect(judged(first, second)).toBe('evidence-no-lie');
      }
    }
    const { block } = three;
    expect(judged(one, { block })).toBe('evidence-proof');
    expect(judged(one, { ...three, absence: absent(honest, 2, tag) })).toBe('evidence-proof');
    expect(judged(one, { ...three, ...two, block })).toBe('evidence-proof');
    expect(judged(one, { ...three, level: 1 })).toBe('evidence-proof');
    expect(judged(one, { ...said(honest, 256, 1), level: 2 })).toBe('evidence-proof');
    expect(judged(one, { ...said(honest, 256, 1), block: honest.block(256), absence: {} })).toBe(
      'evidence-proof',
    );
    expect(judged(one, three, second.id)).toBe('evidence-proof');
  });

  it('about the order of roll-ups', () => {
    const prover = honest.rollupProver(256, 1);
    const [left, right] = [prover.entry(0), prover.entry(1)];
    const none = { block: honest.block(3), level: 1, left, right } as const;
    expect(judge(composeEvidence(rollupUnsorted, source, none))).toBe('evidence-proof');
    const higher = { ...none, block: honest.block(256), level: 2 } as const;
    expect(judge(composeEvidence(rollupUnsorted, source, higher))).toBe('evidence-proof');
  });

  it('about promises', () => {
    const promise = (size: number, lastHeight: number, message = first.id): string =>
      text(honest.promise({ message, size, lastHeight, lastTime: testTime + 1_000_000 }));
    const shown = (height: number, message: Uint8Array) => {
      const lookup = honest.lookup(height, message);
      const proof = lookup.found ? { presence: lookup.presence } : { absence: lookup.absence };
      return { block: honest.block(height), ...proof };
    };
    const judged = (proof: Parameters<typeof promiseBroken.write>[0]): string =>
      judge(composeEvidence(promiseBroken, source, proof));
    const end = honest.block(3);
    const whole = [1, 2].map((height) => shown(height, first.id));
    expect(judged({ absences: whole, end, promise: promise(1, 2) })).toBe('evidence-no-lie');
    const missing = bytes32('never sealed');
    const absences = [1, 2].map((height) => shown(height, missing));
    expect(judged({ absences, end, promise: promise(1, 2, missing) })).toBe('ok');
    expect(judged({ absences, end, promise: promise(1, 3, missing) })).toBe('evidence-no-lie');
    const ahead = (lastTime: number): string =>
      text(honest.promise({ message: missing, size: 900, lastHeight: 900, lastTime }));
    expect(judged({ absences: [], end, promise: ahead(testTime + 14) })).toBe('ok');
    expect(judged({ absences: [], end, promise: ahead(testTime + 15) })).toBe('evidence-no-lie');
    expect(judged({ absences, end, promise: ahead(testTime + 14) })).toBe('evidence-proof');
    expect(judged({ absences, end, promise: promise(2, 2, missing) })).toBe('evidence-proof');
    expect(judged({ absences: absences.slice(1), end, promise: promise(1, 2, missing) })).toBe(
      'evidence-proof',
    );
    expect(judged({ absences: absences.toReversed(), end, promise: promise(1, 2, missing) })).toBe(
      'evidence-proof',
    );
    expect(judged({ absences: absences.slice(1), end, promise: promise(1, 2) })).toBe('evidence-proof');
    expect(judged({ absences, end: honest.block(2), promise: promise(1, 2, missing) })).toBe(
      'evidence-proof',
    );
    const [one = shown(1, missing), two = shown(2, missing)] = absences;
    const doubled = { ...one, presence: present(honest, 1, tag) };
    expect(judged({ absences: [doubled, two], end, promise: promise(1, 2, missing) })).toBe('evidence-proof');
    const bare = { block: one.block };
    expect(judged({ absences: [bare, two], end, promise: promise(1, 2, missing) })).toBe('evidence-proof');
    const foreign = text(
      new TestLedger('other').promise({ message: missing, size: 1, lastHeight: 2, lastTime: 0 }),
    );
    expect(judged({ absences, end, promise: foreign })).toBe('evidence-proof');
  });
});
