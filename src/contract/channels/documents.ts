/** Documents of a channel: files that are sent to its members, and written into a folder by whoever can read them. */
import { z } from 'zod';
import { channel } from '../channel.ts';
import { channelErrors, channelIds, chosen, hash } from '../forms.ts';
import type { PublicPreviewView } from './channels.ts';

/** A file before it is sent: all that everybody will see of it, and all that only the members will. */
export interface DocumentLook {
  /** What it will be called in the channel; only its members see it. */
  readonly name: string;
  /** Its exact length in bytes; only the members see it. */
  readonly size: number;
  /** What everybody sees: messages that carry it, and the bytes that are sealed in all of them together. */
  readonly parts: number;
  readonly dataBytes: number;
  /** The message that tells the members of it. */
  readonly told: PublicPreviewView;
}

/** A document whose sending was interrupted. */
export interface InterruptedView {
  /** Its public name: 64 hexadecimal digits. */
  readonly id: string;
  readonly name: string;
  readonly size: number;
  /** Pieces that were handed to the outbox, and how many there are. */
  readonly sent: number;
  readonly pieces: number;
}

const errors = [...channelErrors, 'upload', 'export', 'document', 'receipt'];

export const documentChannels = {
  /** What everybody will see of a file. Nothing is kept, and nothing is sent. */
  'documents.look': channel<DocumentLook>()({ request: z.strictObject({ ...channelIds, chosen }), errors }),
  /** Begins to send it; how far it is stands in the state. One at a time. */
  'documents.put': channel<null>()({ request: z.strictObject({ ...channelIds, chosen }), errors }),
  /** What was interrupted, at most a hundred. */
  'documents.interrupted': channel<readonly InterruptedView[]>()({
    request: z.strictObject(channelIds),
    errors,
  }),
  /** Goes on with it, from the file where it lay. */
  'documents.resume': channel<null>()({ request: z.strictObject({ ...channelIds, id: hash }), errors }),
  /** Asks for a folder and begins to write the document there; false when no folder was chosen. */
  'documents.save': channel<boolean>()({ request: z.strictObject({ ...channelIds, message: hash }), errors }),
  /** Stops what is under way. */
  'documents.stop': channel<null>()({ request: z.strictObject({}) }),
} as const;
