/** The first start: a profile, its identity, a ledger. */
import { z } from 'zod';
import { channel } from '../channel.ts';

export interface CardView {
  readonly origin: string;
  readonly ledger: string;
  readonly logKey: string;
  readonly endpoints: readonly string[];
  readonly asksForWitnesses: boolean;
  readonly effect: 'join' | 'change' | 'nothing';
}

/** The card of a joined ledger. Nobody vouches for it but whoever hands it over. */
export interface SharedCardView {
  readonly origin: string;
  /** 64 hexadecimal digits. */
  readonly ledger: string;
  readonly link: string;
}

const nothing = z.strictObject({});
const profile = z.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);

export const startChannels = {
  /** Opens the practice ledger with throw-away keys; makes it when it is not there. */
  'start.practice': channel<null>()({
    request: nothing,
    errors: ['profile', 'store', 'vault', 'sync', 'firehose'],
  }),
  'start.open': channel<null>()({
    request: z.strictObject({ profile }),
    errors: ['profile', 'store', 'vault', 'keychain'],
  }),
  'start.lock': channel<null>()({ request: nothing, errors: ['vault'] }),
  /** Opens the identity where that needs no typing. */
  'start.unlock': channel<null>()({ request: nothing, errors: ['vault', 'keychain'] }),
  /** Back to the choice of profiles. */
  'start.close': channel<null>()({ request: nothing, errors: ['store'] }),
  'ledger.preview': channel<CardView>()({
    request: z.strictObject({ card: z.string().min(2).max(6000) }),
    errors: ['ledger', 'json', 'store'],
  }),
  'ledger.join': channel<null>()({
    request: z.strictObject({ card: z.string().min(2).max(6000) }),
    errors: ['ledger', 'json', 'store', 'sync'],
  }),
  /** Shows another of the joined ledgers. */
  'ledger.choose': channel<null>()({
    request: z.strictObject({ ledger: z.string().regex(/^[0-9a-f]{64}$/) }),
    errors: ['store', 'vault'],
  }),
  /** The card of the ledger that is shown, to be handed on. */
  'ledger.card': channel<SharedCardView>()({ request: nothing, errors: ['copy', 'ledger', 'store'] }),
  /** Writes that card into a folder that the person is asked for. @returns the path; null when none was chosen. */
  'ledger.save': channel<{ readonly file: string } | null>()({
    request: nothing,
    errors: ['copy', 'ledger', 'store', 'card'],
  }),
  'sync.start': channel<null>()({ request: nothing }),
  'sync.stop': channel<null>()({ request: nothing }),
} as const;
