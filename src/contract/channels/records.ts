/** Files on the record: choosing them, recording them, finding them again. */
import { z } from 'zod';
import { channel } from '../channel.ts';

/** Files that a person gave; the window knows them by this number only, never by their paths. */
export interface ChosenView {
  readonly chosen: number;
  readonly count: number;
  readonly bytes: number;
  /** The names of the first fifty. */
  readonly names: readonly string[];
}

export type RecordState = 'queued' | 'accepted' | 'in-block' | 'refused' | 'broken';

/** One line of a list of records. */
export interface RecordRow {
  /** The message's id: 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  readonly state: RecordState;
  readonly method: 'salted' | 'public';
  readonly matter?: string;
  readonly client?: string;
  readonly reference?: string;
  /** When it was signed: seconds since 1970. */
  readonly time: number;
  readonly height?: number;
  /** When its block was sealed. */
  readonly sealed?: number;
}

export interface RecordPage {
  readonly total: number;
  readonly offset: number;
  readonly rows: readonly RecordRow[];
}

/** A step of a proof, from the message up to the signed head. */
export interface ProofView {
  readonly message: { readonly index: number; readonly of: number; readonly path: readonly string[] };
  readonly block: { readonly index: number; readonly of: number; readonly path: readonly string[] };
  readonly headerHash: string;
  /** That the block lists the message under each of its tags: the way from the tag's leaf up to the block's index. */
  readonly tags: readonly TagProofView[];
}

export interface TagProofView {
  /** What is found by it: this very message, what its sender sent, what is recorded of its value. */
  readonly finds: 'message' | 'sender' | 'value' | 'other';
  /** 64 hexadecimal digits. */
  readonly tag: string;
  readonly index: number;
  readonly of: number;
  readonly path: readonly string[];
}

export interface RecordDetail extends RecordRow {
  readonly hash: string;
  readonly path: string;
  readonly origin: string;
  readonly ledger: string;
  readonly sender: string;
  readonly promisedBy?: number;
  /** How often sending failed, and not before when it is tried again. */
  readonly attempts?: number;
  readonly nextAttempt?: number;
  readonly problem?: string;
  readonly position?: number;
  readonly headSize?: number;
  readonly proof?: ProofView;
  /** The leaf of the message as it stands in the block. */
  readonly raw: Uint8Array;
}

const label = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u);
const id = z.string().regex(/^[0-9a-f]{64}$/);
const chosen = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const store = ['store', 'vault', 'keychain', 'copy', 'ledger'];

export const recordChannels = {
  /** Asked by the preload alone, with paths that the system gave for files a person dropped or chose. */
  'files.offer': channel<ChosenView>()({
    request: z.strictObject({ paths: z.array(z.string().min(1).max(4096)).min(1).max(20_000) }),
    maxRequest: 8_388_608,
    errors: ['receipt'],
  }),
  'notarize.start': channel<null>()({
    request: z.strictObject({
      chosen,
      method: z.enum(['salted', 'public']),
      matter: label.optional(),
      client: label.optional(),
      reference: label.optional(),
      again: z.boolean(),
    }),
    errors: [...store, 'own', 'outbox', 'receipt'],
  }),
  'notarize.stop': channel<null>()({ request: z.strictObject({}) }),
  /** Rows of the work under way, in the order of the files. */
  'notarize.page': channel<RecordPage>()({
    request: z.strictObject({
      offset: z.number().int().min(0).max(1e9),
      limit: z.number().int().min(1).max(200),
    }),
    errors: store,
  }),
  'records.page': channel<RecordPage>()({
    request: z.strictObject({
      text: z.string().max(200),
      state: z.enum(['any', 'waiting', 'in-block', 'problem']),
      method: z.enum(['any', 'salted', 'public']),
      offset: z.number().int().min(0).max(1e9),
      limit: z.number().int().min(1).max(200),
    }),
    errors: store,
  }),
  'records.detail': channel<RecordDetail>()({
    request: z.strictObject({ id }),
    errors: store,
  }),
  /** The receipt as a page of plain text, to be shown and printed. */
  'records.receipt': channel<{ readonly page: string }>()({
    request: z.strictObject({ id }),
    errors: [...store, 'receipt'],
  }),
  /** Writes receipts into a folder that the person is asked for. @returns the folder; null when none was chosen. */
  'records.save': channel<{ readonly folder: string; readonly count: number } | null>()({
    request: z.strictObject({ ids: z.array(id).min(1).max(10_000) }),
    maxRequest: 1_048_576,
    errors: [...store, 'receipt'],
  }),
} as const;
