/** Documents on their way: the real outbox and the real record; the channel only takes down what it is told. */
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DocumentContent } from '../../src/core/channel/content.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import type { SignedMessage } from '../../src/core/record/envelope.ts';
import { RecordedDocument } from '../../src/wallet/documents/download.ts';
import type { DocumentOptions } from '../../src/wallet/documents/local-file.ts';
import { uploadDocument, type UploadOptions, type UploadPorts } from '../../src/wallet/documents/upload.ts';
import { outboxItem, queueMessages } from '../../src/wallet/outbox/outbox.ts';
import { sendQueued } from '../../src/wallet/outbox/send-queued.ts';
import { bytes32 } from './ledger.ts';
import { now, type Person, Place } from './people.ts';

/** A signal that never comes. */
export const running: DocumentOptions = { signal: new AbortController().signal };

/** What sends a document, and what it sent and said. */
export interface Desk extends UploadPorts {
  readonly sent: SignedMessage[];
  readonly announced: DocumentContent[];
}

/** Bytes of which no piece is like another. */
export function content(size: number): Uint8Array {
  return new Uint8Array(randomBytes(size));
}

/** The code that some work ends with, or `done`. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'done',
    (error: unknown) => (error instanceof CountersignError ? String(error.code) : String(error)),
  );
}

export function upload(
  ports: UploadPorts,
  path: string,
  options: Partial<UploadOptions> = {},
): ReturnType<typeof uploadDocument> {
  return uploadDocument(ports, path, { ...running, ...options });
}

/** Someone who sends documents, on a ledger that is served. */
export class Archivist {
  readonly place: Place;
  readonly ann: Person;
  readonly #folder: string;
  #files = 0;

  private constructor(place: Place, ann: Person, folder: string) {
    this.place = place;
    this.ann = ann;
    this.#folder = folder;
  }

  static async start(folder: string): Promise<Archivist> {
    const place = await Place.start(folder);
    const ann = await place.person('ann');
    await place.announce(ann.wallet, {});
    return new Archivist(place, ann, folder);
  }

  file(bytes: Uint8Array): string {
    const path = join(this.#folder, `file ${this.#files++}.pdf`);
    writeFileSync(path, bytes);
    return path;
  }

  async desk(change: Partial<UploadPorts> = {}, channel = bytes32('channel')): Promise<Desk> {
    const { wallet } = this.ann;
    const { id: ledger, limits } = this.place.served.ledger;
    const signer = await wallet.signer(ledger);
    const rows = await wallet.privateRows();
    const sent: SignedMessage[] = [];
    const announced: DocumentContent[] = [];
    const pinned = await this.place.pinned(wallet);
    return {
      context: { ledger, transaction: bytes32('transaction'), channel, sender: signer.publicKey },
      limits,
      rows,
      signer,
      localKey: bytes32('local'),
      now,
      async send(message) {
        await queueMessages(wallet.database, rows, pinned.joined, [message]);
        const report = await sendQueued(wallet.database, rows, pinned, { when: 'at once', now });
        if (report.failure !== undefined) throw report.failure;
        sent.push(message);
      },
      async isOnItsWay(id) {
        const state = (await outboxItem(wallet.database, pinned.joined, id))?.state;
        return state !== undefined && state !== 'refused' && state !== 'broken';
      },
      announce(document) {
        announced.push(document);
        return Promise.resolve();
      },
      sent,
      announced,
      ...change,
    };
  }

  /** The document as the copy of the record has it, once all that was sent is in blocks. */
  async recorded({ context, sent }: Desk, document: DocumentContent): Promise<RecordedDocument> {
    for (const { id } of sent) await this.place.arrival(this.ann.wallet, id);
    const { joined } = await this.place.pinned(this.ann.wallet);
    return new RecordedDocument(this.ann.wallet.database, joined, document, context);
  }
}
