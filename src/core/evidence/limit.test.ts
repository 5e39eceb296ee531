import { expect, it } from 'vitest';
import { bytes32, TestLedger, unwrap } from '../../../test/support/ledger.ts';
import { compareBytes } from '../bytes.ts';
import { maxTime } from '../encoding/members.ts';
import { maxBlockMessages, maxBodyBytes } from '../record/founding.ts';
import { composeHeader, rollupCount, rollupSpans } from '../record/header.ts';
import { maxPromiseBlocks } from '../record/promise.ts';
import { writeTagLeaf } from '../record/tag-index.ts';
import { inclusionProof, leafHash, nodeHash, treeNodes, treeRoot } from '../tree/merkle.ts';
import { promiseBroken } from './promises.ts';
import { composeEvidence, maxEvidenceBytes, verifyEvidence } from './verify.ts';

const hashes = Array.from({ length: 60 }, (_, level) => bytes32(`sibling ${level}`));
const sibling = (level: number): Uint8Array => hashes[level] ?? bytes32('none');

/** The hashes beside the way from a subtree of height `from` up, and the root; `isLeft` says on which side each stands. */
function way(subtree: Uint8Array, from: number, to: number, isLeft: (level: number) => boolean) {
  const path: Uint8Array[] = [];
  let root = subtree;
  for (let level = from; level < to; level++) {
    path.push(sibling(level));
    root = isLeft(level) ? nodeHash(sibling(level), root) : nodeHash(root, sibling(level));
  }
  return { path, root };
}

// The longest origin, header, path and index that there can be, so that no promise is too long to be shown broken.
it('of a broken promise fits a file, however large the record and its blocks are', () => {
  const ledger = new TestLedger('o'.repeat(240));
  const message = bytes32('promised');
  const [low, high] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(254)];
  expect([compareBytes(low, message) < 0, compareBytes(message, high) < 0]).toEqual([true, true]);
  const numbers = { previous: 2 ** 52 - 4096, total: 2 ** 53 - 1, own: undefined, count: maxBlockMessages };
  const listHash = bytes32('list');
  const [left, right] = [low, high].map((tag) => writeTagLeaf({ ...numbers, tag, listHash }));
  if (left === undefined || right === undefined) throw new RangeError('no leaves');

  const tags = maxBlockMessages * 9;
  const position = 0x7fffe;
  const above = way(nodeHash(leafHash(left), leafHash(right)), 1, 20, (level) => level < 19);
  const absence = {
    left: { index: position, leaf: left, path: [leafHash(right), ...above.path] },
    right: { index: position + 1, leaf: right, path: [leafHash(left), ...above.path] },
  };

  const size = Number.MAX_SAFE_INTEGER;
  const start = 2 ** 52 - 2048;
  const headers = Array.from({ length: 2048 }, (_, i) => {
    const height = start + i;
    const spans = rollupSpans.slice(0, rollupCount(height));
    return composeHeader({
      body: { hash: bytes32('body'), size: maxBodyBytes },
      height,
      ledger: ledger.ledger.id,
      messages: { count: maxBlockMessages, root: bytes32('messages') },
      previous: bytes32('previous'),
      rollups: spans.map((span) => ({ count: span * tags, root: bytes32('roll-up') })),
      tags: { count: tags, root: above.root },
      time: maxTime,
    });
  });
  const leaves = headers.map(({ bytes }) => leafHash(bytes));
  const nodes = treeNodes(leaves);
  const log = way(treeRoot(leaves), 11, 53, (level) => level < 52);
  const block = (i: number) => ({
    header: headers[i]?.bytes ?? left,
    height: start + i,
    path: [...inclusionProof(nodes, i, leaves.length), ...log.path],
  });

  const lastHeight = start + maxPromiseBlocks - 1;
  const promise = ledger.promise({ message, size: start, lastHeight, lastTime: maxTime });
  const source = { founding: ledger.founding, checkpoint: ledger.signHead(size, log.root) };
  const file = composeEvidence(promiseBroken, source, {
    absences: Array.from({ length: maxPromiseBlocks }, (_, i) => ({ block: block(i), absence })),
    end: block(maxPromiseBlocks),
    promise: new TextDecoder().decode(promise),
  });
  expect([block(0).path.length, absence.left.path.length]).toEqual([53, 20]);
  expect(file.length).toBeLessThan(maxEvidenceBytes);
  expect(unwrap(verifyEvidence(file, ledger.ledger.id)).kind).toBe('promise-broken');
});
