/** What an audit needs from outside, and what it says: the types around `audit.ts`. */
import type { CheckpointCode } from '../errors/checkpoint.ts';
import type { LogCode } from '../errors/log.ts';
import type { NoteCode } from '../errors/note.ts';
import type { TileCode } from '../errors/tile.ts';
import type { Result } from '../result.ts';

/** One name in a folder. */
export interface FolderEntry {
  readonly name: string;
  /** 'other' is a link, pipe, device or anything else. */
  readonly kind: 'file' | 'folder' | 'other';
}

/** Where the log's files come from. Paths are relative to the log's prefix, with '/' between their parts. */
export interface LogReader {
  /**
   * Reads a file, or undefined when there is none. Never more than `limit` bytes: a longer file is refused. The bytes
   * belong to the caller, who may hand them on to another thread.
   */
  readonly read: (path: string, limit: number) => Promise<Result<Uint8Array | undefined, LogCode>>;
  /** The names in a folder ('' is the log itself), or undefined when there is no such folder. At most `limit`. */
  readonly list: (
    folder: string,
    limit: number,
  ) => Promise<Result<readonly FolderEntry[] | undefined, LogCode>>;
  /** Whether `list` finds anything: a web server cannot be listed. */
  readonly canList: boolean;
  /** How many files may be read at the same time, ahead of where the audit is. */
  readonly readAhead: number;
}

/** A reader that can also read a part of a file. */
export interface PartReader extends LogReader {
  /**
   * The bytes `from` (included) to `to` (not included) of a file, fewer where it ends before, or undefined when there is
   * no such file. Never more than that.
   */
  readonly readPart: (
    path: string,
    from: number,
    to: number,
  ) => Promise<Result<Uint8Array | undefined, LogCode>>;
}

export type AuditCode = LogCode | NoteCode | CheckpointCode | TileCode;

/** One thing that is wrong, and with which file. */
export interface AuditFailure {
  readonly code: AuditCode;
  readonly path: string;
  readonly detail?: string;
}

/** What an audit looked at. */
export interface AuditCounts {
  /** Signed checkpoints, `checkpoint` included. */
  readonly checkpoints: number;
  /** Tiles that the size demands. */
  readonly tiles: number;
  /** Entry bundles that the size demands. */
  readonly bundles: number;
  readonly entries: number;
  /** Partial tiles and bundles of earlier sizes that are still there as plain files. */
  readonly earlierPartials: number;
  /** Tiles and bundles beyond the largest signed size: nothing signed says what they must hold. */
  readonly unsignedFiles: number;
  /** Files and folders that are no part of a log, links among them. */
  readonly foreignFiles: number;
}

export interface AuditReport {
  /** Empty when everything is right; otherwise the first failure is the one to name. */
  readonly failures: readonly AuditFailure[];
  /** The size in `checkpoint`; undefined when that could not be opened. */
  readonly size: number | undefined;
  readonly origin: string | undefined;
  /** The lines of `checkpoint` that are signed and say something that is not known here. */
  readonly extensions: readonly string[];
  /** The largest signed size that was given: above `size` when a later checkpoint lies beside. */
  readonly auditedSize: number | undefined;
  readonly counts: AuditCounts;
  /** Some of the paths behind `unsignedFiles` and `foreignFiles`. */
  readonly examples: readonly string[];
}

/** A checkpoint from elsewhere that the log must be consistent with. */
export interface GivenCheckpoint {
  /** How a failure names it. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Told after each bundle: entries checked so far, of how many. Throws to stop the audit. */
export type AuditProgress = (checked: number, of: number) => void;
