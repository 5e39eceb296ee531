/** The ledgers of a profile and what is held of them: addresses, mode, outbox. What they are stands in the state. */
import { z } from 'zod';
import { channel } from '../channel.ts';
import type { RecordState } from './records.ts';

/** What an address answered when it was asked. */
export interface AddressView {
  readonly address: string;
  /** Blocks under the head that it shows, signed by the operator; absent when it showed none. */
  readonly size?: number;
  readonly problem?: { readonly code: string; readonly happened: string; readonly means: string };
}

/** A message on its way, or in a block. */
export interface OutboxRow {
  /** The message's id: 64 hexadecimal digits. */
  readonly id: string;
  /** The name of the file that it records, where the identity is open. */
  readonly name?: string;
  readonly state: RecordState;
  /** How often sending failed. */
  readonly attempts: number;
  /** Not sent again by itself before this time: seconds since 1970; 0 when at once. */
  readonly nextAttempt: number;
  /** The operator's promise: seconds since 1970. */
  readonly promisedBy?: number;
  readonly height?: number;
  /** What was met, for experts. */
  readonly problem?: string;
  /** Evidence of a broken promise is kept. */
  readonly evidence: boolean;
}

const nothing = z.strictObject({});
const id = z.string().regex(/^[0-9a-f]{64}$/);
const address = z.string().min(1).max(255);
const errors = ['ledger', 'json', 'store', 'sync', 'copy'];

export const syncChannels = {
  /** Asks every address of a ledger how far its record reaches. Nothing is taken over. */
  'sync.ask': channel<readonly AddressView[]>()({ request: z.strictObject({ ledger: id }), errors }),
  /** Adds an address, when it serves this very ledger. */
  'sync.addAddress': channel<null>()({ request: z.strictObject({ ledger: id, address }), errors }),
  /** Takes an address away; the last one stays. */
  'sync.removeAddress': channel<null>()({ request: z.strictObject({ ledger: id, address }), errors }),
  'sync.setMode': channel<null>()({
    request: z.strictObject({ ledger: id, mode: z.enum(['full', 'follow']) }),
    errors,
  }),
  /** Messages that are in no block first, then the newest. */
  'outbox.list': channel<readonly OutboxRow[]>()({
    request: z.strictObject({ ledger: id, limit: z.number().int().min(1).max(500) }),
    errors: [...errors, 'vault', 'keychain'],
  }),
  /** Sends what waits for a ledger, without regard to when it was due. */
  'outbox.send': channel<null>()({
    request: z.strictObject({ ledger: id }),
    errors: [...errors, 'outbox', 'vault', 'keychain', 'alarm'],
  }),
  /** Queues a message once more whose promise was broken. */
  'outbox.resend': channel<null>()({
    request: z.strictObject({ ledger: id, message: id }),
    errors: [...errors, 'outbox'],
  }),
  /** Looks at the profile. @param deep reads and verifies everything. What comes of it stands in the state. */
  'doctor.start': channel<null>()({
    request: z.strictObject({ deep: z.boolean() }),
    errors: ['store', 'profile'],
  }),
  /** Makes the copy of the record anew: what is sound is taken over, what is damaged is fetched. */
  'doctor.repair': channel<null>()({ request: nothing, errors: ['store', 'profile'] }),
  'doctor.stop': channel<null>()({ request: nothing }),
} as const;
