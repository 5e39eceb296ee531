/**
 * What the window for secrets asks. It is a window of its own, with a page of its own, so that no word and no passphrase
 * is ever in the window that shows foreign content; no other window may ask these channels.
 */
import { z } from 'zod';
import { channel } from '../channel.ts';

const windows = ['secret'] as const;
const nothing = z.strictObject({});
const keeper = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('keychain') }),
  z.strictObject({ kind: z.literal('passphrase'), passphrase: z.string().min(1).max(1024) }),
]);
const errors = ['profile', 'store', 'vault', 'keychain', 'words', 'own', 'backup'];

export interface PurposeView {
  readonly purpose:
    'create' | 'restore' | 'reopen' | 'unlock' | 'watch' | 'recovery' | 'backup' | 'drill' | 'words';
}

export interface SheetView {
  readonly words: readonly string[];
  /** The places, from 0, that are asked back. */
  readonly asked: readonly number[];
}

export const secretChannels = {
  'secret.purpose': channel<PurposeView>()({ request: nothing, windows, answeredBy: 'shell' }),
  'secret.close': channel<null>()({ request: nothing, windows, answeredBy: 'shell' }),
  /** Whether the keychain can take a key: asked before anybody writes words down. */
  'secret.checkKeychain': channel<null>()({ request: nothing, windows, errors }),
  /** Makes new words and shows them. They are in memory only, and gone when the window closes. */
  'secret.sheet': channel<SheetView>()({
    request: z.strictObject({ sheet: z.enum(['identity', 'recovery']) }),
    windows,
    errors,
  }),
  'secret.answer': channel<{ readonly right: boolean }>()({
    request: z.strictObject({
      sheet: z.enum(['identity', 'recovery']),
      words: z.array(z.string().max(16)).length(3),
    }),
    windows,
    errors,
  }),
  /** Makes the identity, once both sheets were answered rightly. */
  'secret.create': channel<null>()({ request: z.strictObject({ keeper }), windows, errors }),
  /** Makes an identity again from its words, or gives one a new keeper. */
  'secret.restore': channel<null>()({
    request: z.strictObject({ words: z.string().min(1).max(400), keeper }),
    windows,
    errors,
  }),
  /**
   * Takes the recovery words for as long as it needs to make what an announcement commits to; only that is kept.
   */
  'secret.recovery': channel<null>()({
    request: z.strictObject({ words: z.string().min(1).max(400) }),
    windows,
    errors,
  }),
  'secret.watch': channel<null>()({ request: z.strictObject({ keeper }), windows, errors }),
  /** Writes a backup of the open profile under a passphrase of its own, into the folder that was chosen. */
  'secret.backup': channel<{ readonly file: string }>()({
    request: z.strictObject({ passphrase: z.string().min(1).max(1024), withRecord: z.boolean() }),
    windows,
    errors,
  }),
  /** Opens the backup that was chosen and reads it to its end. Nothing is written. */
  'secret.drill': channel<null>()({
    request: z.strictObject({ passphrase: z.string().min(1).max(1024) }),
    windows,
    errors,
  }),
  /** Looks whether these are the words of the open profile. Nothing is changed. */
  'secret.checkWords': channel<null>()({
    request: z.strictObject({ words: z.string().min(1).max(400) }),
    windows,
    errors,
  }),
  'secret.unlock': channel<null>()({
    request: z.strictObject({ passphrase: z.string().min(1).max(1024) }),
    windows,
    errors,
  }),
} as const;
