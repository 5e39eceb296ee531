/** What a person wants disclosed, from the options of the command line to the keys of it. */
import type { DisclosureTarget } from '../../wallet/disclosure/plan.ts';
import { messageNamed } from '../../wallet/disclosure/named-message.ts';
import { heightAt } from '../../wallet/explorer/conditions.ts';
import { channelsOn } from '../../wallet/disclosure/channels-on.ts';
import { openChannel } from '../../wallet/channels/open.ts';
import type { ChannelRow } from '../../wallet/channels/rows.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { UsageError } from '../exit.ts';

export interface TargetOptions {
  /** A place or the beginning of an id. */
  readonly message?: string;
  /** Seconds since 1970, both included. */
  readonly since?: number;
  readonly until?: number;
  /** Counted from 0. */
  readonly epoch?: number;
  readonly all?: true;
  readonly transaction?: true;
}

/** Which scope options ask for. @throws UsageError unless it is exactly one. */
export function scopeOf(options: TargetOptions): DisclosureTarget['scope'] {
  const { all, epoch, message, since, transaction, until } = options;
  const asked: readonly (DisclosureTarget['scope'] | undefined)[] = [
    message === undefined ? undefined : 'message',
    since === undefined && until === undefined ? undefined : 'period',
    epoch === undefined ? undefined : 'epoch',
    all === undefined ? undefined : 'channel',
    transaction === undefined ? undefined : 'transaction',
  ];
  const given = asked.filter((scope) => scope !== undefined);
  const [only] = given;
  if (only !== undefined && given.length === 1) return only;
  throw new UsageError(
    'Say what is to be disclosed, one of: --message PLACE, --since and --until, --epoch NUMBER, --all, --transaction.',
  );
}

/** The heights of the blocks that were sealed in a time. */
async function periodOf(
  wallet: Wallet,
  { joined }: PinnedLedger,
  { since = 0, until }: TargetOptions,
): Promise<{ readonly from: number; readonly to: number }> {
  const from = await heightAt(wallet.database, joined, since);
  const end = until === undefined ? joined.size : await heightAt(wallet.database, joined, until + 1);
  if (end <= from) throw new UsageError('No block was sealed in this time.');
  return { from, to: end - 1 };
}

/**
 * What options ask for in a channel.
 * @throws UsageError; CountersignError `disclose-no-such-message`, or as `openChannel`.
 */
export async function targetOf(
  wallet: Wallet,
  pinned: PinnedLedger,
  row: ChannelRow,
  options: TargetOptions,
): Promise<DisclosureTarget> {
  const scope = scopeOf(options);
  if (scope === 'transaction') return { scope, channels: await channelsOn(wallet, pinned, row) };
  const channel = await openChannel(wallet, pinned, row);
  switch (scope) {
    case 'message': {
      const { sealed } = await messageNamed(wallet, channel, options.message ?? '');
      return { scope, channel, message: sealed.message.id };
    }
    case 'period':
      return { scope, channel, period: await periodOf(wallet, pinned, options) };
    case 'epoch': {
      const local = channel.epochs[options.epoch ?? -1];
      if (local === undefined)
        throw new UsageError(`The channel has ${channel.epochs.length} epochs, counted from 0.`);
      return { scope, channel, epoch: local.epoch.id };
    }
    case 'channel':
      return { scope, channel };
  }
}
