import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { compareBytes, concatBytes, equalBytes } from '../../src/core/bytes.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { verifyEvidence } from '../../src/core/evidence/verify.ts';
import { parseRollupLeaf, writeRollupLeaf } from '../../src/core/record/rollup.ts';
import { parseTagLeaf, type TagLeaf, writeTagLeaf, writeTagList } from '../../src/core/record/tag-index.ts';
import { alarmsOf } from '../../src/wallet/alarms/rows.ts';
import type { TestCopy } from '../support/endpoint.ts';
import {
  allFilesOf,
  copyToFollow,
  type Files,
  flipped,
  followedContent,
  mine,
  outcome,
  sealOwn,
} from '../support/follow.ts';
import { bytes32, TestLedger, unwrap } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'follow-operator-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Changes the leaf of one's own tag in the index of a block. */
function ofMine(height: number, change: (leaf: TagLeaf) => TagLeaf): (leaves: Uint8Array[]) => Uint8Array[] {
  return (leaves) =>
    leaves.map((bytes) => {
      const leaf = unwrap(parseTagLeaf(bytes, height));
      return equalBytes(leaf.tag, mine) ? writeTagLeaf(change(leaf)) : bytes;
    });
}

const listOf = (...indices: readonly number[]): Uint8Array => sha256(writeTagList(indices));

describe('an operator who signed', () => {
  it.each<[string, string, string, (ledger: TestLedger) => unknown]>([
    [
      'a link past the last entry',
      'sync-index',
      'tag-history',
      (ledger) => {
        sealOwn(ledger, 3, { index: ofMine(3, (leaf) => ({ ...leaf, previous: 1 })) });
      },
    ],
    [
      'a link to nothing',
      'sync-index',
      'tag-history',
      (ledger) => {
        sealOwn(ledger, 3, {
          index: ofMine(3, (leaf) => ({ ...leaf, previous: undefined, total: leaf.count })),
        });
      },
    ],
    [
      'a total that skips one',
      'sync-index',
      'tag-history',
      (ledger) => {
        sealOwn(ledger, 3, { index: ofMine(3, (leaf) => ({ ...leaf, total: leaf.total + 1 })) });
      },
    ],
    [
      'a total that is lower',
      'sync-index',
      'tag-history',
      (ledger) => {
        sealOwn(ledger, 3, { index: ofMine(3, (leaf) => ({ ...leaf, total: leaf.total - 1 })) });
      },
    ],
    [
      'a link to a block without the tag',
      'sync-index',
      'tag-history',
      (ledger) => {
        ledger.seal([ledger.message()]);
        sealOwn(ledger, 3, { index: ofMine(4, (leaf) => ({ ...leaf, previous: 3 })) });
      },
    ],
    [
      'an entry for another message',
      'sync-index',
      'tag-foreign',
      (ledger) => {
        sealOwn(ledger, 3, { index: ofMine(3, (leaf) => ({ ...leaf, listHash: listOf(0) })) });
      },
    ],
    [
      'an entry for a message that the block has not',
      'sync-index',
      'tag-foreign',
      (ledger) => {
        sealOwn(ledger, 3, { index: ofMine(3, (leaf) => ({ ...leaf, listHash: listOf(9) })) });
      },
    ],
    [
      'a count of nothing',
      'sync-index',
      'tag-malformed',
      (ledger) => {
        sealOwn(ledger, 3, { index: ofMine(3, (leaf) => ({ ...leaf, count: 0 })) });
      },
    ],
    [
      'a link upwards',
      'sync-index',
      'tag-malformed',
      (ledger) => {
        sealOwn(ledger, 3, { index: ofMine(3, (leaf) => ({ ...leaf, previous: 9 })) });
      },
    ],
    [
      'an own message that is not listed under its id',
      'sync-index',
      'tag-missing',
      (ledger) => {
        const message = ledger.message({ tags: [mine] });
        ledger.seal([ledger.message(), message], {
          index: (leaves) => leaves.filter((leaf) => !equalBytes(leaf.subarray(0, 32), message.id)),
        });
      },
    ],
    [
      'an index that is not in order',
      'sync-index',
      'tag-unsorted',
      (ledger) => {
        ledger.seal([ledger.message({ tags: [bytes32('a'), bytes32('b')].sort(compareBytes) })], {
          index: (leaves) => unsorted(leaves),
        });
      },
    ],
    [
      'a message with a wrong signature',
      'sync-invalid',
      'message-invalid',
      (ledger) => {
        const message = ledger.message({ tags: [mine] });
        ledger.seal([{ ...message, leaf: flipped(-1)(message.leaf) }]);
      },
    ],
  ])('%s is told with %s, and %s shows it to everybody', async (_, code, kind, lie) => {
    const ledger = new TestLedger('liar');
    const copy = await copyToFollow(ledger, folder);
    sealOwn(ledger);
    sealOwn(ledger);
    expect(await outcome(copy, ledger, allFilesOf(ledger))).toBe('followed 3');
    const before = await followedContent(copy);
    lie(ledger);
    expect(await outcome(copy, ledger, served(ledger))).toBe(code);
    expect(await followedContent(copy)).toEqual(before);
    await expectEvidence(copy, ledger, code, kind);
    expect(await outcome(copy, ledger, allFilesOf(ledger))).toBe('alarm-open');
  });

  it.each<[string, string, (leaves: Uint8Array[]) => Uint8Array[]]>([
    [
      'leaves the tag out',
      'tag-history',
      (leaves) => leaves.filter((leaf) => !equalBytes(leaf.subarray(0, 32), mine)),
    ],
    ['names an earlier block', 'tag-history', (leaves) => ofMineRolled(leaves, { height: 7, total: 1 })],
    ['names a later block', 'tag-history', (leaves) => ofMineRolled(leaves, { height: 200, total: 2 })],
    ['counts another total', 'tag-history', (leaves) => ofMineRolled(leaves, { height: 99, total: 3 })],
    [
      'names a block outside',
      'rollup-malformed',
      (leaves) => ofMineRolled(leaves, { height: 256, total: 2 }),
    ],
  ])(
    'a roll-up that %s is told, and %s shows it to everybody',
    async (_, kind, change) => {
      const ledger = new TestLedger('rolled');
      for (let height = 1; height <= 256; height++) {
        const rollups = height === 256 ? { rollups: (levels: Uint8Array[][]) => levels.map(change) } : {};
        if ([7, 99].includes(height)) sealOwn(ledger);
        else ledger.seal([ledger.message()], rollups);
      }
      const copy = await copyToFollow(ledger, folder);
      let told = await outcome(copy, ledger, allFilesOf(ledger));
      // A summary that hides an entry is believed until a link names what it hid.
      if (told === 'followed 257') {
        sealOwn(ledger);
        told = await outcome(copy, ledger, allFilesOf(ledger));
      }
      expect(told).toBe('sync-index');
      await expectEvidence(copy, ledger, 'sync-index', kind);
    },
    20_000,
  );
});

function ofMineRolled(leaves: Uint8Array[], to: { height: number; total: number }): Uint8Array[] {
  return leaves.map((bytes) => {
    const leaf = unwrap(parseRollupLeaf(bytes, 256, 1));
    return equalBytes(leaf.tag, mine) ? writeRollupLeaf({ ...leaf, ...to }) : bytes;
  });
}

/** Leaves around one's own tag, in an order in which it is not found between them. */
function unsorted(leaves: Uint8Array[]): Uint8Array[] {
  return leaves.toReversed();
}

/** What the operator serves: the lists belong to what its index says. */
function served(ledger: TestLedger): Files {
  const files = allFilesOf(ledger);
  const path = 'index/003';
  const block = ledger.at(3);
  const parts = block.index.map((leaf) => {
    const honest = block.entries.find(({ tag }) => equalBytes(tag, leaf.subarray(0, 32)));
    const { count, listHash } = {
      count: new DataView(leaf.buffer, leaf.byteOffset).getUint32(52),
      listHash: leaf.subarray(56),
    };
    const list =
      [honest?.indices ?? [], [0], [9]].find((indices) => equalBytes(listOf(...indices), listHash)) ?? [];
    return concatBytes(leaf, writeTagList(list.slice(0, count)));
  });
  files.set(path, concatBytes(...parts));
  return files;
}

async function expectEvidence(copy: TestCopy, ledger: TestLedger, code: string, kind: string): Promise<void> {
  const joined = await copy.store.joined(ledger.ledger.id);
  if (joined === undefined) throw new Error('not joined');
  const alarms = await alarmsOf(copy.database, joined);
  expect(alarms.map((alarm) => alarm.code)).toEqual([code]);
  const lie = unwrap(verifyEvidence(alarms[0]?.evidence ?? new Uint8Array(), ledger.ledger.id));
  expect(lie.kind).toBe(kind);
}
