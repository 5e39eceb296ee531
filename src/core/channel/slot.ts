/** Sealed slots (`docs/spec/channels.md`): what someone outside sees of a message that is not for them. */
import type { Position } from '../identity/key-states.ts';
import type { DocumentPart } from './part.ts';
import type { SealedMessageOnRecord } from './sealed.ts';

export interface SealedSlot extends Position {
  readonly id: Uint8Array;
  readonly author: Uint8Array;
  /** When the author says it was written: seconds since 1970. */
  readonly time: number;
  /** Length of the data. */
  readonly size: number;
  /** SHA-256 of the data. */
  readonly hash: Uint8Array;
  /** What the author claims that it belongs to. */
  readonly of: { readonly epoch: Uint8Array } | { readonly document: Uint8Array };
}

/** The slot of a sealed message or of a part of a document, at its place. */
export function sealedSlot(
  sealed: SealedMessageOnRecord | DocumentPart,
  { height, index }: Position,
): SealedSlot {
  const { body, message } = sealed;
  const { dataHash: hash, dataLength: size, head, id, sender: author } = message;
  const of = 'epoch' in body ? { epoch: body.epoch } : { document: body.document };
  return { id, author, time: head.time, size, hash, of, height, index };
}
