import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../src/core/bytes.ts';
import {
  documentKeys,
  DocumentChecker,
  DocumentSealer,
  drawDocumentKey,
} from '../../src/core/channel/document.ts';
import type { DocumentPart } from '../../src/core/channel/part.ts';
import { checkPart, draftPart, readPart } from '../../src/core/channel/part.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { composeMessage } from '../../src/core/record/envelope.ts';
import type { Result } from '../../src/core/result.ts';
import { startEngines } from '../../src/engines/start.ts';
import type { OnRecord, Person } from './channel-support.ts';
import { known, messageOf, personOf } from './channel-support.ts';
import type { PackedBytes } from './support.ts';
import { good, hex, unpack, vectors, verdict } from './support.ts';

interface Described {
  readonly hash: string;
  readonly key: string;
  readonly size: number;
}

interface Refused extends OnRecord {
  readonly name: string;
  readonly code: string;
}

const file = vectors('channel-documents') as {
  readonly ledger: string;
  readonly transaction: string;
  readonly channel: string;
  readonly people: readonly Person[];
  readonly documents: readonly (Described & {
    readonly random: string;
    readonly name: string;
    readonly boxes: readonly (PackedBytes | { readonly length: number; readonly sha256: string })[];
  })[];
  readonly judged: readonly {
    readonly name: string;
    readonly code: string;
    readonly boxes: readonly string[];
    readonly described: Described;
    readonly sender: string;
  }[];
  readonly partName: string;
  readonly parts: readonly (OnRecord & {
    readonly name: string;
    readonly first: number;
    readonly document: string;
    readonly count: number;
    readonly nonce: string;
    readonly time: number;
  })[];
  readonly refusedParts: readonly Refused[];
  readonly partsOf: readonly Refused[];
};

const ids = { ledger: hex(file.ledger), transaction: hex(file.transaction), channel: hex(file.channel) };
const contextOf = (name: string) => ({ ...ids, sender: hex(personOf(file, name).sign) });
const fileOf = (size: number) => Uint8Array.from({ length: size }, (_, i) => (i * 7 + (i >> 8)) & 255);
const contentOf = ({ hash, key, size }: Described) =>
  ({ kind: 'document', hash: hex(hash), key: hex(key), media: 'text/plain', name: 'a', size }) as const;

function boxesOf(described: Described): readonly Uint8Array[] {
  const sealer = new DocumentSealer(contentOf(described), contextOf('Ann'), 0);
  return [...good(sealer.write(fileOf(described.size))), ...good(sealer.finish())];
}

/** What a reader says of boxes, up to the first refusal. */
function judge(described: Described, sender: string, boxes: readonly Uint8Array[]): string {
  const checker = new DocumentChecker(contentOf(described), contextOf(sender));
  for (const box of boxes) {
    const pushed = checker.push(box);
    if (!pushed.ok) return pushed.code;
  }
  return verdict(checker.finish());
}

function partOf(vector: OnRecord): Result<DocumentPart> {
  return known(readPart(messageOf(vector, file.ledger)));
}

beforeAll(startEngines);

describe('documents of the second implementation', () => {
  it.each(file.documents)('seals and releases $size bytes', (vector) => {
    const ann = personOf(file, 'Ann');
    const plain = fileOf(vector.size);
    expect(toHex(sha256(plain))).toBe(vector.hash);
    const randomness = { localKey: hex(ann.local), random: hex(vector.random) };
    const about = { hash: hex(vector.hash), size: vector.size };
    expect(toHex(drawDocumentKey(randomness, contextOf('Ann'), about))).toBe(vector.key);
    expect(toHex(documentKeys(hex(vector.key), contextOf('Ann')).name)).toBe(vector.name);
    const boxes = boxesOf(vector);
    expect(boxes.length).toBe(vector.boxes.length);
    for (const [i, box] of boxes.entries()) {
      const expected = known(vector.boxes[i]);
      if (typeof expected === 'object' && 'sha256' in expected) {
        expect({ length: box.length, sha256: toHex(sha256(box)) }).toEqual(expected);
      } else expect(toHex(box)).toBe(toHex(unpack(expected)));
    }
    const checker = new DocumentChecker(contentOf(vector), contextOf('Ann'));
    for (const box of boxes) good(checker.push(box));
    const checked = good(checker.finish());
    const released = boxes.map((box, i) => good(checked.release(i, box)));
    expect(toHex(sha256(concatBytes(...released)))).toBe(vector.hash);
  });

  it.each(file.judged)('judges with $code: $name', ({ code, boxes, described, sender }) => {
    const whole = known(file.documents.at(-1));
    const own = boxesOf(whole);
    const other = boxesOf({ ...whole, key: toHex(sha256(new Uint8Array())) });
    const flipped = (box: Uint8Array, at: number) => box.with(at, (box[at] ?? 0) ^ 1);
    const made = boxes.map((name) => {
      const box = own[Number(name.slice(-1))] ?? new Uint8Array();
      if (name.startsWith('changed')) return flipped(box, name.endsWith('1') ? 40_000 : 0);
      if (name.startsWith('cut')) return name.endsWith('1') ? box.subarray(0, 1040) : box.subarray(0, -1);
      return name.startsWith('foreign') ? known(other[1]) : name === 'empty' ? new Uint8Array() : box;
    });
    expect(judge(described, sender, made)).toBe(code);
  });

  it.each(file.parts)('composes and reads a part: $name', (vector) => {
    const { document, first, nonce, time } = vector;
    const sender = hex(personOf(file, 'Ann').sign);
    const origin = { ledger: ids.ledger, sender, nonce: hex(nonce), time };
    const data = unpack(vector.data ?? '');
    const draft = draftPart(origin, ids.transaction, { document: hex(document), first }, data);
    expect(toHex(composeMessage(draft).id)).toBe(toHex(messageOf(vector, file.ledger).id));
    const part = good(partOf(vector));
    expect([part.body.first, part.count, toHex(part.body.document)]).toEqual([first, vector.count, document]);
    expect(concatBytes(...good(part.boxes()))).toEqual(data);
  });

  it.each(file.refusedParts)('refuses a part with $code: $name', (vector) => {
    expect(verdict(partOf(vector))).toBe(vector.code);
  });

  it.each(file.partsOf)('judges whose part it is with $code: $name', (vector) => {
    const sender = hex(personOf(file, 'Ann').sign);
    const { ledger, transaction } = ids;
    const of = { ledger, transaction, sender, document: hex(file.partName) };
    expect(verdict(checkPart(good(partOf(vector)), of))).toBe(vector.code);
  });
});
