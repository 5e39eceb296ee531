/** The record as it lies on this machine: messages, blocks, looking up by anything, and judging blocks again. */
import { z } from 'zod';
import { channel } from '../channel.ts';
import type { EventView } from '../state.ts';
import type { ProofView } from './records.ts';

/** Where a message stands. */
export interface PlaceView {
  readonly height: number;
  readonly position: number;
}

/** One message in a list. It was judged again when it was read. */
export interface MessageRow extends PlaceView {
  /** 64 hexadecimal digits, as all hashes and keys are. */
  readonly id: string;
  /** When its block was sealed: seconds since 1970. */
  readonly sealed: number;
  readonly what: EventView['what'];
  /** The payload type. */
  readonly type: string;
  readonly sender: string;
  readonly own: boolean;
  /** What the person here calls the sender, where it is a contact and the identity is open. */
  readonly contact?: string;
  /** A public name or label, as the sender claims it. */
  readonly says?: string;
}

export interface MessagePage {
  readonly rows: readonly MessageRow[];
  /** There is nothing more in this direction. */
  readonly isEnd: boolean;
  /** Whether all that fits is in this copy, as far as it reaches. */
  readonly isWhole: boolean;
}

export interface BlockRow {
  readonly height: number;
  readonly hash: string;
  readonly sealed: number;
  readonly messages: number;
  /** Of the body when it was sealed. */
  readonly bytes: number;
}

export interface BlockPage {
  /** Blocks below the one that was asked for. */
  readonly total: number;
  readonly rows: readonly BlockRow[];
}

interface TreeView {
  readonly count: number;
  readonly root: string;
}

export interface BlockDetail extends BlockRow {
  readonly previous?: string;
  readonly messageTree: TreeView;
  readonly tagTree: TreeView;
  readonly rollups: readonly TreeView[];
  readonly bodyHash: string;
  /** The header, byte for byte. */
  readonly header: Uint8Array;
  /** Blocks under the signed head. */
  readonly size: number;
  /**
   * Which of its messages are in this copy: all of them were judged again for this answer. `large`: all are here, and too
   * many to be judged for a look.
   */
  readonly here: 'all' | 'large' | 'some' | 'none';
  /** How many are. */
  readonly held: number;
}

export interface InBlockPage {
  readonly total: number;
  readonly rows: readonly MessageRow[];
}

/** A part of a leaf. */
export type LeafPart =
  | 'type-length'
  | 'type'
  | 'version'
  | 'sender'
  | 'head-length'
  | 'head'
  | 'data-length'
  | 'data-hash'
  | 'signature';

export interface MessageDetail extends MessageRow {
  readonly origin: string;
  readonly blockMessages: number;
  readonly blockHash: string;
  /** When the sender says it was written: seconds since 1970. */
  readonly written: number;
  readonly version: number;
  readonly nonce: string;
  readonly tags: readonly { readonly tag: string; readonly of: 'sender' | 'file' | 'other' }[];
  /** The body of the head, as indented JSON. */
  readonly body: string;
  readonly leaf: Uint8Array;
  /** Where the parts of the leaf end, in order. */
  readonly parts: readonly { readonly part: LeafPart; readonly end: number }[];
  readonly dataBytes: number;
  readonly dataHash: string;
  /** The beginning of the data; absent where the data is withheld or was redacted. */
  readonly data?: Uint8Array;
  /** The way of its hash up to the signed head; absent in a block that is too large to be hashed for one message. */
  readonly proof?: ProofView;
  /** Of a file record: the hash that is on record. */
  readonly file?: { readonly method: 'salted' | 'public'; readonly value: string };
}

/** One thing that a text may mean. */
export type Hit =
  | { readonly kind: 'block'; readonly block: BlockRow }
  | { readonly kind: 'message'; readonly message: MessageRow }
  /** Messages signed by a key, with a tag, or that record a document with its plain hash. */
  | { readonly kind: 'key' | 'tag' | 'file'; readonly value: string; readonly newest: MessageRow }
  | { readonly kind: 'contact'; readonly id: string; readonly name: string; readonly key: string }
  /** A file that was recorded here, by its hash. */
  | { readonly kind: 'own'; readonly id: string; readonly name: string }
  | { readonly kind: 'ledger'; readonly origin: string }
  | { readonly kind: 'link'; readonly view: string };

export interface FoundView {
  /** What kind of text it is. */
  readonly understood: 'number' | 'digits' | 'hash' | 'link' | 'foreign-link' | 'words';
  /** The likeliest first; at most 20. */
  readonly hits: readonly Hit[];
  /** Whether contacts could be looked through: not while they are sealed. */
  readonly contacts: boolean;
  /** Whether this copy could know it, had it been sent. */
  readonly isWhole: boolean;
}

const nothing = z.strictObject({});
const hash = z.string().regex(/^[0-9a-f]{64}$/);
const height = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const place = z.strictObject({ height, position: height });
const limit = z.number().int().min(1).max(100);
const filter = {
  key: hash.optional(),
  type: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._+/-]{0,126}$/)
    .optional(),
  tag: hash.optional(),
  /** The plain hash of a document, by which its records are found. */
  file: hash.optional(),
  id: z
    .string()
    .regex(/^[0-9a-f]{1,64}$/)
    .optional(),
};
const errors = ['store', 'vault', 'keychain', 'copy', 'ledger', 'query', 'follow'];

export const explorerChannels = {
  /** A page of messages, newest first; only those before a place when one is given. */
  'explorer.messages': channel<MessagePage>()({
    request: z.strictObject({ ...filter, before: place.optional(), limit }),
    errors,
  }),
  /** What came after a place, oldest first. */
  'explorer.after': channel<MessagePage>()({
    request: z.strictObject({ ...filter, after: place, limit }),
    errors,
  }),
  'explorer.message': channel<MessageDetail>()({ request: z.strictObject({ id: hash }), errors }),
  /** A page of blocks, newest first, below a height. */
  'explorer.blocks': channel<BlockPage>()({ request: z.strictObject({ below: height, limit }), errors }),
  'explorer.block': channel<BlockDetail>()({ request: z.strictObject({ height }), errors }),
  /** Messages of a block, in its order. */
  'explorer.inBlock': channel<InBlockPage>()({
    request: z.strictObject({ height, offset: height, limit }),
    errors,
  }),
  /** What a text may mean on this record. */
  'explorer.find': channel<FoundView>()({ request: z.strictObject({ text: z.string().max(8192) }), errors }),
  /** Judges blocks of the copy again, both ends included. How far it is stands in the state. */
  'explorer.verify': channel<null>()({ request: z.strictObject({ from: height, to: height }), errors }),
  'explorer.verifyStop': channel<null>()({ request: nothing }),
} as const;
