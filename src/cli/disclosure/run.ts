/** Carrying a disclosure through: logged, a new epoch where one is due, then handed out; and what is said of it. */
import { toHex } from '../../core/bytes.ts';
import type { CountersignError } from '../../core/errors/family.ts';
import type { Disclosure } from '../../wallet/disclosure/disclosure-rows.ts';
import type { DisclosureStep } from '../../wallet/disclosure/disclose.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { send } from '../channel/carry-out.ts';
import { counted } from '../channel/words.ts';
import { type KeyNames, nameOf } from './show.ts';
import { exit, type ExitCode } from '../exit.ts';
import type { Terminal } from '../output.ts';
import { interruptible } from '../records/interrupt.ts';

const now = (): number => Math.floor(Date.now() / 1000);

/** How it ended. */
export interface DisclosureEnd {
  readonly steps: readonly DisclosureStep[];
  /** Why not everything could be sent. */
  readonly failure: CountersignError | undefined;
}

/** Sends what is said about disclosures, waits for it at most so long, and hands out those that were logged. */
export async function carryThrough(
  wallet: Wallet,
  pinned: PinnedLedger,
  seconds: number,
  terminal: Terminal,
): Promise<DisclosureEnd> {
  const { handOutDisclosures, writeGrantFile } = await import('../../wallet/disclosure/disclose.ts');
  const { sendQueued } = await import('../../wallet/outbox/send-queued.ts');
  const end = await send(wallet, pinned, seconds, terminal);
  const steps = await handOutDisclosures(wallet, end.pinned, now(), writeGrantFile);
  const isSent = steps.some(({ disclosure, state }) => state === 'given' && disclosure.to.kind === 'key');
  if (!isSent) return { steps, failure: end.failure };
  const rows = await wallet.privateRows();
  const { failure } = await interruptible(terminal, (signal) =>
    sendQueued(wallet.database, rows, end.pinned, { when: 'at once', now, signal }),
  );
  return { steps, failure: end.failure ?? failure };
}

function recipientOf({ to }: Disclosure, names: KeyNames): string {
  return to.kind === 'file' ? to.path : nameOf(to.keys.sign, names);
}

function stepLine({ disclosure, state }: DisclosureStep, names: KeyNames): string {
  const to = recipientOf(disclosure, names);
  if (state === 'waits') {
    return `Not handed out yet: the record does not show yet that it was logged. Go on with: countersign disclose (${to})`;
  }
  return disclosure.to.kind === 'file'
    ? `Wrote ${to}. Whoever has this file can open what it lists.`
    : `Sent to ${to}, sealed: only its owner can open it.`;
}

function stepJson({ disclosure, state }: DisclosureStep): Record<string, unknown> {
  const { hash, to } = disclosure;
  const recipient = to.kind === 'file' ? { file: to.path } : { to: toHex(to.keys.sign) };
  return { grant: toHex(hash), ...recipient, state };
}

/** Says what became of disclosures. */
export function reportSteps(
  { steps }: DisclosureEnd,
  json: Record<string, unknown> | undefined,
  names: KeyNames,
  terminal: Terminal,
): ExitCode {
  if (json !== undefined) terminal.line(JSON.stringify({ ...json, disclosures: steps.map(stepJson) }));
  else for (const step of steps) terminal.line(stepLine(step, names));
  const waiting = steps.filter(({ state }) => state === 'waits').length;
  if (waiting > 0 && json === undefined)
    terminal.say(`${counted(waiting, 'disclosure')} waiting for a block.`);
  return exit.ok;
}
