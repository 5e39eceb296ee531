import { describe, expect, it } from 'vitest';
import { bytes32, TestLedger, unwrap } from '../../../test/support/ledger.ts';
import { toUtf8 } from '../bytes.ts';
import type { BlockContext } from './block.ts';
import { sealBlock, verifyBlock, verifyBlockParts } from './block.ts';
import { composeBody, parseBody } from './body.ts';
import type { SignedMessage } from './envelope.ts';
import type { HeaderContent } from './header.ts';
import { MemoryState } from './memory-state.ts';
import type { VerifiedMessage } from './message.ts';
import { verifyMessage } from './message.ts';

const tag = bytes32('tag');

function codeOf(result: { ok: boolean; code?: string }): string {
  return result.ok ? 'ok' : (result.code ?? '');
}

function verified(test: TestLedger, { leaf, data }: SignedMessage): VerifiedMessage {
  return unwrap(verifyMessage(leaf, data, test.ledger.id, test.ledger.limits));
}

/** The context of the block at this height of an honest ledger. */
function contextOf(test: TestLedger, height: number): BlockContext {
  const state = new MemoryState();
  for (let below = 1; below < height; below++) {
    const { header, body } = test.at(below);
    const context = { ledger: test.ledger, lower: test.at(below - 1).header, state };
    state.apply(below, unwrap(verifyBlock(context, header, body)).index);
  }
  return { ledger: test.ledger, lower: test.at(height - 1).header, state };
}

describe('a block', () => {
  it('is sealed as it is specified, and verifies in full', () => {
    const test = new TestLedger();
    const state = new MemoryState();
    let lower = test.ledger.first;
    for (let height = 1; height <= 4; height++) {
      const messages = [test.message({ tags: [tag] }), test.message({ data: toUtf8(`data ${height}`) })];
      const expected = test.seal(messages);
      const context = { ledger: test.ledger, lower, state };
      const sealed = sealBlock(
        context,
        messages.map((message) => verified(test, message)),
        expected.header.time,
      );
      expect(sealed.header.bytes).toEqual(expected.entry);
      expect(sealed.body).toEqual(expected.body);
      expect(sealed.index.leaves).toEqual(expected.index);
      const block = unwrap(verifyBlock(context, sealed.header, sealed.body));
      expect(block.messages.map(({ id }) => id)).toEqual(messages.map(({ id }) => id));
      expect(block.index).toEqual(sealed.index);
      expect(block.header).toBe(sealed.header);
      state.apply(height, block.index);
      lower = sealed.header;
    }
    expect(state.previous(tag)).toMatchObject({ height: 4, total: 4 });
    expect(state.previous(bytes32('other'))).toBeUndefined();
  });

  it('verifies without its data', () => {
    const test = new TestLedger();
    const { header, body, messages } = test.seal([test.message({ data: toUtf8('data') })]);
    const withheld = composeBody(messages.map((leaf) => ({ leaf, data: undefined })));
    expect(withheld).not.toEqual(body);
    const block = unwrap(verifyBlock(contextOf(test, 1), header, withheld));
    expect(block.messages[0]?.data).toBeUndefined();
  });

  it('is refused when any byte of its body is changed', () => {
    const test = new TestLedger();
    const { header, body } = test.seal([test.message({ tags: [tag], data: toUtf8('data') }), test.message()]);
    const context = contextOf(test, 1);
    for (let at = 0; at < body.length; at++) {
      const copy = body.map((byte, i) => (i === at ? byte ^ 1 : byte));
      expect([at, verifyBlock(context, header, copy).ok]).toEqual([at, false]);
    }
  });

  it('is refused by the first rule that it breaks', () => {
    const test = new TestLedger();
    const first = test.message({ tags: [tag] });
    const block = test.seal([first, test.message()]);
    const context = contextOf(test, 1);
    const judged = (height: number, lying: TestLedger): string => {
      const { header, body } = lying.at(height);
      return codeOf(
        verifyBlock({ ...context, ledger: lying.ledger, lower: lying.at(height - 1).header }, header, body),
      );
    };
    expect(codeOf(verifyBlock({ ...context, lower: block.header }, block.header, block.body))).toBe(
      'chain-height',
    );
    expect(codeOf(verifyBlock(context, block.header, block.body.subarray(1)))).toBe('body-leaf');
    const parts = unwrap(parseBody(block.body, { count: 2, maxBytes: 1_000_000 }));
    expect(codeOf(verifyBlockParts(context, block.header, parts))).toBe('ok');
    expect(codeOf(verifyBlockParts(context, block.header, parts.slice(1)))).toBe('body-count');
    expect(codeOf(verifyBlockParts(context, block.header, parts.toReversed()))).toBe('body-root');

    const foreign = new TestLedger();
    foreign.seal([foreign.message({ ledger: bytes32('another') })]);
    expect(judged(1, foreign)).toBe('head-ledger');
    const untagged = new TestLedger();
    untagged.seal([untagged.message({ tags: [tag] })], { index: (leaves) => leaves.slice(1) });
    expect(judged(1, untagged)).toBe('body-tags');
    const relisted = new TestLedger();
    relisted.seal([relisted.message({ tags: [tag] })], { index: (leaves) => leaves.toReversed() });
    expect(judged(1, relisted)).toBe('body-tags');
    const twice = new TestLedger();
    const repeated = twice.message();
    twice.seal([repeated, repeated]);
    expect(judged(1, twice)).toBe('body-repeated');
    const tooLong = new TestLedger('test', { blockBytes: 400 });
    tooLong.seal([tooLong.message(), tooLong.message()], {
      header: (content) => ({ ...content, body: { ...content.body, size: 1 } }),
    });
    expect(judged(1, tooLong)).toBe('body-too-long');
  });

  it('is refused when its header states another length than its messages have, present or not', () => {
    for (const more of [-1, 0, 1]) {
      const test = new TestLedger();
      const [first, second] = [test.message({ data: bytes32('data') }), test.message()];
      const header = (content: HeaderContent) => {
        const { hash, size } = content.body;
        return { ...content, body: { hash, size: size + more } };
      };
      const block = test.seal([first, second], { header });
      const absent = composeBody([first, second].map(({ leaf }) => ({ leaf, data: undefined })));
      for (const body of [block.body, absent]) {
        const verdict = codeOf(verifyBlock(contextOf(test, 1), block.header, body));
        expect([more, verdict]).toEqual([more, more === 0 ? 'ok' : 'body-size']);
      }
    }
  });

  it('is refused when it repeats a message of a block below, but not when it names one', () => {
    const test = new TestLedger();
    const first = test.message();
    test.seal([first]);
    test.seal([test.message({ tags: [first.id] })]);
    const context = contextOf(test, 3);
    expect(context.state.includes(first.id)).toBe(true);
    expect(context.state.previous(first.id)).toMatchObject({ height: 2, total: 2 });
    const { header, body } = test.seal([first]);
    expect(codeOf(verifyBlock(context, header, body))).toBe('body-repeated');

    const naming = new TestLedger();
    const later = naming.message();
    naming.seal([naming.message({ tags: [later.id] })]);
    naming.seal([later]);
    expect(contextOf(naming, 2).state.includes(later.id)).toBe(false);
    expect(codeOf(verifyBlock(contextOf(naming, 2), naming.at(2).header, naming.at(2).body))).toBe('ok');
  });

  it('carries the roll-ups of the blocks below', () => {
    const rolledUp = (rollups?: (levels: Uint8Array[][]) => Uint8Array[][]): string => {
      const test = new TestLedger();
      test.skipTo(254);
      test.seal([test.message({ tags: [tag] })]);
      test.seal([test.message({ tags: [tag] })]);
      const state = test.state;
      const before = new MemoryState();
      for (const height of [254, 255]) before.apply(height, unwrap(indexOf(test, height, before)));
      expect(before.since(0)).toEqual(state.since(0));
      const message = test.message();
      const { header, body } = test.seal([message], rollups === undefined ? {} : { rollups });
      const context = { ledger: test.ledger, lower: test.at(255).header, state: before };
      if (rollups === undefined) {
        expect(sealBlock(context, [verified(test, message)], header.time).header.bytes).toEqual(header.bytes);
      }
      return codeOf(verifyBlock(context, header, body));
    };
    expect(rolledUp()).toBe('ok');
    expect(rolledUp((levels) => levels.map((leaves) => leaves.slice(1)))).toBe('body-rollup');
  });

  it('is not sealed against the rules', () => {
    const test = new TestLedger('test', { blockMessages: 2 });
    const messages = [test.message(), test.message(), test.message()].map((message) =>
      verified(test, message),
    );
    const context = contextOf(test, 1);
    const { time } = test.ledger.first;
    const bare = unwrap(verifyMessage(test.message().leaf, undefined, test.ledger.id, test.ledger.limits));
    expect(() => sealBlock(context, [], time)).toThrow(RangeError);
    expect(() => sealBlock(context, messages, time)).toThrow(/chain-limits/);
    expect(() => sealBlock(context, messages.slice(1), time - 1)).toThrow(/chain-time/);
    expect(() => sealBlock(context, [bare], time)).toThrow(/data is absent/);
    expect(() => sealBlock(context, [...messages.slice(2), ...messages.slice(2)], time)).toThrow(
      /occurred before/,
    );
    expect(sealBlock(context, messages.slice(1), time).header.height).toBe(1);
  });
});

/** The index of a block as its verifier sees it, in a ledger whose lower blocks were skipped. */
function indexOf(test: TestLedger, height: number, state: MemoryState) {
  const { header, body } = test.at(height);
  const lower = { ...test.ledger.first, height: height - 1, hash: header.previous ?? tag };
  const block = verifyBlock({ ledger: test.ledger, lower, state }, header, body);
  return block.ok ? { ok: true as const, value: block.value.index } : block;
}
