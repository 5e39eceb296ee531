/**
 * A block that was judged by itself, as it travels between threads: flat arrays, handed over without being copied. What
 * is left to judge is how it fits the blocks below.
 */
import type { BlockCode } from '../../core/record/block.ts';
import { judgeBody } from '../../core/record/block.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import type { TagGroups } from '../../core/record/tag-groups.ts';
import { ok, type Result } from '../../core/result.ts';
import type { BlockRows } from '../store/record-bulk.ts';

export interface JudgedBlock extends BlockRows {
  readonly header: BlockHeader;
  readonly groups: TagGroups;
}

/** What a judging thread is made with. */
export interface JudgeSetup {
  /** The engine for signatures that is in use in a thread of this process. */
  readonly engine: string;
}

/** What a judging thread is asked. */
export type JudgeRequest =
  /** First, and once: the ledger's first header. */
  | { readonly kind: 'ledger'; readonly founding: Uint8Array }
  /** The body is handed over: it must fill its buffer. */
  | {
      readonly kind: 'block';
      readonly lower: Uint8Array;
      readonly header: Uint8Array;
      readonly body: Uint8Array;
    };

/** What it answers about blocks, in the order in which it was asked. */
export type JudgeAnswer = Result<Omit<JudgedBlock, 'header' | 'height'>, BlockCode>;

/** What of a block has to be judged. */
export interface BlockTask {
  readonly lower: BlockHeader;
  readonly header: BlockHeader;
  readonly body: Uint8Array;
}

/** Judges everything about a block that does not depend on the blocks below. */
export function judgeBlock(
  ledger: Ledger,
  { lower, header, body }: BlockTask,
): Result<JudgedBlock, BlockCode> {
  const judged = judgeBody({ ledger, lower }, header, body);
  if (!judged.ok) return judged;
  const { ids, spans, groups } = judged.value;
  return ok({ header, height: header.height, body, ids, spans, groups });
}
