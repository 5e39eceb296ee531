import type { Command } from 'commander';
import type { SyncProgress } from '../../wallet/sync/options.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { alarmMember, type Skipped, tellBroken, tellSkipped } from '../alarm/tell.ts';
import { exit, type ExitCode, UsageError } from '../exit.ts';
import { withExits } from '../exits.ts';
import { blocksHere } from '../ledger/show-card.ts';
import { explanationOf, type Terminal } from '../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../profile-option.ts';
import { addLedgerOption, hash } from '../records/options.ts';
import { progressLine } from '../records/progress.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly ledger?: string;
  readonly full?: true;
  readonly follow?: true;
  readonly tag?: readonly Uint8Array[];
  readonly key?: readonly Uint8Array[];
  readonly forget?: readonly Uint8Array[];
  readonly json?: true;
}

const help = `
Fetches what is new on a joined ledger, from the first of its addresses that answers, and checks all of it. Only what was
checked is kept. It can be stopped with Ctrl-C at any time and goes on where it was. There are two ways, and the one that
you choose stays until you choose the other:

--full (how every ledger begins) fetches every block: the signed head, every header, every message, every signature and
every entry of the index.

--follow fetches the signed head and every header too, but of the messages only your own: what your keys sent, the
statements about your keys and those of your contacts, and what waits in your outbox; with proof from the index, which
each block commits to, that nothing of it was left out. That takes a small part of the time and room. What you recorded
with other programs, which name no sender in the index, is found by --full only. With --tag and --key you follow more:
everything that carries a tag, or everything that a key sent and the history of that key. Your identity is opened for it;
while it is locked, what was followed before goes on. Whoever can read your disk sees which tags and keys you follow.

Going over from one to the other loses nothing: --full adds what is missing.

Afterwards it looks what became of messages that wait in the outbox; it sends nothing (countersign notarize does).

Examples:
  countersign sync --ledger ledger.example.org
  countersign sync --follow`;

/** What was given once or several times. */
function collect(read: (text: string) => Uint8Array) {
  return (text: string, before: readonly Uint8Array[] | undefined): readonly Uint8Array[] => [
    ...(before ?? []),
    read(text),
  ];
}

/** Keeps what was chosen, and opens the identity where it is needed. */
async function prepare(
  wallet: Wallet,
  pinned: PinnedLedger,
  options: Options,
  terminal: Terminal,
): Promise<PinnedLedger> {
  const { full, follow, tag: tags = [], key: keys = [], forget = [] } = options;
  if (full === true && follow === true) throw new UsageError('Give either --full or --follow.');
  const chosen = full === true ? 'full' : follow === true ? 'follow' : undefined;
  const mode = chosen ?? pinned.joined.mode;
  if (mode === 'full' && tags.length + keys.length + forget.length > 0) {
    throw new UsageError('This copy holds everything: --tag, --key and --forget go with --follow.');
  }
  const { choose, followsAnything } = await import('../../wallet/follow/choose.ts');
  const { findLedger } = await import('../../wallet/ledgers.ts');
  await choose(wallet, pinned, { ...(chosen && { mode: chosen }), tags, keys, forget });
  if (mode === 'follow' && (await wallet.vaultState()).name !== 'none') {
    try {
      await wallet.unlock();
    } catch (error) {
      if (!(error instanceof CountersignError) || !(await followsAnything(wallet, pinned))) throw error;
      const { happened } = await explanationOf(String(error.code));
      terminal.say(
        `${happened} What was followed before is followed; keys and contacts that are new are not.`,
      );
    }
  }
  return findLedger(wallet.database, pinned.joined.ledger.idText);
}

/** What a copy that follows holds now. @param json what a JSON object says beside; undefined for sentences. */
async function reportFollowed(
  wallet: Wallet,
  { joined }: PinnedLedger,
  before: number,
  json: { readonly alarm?: string } | undefined,
  terminal: Terminal,
): Promise<boolean> {
  const { followedCount, followedTags } = await import('../../wallet/store/followed-store.ts');
  const { reachOf } = await import('../../wallet/store/record-reader.ts');
  const { ledger, size } = joined;
  const reach = reachOf(joined);
  const held = await followedCount(wallet.database, joined);
  const tags = (await followedTags(wallet.database, joined)).length;
  const { origin, idText } = ledger;
  const counts = { blocks: size, complete: reach, messages: held, new: held - before, tags };
  if (json !== undefined)
    terminal.line(JSON.stringify({ origin, ledger: idText, mode: 'follow', ...counts, ...json }));
  else if (reach === size) {
    const isPart = joined.filled > 1;
    const above = isPart
      ? `Of the first ${joined.filled} blocks all messages are here; of those above: `
      : '';
    const messages = `${held} ${held === 1 ? 'message' : 'messages'}, ${held - before} new`;
    const kept = `all that the index lists for the ${tags} tags that you follow`;
    terminal.line(`${origin}: ${size} blocks here and checked, and of the messages your own.`);
    terminal.line(`${above}${messages}: ${kept}.`);
  } else {
    terminal.line(
      `${origin}: stopped. What is your own is here up to block ${Math.max(reach, 1) - 1} of ${size - 1}.`,
    );
    terminal.say('Run it again to go on where it stopped.');
  }
  return reach === size;
}

/** What a copy that holds everything holds now. @param json as in {@link reportFollowed}. */
function reportFull(
  { joined }: PinnedLedger,
  before: number,
  json: { readonly alarm?: string } | undefined,
  terminal: Terminal,
): boolean {
  const { ledger, size } = joined;
  const { origin, idText } = ledger;
  const filled = blocksHere(joined);
  const fresh = filled - before;
  const isComplete = filled === size;
  const counts = { blocks: size, complete: filled, new: fresh };
  if (json !== undefined)
    terminal.line(JSON.stringify({ origin, ledger: idText, mode: 'full', ...counts, ...json }));
  else if (isComplete) terminal.line(`${origin}: ${size} blocks here and checked, ${fresh} of them new.`);
  else {
    terminal.line(`${origin}: stopped with ${filled} of ${size} blocks here and checked, ${fresh} new.`);
    terminal.say('Run it again to go on where it stopped.');
  }
  return isComplete;
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { ledger, json } = options;
  const { startEngines } = await import('../../engines/start.ts');
  const { findLedger } = await import('../../wallet/ledgers.ts');
  const { refresh } = await import('../../wallet/records/refresh.ts');
  const { followedCount } = await import('../../wallet/store/followed-store.ts');
  await startEngines();
  const stop = new AbortController();
  const onSignal = (): void => {
    stop.abort();
  };
  process.once('SIGINT', onSignal);
  process.once('SIGTERM', onSignal);
  const signal = AbortSignal.any([stop.signal, terminal.abandoned]);
  const outcome = { isComplete: false };
  await withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const before = await prepare(wallet, await findLedger(wallet.database, ledger), options, terminal);
      const heldBefore = await followedCount(wallet.database, before.joined);
      const onProgress = (progress: SyncProgress): void => {
        terminal.progress(progressLine(progress));
      };
      const skipped: Skipped[] = [];
      const onSkipped = (address: string, error: CountersignError): void => {
        skipped.push({ address, error });
      };
      const { pinned, settled } = await refresh(wallet, before, {
        signal,
        onProgress,
        onSkipped,
        compares: true,
      });
      await tellSkipped(skipped, terminal);
      tellBroken(settled.broken, terminal);
      const told = await alarmMember(wallet.database, pinned.joined);
      if (json !== true && told.alarm !== undefined) terminal.line(told.alarm);
      if (pinned.joined.mode === 'follow') {
        const isJson = json === true;
        outcome.isComplete = await reportFollowed(
          wallet,
          pinned,
          heldBefore,
          isJson ? told : undefined,
          terminal,
        );
        return;
      }
      outcome.isComplete = reportFull(
        pinned,
        blocksHere(before.joined),
        json === true ? told : undefined,
        terminal,
      );
    }),
  );
  return outcome.isComplete ? exit.ok : exit.insufficient;
}

export const verb: Verb = {
  summary: 'fetch what is new on the record, all or only your own, and check it',
  configure(command) {
    addLedgerOption(addIdentityOptions(command))
      .option('--full', 'fetch everything, from now on')
      .option('--follow', 'fetch only what is your own, from now on')
      .option(
        '--tag <TAG>',
        'follow everything that carries this tag too; may be repeated',
        collect(hash('the tag')),
      )
      .option(
        '--key <KEY>',
        'follow what this key sent, and its history; may be repeated',
        collect(hash('the key')),
      )
      .option('--forget <HASH>', 'follow this tag or key no more; may be repeated', collect(hash('it')));
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
