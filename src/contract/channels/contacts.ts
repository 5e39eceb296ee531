/** One's own card, and the people one deals with: their cards, their keys, and how these were compared. */
import { z } from 'zod';
import { channel } from '../channel.ts';

/** What somebody says of themselves. Nobody vouches for it. */
export interface ClaimsView {
  readonly name?: string;
  readonly firm?: string;
  readonly role?: string;
}

/** One's own card on the ledger that is shown. */
export type OwnCardView =
  /** @param recovery whether what the announcement commits to of the recovery words is kept here already. */
  | { readonly state: 'unannounced'; readonly origin: string; readonly recovery: boolean }
  | {
      /** `sent`: the announcement is not in a block of the local copy yet. */
      readonly state: 'sent' | 'announced';
      readonly origin: string;
      readonly says: ClaimsView;
      readonly key: string;
      readonly link: string;
      /** What the identity calls itself on the record, for everybody and for good. */
      readonly publicName?: string;
    };

export type ContactState =
  | 'verified'
  /** Its key counts, and nobody compared safety numbers. */
  | 'unchecked'
  | 'unannounced'
  | 'changed'
  | 'revoked'
  | 'mismatch';

export type CheckHow = 'in-person' | 'video' | 'phone' | 'other';

export interface ContactRow {
  /** 32 hexadecimal digits. */
  readonly id: string;
  /** What the person here calls the contact. */
  readonly name: string;
  readonly says: ClaimsView;
  readonly state: ContactState;
  /** The approved signing key: 64 hexadecimal digits. */
  readonly key: string;
  readonly origin: string;
  /** Seconds since 1970. */
  readonly added: number;
  /** How and when the approved key was compared the last time. */
  readonly checked?: { readonly how: CheckHow; readonly at: number; readonly note?: string };
  /** The key that counts on the record, where it is not the approved one. */
  readonly newKey?: string;
}

export interface ContactPage {
  readonly total: number;
  readonly rows: readonly ContactRow[];
}

/** A card that was given, before it is added. */
export interface GivenCardView {
  /** Its link, by which it is added. */
  readonly link: string;
  readonly says: ClaimsView;
  readonly key: string;
  readonly origin: string;
}

/** What came of adding a contact: added, or sentences about whom it may be taken for. */
export type AddedView =
  | { readonly added: true; readonly id: string }
  | { readonly added: false; readonly warnings: readonly string[] };

export interface NumberView {
  /** 16 groups of four digits. */
  readonly groups: readonly string[];
  /** The text of its QR code, the same on both screens. */
  readonly qr: string;
  /** The key of the contact that it is about. */
  readonly key: string;
}

const nothing = z.strictObject({});
const id = z.string().regex(/^[0-9a-f]{32}$/);
const key = z.string().regex(/^[0-9a-f]{64}$/);
/** Texts for people: one line, and nothing that cannot be seen. */
const claim = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^\p{C}\p{Zl}\p{Zp}]*$/u);
const link = z.string().min(1).max(12_000);
const errors = ['store', 'vault', 'keychain', 'copy', 'ledger', 'own', 'outbox', 'follow', 'sync'];
const cardErrors = [...errors, 'card', 'json', 'contact', 'safety'];

export const contactChannels = {
  'contacts.own': channel<OwnCardView>()({ request: nothing, errors: cardErrors }),
  /** Puts one's keys on the record. What the card says stays off it; a public name does not. */
  'contacts.announce': channel<null>()({
    request: z.strictObject({
      name: claim.optional(),
      firm: claim.optional(),
      role: claim.optional(),
      publicName: claim.max(100).optional(),
    }),
    errors,
  }),
  /** Writes one's own card into a folder that the person is asked for. @returns the path; null when none was chosen. */
  'contacts.save': channel<{ readonly file: string } | null>()({ request: nothing, errors: cardErrors }),
  'contacts.page': channel<ContactPage>()({
    request: z.strictObject({ text: z.string().max(200), limit: z.number().int().min(1).max(200) }),
    errors,
  }),
  'contacts.detail': channel<ContactRow>()({ request: z.strictObject({ id }), errors: cardErrors }),
  /** Reads a card: a text or link, or a file that the person gave. Nothing is kept. */
  'contacts.read': channel<GivenCardView>()({
    request: z.union([
      z.strictObject({ text: link }),
      z.strictObject({ chosen: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER) }),
    ]),
    errors: cardErrors,
  }),
  /** @param isOther the person looked at the warnings and says that it is somebody else. */
  'contacts.add': channel<AddedView>()({
    request: z.strictObject({ link, name: z.string().max(200), isOther: z.boolean() }),
    errors: cardErrors,
  }),
  /** Cards of the sample people of a practice ledger; none of any other. */
  'contacts.samples': channel<readonly GivenCardView[]>()({ request: nothing, errors: cardErrors }),
  'contacts.number': channel<NumberView>()({ request: z.strictObject({ id }), errors: cardErrors }),
  /**
   * Keeps that the key was compared.
   * @param number the digits that the other side has: typed, or those that were in sight when the person said yes.
   */
  'contacts.check': channel<null>()({
    request: z.strictObject({
      id,
      number: z.string().regex(/^\d{64}$/),
      how: z.enum(['in-person', 'video', 'phone', 'other']),
      note: z.string().min(1).max(1000).optional(),
    }),
    errors: cardErrors,
  }),
  /** Approves a changed key that nobody compared. @param key the one that was in sight. */
  'contacts.approve': channel<null>()({ request: z.strictObject({ id, key }), errors: cardErrors }),
} as const;
