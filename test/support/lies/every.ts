/** Lying ledgers: at least one for every way in which an operator can contradict itself, with the evidence against it. */
import { foreignLies, formLies, linkLies, missingLies, ownLies } from './index.ts';
import type { CaughtLie } from './lies.ts';
import { Lies } from './lies.ts';
import { chainLies, headerLies, headLies, messageLies, promiseLies, repeatedLies } from './log.ts';
import { rollupFormLies, rollupLies } from './rollups.ts';

/** Every lie, built anew. */
export function everyLie(): readonly CaughtLie[] {
  const lies = new Lies();
  for (const add of [headLies, headerLies, chainLies, messageLies, repeatedLies, promiseLies]) add(lies);
  for (const add of [missingLies, foreignLies, ownLies, formLies, linkLies, rollupFormLies, rollupLies])
    add(lies);
  return lies.all;
}
