/** Looking after a profile: when it locks, backups and their trial, room on the disk, and the keys of one's identity. */
import { z } from 'zod';
import { channel } from '../channel.ts';

/** A file of the profile, and what it is for. */
export interface FileView {
  readonly name: string;
  /** `damaged`: replaced by a repair. `older`: a copy from before the layout changed. Both may be removed. */
  readonly what: 'record' | 'identity' | 'damaged' | 'older' | 'backups' | 'settings' | 'other';
  readonly bytes: number;
}

export interface DiskView {
  readonly folder: string;
  /** At most a hundred, the largest first. */
  readonly files: readonly FileView[];
  /** Bytes that are free on its disk, where the system tells. */
  readonly free?: number;
}

export interface OwnKeyView {
  /** 64 hexadecimal digits. */
  readonly key: string;
  /** The block with the statement by which it joined, and the one by which it ended. */
  readonly from: number;
  readonly until?: number;
}

/** One's identity on the ledger that is shown. */
export interface OwnKeysView {
  readonly origin: string;
  readonly state: 'unannounced' | 'current' | 'revoked' | 'elsewhere';
  /** Only watched: its words are elsewhere. */
  readonly isWatched: boolean;
  /** What the announcement says in public, for good. */
  readonly publicName?: string;
  /** The newest first. */
  readonly keys: readonly OwnKeyView[];
  /** Statements that were sent and are not in a block yet. */
  readonly pending: number;
}

const nothing = z.strictObject({});
const claim = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
const profileErrors = ['profile', 'store', 'vault', 'keychain', 'backup'];
const identityErrors = ['store', 'vault', 'keychain', 'copy', 'own', 'outbox', 'follow', 'sync', 'alarm'];

export const settingsChannels = {
  /** A person uses the application: the time until the identity is locked begins anew. */
  'settings.active': channel<null>()({ request: nothing }),
  /** After how many minutes without use the identity is locked; 0 for never. */
  'settings.setIdle': channel<null>()({
    request: z.strictObject({ minutes: z.number().int().min(0).max(1440) }),
  }),
  'settings.disk': channel<DiskView>()({ request: nothing, errors: profileErrors }),
  /** Removes a file that may be removed. */
  'settings.remove': channel<null>()({
    request: z.strictObject({ name: z.string().min(1).max(255) }),
    errors: profileErrors,
  }),
  /** Asks the person for the folder that the next backup goes into. @returns it; null when none was chosen. */
  'settings.backupFolder': channel<{ readonly folder: string } | null>()({
    request: nothing,
    errors: profileErrors,
  }),
  /** Takes a backup that the person gave, to be tried in the window for secrets. */
  'settings.tryBackup': channel<null>()({
    request: z.strictObject({ chosen: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
    errors: profileErrors,
  }),
  'identity.keys': channel<OwnKeysView>()({ request: nothing, errors: identityErrors }),
  /** Hands over to the next key. What the new card says stays off the record. */
  'identity.rotate': channel<null>()({
    request: z.strictObject({ name: claim.optional(), firm: claim.optional(), role: claim.optional() }),
    errors: identityErrors,
  }),
  /** Ends the key that counts, for good. @param since with `compromised`: seconds since 1970. */
  'identity.revoke': channel<null>()({
    request: z.strictObject({
      reason: z.enum(['compromised', 'lost', 'retired', 'left']),
      since: z.number().int().min(0).max(9_007_199_254_740_991).optional(),
    }),
    errors: identityErrors,
  }),
} as const;
