import { describe, expect, it } from 'vitest';
import { TestLedger, unwrap } from '../../../test/support/ledger.ts';
import { toHex } from '../bytes.ts';
import { parseHeader } from './header.ts';
import { verifyMessage } from './message.ts';
import { parseRollupLeaf, writeRollupLeaf } from './rollup.ts';
import { parseTagLeaf } from './tag-index.ts';

const ledger = new TestLedger('buffers');
const message = ledger.message({ data: Uint8Array.of(1, 2, 3) });
const block = ledger.seal([message]);

describe("what was read from Node's buffers", () => {
  it('does not change with them: a message', () => {
    const [leaf, data] = [Buffer.from(message.leaf), Buffer.from(message.data)];
    const { id, limits } = ledger.ledger;
    const verified = unwrap(verifyMessage(leaf, data, id, limits));
    leaf.fill(0);
    data.fill(0);
    expect([toHex(verified.leaf), toHex(verified.data ?? leaf)]).toEqual([
      toHex(message.leaf),
      toHex(message.data),
    ]);
  });

  it('does not change with them: a header', () => {
    const bytes = Buffer.from(block.entry);
    const header = unwrap(parseHeader(bytes));
    bytes.fill(0);
    expect(toHex(header.bytes)).toBe(toHex(block.entry));
  });

  it('does not change with them: the leaves of an index and of a roll-up', () => {
    const index = Buffer.from(block.index[0] ?? []);
    const entry = unwrap(parseTagLeaf(index, 1));
    const tag = toHex(entry.tag);
    const rollup = Buffer.from(writeRollupLeaf({ tag: entry.tag, height: 1, total: 1 }));
    const leaf = unwrap(parseRollupLeaf(rollup, 256, 1));
    index.fill(0);
    rollup.fill(0);
    expect([toHex(entry.tag), toHex(leaf.tag)]).toEqual([tag, tag]);
  });
});
