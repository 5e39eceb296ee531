/** Operators that lie about heads, headers, messages and promises. */
import { toUtf8 } from '../../../src/core/bytes.ts';
import { writeJson } from '../../../src/core/encoding/json.ts';
import { chainBroken, headerInvalid } from '../../../src/core/evidence/headers.ts';
import { checkpointExtended, headsInconsistent } from '../../../src/core/evidence/heads.ts';
import { messageInvalid, messageRepeated } from '../../../src/core/evidence/messages.ts';
import { promiseBroken } from '../../../src/core/evidence/promises.ts';
import type { Tamper } from '../ledger.ts';
import { bytes32, TestLedger, testTime } from '../ledger.ts';
import type { Lies } from './lies.ts';
import { absent, present, text, threeBlocks } from './lies.ts';

export function headLies(lies: Lies): void {
  const ledger = threeBlocks();
  const wrong = bytes32('another root');
  lies.add('two roots of one size', headsInconsistent, ledger, {
    other: text(ledger.signHead(ledger.size, wrong)),
  });
  lies.add('a smaller head of another history', headsInconsistent, ledger, {
    other: text(ledger.signHead(3, wrong)),
    prefix: ledger.prefix(3),
  });
  lies.add('an empty head that is not empty', headsInconsistent, ledger, {
    other: text(ledger.signHead(0, wrong)),
    prefix: ledger.prefix(0),
  });
  const wrongHead = (extensions?: readonly string[]) => ({
    founding: ledger.founding,
    checkpoint: ledger.signHead(2, wrong, extensions),
  });
  const larger = { other: text(ledger.checkpoint()), prefix: ledger.prefix(2) };
  lies.addWith('the other head is larger', headsInconsistent, ledger, wrongHead(), larger);
  lies.addWith('a head with an extension line', headsInconsistent, ledger, wrongHead(['x']), larger);
  lies.add('an other head with an extension line', headsInconsistent, ledger, {
    other: text(ledger.signHead(ledger.size, wrong, ['x', 'y'])),
  });
  const extended = ledger.signHead(ledger.size, ledger.root(), ['x']);
  const source = { founding: ledger.founding, checkpoint: extended };
  lies.addWith('an extension line', checkpointExtended, ledger, source, {});
}

export function headerLies(lies: Lies): void {
  const entries: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array])[] = [
    ['an entry that is no JSON', () => toUtf8('nothing')],
    ['an empty entry', () => new Uint8Array(0)],
    ['an entry with a foreign member', () => writeJson({ height: 1 })],
    ['an entry longer than a header', () => new Uint8Array(65_536)],
  ];
  for (const [name, entry] of entries) {
    const ledger = new TestLedger();
    ledger.seal([ledger.message()], { entry });
    lies.add(name, headerInvalid, ledger, { block: ledger.block(1) });
  }
  const contents: readonly (readonly [string, Tamper['header']])[] = [
    ['another height', (content) => ({ ...content, height: 7 })],
    ['another ledger', (content) => ({ ...content, ledger: bytes32('another ledger') })],
  ];
  for (const [name, header] of contents) {
    const ledger = new TestLedger();
    ledger.seal([ledger.message()], header === undefined ? {} : { header });
    lies.add(name, headerInvalid, ledger, { block: ledger.block(1) });
  }
  const ledger = new TestLedger();
  ledger.blocks.set(0, { ...ledger.at(0), entry: new TestLedger('other').founding });
  ledger.seal([ledger.message()]);
  lies.add('another founding header', headerInvalid, ledger, { block: ledger.block(0) });
}

export function chainLies(lies: Lies): void {
  const headers: readonly (readonly [string, NonNullable<Tamper['header']>])[] = [
    ['another block below', (content) => ({ ...content, previous: bytes32('another header') })],
    ['time that goes back', (content) => ({ ...content, time: testTime - 1 })],
    ['a body above the limit', (content) => ({ ...content, body: { ...content.body, size: 10_001 } })],
  ];
  for (const [name, header] of headers) {
    const ledger = new TestLedger('test', { blockBytes: 10_000 });
    ledger.seal([ledger.message()]);
    ledger.seal([ledger.message()], { header });
    lies.add(name, chainBroken, ledger, { lower: ledger.block(1), upper: ledger.block(2) });
  }
  const ledger = new TestLedger('test', { blockMessages: 1 });
  ledger.seal([ledger.message(), ledger.message()]);
  lies.add('messages above the limit', chainBroken, ledger, {
    lower: ledger.block(0),
    upper: ledger.block(1),
  });
}

export function messageLies(lies: Lies): void {
  const add = (name: string, ledger: TestLedger): void => {
    lies.add(name, messageInvalid, ledger, { block: ledger.block(1), message: ledger.messageProof(1, 0) });
  };
  const tampers: readonly (readonly [string, (leaf: Uint8Array) => Uint8Array])[] = [
    ['a leaf that is no message', () => toUtf8('no message')],
    ['a forged signature', (leaf) => leaf.map((byte, i) => (i === leaf.length - 40 ? byte ^ 1 : byte))],
  ];
  for (const [name, tamper] of tampers) {
    const ledger = new TestLedger();
    ledger.seal([ledger.message()], { messages: (leaves) => leaves.map(tamper) });
    add(name, ledger);
  }
  const foreign = new TestLedger();
  foreign.seal([foreign.message({ ledger: bytes32('another ledger') })]);
  add('a message of another ledger', foreign);
  const heads = new TestLedger('test', { headBytes: 50 });
  heads.seal([heads.message()]);
  add('a head above the limit', heads);
  const data = new TestLedger('test', { dataBytes: 3 });
  data.seal([data.message({ data: toUtf8('four') })]);
  add('data above the limit', data);
}

export function repeatedLies(lies: Lies): void {
  const same = new TestLedger();
  const message = same.message();
  same.seal([message, same.message(), message]);
  lies.add('in one block', messageRepeated, same, {
    again: same.messageProof(1, 2),
    block: same.block(1),
    message: same.messageProof(1, 0),
  });
  const later = new TestLedger();
  const first = later.message();
  later.seal([later.message(), first]);
  later.seal([first]);
  lies.add('in two blocks', messageRepeated, later, {
    again: later.messageProof(2, 0),
    againBlock: later.block(2),
    block: later.block(1),
    message: later.messageProof(1, 1),
  });
}

export function promiseLies(lies: Lies): void {
  const message = bytes32('promised');
  const ledger = new TestLedger();
  ledger.seal([ledger.message()]);
  ledger.seal([ledger.message()]);
  ledger.seal([ledger.message({ tags: [message] })]);
  ledger.seal([ledger.message()]);
  const late = testTime + 1_000_000;
  const without = (height: number) => ({
    block: ledger.block(height),
    absence: absent(ledger, height, message),
  });
  const carried = { block: ledger.block(3), presence: present(ledger, 3, message) };
  lies.add('by height', promiseBroken, ledger, {
    absences: [without(2), carried],
    end: ledger.block(4),
    promise: text(ledger.promise({ message, size: 2, lastHeight: 3, lastTime: late })),
  });
  lies.add('by time', promiseBroken, ledger, {
    absences: [without(1), without(2)],
    end: ledger.block(3),
    promise: text(ledger.promise({ message, size: 1, lastHeight: 9, lastTime: testTime + 14 })),
  });
  lies.add('by time at once', promiseBroken, ledger, {
    absences: [],
    end: ledger.block(2),
    promise: text(ledger.promise({ message, size: 2, lastHeight: 9, lastTime: testTime + 9 })),
  });
}
