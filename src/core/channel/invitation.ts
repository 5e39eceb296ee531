/** Invitations to a key (`docs/spec/channels.md`): a letter that names the epoch whose announcement has their wrap. */
import { equalBytes, toHex } from '../bytes.ts';
import type { JsonValue } from '../encoding/json.ts';
import { parseJson, writeJson } from '../encoding/json.ts';
import { hexOf, plainText, readObject } from '../encoding/members.ts';
import type { InviteCode } from '../errors/invite.ts';
import type { JsonCode } from '../errors/json.ts';
import type { LetterCode } from '../errors/letter.ts';
import type { Draft, DraftOrigin } from '../record/envelope.ts';
import type { VerifiedMessage } from '../record/message.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import { hasTags } from './announcement.ts';
import type { MemberKeys, OpenEpoch } from './epoch.ts';
import type { Randomness } from './keys.ts';
import { openLetter, sealLetter } from './letter.ts';
import { inboxTag, invitationType } from './names.ts';
import type { RosterMember } from './roster.ts';

/** The longest invitation, in bytes. */
export const maxInvitationBytes = 8192;

/** Texts for people that come with an invitation. */
export interface InvitationTexts {
  /** What the inviter calls the channel: 1 to 200 characters. */
  readonly name?: string;
  /** 1 to 1,000 characters. */
  readonly note?: string;
}

export interface Invitation extends InvitationTexts {
  readonly channel: Uint8Array;
  readonly epoch: Uint8Array;
  readonly transaction: Uint8Array;
}

const codes = { members: 'invite-members', value: 'invite-value' } as const;

function readInvitation(value: JsonValue): Result<Invitation, InviteCode> {
  const required = { channel: hexOf(32), epoch: hexOf(32), transaction: hexOf(32) };
  return readObject(value, codes, required, { name: plainText(200), note: plainText(1000) });
}

/**
 * An invitation into an epoch that has the recipient as a member, so that nobody is invited to what they cannot open.
 *
 * @throws RangeError when the recipient is no member of it with these keys, or a text has another form.
 */
export function draftInvitation(
  origin: DraftOrigin,
  { epoch, members }: OpenEpoch,
  recipient: RosterMember,
  texts: InvitationTexts,
  randomness: Randomness,
): Draft {
  const { ledger, nonce, sender, time } = origin;
  const isMember = members.some(
    ({ sign, encrypt }) => equalBytes(sign, recipient.sign) && equalBytes(encrypt, recipient.encrypt),
  );
  if (!isMember) throw new RangeError('who is invited is a member');
  const { channel, transaction } = epoch.context;
  const content = {
    ...texts,
    channel: toHex(channel),
    epoch: toHex(epoch.id),
    transaction: toHex(transaction),
  };
  const readBack = readInvitation(content);
  if (!readBack.ok) throw new RangeError(`not an invitation: ${readBack.detail ?? ''}`);
  const context = { payloadType: invitationType, ledger, author: sender };
  return {
    payloadType: invitationType,
    sender,
    head: { body: {}, ledger, nonce, tags: [inboxTag(ledger, recipient.sign)], time, v: 1 },
    data: sealLetter(context, recipient, writeJson(content), randomness),
  };
}

/** Opens the invitation in a message with the keys of the invited. @returns undefined for other types and versions. */
export function openInvitation(
  message: VerifiedMessage,
  me: MemberKeys,
): Result<Invitation, InviteCode | LetterCode | JsonCode> | undefined {
  const { data, head, payloadType, sender } = message;
  if (payloadType !== invitationType || head.v !== 1) return undefined;
  const body = readObject(head.body, codes, {});
  if (!body.ok) return body;
  const { ledger } = head;
  if (!hasTags(message, inboxTag(ledger, me.sign))) return refuse('invite-tag');
  if (data === undefined) return refuse('invite-withheld');
  const letter = openLetter({ payloadType, ledger, author: sender }, me, data);
  if (!letter.ok) return letter;
  const json = parseJson(letter.value, maxInvitationBytes);
  if (!json.ok) return json;
  const invitation = readInvitation(json.value);
  return invitation.ok ? ok(Object.freeze(invitation.value)) : invitation;
}
