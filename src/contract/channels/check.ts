/** Checking: whatever a person gives (files, a text), what it is, and what it shows. */
import { z } from 'zod';
import { channel, type Failure } from '../channel.ts';
import type { ClaimsView, ContactState } from './contacts.ts';

/** Whose key it is, as far as the open identity and its contacts tell. */
export type OwnerView =
  | { readonly who: 'self' }
  /** @param name what the person here calls the contact. */
  | { readonly who: 'contact'; readonly id: string; readonly name: string; readonly state: ContactState };

/** A message that stands in a block. */
export interface PlacedView {
  readonly origin: string;
  readonly height: number;
  readonly position: number;
  /** Seconds since 1970. */
  readonly sealed: number;
  /** The key that signed it. */
  readonly sender: string;
  readonly message: string;
  /** Number of blocks under the signed head by which it is known. */
  readonly headSize: number;
  readonly owner?: OwnerView;
  /** A record of this profile. */
  readonly own: boolean;
}

/** A file as such: whether it is on record. */
export type DocumentView =
  | ({
      readonly kind: 'document';
      readonly name: string;
      readonly verdict: 'valid';
      readonly hash: string;
      readonly method: 'salted' | 'public';
      readonly by: 'receipt' | 'copy' | 'firehose';
    } & PlacedView)
  | {
      readonly kind: 'document';
      readonly name: string;
      readonly verdict: 'invalid' | 'open';
      readonly hash: string;
      readonly failure: Failure;
    };

/** A file that can be judged by what is in it. */
export interface JudgedView {
  readonly kind: 'evidence' | 'receipt' | 'promise' | 'ledger card' | 'contact card';
  readonly name: string;
  readonly verdict: 'valid' | 'invalid' | 'open';
  /** What it shows, in whole sentences. */
  readonly shows: readonly string[];
  readonly origin?: string;
  readonly ledger?: string;
  readonly failure?: Failure;
  /** Of a receipt: the file that it is about, and where it stands. */
  readonly receipt?: { readonly file: string; readonly hash: string; readonly place?: PlacedView };
  readonly contact?: GivenContactView;
  /** Of a ledger card: its link, and what joining by it would come to. */
  readonly card?: { readonly link: string; readonly effect: 'join' | 'change' | 'nothing' };
}

/** A contact card, held against the record and against one's contacts. */
export interface GivenContactView {
  readonly link: string;
  readonly says: ClaimsView;
  readonly key: string;
  /** How its key stands on the record; `elsewhere`: on a ledger that is not joined. */
  readonly standing: 'announced' | 'unannounced' | 'mismatch' | 'revoked' | 'elsewhere';
  readonly owner?: OwnerView;
  /** The identity is not open, so that nothing is said of contacts. */
  readonly isSealed: boolean;
}

/** What a number or an id stands for. */
export type FoundView =
  | ({ readonly kind: 'message'; readonly name: string; readonly verdict: 'valid' } & PlacedView)
  | {
      readonly kind: 'key';
      readonly name: string;
      readonly verdict: 'valid';
      readonly key: string;
      readonly origin: string;
      readonly owner?: OwnerView;
      /** The height of the block in which it joined its identity; absent when it is on no record here. */
      readonly height?: number;
      /** What its identity calls itself in public. */
      readonly publicName?: string;
      /** Whether it may act now. */
      readonly isCurrent?: boolean;
    }
  | {
      readonly kind: 'ledger';
      readonly name: string;
      readonly verdict: 'valid';
      readonly id: string;
      readonly origin: string;
    }
  | {
      readonly kind: 'safety';
      readonly name: string;
      readonly verdict: 'valid' | 'open';
      /** With whom this number is one's own. */
      readonly owner?: OwnerView;
      readonly isSealed: boolean;
    };

/** What nothing can be told about. `nothing`: a number that stands for nothing here. */
export type UnknownView =
  | {
      readonly kind: 'unread' | 'unknown';
      readonly name: string;
      readonly verdict: 'open' | 'invalid';
      readonly failure: Failure;
    }
  | { readonly kind: 'empty'; readonly name: string; readonly verdict: 'open' }
  | {
      readonly kind: 'nothing';
      readonly name: string;
      readonly verdict: 'open';
      /** One's own records and contacts were not looked through. */
      readonly isSealed: boolean;
    };

export type CheckView = DocumentView | JudgedView | FoundView | UnknownView;

export interface CheckPage {
  readonly views: readonly CheckView[];
  readonly done: number;
  readonly of: number;
  /** Files that are not looked at, because there are too many. */
  readonly more: number;
  readonly isOver: boolean;
}

const chosen = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);
const errors = ['store', 'vault', 'keychain', 'copy', 'ledger', 'receipt', 'json', 'follow', 'verify'];

/** The longest text that is looked at, in characters. */
const longestGivenText = 32_768;

export const checkChannels = {
  /** Looks at the next few of these files. @param from how many were looked at already; 0 begins anew. */
  'check.files': channel<CheckPage>()({
    request: z.strictObject({ chosen, from: z.number().int().min(0).max(1_000_000) }),
    errors,
  }),
  /** Stops what is under way. */
  'check.stop': channel<null>()({ request: z.strictObject({}) }),
  /** Looks at a text: a card, a link, an id, a hash, what stood in a QR code. Nothing is kept and nothing is done. */
  'check.text': channel<{ readonly views: readonly CheckView[] }>()({
    request: z.strictObject({ text: z.string().min(1).max(longestGivenText) }),
    maxRequest: 4 * longestGivenText,
    errors: [...errors, 'own', 'contact', 'card', 'safety', 'identity'],
  }),
} as const;
