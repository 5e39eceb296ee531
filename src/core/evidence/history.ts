/**
 * Evidence that what an operator states about the history of a tag contradicts itself: links, totals, absences and
 * roll-ups against each other (`docs/spec/evidence.md`, `tag-history`).
 */
import { toHex } from '../bytes.ts';
import type { JsonValue } from '../encoding/json.ts';
import { readObject } from '../encoding/members.ts';
import type { BlockProof, IncludedHeader, LogHeaders } from '../record/log-headers.ts';
import { absenceFrom, absenceJson, blockFrom, blockJson } from '../record/proof-json.ts';
import { presenceFrom, presenceJson } from '../record/proof-json.ts';
import type { RollupLeaf, RollupLevel } from '../record/rollup.ts';
import { spanOf } from '../record/rollup.ts';
import type { TagLeaf } from '../record/tag-index.ts';
import type { Absence, CommittedIndex, Presence } from '../record/tag-proof.ts';
import { rollupOf, tagIndexOf } from '../record/tag-proof.ts';
import type { Result } from '../result.ts';
import { ok } from '../result.ts';
import type { Codec } from './kind.ts';
import { badProof, defineKind, hash, level, noLie } from './kind.ts';
import { absencePart, headerPart, presencePart } from './parts.ts';

/** What the tag index of a block, or a roll-up of its header, says of a tag: its presence or its absence. */
export interface TagStatement {
  readonly block: BlockProof;
  /** Left out for the tag index. */
  readonly level?: RollupLevel;
  readonly absence?: Absence;
  readonly presence?: Presence;
}

const codes = { members: 'form', value: 'form' } as const;

function statementFrom(value: JsonValue): TagStatement | undefined {
  const optional = { absence: absenceFrom, level: level.read, presence: presenceFrom };
  const read = readObject(value, codes, { block: blockFrom }, optional);
  return read.ok ? read.value : undefined;
}

const statement: Codec<TagStatement> = {
  read: statementFrom,
  write: (said) => ({
    block: blockJson(said.block),
    ...(said.absence === undefined ? {} : { absence: absenceJson(said.absence) }),
    ...(said.level === undefined ? {} : { level: said.level }),
    ...(said.presence === undefined ? {} : { presence: presenceJson(said.presence) }),
  }),
};

/** What statements say of a tag. Heights, both ends of a range included. */
interface TagFacts {
  /** Blocks that have it. */
  readonly occurs: readonly number[];
  /** Blocks that do not. */
  readonly nothing: readonly { readonly from: number; readonly to: number }[];
  /** How many messages have it in all blocks up to and including one. */
  readonly totals: readonly { readonly at: number; readonly total: number }[];
}

interface Said extends TagFacts {
  readonly sentence: string;
}

/** What a leaf of the index of block `height` says. */
function factsOfLeaf({ previous, total, count }: TagLeaf, height: number): TagFacts {
  const before = total - count;
  const totals = [
    { at: height, total },
    { at: height - 1, total: before },
  ];
  if (previous === undefined) {
    return { occurs: [height], nothing: [{ from: 0, to: height - 1 }], totals };
  }
  return {
    occurs: [previous, height],
    nothing: [{ from: previous + 1, to: height - 1 }],
    totals: [...totals, { at: previous, total: before }],
  };
}

/** Reads what a tag index says. */
function saidByIndex(
  header: IncludedHeader,
  tag: Uint8Array,
  shown: TagStatement,
  what: string,
): Result<Said, 'evidence-proof'> {
  const { height } = header;
  const who = `the index of block ${height}`;
  const found = lookUp(tagIndexOf(header), tag, shown, what);
  if (!found.ok) return found;
  const leaf = found.value;
  if (leaf === undefined) {
    const nothing = [{ from: height, to: height }];
    return ok({ occurs: [], nothing, totals: [], sentence: `${who} says that no message there carries it` });
  }
  const last = leaf.previous === undefined ? 'none below' : `block ${leaf.previous} the last below`;
  const sentence = `${who} counts ${leaf.total} messages so far, ${leaf.count} of them there, with ${last}`;
  return ok({ ...factsOfLeaf(leaf, height), sentence });
}

/** Reads what a roll-up says. */
function saidByRollup(
  index: CommittedIndex<RollupLeaf>,
  blocks: { readonly from: number; readonly to: number },
  tag: Uint8Array,
  shown: TagStatement,
  what: string,
): Result<Said, 'evidence-proof'> {
  const { from, to } = blocks;
  const who = `the summary of the blocks ${from} to ${to}`;
  const found = lookUp(index, tag, shown, what);
  if (!found.ok) return found;
  const leaf = found.value;
  if (leaf === undefined) {
    return ok({
      occurs: [],
      nothing: [blocks],
      totals: [],
      sentence: `${who} says that none of them has it`,
    });
  }
  const { height, total } = leaf;
  return ok({
    occurs: [height],
    nothing: [{ from: height + 1, to }],
    totals: [{ at: height, total }],
    sentence: `${who} names block ${height} as the last with it and counts ${total} messages up to there`,
  });
}

/** The leaf of the tag; undefined when its absence is shown. */
function lookUp<Leaf extends { readonly tag: Uint8Array }>(
  index: CommittedIndex<Leaf>,
  tag: Uint8Array,
  { absence, presence }: TagStatement,
  what: string,
): Result<Leaf | undefined, 'evidence-proof'> {
  if (presence !== undefined && absence === undefined) return presencePart(index, tag, presence, what);
  if (absence === undefined || presence !== undefined) {
    return badProof(`${what}: one of absence and presence is needed`);
  }
  const absent = absencePart(index, tag, absence, what);
  return absent.ok ? ok(undefined) : absent;
}

function readStatement(
  log: LogHeaders,
  tag: Uint8Array,
  shown: TagStatement,
  what: string,
): Result<Said, 'evidence-proof'> {
  const header = headerPart(log, shown.block, what);
  if (!header.ok) return header;
  if (shown.level === undefined) return saidByIndex(header.value, tag, shown, what);
  const rollup = rollupOf(header.value, shown.level);
  if (rollup === undefined) return badProof(`${what}: no roll-up of this level`);
  const { height } = header.value;
  const blocks = { from: height - spanOf(shown.level), to: height - 1 };
  return saidByRollup(rollup, blocks, tag, shown, what);
}

/** Whether there is nothing in any of the blocks `from` to `to`. */
function isEmpty({ nothing }: TagFacts, from: number, to: number): boolean {
  let at = from;
  for (const range of nothing.toSorted((a, b) => a.from - b.from)) {
    if (range.from <= at && range.to >= at) at = range.to + 1;
  }
  return at > to;
}

/** Whether no record has such a history. */
function isContradictory(facts: TagFacts): boolean {
  const occurs = [...new Set(facts.occurs)];
  if (occurs.some((height) => facts.nothing.some(({ from, to }) => height >= from && height <= to)))
    return true;
  return facts.totals.some((lower) =>
    facts.totals.some((upper) => {
      if (lower.at > upper.at) return false;
      const grown = upper.total - lower.total;
      const least = occurs.filter((height) => height > lower.at && height <= upper.at).length;
      return grown < least || (grown > 0 && isEmpty(facts, lower.at + 1, upper.at));
    }),
  );
}

export const tagHistory = defineKind(
  'tag-history',
  { required: { first: statement, second: statement, tag: hash }, optional: {} },
  ({ first, second, tag }, log: LogHeaders) => {
    const one = readStatement(log, tag, first, 'first');
    if (!one.ok) return one;
    const other = readStatement(log, tag, second, 'second');
    if (!other.ok) return other;
    const facts = {
      occurs: [...one.value.occurs, ...other.value.occurs],
      nothing: [...one.value.nothing, ...other.value.nothing],
      totals: [...one.value.totals, ...other.value.totals],
    };
    if (!isContradictory(facts)) return noLie('one history fits both');
    return ok(
      `The operator signed two statements about the tag ${toHex(tag)} that cannot both be true: ` +
        `${one.value.sentence}; ${other.value.sentence}.`,
    );
  },
);
