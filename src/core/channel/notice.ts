/** Unreadable notices (`docs/spec/channels.md`): a member says in public that something did not open, and never why. */
import { toHex } from '../bytes.ts';
import { hexOf, readObject } from '../encoding/members.ts';
import type { NoticeCode } from '../errors/notice.ts';
import type { Draft, DraftOrigin } from '../record/envelope.ts';
import type { VerifiedMessage } from '../record/message.ts';
import type { Result } from '../result.ts';
import { refuse } from '../result.ts';
import { hasTags } from './announcement.ts';
import type { ChainEpoch } from './chain.ts';
import { transactionTag, unreadableType } from './names.ts';

export interface UnreadableNotice {
  /** The id of the announcement. */
  readonly epoch: Uint8Array;
  /** What could not be opened: a message, or the announcement itself. */
  readonly message: Uint8Array;
}

export function draftUnreadable(origin: DraftOrigin, epoch: ChainEpoch, message: Uint8Array): Draft {
  const { ledger, nonce, sender, time } = origin;
  const body = { epoch: toHex(epoch.id), message: toHex(message) };
  const tags = [transactionTag(ledger, epoch.context.transaction)];
  return {
    payloadType: unreadableType,
    sender,
    head: { body, ledger, nonce, tags, time, v: 1 },
    data: new Uint8Array(),
  };
}

/** Reads the notice that a message of a transaction is. @returns undefined for other types and versions. */
export function readUnreadable(
  message: VerifiedMessage,
  transaction: Uint8Array,
): Result<UnreadableNotice, NoticeCode> | undefined {
  const { head } = message;
  if (message.payloadType !== unreadableType || head.v !== 1) return undefined;
  const codes = { members: 'notice-members', value: 'notice-value' } as const;
  const notice = readObject(head.body, codes, { epoch: hexOf(32), message: hexOf(32) });
  if (!notice.ok) return notice;
  return hasTags(message, transactionTag(head.ledger, transaction)) ? notice : refuse('notice-tag');
}
