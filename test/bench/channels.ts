/** Private channels: messages opened, and a document beside the raw cipher in the same run. */
import { readContent } from '../../src/core/channel/content.ts';
import { DocumentChecker, DocumentSealer } from '../../src/core/channel/document.ts';
import { chunkBytes } from '../../src/core/channel/part.ts';
import { openMessage, readSealed } from '../../src/core/channel/sealed.ts';
import { openBox, sealBox } from '../../src/core/crypto/sealed.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { startEngines } from '../../src/engines/start.ts';
import { person, TestChannel, value } from '../support/channels.ts';
import type { Bench, Setting } from './support/bench.ts';

function seconds(work: () => void): number {
  const begun = performance.now();
  work();
  return (performance.now() - begun) / 1000;
}

/** How long it takes a member to open and read so many messages of an epoch. */
function measureMessages({ figure, say }: Setting, count: number): void {
  const [author, reader] = [person('author'), person('reader')];
  const channel = new TestChannel(author, [author, reader]);
  say(`sealing ${count.toLocaleString('en-US')} messages`);
  const messages = Array.from(
    { length: count },
    (_, n) => channel.say(author, `Message ${n}: ${'some words and numbers '.repeat(8)}`).message,
  );
  const open = channel.open(reader);
  const taken = seconds(() => {
    for (const message of messages) value(readContent(value(openMessage(open, value(readSealed(message))))));
  });
  figure({ name: `${count} messages opened and read`, value: taken, unit: 's' });
  figure({ name: 'messages opened', value: count / taken, unit: '/s' });
}

/** A document on its way in and out, and the cipher alone over the same chunks. */
function measureDocument({ figure }: Setting, size: number): void {
  const author = person('author');
  const { ledger, transaction, channel } = new TestChannel(author, [author]);
  const file = Uint8Array.from({ length: size }, (_, i) => (i * 31 + (i >> 9)) & 255);
  const key = new Uint8Array(32).fill(7);
  const document = { kind: 'document', hash: sha256(file), key, media: 'a', name: 'a', size } as const;
  const context = { ledger, transaction, channel, sender: author.sign };
  const pieces = Array.from({ length: size / chunkBytes }, (_, i) =>
    file.subarray(i * chunkBytes, (i + 1) * chunkBytes),
  );
  const nonces = pieces.map((_, i) => new Uint8Array(24).fill(i & 255).fill(i >> 8, 12));
  let raw: readonly Uint8Array[] = [];
  const rawSeal = seconds(() => {
    raw = pieces.map((piece, i) => sealBox(key, nonces[i] ?? key, piece));
  });
  const rawOpen = seconds(() => {
    for (const [i, box] of raw.entries()) openBox(key, nonces[i] ?? key, box);
  });
  const boxes: Uint8Array[] = [];
  const sealing = seconds(() => {
    const sealer = new DocumentSealer(document, context, 0);
    for (const piece of pieces) boxes.push(...value(sealer.write(piece)));
    boxes.push(...value(sealer.finish()));
  });
  const checker = new DocumentChecker(document, context);
  const checking = seconds(() => {
    for (const box of boxes) value(checker.push(box));
  });
  const checked = value(checker.finish());
  const releasing = seconds(() => {
    for (const [i, box] of boxes.entries()) value(checked.release(i, box));
  });
  const rates = {
    'raw cipher, sealing': rawSeal,
    'raw cipher, opening': rawOpen,
    sealing,
    checking,
    releasing,
  };
  for (const [name, taken] of Object.entries(rates)) {
    figure({ name: `document of ${size / 2 ** 20} MiB: ${name}`, value: size / 1e6 / taken, unit: 'MB/s' });
  }
  figure({ name: 'sealing beside the raw cipher', value: sealing / rawSeal, unit: 'times' });
  figure({
    name: 'checking and releasing beside it',
    value: (checking + releasing) / rawOpen,
    unit: 'times',
  });
}

export const bench: Bench = {
  summary: 'Private channels: messages opened, and a document beside the raw cipher.',
  run: async (setting) => {
    await startEngines();
    for (const count of setting.sizes ?? [setting.isQuick ? 200 : 10_000]) measureMessages(setting, count);
    measureDocument(setting, (setting.isQuick ? 4 : 64) * 2 ** 20);
  },
};
