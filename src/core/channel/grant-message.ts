/** Grants on the record (`docs/spec/channels.md`, 'Disclosure'): a message that holds a grant as a letter to one key. */
import { equalBytes } from '../bytes.ts';
import { readObject } from '../encoding/members.ts';
import type { GrantCode } from '../errors/grant.ts';
import type { JsonCode } from '../errors/json.ts';
import type { LetterCode } from '../errors/letter.ts';
import type { Draft, DraftOrigin } from '../record/envelope.ts';
import type { VerifiedMessage } from '../record/message.ts';
import type { Result } from '../result.ts';
import { refuse } from '../result.ts';
import { hasTags } from './announcement.ts';
import type { MemberKeys } from './epoch.ts';
import type { Grant } from './grant.ts';
import { parseGrant } from './grant.ts';
import type { Randomness } from './keys.ts';
import { openLetter, sealLetter } from './letter.ts';
import { grantType, inboxTag, transactionTag } from './names.ts';
import type { RosterMember } from './roster.ts';

/**
 * A grant to a key.
 *
 * @param grant the bytes of `writeGrant`, of this transaction.
 * @throws RangeError when the recipient's key may not be used, or these bytes are no grant of the ledger and transaction.
 */
export function draftGrant(
  origin: DraftOrigin,
  transaction: Uint8Array,
  recipient: RosterMember,
  grant: Uint8Array,
  randomness: Randomness,
): Draft {
  const { ledger, nonce, sender, time } = origin;
  const read = parseGrant(grant, ledger);
  if (!read.ok || !equalBytes(read.value.content.transaction, transaction)) {
    throw new RangeError('no grant of this ledger and transaction');
  }
  const context = { payloadType: grantType, ledger, author: sender };
  const tags = [inboxTag(ledger, recipient.sign), transactionTag(ledger, transaction)];
  return {
    payloadType: grantType,
    sender,
    head: { body: {}, ledger, nonce, tags, time, v: 1 },
    data: sealLetter(context, recipient, grant, randomness),
  };
}

/** Opens the grant in a message with the keys of its recipient. @returns undefined for other types and versions. */
export function openGrantMessage(
  message: VerifiedMessage,
  me: MemberKeys,
): Result<Grant, GrantCode | LetterCode | JsonCode> | undefined {
  const { data, head, payloadType, sender } = message;
  if (payloadType !== grantType || head.v !== 1) return undefined;
  const body = readObject(head.body, { members: 'grant-members', value: 'grant-value' }, {});
  if (!body.ok) return body;
  const { ledger } = head;
  if (!hasTags(message, inboxTag(ledger, me.sign))) return refuse('grant-tag', 'inbox');
  if (data === undefined) return refuse('grant-withheld');
  const letter = openLetter({ payloadType, ledger, author: sender }, me, data);
  if (!letter.ok) return letter;
  const grant = parseGrant(letter.value, ledger);
  if (!grant.ok) return grant;
  const tag = transactionTag(ledger, grant.value.content.transaction);
  return hasTags(message, tag) ? grant : refuse('grant-tag', 'transaction');
}
