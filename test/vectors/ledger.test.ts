import { beforeAll, describe, expect, it } from 'vitest';
import { fromBase64, fromUtf8, toHex, toUtf8 } from '../../src/core/bytes.ts';
import { formatCheckpoint } from '../../src/core/log/checkpoint.ts';
import { formatNote, signNote } from '../../src/core/log/note.ts';
import type { BlockContext } from '../../src/core/record/block.ts';
import { sealBlock, verifyBlock } from '../../src/core/record/block.ts';
import { parseBody } from '../../src/core/record/body.ts';
import type { CompletenessProof } from '../../src/core/record/completeness.ts';
import { verifyCompleteness } from '../../src/core/record/completeness.ts';
import { signDraft } from '../../src/core/record/envelope.ts';
import type { BlockHeader } from '../../src/core/record/header.ts';
import { parseHeader } from '../../src/core/record/header.ts';
import { parseHeaderAt, parseLedger } from '../../src/core/record/ledger.ts';
import { LogHeaders } from '../../src/core/record/log-headers.ts';
import { MemoryState } from '../../src/core/record/memory-state.ts';
import type { VerifiedMessage } from '../../src/core/record/message.ts';
import { verifyMessage } from '../../src/core/record/message.ts';
import { planRange, verifyRangeAbsence } from '../../src/core/record/range.ts';
import { composeTagIndexFile } from '../../src/core/record/tag-index-file.ts';
import { rollupCommitment, writeRollupLeaf } from '../../src/core/record/rollup.ts';
import { inclusionProof, leafHash, treeNodes, treeRoot } from '../../src/core/tree/merkle.ts';
import { startEngines } from '../../src/engines/start.ts';
import { good, hex, vectors, verdict } from './support.ts';

interface PresenceVector {
  readonly index: number;
  readonly leaf: string;
  readonly path: readonly string[];
}

interface PieceVector {
  readonly level: 0 | 1 | 2;
  readonly from: number;
  readonly absence: { readonly left?: PresenceVector; readonly right?: PresenceVector };
}

interface RangeCase {
  readonly name: string;
  readonly code: string;
  readonly from: number;
  readonly to: number;
  readonly pieces: readonly PieceVector[];
}

interface CompletenessCase extends Omit<RangeCase, 'pieces'> {
  readonly pieces: readonly (Omit<PieceVector, 'absence'> &
    Partial<Pick<PieceVector, 'absence'>> & { readonly presence?: PresenceVector })[];
  readonly entries: readonly { readonly height: number; readonly presence: PresenceVector }[];
  readonly messages?: number;
}

const file = vectors('ledger') as {
  readonly founding: {
    readonly header: string;
    readonly id: string;
    readonly log: string;
    readonly logSeed: string;
    readonly promise: string;
  };
  readonly authors: readonly { readonly seed: string; readonly key: string }[];
  readonly payloadType: string;
  readonly tags: Readonly<Record<string, string>>;
  readonly blocks: readonly {
    readonly time: number;
    readonly messages: readonly {
      readonly author: number;
      readonly nonce: string;
      readonly tags: readonly string[];
      readonly data: string;
    }[];
    readonly header: string;
  }[];
  readonly full: readonly {
    readonly height: number;
    readonly body: string;
    readonly index: readonly string[];
    readonly file: string;
  }[];
  readonly rollup: {
    readonly count: number;
    readonly root: string;
    readonly leaves: Readonly<Record<string, string>>;
  };
  readonly checkpoints: readonly { readonly size: number; readonly note: string }[];
  readonly bodies: readonly {
    readonly name: string;
    readonly code: string;
    readonly height: number;
    readonly header: string;
    readonly body: string;
  }[];
  readonly ranges: readonly (RangeCase & { readonly size: number; readonly tag: string })[];
  readonly completeness: readonly (CompletenessCase & { readonly size: number; readonly tag: string })[];
  readonly dishonest: readonly {
    readonly founding: string;
    readonly tag: string;
    readonly headers: readonly string[];
    readonly checkpoint: string;
    readonly cases: readonly CompletenessCase[];
  }[];
};

const ledger = good(parseLedger(hex(file.founding.header)));
const headers = [hex(file.founding.header), ...file.blocks.map(({ header }) => toUtf8(header))];
const tagOf = (name: string): Uint8Array => hex(file.tags[name] ?? '');

/** Headers of a log as of a checkpoint, all of them taken in; an entry that is no header stands for a withheld one. */
function logOf(of: typeof ledger, entries: readonly Uint8Array[], note: string): LogHeaders {
  const log = good(LogHeaders.open(of, toUtf8(note)));
  const nodes = treeNodes(entries.slice(0, log.size).map(leafHash));
  for (const [height, header] of entries.slice(0, log.size).entries()) {
    const included = log.include({ header, height, path: inclusionProof(nodes, height, log.size) });
    if (fromUtf8(header) !== 'entry') good(included);
  }
  return log;
}

const logs = new Map<number, LogHeaders>();

function logAt(size: number): LogHeaders {
  const known = logs.get(size);
  if (known !== undefined) return known;
  const note = file.checkpoints.find((one) => one.size === size)?.note;
  if (note === undefined) throw new Error(`no checkpoint of ${size}`);
  const log = logOf(ledger, headers, note);
  logs.set(size, log);
  return log;
}

function presenceOf({ index, leaf, path }: PresenceVector) {
  const bytes = fromBase64(leaf);
  if (bytes === undefined) throw new Error('no base64');
  return { index, leaf: bytes, path: path.map(hex) };
}

const pieceOf = ({ level, from, absence: { left, right } }: PieceVector) => ({
  level,
  from,
  absence: {
    ...(left === undefined ? {} : { left: presenceOf(left) }),
    ...(right === undefined ? {} : { right: presenceOf(right) }),
  },
});

function proofOf({ entries, pieces }: CompletenessCase): CompletenessProof {
  return {
    entries: entries.map(({ height, presence }) => ({ height, presence: presenceOf(presence) })),
    pieces: pieces.map(({ level, from, absence = {}, presence }) =>
      presence === undefined
        ? pieceOf({ level, from, absence })
        : { level, from, presence: presenceOf(presence) },
    ),
  };
}

/** What the block at `height` stands on, every block below it sealed anew. */
function below(height: number): BlockContext {
  const state = new MemoryState();
  let lower: BlockHeader = ledger.first;
  for (let at = 1; at < height; at++) {
    const sealed = sealBlock({ ledger, lower, state }, messagesOf(at), file.blocks[at - 1]?.time ?? 0);
    state.apply(at, sealed.index);
    lower = sealed.header;
  }
  return { ledger, lower, state };
}

const written = new Map<number, readonly VerifiedMessage[]>();

/** The messages of a block, signed here. */
function messagesOf(height: number): readonly VerifiedMessage[] {
  const found = written.get(height) ?? writeMessages(height);
  written.set(height, found);
  return found;
}

function writeMessages(height: number): readonly VerifiedMessage[] {
  const { messages = [] } = file.blocks[height - 1] ?? {};
  return messages.map(({ author, nonce, tags, data }) => {
    const head = {
      body: { n: height },
      ledger: ledger.id,
      nonce: hex(nonce),
      tags: tags.map(tagOf),
      time: 1_700_000_000 + height,
      v: 1,
    };
    const seed = hex(file.authors[author]?.seed ?? '');
    const made = signDraft({ payloadType: file.payloadType, head, data: hex(data) }, seed);
    return good(verifyMessage(made.leaf, made.data, ledger.id, ledger.limits));
  });
}

beforeAll(startEngines);

describe('the ledger of the second implementation', () => {
  it('is sealed to the same bytes, block after block, and verifies', () => {
    expect(toHex(ledger.id)).toBe(file.founding.id);
    const state = new MemoryState();
    let lower = ledger.first;
    for (const [at, { header, time }] of file.blocks.entries()) {
      const context = { ledger, lower, state };
      const height = at + 1;
      const sealed = sealBlock(context, messagesOf(height), time);
      expect(fromUtf8(sealed.header.bytes)).toBe(header);
      const full = file.full.find((one) => one.height === height);
      if (full !== undefined) {
        expect(toHex(sealed.body)).toBe(full.body);
        expect(sealed.index.leaves.map(toHex)).toEqual(full.index);
        expect(toHex(composeTagIndexFile(sealed.index.entries))).toBe(full.file);
      }
      if (height === 256) {
        const leaves = [...state.since(0)];
        const { count, root } = rollupCommitment(leaves);
        expect({ count, root: toHex(root) }).toEqual({ count: file.rollup.count, root: file.rollup.root });
        for (const [index, leaf] of Object.entries(file.rollup.leaves)) {
          const found = leaves[Number(index)];
          expect(found === undefined ? '' : toHex(writeRollupLeaf(found))).toBe(leaf);
        }
      }
      const read = good(parseHeaderAt(toUtf8(header), height, ledger));
      const block = good(verifyBlock(context, read, sealed.body));
      state.apply(height, block.index);
      lower = read;
    }
  });

  it.each(file.checkpoints)('signs the checkpoint of $size blocks', ({ size, note }) => {
    const root = treeRoot(headers.slice(0, size).map(leafHash));
    const text = formatCheckpoint({ origin: ledger.origin, size, root, extensions: [] });
    const made = formatNote(text, [signNote(ledger.logKey, hex(file.founding.logSeed), text)]);
    expect(fromUtf8(made)).toBe(note);
    expect(logAt(size).size).toBe(size);
  });

  it('judges bodies', () => {
    const known = new Map([2, 3, 5, 256].map((height) => [height, below(height)]));
    for (const { name, code, height, header, body } of file.bodies) {
      const context = known.get(height);
      if (context === undefined) throw new Error(`nothing known below ${height}`);
      const read = good(parseHeader(hex(header)));
      expect(verdict(verifyBlock(context, read, hex(body))), name).toBe(code);
    }
    expect(file.bodies.length).toBeGreaterThan(20);
  });

  it('gives the data of a body, or that it is absent', () => {
    for (const { code, height, header, body } of file.bodies) {
      if (code !== 'ok' || height !== 3) continue;
      const { messages } = good(parseHeader(hex(header)));
      const parts = good(parseBody(hex(body), { count: messages.count, maxBytes: 1_000_000 }));
      expect(parts).toHaveLength(messagesOf(3).length);
    }
  });
});

describe('absence and completeness of the second implementation', () => {
  it.each(file.ranges)('judges a range as $code: $name', ({ code, size, tag, from, to, pieces }) => {
    const found = verifyRangeAbsence(logAt(size), tagOf(tag), { from, to }, pieces.map(pieceOf));
    expect(verdict(found)).toBe(code);
    if (code === 'ok')
      expect(planRange(from, to, size)).toEqual(pieces.map(({ level, from: at }) => ({ level, from: at })));
  });

  it.each(file.completeness)('judges completeness as $code: $name', (vector) => {
    const { code, size, tag, from, to, messages } = vector;
    const proof = proofOf(vector);
    const found = verifyCompleteness(logAt(size), { tag: tagOf(tag), from, to }, proof);
    expect(verdict(found)).toBe(code);
    if (found.ok) expect(found.value.messages).toBe(messages);
  });

  it.each(file.dishonest)(
    'judges proofs from an index that lies',
    ({ tag, headers: texts, checkpoint, cases }) => {
      const entries = texts.map(hex);
      const log = logOf(good(parseLedger(entries[0] ?? new Uint8Array(0))), entries, checkpoint);
      for (const vector of cases) {
        const { name, code, from, to } = vector;
        expect(verdict(verifyCompleteness(log, { tag: hex(tag), from, to }, proofOf(vector))), name).toBe(
          code,
        );
      }
    },
  );
});
