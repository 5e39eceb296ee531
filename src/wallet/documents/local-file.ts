/** A file that is to be sent: held open while it is, read piece by piece, never as a whole. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { maxDocumentBytes } from '../../core/channel/content.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { UploadCode } from '../../core/errors/upload.ts';

/** How far a document is: bytes. */
export interface DocumentProgress {
  /** `hashing`, `sending`: on its way out. `checking`, `writing`: on its way in. */
  readonly phase: 'hashing' | 'sending' | 'checking' | 'writing';
  readonly done: number;
  readonly of: number;
}

export interface DocumentOptions {
  readonly signal: AbortSignal;
  readonly onProgress?: (progress: DocumentProgress) => void;
}

const pieceBytes = 65_536;

// A pipe is not waited for.
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK || 0);

function unreadable(path: string, cause: unknown): CountersignError<UploadCode> {
  const { code = '' } = cause as NodeJS.ErrnoException;
  return new CountersignError<UploadCode>('upload-unreadable', `${path}: ${code}`, { cause });
}

/** A plain file, open. */
export class LocalFile {
  readonly path: string;
  /** Its length when it was opened, in bytes. */
  readonly size: number;
  readonly #handle: FileHandle;

  private constructor(path: string, size: number, handle: FileHandle) {
    this.path = path;
    this.size = size;
    this.#handle = handle;
  }

  /** @throws CountersignError `upload-unreadable`, `upload-too-large` */
  static async open(path: string): Promise<LocalFile> {
    const handle = await open(path, openFlags).catch((error: unknown) => {
      throw unreadable(path, error);
    });
    try {
      const about = await handle.stat();
      if (!about.isFile()) throw unreadable(path, { code: 'not a file' });
      if (about.size > maxDocumentBytes)
        throw new CountersignError<UploadCode>('upload-too-large', `${about.size} bytes`);
      return new LocalFile(path, about.size, handle);
    } catch (error) {
      await handle.close();
      throw error;
    }
  }

  /**
   * Its bytes from the start, in pieces that are only good until the next one is asked for. Ends when the signal comes.
   * @throws CountersignError `upload-unreadable`
   */
  async *pieces(signal: AbortSignal): AsyncGenerator<Uint8Array> {
    const buffer = new Uint8Array(pieceBytes);
    for (let at = 0; !signal.aborted;) {
      const { bytesRead } = await this.#handle.read(buffer, 0, buffer.length, at).catch((error: unknown) => {
        throw unreadable(this.path, error);
      });
      if (bytesRead === 0) return;
      at += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  }

  /** SHA-256 of what is in it now; undefined when the signal came before the end. @throws CountersignError */
  async hash({ signal, onProgress }: DocumentOptions): Promise<Uint8Array | undefined> {
    const hash = createHash('sha256');
    let done = 0;
    for await (const piece of this.pieces(signal)) {
      hash.update(piece);
      done += piece.length;
      onProgress?.({ phase: 'hashing', done, of: this.size });
    }
    return signal.aborted ? undefined : new Uint8Array(hash.digest());
  }

  async close(): Promise<void> {
    await this.#handle.close();
  }
}
