/** Forms of what many channels are asked with. */
import { z } from 'zod';

/** 32 bytes in hexadecimal: an id, a key, a hash. */
export const hash = z.string().regex(/^[0-9a-f]{64}$/);

/** The id of a contact. */
export const contactId = z.string().regex(/^[0-9a-f]{32}$/);

/** Names files that the person gave; their paths never pass through a page. */
export const chosen = z.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

/** Names a private channel. */
export const channelIds = { transaction: hash, channel: hash };

/** Families of codes of whatever is done in a private channel. */
export const channelErrors = [
  'store',
  'vault',
  'keychain',
  'copy',
  'ledger',
  'own',
  'outbox',
  'channel',
  'content',
  'sealed',
];
