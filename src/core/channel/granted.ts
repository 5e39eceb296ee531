/**
 * Making grants out of what is open, and opening with them what they list, against the record (`docs/spec/channels.md`,
 * 'Disclosure'). Who opens a grant needs to be no member, and gets nothing besides.
 */
import { equalBytes } from '../bytes.ts';
import type { ChannelCode } from '../errors/channel.ts';
import type { GrantCode } from '../errors/grant.ts';
import type { SealedCode } from '../errors/sealed.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { ChainEpoch } from './chain.ts';
import type { OpenEpoch } from './epoch.ts';
import { openEpochBySecret } from './epoch.ts';
import type { Grant, GrantedEpoch, GrantedMessage } from './grant.ts';
import type { OpenedMessage, SealedMessageOnRecord } from './sealed.ts';
import { messageKeyOf, openByMessageKey, openMessage } from './sealed.ts';

/** What discloses all of an epoch. */
export function discloseEpoch(open: OpenEpoch): GrantedEpoch {
  return { channel: open.epoch.context.channel, epoch: open.epoch.id, secret: open.secret };
}

/** What discloses one message: only if it opens, so that nobody is handed a key to nothing. */
export function discloseMessage(
  open: OpenEpoch,
  sealed: SealedMessageOnRecord,
): Result<GrantedMessage, SealedCode> {
  const opened = openMessage(open, sealed);
  if (!opened.ok) return opened;
  const { context, id } = open.epoch;
  const key = messageKeyOf(open, sealed);
  return ok({ channel: context.channel, epoch: id, key, message: sealed.message.id });
}

/** Opens an epoch that a grant lists. */
export function openGrantedEpoch(
  grant: Grant,
  epoch: ChainEpoch,
): Result<OpenEpoch, GrantCode | ChannelCode> {
  const fault = foreign(grant, epoch);
  if (fault !== undefined) return refuse(fault);
  const listed = grant.epoch(epoch.id);
  if (listed === undefined || !equalBytes(listed.channel, epoch.context.channel)) {
    return refuse('grant-not-covered');
  }
  return openEpochBySecret(epoch, listed.secret);
}

/** Opens a message that a grant lists by itself. Messages of a listed epoch open with {@link openGrantedEpoch}. */
export function openGrantedMessage(
  grant: Grant,
  epoch: ChainEpoch,
  sealed: SealedMessageOnRecord,
): Result<OpenedMessage, GrantCode | SealedCode> {
  const fault = foreign(grant, epoch);
  if (fault !== undefined) return refuse(fault);
  const listed = grant.message(sealed.message.id);
  if (listed === undefined) return refuse('grant-not-covered');
  const { context, id } = epoch;
  if (!equalBytes(listed.channel, context.channel) || !equalBytes(listed.epoch, id)) {
    return refuse('grant-not-covered');
  }
  return openByMessageKey(epoch, sealed, listed.key);
}

function foreign(grant: Grant, { context }: ChainEpoch): GrantCode | undefined {
  if (!equalBytes(context.ledger, grant.content.ledger)) return 'grant-ledger';
  return equalBytes(context.transaction, grant.content.transaction) ? undefined : 'grant-transaction';
}
