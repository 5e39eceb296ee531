import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { bytes32, codeOf, onRecord, originOf, person, value } from '../../../test/support/channels.ts';
import { concatBytes, toHex } from '../bytes.ts';
import { sha256 } from '../crypto/sha256.ts';
import type { DocumentContent } from './content.ts';
import { DocumentChecker, documentShape, DocumentSealer } from './document.ts';
import { boxBytes, chunkBytes, draftPart, maxPartChunks, readPart } from './part.ts';

const ann = person('Ann');
const context = {
  ledger: bytes32('ledger'),
  transaction: bytes32('transaction'),
  channel: bytes32('channel'),
  sender: ann.sign,
};
const file = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 7);

function about(bytes: Uint8Array): DocumentContent {
  const { length: size } = bytes;
  return { kind: 'document', hash: sha256(bytes), key: bytes32('key'), media: 'a', name: 'a', size };
}

function sealed(bytes: Uint8Array, pieces: readonly Uint8Array[] = [bytes], from = 0): readonly Uint8Array[] {
  const sealer = new DocumentSealer(about(bytes), context, from);
  const boxes = pieces.flatMap((piece) => value(sealer.write(piece)));
  return [...boxes, ...value(sealer.finish())];
}

function judged(content: DocumentContent, boxes: readonly Uint8Array[]): string {
  const checker = new DocumentChecker(content, context);
  const refused = boxes.map((box) => checker.push(box)).find((pushed) => !pushed.ok);
  return refused === undefined ? codeOf(checker.finish()) : codeOf(refused);
}

describe('sealing a document', () => {
  const whole = sealed(file);

  it('does not depend on the pieces that the file comes in', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: file.length }), { maxLength: 6 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), file.length];
        const pieces = places.slice(1).map((end, i) => file.subarray(places[i], end));
        expect(sealed(file, pieces).map(toHex)).toEqual(whole.map(toHex));
      }),
      { numRuns: 10 },
    );
  });

  it('goes on where it was interrupted, with the same boxes', () => {
    for (let from = 0; from <= whole.length; from++) {
      expect(sealed(file, [file], from).map(toHex)).toEqual(whole.slice(from).map(toHex));
    }
  });

  it('refuses a file that is not the one stated', () => {
    const fresh = () => new DocumentSealer(about(file), context, 0);
    const changed = fresh();
    value(changed.write(file.with(200_000, 1)));
    expect(codeOf(changed.finish())).toBe('document-hash');
    const short = fresh();
    value(short.write(file.subarray(1)));
    expect(codeOf(short.finish())).toBe('document-hash');
    expect(codeOf(short.write(new Uint8Array(2)))).toBe('document-hash');
  });

  it('shows a size step, whatever the size', () => {
    for (const size of [0, 1, 256])
      expect(sealed(file.subarray(0, size)).map(({ length }) => length)).toEqual([272]);
    expect(documentShape(300_000)).toEqual({ size: 300_000, padded: 327_680, chunks: 5 });
    expect(documentShape(2 ** 32).chunks).toBe(65_536);
    expect(() => documentShape(2 ** 32 + 1)).toThrow(RangeError);
    expect(whole.map(({ length }) => length)).toEqual(new Array(5).fill(boxBytes));
  });

  it('holds the bytes of one chunk at a time', () => {
    const sealer = new DocumentSealer(about(file), context, 0);
    for (let at = 0; at < file.length; at += 1000) {
      const boxes = value(sealer.write(file.subarray(at, at + 1000)));
      expect(boxes.length).toBe(
        Math.floor(Math.min(at + 1000, file.length) / chunkBytes) - Math.floor(at / chunkBytes),
      );
    }
  });
});

describe('checking a document', () => {
  const boxes = sealed(file);

  it('releases nothing before all of it was checked, then any chunk, as often as needed', () => {
    const checker = new DocumentChecker(about(file), context);
    for (const box of boxes) expect(checker.push(box)).toEqual({ ok: true, value: undefined });
    const checked = value(checker.finish());
    const released = boxes.map((box, i) => value(checked.release(i, box)));
    expect(toHex(sha256(concatBytes(...released)))).toBe(toHex(sha256(file)));
    expect(value(checked.release(3, boxes[3] ?? file))).toEqual(
      file.subarray(3 * chunkBytes, 4 * chunkBytes),
    );
    expect(codeOf(checked.release(3, boxes[2] ?? file))).toBe('document-chunk');
    expect(codeOf(checked.release(5, boxes[4] ?? file))).toBe('document-chunk');
    // One that opens at this place too, because its author sealed two files with one key.
    const second = sealed(file.with(200_000, 1));
    expect(codeOf(checked.release(3, second[3] ?? file))).toBe('document-chunk');
    // Once it is finished it is finished.
    expect(codeOf(checker.push(boxes[0] ?? file))).not.toBe('ok');
    expect(codeOf(checker.finish())).not.toBe('ok');
  });

  it('refuses every document whose chunks were taken away, added, moved or repeated', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 4 }), { maxLength: 7 }), (order) => {
        const isWhole = order.join() === '0,1,2,3,4';
        const code = judged(
          about(file),
          order.map((i) => boxes[i] ?? file),
        );
        if (isWhole) expect(code).toBe('ok');
        else expect(code).toMatch(/^document-(chunk|missing)$/);
      }),
      { numRuns: 40 },
    );
    for (let cut = 0; cut < 5; cut++)
      expect(judged(about(file), boxes.slice(0, cut))).toBe('document-missing');
  });

  it('refuses anything but zeros behind the file, although size and hash are right', () => {
    const longer = concatBytes(file, Uint8Array.of(1));
    expect(judged(about(file), sealed(longer))).toBe('document-hash');
    expect(judged(about(file), sealed(concatBytes(file, Uint8Array.of(0))))).toBe('ok');
  });

  it('refuses every changed byte of a box', () => {
    const small = file.subarray(0, 100);
    const [box] = sealed(small);
    if (box === undefined) expect.fail('no box');
    for (let at = 0; at < box.length; at++) {
      expect(judged(about(small), [box.with(at, (box[at] ?? 0) ^ 1)]), `byte ${at}`).toBe('document-chunk');
    }
    for (let length = 0; length < box.length; length++) {
      expect(judged(about(small), [box.subarray(0, length)])).toBe('document-chunk');
    }
  });

  it('refuses another context: ledger, transaction, channel, sender', () => {
    for (const name of ['ledger', 'transaction', 'channel', 'sender'] as const) {
      const checker = new DocumentChecker(about(file), { ...context, [name]: bytes32('other') });
      expect(codeOf(checker.push(boxes[0] ?? file)), name).toBe('document-chunk');
    }
  });
});

describe('parts', () => {
  it('hold up to 255 chunks, which fits the data of a message', () => {
    const origin = originOf(ann, context.ledger);
    const name = bytes32('name');
    const data = new Uint8Array(maxPartChunks * boxBytes);
    const part = value(
      readPart(onRecord(draftPart(origin, context.transaction, { document: name, first: 0 }, data), ann)),
    );
    expect(part.count).toBe(255);
    expect(value(part.boxes())).toHaveLength(255);
    const long = new Uint8Array(data.length + 1);
    expect(() => draftPart(origin, context.transaction, { document: name, first: 0 }, long)).toThrow(
      RangeError,
    );
    expect(() =>
      draftPart(origin, context.transaction, { document: name, first: 0 }, new Uint8Array()),
    ).toThrow(RangeError);
  });
});
