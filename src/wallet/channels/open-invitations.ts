/**
 * Invitations to people who have no key yet: the inviter hands out a token, the invited hands back a card that is signed
 * with its key, and only then the members change. Whoever intercepts such an invitation can answer it, so safety numbers
 * are to be compared before anyone is added.
 */
import { randomBytes } from 'node:crypto';
import { toBase64, toHex } from '../../core/bytes.ts';
import {
  answerBytes,
  invitationLinkOf,
  type InvitationAnswer,
  parseAnswer,
  parseOpenInvitation,
  writeAnswer,
  writeOpenInvitation,
} from '../../core/channel/open-invitation.ts';
import { base64UpTo, hexOf, readObject, time } from '../../core/encoding/members.ts';
import type { CardCode } from '../../core/errors/card.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { InviteCode } from '../../core/errors/invite.ts';
import type { JsonCode } from '../../core/errors/json.ts';
import { type ContactCard, maxCardBytes, parseCard, writeCard } from '../../core/identity/card.ts';
import { ownCard } from '../identity/own-identity.ts';
import { type PinnedLedger, pinnedLedgers } from '../ledgers.ts';
import type { PrivateRows } from '../vault/private-rows.ts';
import { PrivateTable } from '../vault/private-table.ts';
import type { Wallet } from '../wallet.ts';
import type { ChannelIds } from './open.ts';
import { type ChannelRow, invitationNote, rowCodes } from './rows.ts';

/** An invitation that was handed out and not answered yet. */
export interface HandedOut extends ChannelIds {
  readonly ledger: Uint8Array;
  readonly token: Uint8Array;
  /** The card of this identity, as the invitation has it. */
  readonly card: Uint8Array;
  readonly note?: string;
  /** Seconds since 1970. */
  readonly created: number;
}

const handedOut = new PrivateTable<HandedOut>({
  kind: 'channel-token',
  maxBytes: 32_768,
  keyOf: ({ token }) => toHex(token),
  write: ({ ledger, transaction, channel, token, card, note, created }) => ({
    card: toBase64(card),
    channel: toHex(channel),
    created,
    ledger: toHex(ledger),
    ...(note === undefined ? {} : { note }),
    token: toHex(token),
    transaction: toHex(transaction),
  }),
  read(json) {
    const card = base64UpTo(maxCardBytes);
    const ids = { channel: hexOf(32), ledger: hexOf(32), token: hexOf(32), transaction: hexOf(32) };
    const row = readObject(json, rowCodes, { ...ids, card, created: time }, { note: invitationNote });
    return row.ok ? row.value : undefined;
  },
});

/** Something to hand over, as the bytes of a file and as a link. */
export interface HandOver {
  readonly bytes: Uint8Array;
  readonly link: string;
}

function fail(code: InviteCode | CardCode | JsonCode, detail?: string): CountersignError {
  return new CountersignError<InviteCode | CardCode | JsonCode>(code, detail);
}

/**
 * An invitation for someone who has no key yet. It holds nothing private of the channel.
 * @param note 1 to 1,000 characters. @param now seconds since 1970.
 * @throws CountersignError `own-unannounced`, `own-card-unknown`
 */
export async function handOutInvitation(
  wallet: Wallet,
  pinned: PinnedLedger,
  { ledger, transaction, channel }: ChannelRow,
  note: string | undefined,
  now: number,
): Promise<HandOver> {
  const { card } = await ownCard(wallet, pinned);
  const token = new Uint8Array(randomBytes(32));
  const noted = note === undefined ? {} : { note };
  const bytes = writeOpenInvitation({ card, token, ...noted });
  const row = { ledger, transaction, channel, token, card: writeCard(card), ...noted, created: now };
  await handedOut.put(await wallet.privateRows(), row);
  return { bytes, link: invitationLinkOf(bytes, 'invitation') };
}

/** An answer to an invitation, and whom it goes to. */
export interface Answer extends HandOver {
  /** The card of who invited. */
  readonly inviter: ContactCard;
  readonly note: string | undefined;
  readonly pinned: PinnedLedger;
}

/**
 * Answers an invitation with the card of this identity.
 * @param given the file, or the link.
 * @throws CountersignError with an `invite-`, `card-`, `json-` or `own-` code.
 */
export async function answerInvitation(wallet: Wallet, given: Uint8Array): Promise<Answer> {
  let refusal: CountersignError = fail('invite-ledger');
  for (const pinned of await pinnedLedgers(wallet.database)) {
    const { id: ledger } = pinned.joined.ledger;
    const invitation = parseOpenInvitation(given, ledger);
    if (!invitation.ok) {
      if (invitation.code !== 'invite-ledger') refusal = fail(invitation.code, invitation.detail);
      continue;
    }
    const { card } = await ownCard(wallet, pinned);
    const signer = await wallet.signer(ledger);
    const proof = signer.sign(answerBytes(writeCard(card), invitation.value));
    const bytes = writeAnswer(card, proof, invitation.value.token);
    const { card: inviter, note } = invitation.value;
    return { bytes, link: invitationLinkOf(bytes, 'answer'), inviter, note, pinned };
  }
  throw refusal;
}

/** Whom an answer is from, and which channel they were invited into. */
export interface TakenAnswer {
  readonly answer: InvitationAnswer;
  readonly handedOut: HandedOut;
}

/**
 * Reads an answer to one of the invitations that this profile handed out. Nothing is kept and nobody is added.
 * @param given the file, or the link.
 * @throws CountersignError with an `invite-`, `card-` or `json-` code; `invite-token` when it answers none of them.
 */
export async function readAnswer(rows: PrivateRows, given: Uint8Array): Promise<TakenAnswer> {
  let refusal = fail('invite-token');
  for (const out of await handedOut.all(rows)) {
    const card = parseCard(out.card, out.ledger);
    if (!card.ok) throw new CountersignError('vault-rows', card.code);
    const answer = parseAnswer(given, { card: card.value, token: out.token });
    if (answer.ok) return { answer: answer.value, handedOut: out };
    if (answer.code !== 'invite-token') refusal = fail(answer.code, answer.detail);
  }
  throw refusal;
}

/** Forgets an invitation: it was answered, or is not to be answered any more. */
export async function forgetInvitation(rows: PrivateRows, { token }: HandedOut): Promise<void> {
  await handedOut.remove(rows, toHex(token));
}

/** The invitations of a channel that were handed out and not answered yet. */
export async function openInvitations(
  rows: PrivateRows,
  { transaction, channel }: ChannelIds,
): Promise<readonly HandedOut[]> {
  return (await handedOut.all(rows)).filter(
    (out) => toHex(out.channel) === toHex(channel) && toHex(out.transaction) === toHex(transaction),
  );
}
