import { describe, expect, it } from 'vitest';
import { fromUtf8, toHex, toUtf8 } from '../../src/core/bytes.ts';
import { composeBody, parseBody } from '../../src/core/record/body.ts';
import type { HeaderContent } from '../../src/core/record/header.ts';
import { composeHeader, parseHeader } from '../../src/core/record/header.ts';
import { checkLink, ledgerId, parseLedger } from '../../src/core/record/ledger.ts';
import type { LedgerLimits } from '../../src/core/record/founding.ts';
import { parseVerifierKey } from '../../src/core/log/verifier-key.ts';
import type { Cuts, PackedBytes, TextOrBytes } from './support.ts';
import { bytesOf, cutDifferences, good, hex, unpack, vectors, verdict } from './support.ts';

interface Commitment {
  readonly count: number;
  readonly root: string;
}

interface HeaderVector {
  readonly body: { readonly hash: string; readonly size: number };
  readonly founding?: {
    readonly limits: LedgerLimits;
    readonly log: string;
    readonly origin: string;
    readonly promise: string;
  };
  readonly height: number;
  readonly ledger?: string;
  readonly messages: Commitment;
  readonly previous?: string;
  readonly rollups?: readonly Commitment[];
  readonly tags: Commitment;
  readonly time: number;
}

interface Named {
  readonly name: string;
}

const file = vectors('blocks') as {
  readonly headers: readonly (Named & {
    readonly header: HeaderVector;
    readonly text: string;
    readonly hash: string;
  })[];
  readonly refusedHeaders: readonly (Named & { readonly code: string; readonly header: TextOrBytes })[];
  readonly links: readonly (Named & {
    readonly code: string;
    readonly founding: string;
    readonly lower: string;
    readonly upper: string;
  })[];
  readonly bodies: readonly (Named & {
    readonly body: PackedBytes;
    readonly messages: readonly { readonly leaf: PackedBytes; readonly data: string | null }[];
    readonly cuts?: Cuts;
  })[];
  readonly refusedBodies: readonly (Named & {
    readonly code: string;
    readonly body: PackedBytes;
    readonly count: number;
    readonly limit: number;
  })[];
};

function treeOf({ count, root }: Commitment) {
  return { count, root: hex(root) };
}

function contentOf(header: HeaderVector): HeaderContent {
  const { body, founding, height, ledger, messages, previous, rollups = [], tags, time } = header;
  return {
    body: { hash: hex(body.hash), size: body.size },
    height,
    messages: treeOf(messages),
    rollups: rollups.map(treeOf),
    tags: treeOf(tags),
    time,
    ...(ledger === undefined ? {} : { ledger: hex(ledger) }),
    ...(previous === undefined ? {} : { previous: hex(previous) }),
    ...(founding === undefined
      ? {}
      : {
          founding: {
            ...founding,
            log: good(parseVerifierKey(founding.log)),
            promise: good(parseVerifierKey(founding.promise)),
          },
        }),
  };
}

describe('headers of the second implementation', () => {
  it.each(file.headers)('reads and composes: $name', (vector) => {
    const header = good(parseHeader(toUtf8(vector.text)));
    expect(header).toMatchObject(contentOf(vector.header));
    expect(toHex(header.hash)).toBe(vector.hash);
    expect(fromUtf8(composeHeader(contentOf(vector.header)).bytes)).toBe(vector.text);
    if (header.height === 0) expect(toHex(ledgerId(header.bytes))).toBe(vector.hash);
  });

  it.each(file.refusedHeaders)('refuses with $code: $name', ({ header, code }) => {
    expect(verdict(parseHeader(bytesOf(header)))).toBe(code);
  });

  it.each(file.links)('judges a link as $code: $name', ({ founding, lower, upper, code }) => {
    const ledger = good(parseLedger(toUtf8(founding)));
    const found = checkLink(good(parseHeader(toUtf8(lower))), good(parseHeader(toUtf8(upper))), ledger);
    expect(verdict(found)).toBe(code);
  });
});

describe('bodies of the second implementation', () => {
  it.each(file.bodies)('cuts and composes: $name', ({ body, messages, cuts = [] }) => {
    const bytes = unpack(body);
    const limits = { count: messages.length, maxBytes: bytes.length };
    const parts = messages.map(({ leaf, data }) => ({
      leaf: unpack(leaf),
      data: data === null ? undefined : hex(data),
    }));
    expect(good(parseBody(bytes, limits))).toEqual(parts);
    expect(composeBody(parts)).toEqual(bytes);
    expect(cutDifferences(bytes, cuts, (prefix) => verdict(parseBody(prefix, limits)))).toEqual([]);
  });

  it.each(file.refusedBodies)('refuses with $code: $name', ({ body, count, limit, code }) => {
    expect(verdict(parseBody(unpack(body), { count, maxBytes: limit }))).toBe(code);
  });
});
