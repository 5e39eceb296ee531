/** What a channel is: the parts of the one schema (`schema.ts`) and the types that follow from it. */
import type { z } from 'zod';

/** `main`: the window with everything to be seen. `secret`: the small one in which words and passphrases are typed. */
export type WindowKind = 'main' | 'secret';

/** One thing that a window may ask for. */
export interface Channel<Request extends z.ZodType = z.ZodType, Reply = unknown> {
  /** Strict and bounded: what it does not name is refused. */
  readonly request: Request;
  /** The longest request, as characters of its text. */
  readonly maxRequest: number;
  /** The longest reply, as characters of its text. */
  readonly maxReply: number;
  /** Which windows may ask. */
  readonly windows: readonly WindowKind[];
  /** Who answers: the shell, or the thread with the wallet. */
  readonly answeredBy: 'shell' | 'desk';
  /** Families of codes that an answer may carry beside `ipc-`; a code of any other becomes `ipc-failed`. */
  readonly errors: readonly string[];
  /** Never there: carries the type of the reply. */
  readonly reply?: Reply;
}

type Given<Request extends z.ZodType, By> = Partial<Omit<Channel, 'request' | 'reply' | 'answeredBy'>> & {
  readonly request: Request;
  readonly answeredBy?: By;
};

/** Usual bounds: a form with a few fields in, a page of a list out. */
const usual = {
  maxRequest: 16_384,
  maxReply: 1_048_576,
  windows: ['main'],
  errors: [],
} as const;

/** Declares a channel whose replies are of the type `Reply`: `channel<View>()({ request })`. */
export function channel<Reply>() {
  return <Request extends z.ZodType, By extends Channel['answeredBy'] = 'desk'>({
    answeredBy,
    ...given
  }: Given<Request, By>): Channel<Request, Reply> & { readonly answeredBy: By } => ({
    ...usual,
    ...given,
    answeredBy: answeredBy ?? ('desk' as By),
  });
}

/** Why something was not done: the code, what was met, and the sentences for people. */
export interface Failure {
  readonly code: string;
  readonly detail?: string;
  readonly happened: string;
  readonly means: string;
  readonly next: string;
}

/** What every request is answered with. */
export type Answer<Reply> =
  { readonly ok: true; readonly value: Reply } | { readonly ok: false; readonly failure: Failure };
