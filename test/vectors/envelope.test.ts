import { beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import type { JsonObject } from '../../src/core/encoding/json.ts';
import {
  messageId,
  parseLeaf,
  parseWire,
  signDraft,
  signedBytes,
  wireBytes,
} from '../../src/core/record/envelope.ts';
import { readFileRecord, recordTag, saltedCommitment } from '../../src/core/record/file-record.ts';
import { writeHead } from '../../src/core/record/head.ts';
import { verifyMessage, verifyWire } from '../../src/core/record/message.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { startEngines } from '../../src/engines/start.ts';
import type { Cuts, PackedBytes, Sweep } from './support.ts';
import { cutDifferences, good, hex, sweepDifferences, unpack, vectors, verdict } from './support.ts';

interface HeadVector {
  readonly body: JsonObject;
  readonly ledger: string;
  readonly nonce: string;
  readonly tags: readonly string[];
  readonly time: number;
  readonly v: number;
}

interface LeafVector {
  readonly name: string;
  readonly seed: string;
  readonly sender: string;
  readonly type: string;
  readonly head: HeadVector;
  readonly data: string;
  readonly dataHash: string;
  readonly signedBytes: string;
  readonly id: string;
  readonly signature: string;
  readonly leaf: string;
  readonly wire: string;
}

interface RecordVector {
  readonly name: string;
  readonly code: string;
  readonly leaf: string;
  readonly file?: string;
  readonly salt?: string | null;
  readonly method?: string;
  readonly value?: string;
  readonly tag?: string;
}

const limits = { headBytes: 65_535, dataBytes: 16_777_216 };
const file = vectors('envelope') as {
  readonly leaves: readonly LeafVector[];
  readonly limits: readonly {
    readonly name: string;
    readonly leaf: PackedBytes;
    readonly id: string;
    readonly leafLength: number;
    readonly headLength: number;
    readonly dataLength: number;
  }[];
  readonly refusedLeaves: readonly {
    readonly name: string;
    readonly code: string;
    readonly leaf: PackedBytes;
  }[];
  readonly refusedWires: readonly {
    readonly name: string;
    readonly code: string;
    readonly wire: PackedBytes;
  }[];
  readonly verified: readonly {
    readonly name: string;
    readonly code: string;
    readonly leaf: string;
    readonly ledger: string;
    readonly limits: typeof limits;
    readonly data: string | null;
  }[];
  readonly changed: readonly {
    readonly name: string;
    readonly leaf: string;
    readonly ledger: string;
    readonly data: string;
    readonly sweep: Sweep;
    readonly cuts: Cuts;
  }[];
  readonly records: readonly RecordVector[];
};

function headOf(head: HeadVector) {
  return { ...head, ledger: hex(head.ledger), nonce: hex(head.nonce), tags: head.tags.map(hex) };
}

beforeAll(startEngines);

describe('messages of the second implementation', () => {
  it.each(file.leaves)('composes the same bytes: $name', (vector) => {
    const draft = { payloadType: vector.type, head: headOf(vector.head), data: hex(vector.data) };
    const made = signDraft(draft, hex(vector.seed));
    expect(toHex(made.leaf)).toBe(vector.leaf);
    expect(toHex(made.id)).toBe(vector.id);
    expect(toHex(wireBytes(made))).toBe(vector.wire);
  });

  it.each(file.leaves)('reads: $name', (vector) => {
    const envelope = good(parseLeaf(hex(vector.leaf)));
    expect(envelope.payloadType).toBe(vector.type);
    expect(toHex(envelope.sender)).toBe(vector.sender);
    expect(toHex(envelope.dataHash)).toBe(vector.dataHash);
    expect(envelope.dataLength).toBe(vector.data.length / 2);
    expect(toHex(envelope.signature)).toBe(vector.signature);
    expect(toHex(signedBytes(envelope))).toBe(vector.signedBytes);
    expect(toHex(messageId(envelope))).toBe(vector.id);
    expect(writeHead(envelope.head)).toEqual(writeHead(headOf(vector.head)));
    const wire = good(parseWire(hex(vector.wire)));
    expect(toHex(wire.data)).toBe(vector.data);
    expect(toHex(wire.envelope.leaf)).toBe(vector.leaf);
    const message = good(verifyWire(hex(vector.wire), hex(vector.head.ledger), limits));
    expect(toHex(message.id)).toBe(vector.id);
  });

  it.each(file.limits)('reads at the limits: $name', ({ leaf, id, leafLength, headLength, dataLength }) => {
    const bytes = unpack(leaf);
    expect(bytes.length).toBe(leafLength);
    const envelope = good(parseLeaf(bytes));
    expect(toHex(messageId(envelope))).toBe(id);
    expect(writeHead(envelope.head).length).toBe(headLength);
    expect(envelope.dataLength).toBe(dataLength);
  });

  it.each(file.refusedLeaves)('refuses with $code: $name', ({ leaf, code }) => {
    expect(verdict(parseLeaf(unpack(leaf)))).toBe(code);
  });

  it.each(file.refusedWires)('refuses on the wire with $code: $name', ({ wire, code }) => {
    expect(verdict(parseWire(unpack(wire)))).toBe(code);
  });

  it.each(file.verified)('judges as $code: $name', ({ leaf, data, ledger, limits: allowed, code }) => {
    const found = verifyMessage(hex(leaf), data === null ? undefined : hex(data), hex(ledger), allowed);
    expect(verdict(found)).toBe(code);
  });

  it.each(file.changed)('refuses $name', ({ leaf, ledger, data, sweep, cuts }) => {
    const judge = (bytes: Uint8Array): string =>
      verdict(verifyMessage(bytes, hex(data), hex(ledger), limits));
    expect(judge(hex(leaf))).toBe('ok');
    expect(sweepDifferences(hex(leaf), sweep, judge)).toEqual([]);
    expect(cutDifferences(hex(leaf), cuts, judge)).toEqual([]);
  });

  it.each(file.records)('reads file records as $code: $name', (vector) => {
    const ledger = good(parseLeaf(hex(vector.leaf))).head.ledger;
    const record = readFileRecord(good(verifyMessage(hex(vector.leaf), new Uint8Array(0), ledger, limits)));
    if (record === undefined) throw new Error('not taken for a file record');
    expect(verdict(record)).toBe(vector.code);
    if (vector.file === undefined) return;
    const hash = sha256(hex(vector.file));
    const value = typeof vector.salt === 'string' ? saltedCommitment(hex(vector.salt), hash) : hash;
    expect(toHex(value)).toBe(vector.value);
    expect(toHex(recordTag(value))).toBe(vector.tag);
    expect(good(record)).toEqual({ method: vector.method, value });
  });
});
