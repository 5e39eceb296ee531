/** What a person gives to the verbs of `ledger`: cards, addresses, policies. */
import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError } from 'commander';
import { CountersignError } from '../../core/errors/family.ts';
import type { LedgerCode } from '../../core/errors/ledger.ts';
import {
  composeLedgerCard,
  isEndpoint,
  type LedgerCard,
  type LedgerCardContent,
  maxLedgerCardBytes,
  maxLedgerLinkLength,
  writeLedgerCard,
} from '../../core/record/ledger-card.ts';
import { cardFrom } from '../../wallet/ledgers.ts';
import { exit, type ExitCode, Stop } from '../exit.ts';
import { startOf, Unreadable } from '../given.ts';

const longest = 2 * maxLedgerLinkLength;

function codeOf(error: unknown): string {
  return (error as NodeJS.ErrnoException).code ?? String(error);
}

/** An error of ours as one that ends the run with this exit code; anything else as it is. */
export function ending(exitCode: ExitCode, error: unknown): unknown {
  if (!(error instanceof CountersignError)) return error;
  const { code, detail } = error as CountersignError;
  return new Stop(exitCode, code, detail, { cause: error });
}

async function cardBytes(path: string): Promise<Uint8Array> {
  try {
    return await startOf(path, longest);
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    const detail = `${path}: ${cause.message}`;
    throw new Stop(exit.failed, 'ledger-no-card' satisfies LedgerCode, detail, { cause });
  }
}

/**
 * The card that a person names: its link or text itself, `-` for standard input, else a file.
 * @throws Stop when it cannot be read or is no card.
 */
export async function readCard(given: string): Promise<LedgerCard> {
  const isText = /^\s*(\{|countersign:)/.test(given);
  const bytes = isText ? Buffer.from(given) : await cardBytes(given);
  try {
    return cardFrom(bytes);
  } catch (error) {
    throw ending(exit.failed, error);
  }
}

/** Writes a card into a file that must not be there yet. @throws Stop */
export async function writeCardFile(path: string, card: LedgerCard): Promise<void> {
  try {
    await writeFile(path, writeLedgerCard(card), { flag: 'wx' });
  } catch (cause) {
    throw new Stop(exit.cannotWrite, 'ledger-no-card' satisfies LedgerCode, `${path}: ${codeOf(cause)}`, {
      cause,
    });
  }
}

/** Reads the trust policy that goes on a card. @throws Stop */
export async function readPolicy(path: string): Promise<string> {
  try {
    const bytes = await startOf(path, maxLedgerCardBytes);
    if (bytes.length <= maxLedgerCardBytes) return Buffer.from(bytes).toString('utf8');
  } catch (cause) {
    if (!(cause instanceof Unreadable)) throw cause;
    const detail = `${path}: ${cause.message}`;
    throw new Stop(exit.failed, 'ledger-policy' satisfies LedgerCode, detail, { cause });
  }
  throw new Stop(exit.failed, 'ledger-policy' satisfies LedgerCode, `${path}: more than fits on a card`);
}

/** The card with this content. @throws Stop with the code of what is wrong with it. */
export function composedCard(content: LedgerCardContent): LedgerCard {
  const card = composeLedgerCard(content);
  if (!card.ok) throw new Stop(exit.failed, card.code, card.detail);
  return card.value;
}

function endpoint(text: string, before: readonly string[] | undefined): readonly string[] {
  const address = text.endsWith('/') ? text : `${text}/`;
  if (isEndpoint(address)) return [...(before ?? []), address];
  throw new InvalidArgumentError(
    'Give an http or https address in small letters, without user, query and fragment.',
  );
}

/** What goes on a card beside what the ledger itself says. */
export interface CardOptions {
  readonly endpoint?: readonly string[];
  readonly policy?: string;
  readonly card?: string;
}

/** Declares the options of {@link CardOptions}. */
export function addCardOptions(command: Command): Command {
  return command
    .option(
      '--endpoint <URL>',
      'where others reach its firehose (repeatable, the preferred one first)',
      endpoint,
    )
    .option(
      '--policy <FILE>',
      'a trust policy that goes on the card: whose cosignatures readers should ask for',
    )
    .option('--card <FILE>', 'write the card into this file, which must not be there yet');
}
