import type { Ledger } from '../../core/record/ledger.ts';
import { judgeBlock } from './judged.ts';
import type { Judges } from './judges.ts';

/** Judges in this thread. */
export function inlineJudges(ledger: Ledger): Judges {
  return {
    judge: async (task) => {
      // Not before the caller has gone on: a judgement takes long.
      await new Promise((next) => setImmediate(next));
      return judgeBlock(ledger, task);
    },
    close: () => Promise.resolve(),
  };
}
