import type { ChainCode } from '../errors/chain.ts';
import { chainErrors } from '../errors/chain.ts';
import type { EnvelopeCode } from '../errors/envelope.ts';
import { envelopeErrors } from '../errors/envelope.ts';
import type { HeadCode } from '../errors/head.ts';
import { headErrors } from '../errors/head.ts';
import type { HeaderCode } from '../errors/header.ts';
import { headerErrors } from '../errors/header.ts';
import type { JsonCode } from '../errors/json.ts';
import { jsonErrors } from '../errors/json.ts';
import type { RollupCode } from '../errors/rollup.ts';
import { rollupErrors } from '../errors/rollup.ts';
import type { TagCode } from '../errors/tag.ts';
import { tagErrors } from '../errors/tag.ts';

/** Why what the operator signed is refused. */
export type ReasonCode = ChainCode | EnvelopeCode | HeadCode | HeaderCode | JsonCode | RollupCode | TagCode;

const errors: Readonly<Record<ReasonCode, { readonly happened: string }>> = {
  ...chainErrors,
  ...envelopeErrors,
  ...headErrors,
  ...headerErrors,
  ...jsonErrors,
  ...rollupErrors,
  ...tagErrors,
};

/** The end of a sentence about a lie: the code of what is wrong, and in words what it is. */
export function because(code: ReasonCode): string {
  return `(${code}): ${errors[code].happened}`;
}
