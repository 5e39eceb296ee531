/** From a plan for a channel to what is printed of it: first what everyone will see, then what became of it. */
import type { Command } from 'commander';
import { toHex } from '../../core/bytes.ts';
import type { ChannelPlan } from '../../wallet/channels/actions.ts';
import type { ChannelDraft } from '../../wallet/channels/drafts.ts';
import type { PublicPreview } from '../../wallet/channels/public-preview.ts';
import type { SendEnd } from '../../wallet/channels/send.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { exit, type ExitCode, Stop } from '../exit.ts';
import { exitOf, withExits } from '../exits.ts';
import type { Terminal } from '../output.ts';
import { withWallet } from '../profile-option.ts';
import { refreshIfPossible } from '../records/fresh.ts';
import { interruptible } from '../records/interrupt.ts';
import type { SendVerbOptions } from './options.ts';
import { publicJson, publicLines } from './public.ts';
import { counted } from './words.ts';

const now = (): number => Math.floor(Date.now() / 1000);

/** Finds the ledger, brings its copy up to date where that can be, and looks for new channels. */
export async function channelsOf(
  wallet: Wallet,
  given: { readonly ledger?: string; readonly offline?: true },
  terminal: Terminal,
): Promise<PinnedLedger> {
  const { findLedger } = await import('../../wallet/ledgers.ts');
  const { learnChannels } = await import('../../wallet/channels/learn.ts');
  const found = await findLedger(wallet.database, given.ledger);
  const pinned =
    given.offline === true
      ? found
      : await interruptible(terminal, (signal) => refreshIfPossible(wallet, found, terminal, signal));
  await learnChannels(wallet, pinned, now());
  return pinned;
}

/** One step of a plan, and how far it is. */
interface Step {
  readonly kind: string;
  readonly state: string;
  readonly message: Uint8Array | undefined;
  readonly height: number | undefined;
}

async function stepsOf(
  wallet: Wallet,
  pinned: PinnedLedger,
  drafts: readonly ChannelDraft[],
  done: readonly ChannelDraft[],
): Promise<readonly Step[]> {
  const { pendingIn } = await import('../../wallet/channels/pending.ts');
  const steps: Step[] = [];
  for (const { id, intent, ...ids } of drafts) {
    const pending = (await pendingIn(wallet, pinned.joined, ids)).find(({ draft }) => draft.id === id);
    const message = pending?.draft.sent ?? done.find((draft) => draft.id === id)?.sent;
    const place = message && (await wallet.store.placeOf(pinned.joined, message));
    const state =
      pending === undefined ? (message === undefined ? 'nothing to do' : 'in-block') : pending.state;
    steps.push({ kind: intent.kind, state, message, height: place?.height });
  }
  return steps;
}

function stepJson({ kind, state, message, height }: Step): Record<string, unknown> {
  const id = message === undefined ? {} : { message: toHex(message) };
  return { for: kind, state, ...id, ...(height === undefined ? {} : { height }) };
}

/** What became of all steps together, as a sentence. */
function ending(steps: readonly Step[]): string {
  const waiting = steps.filter(({ state }) => state !== 'in-block' && state !== 'nothing to do');
  const heights = steps.flatMap(({ height }) => (height === undefined ? [] : [height]));
  if (waiting.length === 0) {
    return heights.length === 0
      ? 'There was nothing left to do.'
      : `On record in block ${Math.max(...heights)}.`;
  }
  if (waiting.every(({ state }) => state === 'accepted')) {
    return 'The operator promised, signed, to record it. It counts from its block on.';
  }
  const left = counted(waiting.length, 'step waits', 'steps wait');
  return `${left} here, and what it says is sealed for the members when it is sent: countersign channel send`;
}

/** What a verb wants done, and how it says that it is. */
export interface Wanted {
  readonly plan: ChannelPlan;
  /** A sentence. */
  readonly done: string;
  /** More lines for the person, before the send. */
  readonly before?: readonly string[];
  /** More members of the JSON object. */
  readonly json?: Record<string, unknown>;
}

function printPreview(preview: PublicPreview, isJson: boolean, terminal: Terminal): void {
  if (isJson) terminal.line(JSON.stringify(publicJson(preview)));
  else for (const line of publicLines(preview)) terminal.line(line);
}

/** Sends what waits, for so long at most. */
export async function send(
  wallet: Wallet,
  pinned: PinnedLedger,
  seconds: number,
  terminal: Terminal,
): Promise<SendEnd> {
  const { sendChannels } = await import('../../wallet/channels/send.ts');
  return interruptible(terminal, async (signal) => {
    const until = AbortSignal.any([signal, AbortSignal.timeout(seconds * 1000)]);
    const onWaiting = (count: number): void => {
      terminal.progress(count === 0 ? '' : `${counted(count, 'step')} on the way; waiting for the block`);
    };
    try {
      return await sendChannels(wallet, pinned, { signal: until, onWaiting });
    } finally {
      terminal.progress('');
    }
  });
}

/** @throws Stop when a step cannot be done, or when nothing could be sent. */
function endWith({ failure, waiting }: SendEnd, drafts: readonly ChannelDraft[]): void {
  const stuck = waiting.find(
    ({ id, problem }) => problem !== undefined && drafts.some((own) => own.id === id),
  );
  if (stuck?.problem !== undefined) throw new Stop(exitOf(stuck.problem), stuck.problem);
  if (failure === undefined) return;
  throw new Stop(exit.unavailable, failure.code, failure.detail);
}

async function carry(
  wallet: Wallet,
  pinned: PinnedLedger,
  wanted: Wanted,
  options: SendVerbOptions,
  terminal: Terminal,
): Promise<void> {
  const { carryOut } = await import('../../wallet/channels/actions.ts');
  const { whatThePublicSees } = await import('../../wallet/channels/public-preview.ts');
  const { plan } = wanted;
  const isJson = options.json === true;
  const preview = await whatThePublicSees(wallet, pinned, plan, now());
  if (preview.problem !== undefined) throw new Stop(exitOf(preview.problem), preview.problem);
  if (options.preview === true) {
    printPreview(preview, isJson, terminal);
    return;
  }
  for (const line of [...(wanted.before ?? []), ...publicLines(preview)]) if (!isJson) terminal.say(line);
  const drafts = await carryOut(wallet, plan, now());
  const end = options.offline === true ? undefined : await send(wallet, pinned, options.wait, terminal);
  const steps = await stepsOf(wallet, end?.pinned ?? pinned, drafts, end?.done ?? []);
  if (isJson) {
    const { channel, transaction } = plan.row;
    const ids = { channel: toHex(channel), transaction: toHex(transaction) };
    terminal.line(JSON.stringify({ ...ids, ...wanted.json, steps: steps.map(stepJson) }));
  } else {
    // What is not sealed yet was not done: nothing of it left this machine.
    const isKept = steps.some(({ state }) => state === 'draft' || state === 'queued');
    terminal.line(isKept ? 'Kept here. Not all of it was sent yet.' : wanted.done);
    terminal.line(ending(steps));
  }
  if (end !== undefined) endWith(end, drafts);
}

/**
 * Runs a verb that does something in a channel.
 * @param want makes the plan, with the copy of the ledger as it is now.
 */
export async function runInChannel(
  command: Command,
  terminal: Terminal,
  want: (wallet: Wallet, pinned: PinnedLedger) => Promise<Wanted>,
): Promise<ExitCode> {
  const options = command.opts<SendVerbOptions>();
  const { startEngines } = await import('../../engines/start.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await channelsOf(wallet, options, terminal);
      await carry(wallet, pinned, await want(wallet, pinned), options, terminal);
    }),
  );
  return exit.ok;
}
