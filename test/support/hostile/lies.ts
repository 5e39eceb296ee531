/** Every lie of a hostile firehose, by name: what it does, and what must come of it. */
import { toUtf8 } from '../../../src/core/bytes.ts';
import { formatEntryBundle, tilePath } from '../../../src/core/log/tiles.ts';
import { composeBody } from '../../../src/core/record/body.ts';
import { bodyPath, tagIndexPath } from '../../../src/core/record/files.ts';
import { bytes32, TestLedger, testTime } from '../ledger.ts';
import type { HostileFirehose } from './firehose.ts';
import { indexes, rollups } from './index-lies.ts';
import { type HostileLie, lie, sealed } from './lie.ts';

/** The record grows by some blocks and is served. */
function grown(firehose: HostileFirehose): { readonly from: number; readonly to: number } {
  const from = firehose.ledger.size;
  firehose.grow(from + firehose.between(1, 3));
  firehose.publish();
  return { from, to: firehose.ledger.size - 1 };
}

/** One file is another. */
function otherBody(change: (firehose: HostileFirehose, height: number) => Uint8Array): HostileLie['tell'] {
  return (firehose) => {
    const { from } = grown(firehose);
    firehose.instead.set(bodyPath(from), change(firehose, from));
  };
}

/** The checkpoint is another. */
function otherHead(make: (firehose: HostileFirehose) => Uint8Array): HostileLie['tell'] {
  return (firehose) => {
    grown(firehose);
    firehose.instead.set('checkpoint', make(firehose));
  };
}

/** Entries of the log in the place of the true ones. */
function otherEntries(change: (entries: Uint8Array[], from: number) => Uint8Array[]): HostileLie['tell'] {
  return (firehose) => {
    const { from, to } = grown(firehose);
    firehose.seal(firehose.messages());
    firehose.publish();
    const { ledger } = firehose;
    const entries = Array.from({ length: ledger.size }, (_, height) => ledger.at(height).entry);
    const path = tilePath({ level: 'entries', index: 0, width: ledger.size });
    firehose.instead.set(path, formatEntryBundle(change(entries, Math.max(from, to - 1))));
  };
}

function swapped(entries: Uint8Array[], at: number): Uint8Array[] {
  const [first = new Uint8Array(), second = new Uint8Array()] = entries.slice(at, at + 2);
  return entries.with(at, second).with(at + 1, first);
}

const faults: readonly HostileLie[] = [
  lie(
    'garbage as the head',
    'sync-checkpoint',
    otherHead(() => toUtf8('garbage\n')),
  ),
  lie(
    'a head of another key',
    'sync-checkpoint',
    otherHead(() => new TestLedger('other').checkpoint()),
  ),
  lie('a head without end', 'sync-oversized', (firehose) => {
    grown(firehose);
    firehose.instead.set('checkpoint', 'endless');
  }),
  lie(
    'an older head',
    'sync-stale',
    otherHead(({ ledger }) => ledger.checkpoint(2)),
    { atMirror: true },
  ),
  lie(
    'a head that its headers do not give',
    'sync-mismatch',
    otherHead(({ ledger }) => ledger.signHead(ledger.size, bytes32('x'))),
  ),
  lie(
    'garbage as headers',
    'sync-malformed',
    otherEntries((entries, at) => entries.with(at, toUtf8('garbage'))),
  ),
  lie('headers in another order', 'sync-reordered', otherEntries(swapped)),
  lie(
    'garbage as a body',
    'sync-malformed',
    otherBody(() => toUtf8('garbage')),
  ),
  lie('a body without end', 'sync-oversized', (firehose) => {
    firehose.instead.set(bodyPath(grown(firehose).from), 'endless');
  }),
  lie(
    'a body with a changed bit',
    'sync-malformed',
    otherBody((firehose, height) => {
      const body = firehose.file(bodyPath(height));
      const at = firehose.between(10, body.length - 1);
      return body.with(at, (body[at] ?? 0) ^ 1);
    }),
  ),
  lie(
    'the body of another block',
    'sync-reordered',
    otherBody((firehose, height) => firehose.file(bodyPath(height - 1))),
  ),
  lie(
    'messages in another order',
    'sync-reordered',
    otherBody((firehose, height) => {
      const messages = firehose.history[height - 1] ?? [];
      return composeBody(messages.toReversed().map(({ leaf, data }) => ({ leaf, data })));
    }),
  ),
];

const unproven: readonly HostileLie[] = [
  lie(
    'a head that was taken back',
    'sync-rollback',
    otherHead(({ ledger }) => ledger.checkpoint(2)),
    { isAlarm: true },
  ),
  lie(
    'another ledger of the same name',
    'sync-other-key',
    (firehose) => {
      const other = new TestLedger('hostile', {}, 'another');
      other.seal([other.message()]);
      firehose.publish(other);
    },
    { isAlarm: true },
  ),
  lie(
    'no headers',
    'sync-withheld',
    (firehose) => {
      grown(firehose);
      const { size } = firehose.ledger;
      firehose.instead.set(tilePath({ level: 'entries', index: 0, width: size }), 'nothing');
    },
    { isAlarm: true },
  ),
  lie(
    'no body',
    'sync-withheld',
    (firehose) => {
      firehose.instead.set(bodyPath(grown(firehose).from), 'nothing');
    },
    { isAlarm: true },
  ),
  lie(
    'a block of another size than its header says',
    'sync-invalid',
    sealed({ header: (content) => ({ ...content, body: { ...content.body, size: 9 } }) }),
    { isAlarm: true, passes: false },
  ),
  lie(
    'a lying index that is not served',
    'sync-index',
    (firehose) => {
      const height = firehose.ledger.size;
      sealed({ index: (leaves) => leaves.slice(1) })(firehose);
      firehose.instead.set(tagIndexPath(height), 'nothing');
    },
    { isAlarm: true, passes: false },
  ),
];

const fork = { kind: 'heads-inconsistent' } as const;

const heads: readonly HostileLie[] = [
  lie(
    'two heads of one size',
    'sync-fork',
    (firehose) => {
      const { size } = firehose.ledger;
      firehose.publish(firehose.twin(firehose.between(1, size - 1), size - 1));
    },
    fork,
  ),
  lie(
    'a longer record that is another',
    'sync-fork',
    (firehose) => {
      const { size } = firehose.ledger;
      firehose.publish(firehose.twin(firehose.between(1, size - 1), size + firehose.between(0, 3)));
    },
    fork,
  ),
  lie(
    'a longer record that is another, its tiles withheld',
    'sync-fork',
    (firehose) => {
      const { size } = firehose.ledger;
      const other = firehose.twin(firehose.between(1, size - 1), size + 1);
      firehose.publish(other);
      firehose.instead.set(tilePath({ level: 0, index: 0, width: other.size }), 'nothing');
    },
    fork,
  ),
  lie(
    'a shorter record that is another',
    'sync-fork',
    (firehose) => {
      const { size } = firehose.ledger;
      firehose.publish(firehose.twin(1, firehose.between(1, size - 2)));
    },
    fork,
  ),
  lie(
    'a longer record that is another from far below',
    'sync-fork',
    (firehose) => {
      firehose.publish(firehose.twin(2, 310));
    },
    { ...fork, held: 300 },
  ),
  lie(
    'a shorter record that is another from far below',
    'sync-fork',
    (firehose) => {
      firehose.publish(firehose.twin(2, 270));
    },
    { ...fork, held: 300 },
  ),
  lie(
    'a head that says more',
    'sync-extended',
    otherHead(({ ledger }) => ledger.signHead(ledger.size, ledger.root(), ['more'])),
    { kind: 'checkpoint-extended' },
  ),
];

const blocks: readonly HostileLie[] = [
  lie('an entry that is no header', 'sync-invalid', sealed({ entry: () => toUtf8('nothing') }), {
    kind: 'header-invalid',
    passes: false,
  }),
  lie(
    'a header of another height',
    'sync-invalid',
    sealed({ header: (content) => ({ ...content, height: content.height + 1 }) }),
    { kind: 'header-invalid', passes: false },
  ),
  lie(
    'a header on another one',
    'sync-invalid',
    sealed({ header: (content) => ({ ...content, previous: bytes32('x') }) }),
    { kind: 'chain-broken', passes: false },
  ),
  lie(
    'time that goes back',
    'sync-invalid',
    sealed({ header: (content) => ({ ...content, time: testTime - 1 }) }),
    { kind: 'chain-broken', passes: false },
  ),
  lie(
    'a message that is none',
    'sync-invalid',
    sealed({ messages: (leaves) => leaves.with(1, toUtf8('nothing')) }),
    { kind: 'message-invalid', passes: false },
  ),
  lie(
    'a forged signature',
    'sync-invalid',
    sealed({
      messages: ([first = new Uint8Array(), ...others]) => [
        first.with(first.length - 40, (first.at(-40) ?? 0) ^ 1),
        ...others,
      ],
    }),
    { kind: 'message-invalid', passes: false },
  ),
  lie(
    'a message twice in a block',
    'sync-invalid',
    (firehose) => {
      const messages = firehose.messages();
      firehose.seal([...messages, ...messages.slice(0, 1)]);
      firehose.publish();
    },
    { kind: 'message-repeated', passes: false },
  ),
  lie(
    'a message in two blocks',
    'sync-invalid',
    (firehose) => {
      const [old = []] = firehose.history;
      firehose.seal([...firehose.messages(), ...old.slice(0, 1)]);
      firehose.publish();
    },
    { kind: 'message-repeated', passes: false },
  ),
];

/** All lies that a synchronisation meets. A promise that is not kept needs somebody who sends: `run.ts`. */
export const hostileLies: readonly HostileLie[] = [
  ...faults,
  ...unproven,
  ...heads,
  ...blocks,
  ...indexes,
  ...rollups,
];
