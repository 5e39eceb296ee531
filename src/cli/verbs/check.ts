import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Command } from 'commander';
import { equalBytes, fromHex, toHex } from '../../core/bytes.ts';
import type { ReceiptCode } from '../../core/errors/receipt.ts';
import { profileExists } from '../../wallet/profile.ts';
import type { FileQuestion, FileVerdict, Recorded } from '../../wallet/records/check-file.ts';
import type { Wallet } from '../../wallet/wallet.ts';
import { alarmMember } from '../alarm/tell.ts';
import { exit, type ExitCode, Stop, UsageError } from '../exit.ts';
import { withExits } from '../exits.ts';
import { startOf, Unreadable } from '../given.ts';
import { explanationOf, sayExplanation, type Terminal } from '../output.ts';
import { addIdentityOptions, addJsonOption, profileFrom, withWallet } from '../profile-option.ts';
import { utc } from '../records/show.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly receipt?: string;
  readonly ledger?: string;
  readonly json?: true;
}

const help = `
Says whether a file is on record, where, and since when. With --receipt the receipt and the file are enough, without any
network; without it the copy of the record on this machine is searched for public hashes, and for records of your own.
A copy that follows only your own asks the firehose for public hashes, with proof that they are on record or are not.

A receipt never brings its own judge: its ledger must be one that this profile has joined, or the one whose id you give
with --ledger, from a source that you trust.

Exit codes: 0 it is on record; 1 it is not the recorded file, or the receipt is not valid; 2 it cannot be told.

Examples:
  countersign check contract.pdf
  countersign check contract.pdf --receipt contract.pdf-0a1b2c3d4e5f.receipt.json`;

async function hashOf(path: string): Promise<Uint8Array> {
  const { hashFile } = await import('../../wallet/workflows/record-file.ts');
  try {
    const about = await stat(path);
    // A device has no end.
    if (about.isCharacterDevice() || about.isBlockDevice()) throw new Unreadable('it is not a file');
    return await hashFile(path);
  } catch (cause) {
    const reason =
      cause instanceof Unreadable ? cause.message : ((cause as NodeJS.ErrnoException).code ?? '');
    throw new Stop(exit.unavailable, 'receipt-unreadable' satisfies ReceiptCode, `${path}: ${reason}`, {
      cause,
    });
  }
}

async function receiptAt(path: string): Promise<Uint8Array> {
  const { maxReceiptBytes } = await import('../../core/record/receipt.ts');
  try {
    return await startOf(path, maxReceiptBytes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    const detail = `${path}: ${error.message}`;
    throw new Stop(exit.unavailable, 'receipt-unreadable' satisfies ReceiptCode, detail, { cause: error });
  }
}

function recordedJson(found: Recorded): Record<string, unknown> {
  return {
    verdict: 'recorded',
    origin: found.origin,
    ledger: toHex(found.ledger),
    message: toHex(found.message.id),
    method: found.method,
    height: found.header.height,
    position: found.position,
    sealed: utc(found.header.time),
    sender: toHex(found.message.sender),
    asOf: found.size,
    by: found.by,
  };
}

/** The answer, and what must be told with it of the ledger that it is about. */
interface Told {
  readonly found: FileVerdict;
  readonly told: { readonly alarm?: string };
}

/** What must be told of the ledger of an answer; of all that were looked through when there is none. */
async function toldWith(wallet: Wallet | undefined, found: FileVerdict): Promise<Told['told']> {
  if (wallet === undefined) return {};
  const { pinnedLedgers } = await import('../../wallet/ledgers.ts');
  const sentences: string[] = [];
  for (const { joined } of await pinnedLedgers(wallet.database)) {
    const isAsked = found.verdict !== 'recorded' || equalBytes(found.ledger, joined.ledger.id);
    const { alarm } = isAsked ? await alarmMember(wallet.database, joined) : {};
    if (alarm !== undefined) sentences.push(alarm);
  }
  return sentences.length === 0 ? {} : { alarm: sentences.join(' ') };
}

const sources: Readonly<Record<Recorded['by'], string>> = {
  copy: 'the verified copy here',
  receipt: 'the receipt',
  firehose: 'the firehose, which was asked and showed it under the head that is here',
};

async function report(
  file: string,
  { found, told }: Told,
  isJson: boolean,
  terminal: Terminal,
): Promise<ExitCode> {
  const name = basename(file);
  if (found.verdict === 'recorded') {
    if (isJson) terminal.line(JSON.stringify({ file: name, ...recordedJson(found), ...told }));
    else {
      const { header, origin, message, position, size } = found;
      terminal.line(
        `${name} is identical to the file recorded in block ${header.height} of ${origin}, sealed ${utc(header.time)}.`,
      );
      terminal.line(`It is message ${position} of the block, ${toHex(message.id)},`);
      terminal.line(`signed by the key ${toHex(message.sender)}.`);
      terminal.line(`Known by ${sources[found.by]}, as of ${size} blocks.`);
      if (told.alarm !== undefined) terminal.line(told.alarm);
    }
    return exit.ok;
  }
  const { verdict, code, detail } = found;
  const explanation = await explanationOf(code);
  if (isJson) {
    terminal.line(
      JSON.stringify({ file: name, verdict, code, ...explanation, ...(detail ? { detail } : {}), ...told }),
    );
  } else {
    terminal.line(
      verdict === 'open'
        ? `${name}: it cannot be told whether it is on record.`
        : `${name} is not shown to be on record.`,
    );
    sayExplanation(terminal, explanation, code, detail);
    if (told.alarm !== undefined) terminal.line(told.alarm);
  }
  return verdict === 'open' ? exit.insufficient : exit.failed;
}

async function ledgerIn(
  wallet: Wallet | undefined,
  given: string | undefined,
): Promise<Uint8Array | undefined> {
  if (given === undefined) return undefined;
  const id = fromHex(given, 32);
  if (id !== undefined) return id;
  if (wallet === undefined) throw new UsageError('Without a profile give the whole id of the ledger.');
  const { findLedger } = await import('../../wallet/ledgers.ts');
  return (await findLedger(wallet.database, given)).joined.ledger.id;
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [file = ''] = command.args;
  if (file === '') throw new UsageError('The name of the file is empty.');
  if (options.receipt === '') throw new UsageError('The name of the receipt is empty.');
  const { startEngines } = await import('../../engines/start.ts');
  const { checkFile } = await import('../../wallet/records/check-file.ts');
  await startEngines();
  const found = await withExits(async () => {
    const receipt = options.receipt === undefined ? {} : { receipt: await receiptAt(options.receipt) };
    const fileHash = await hashOf(file);
    const ask = async (wallet: Wallet | undefined): Promise<Told> => {
      const ledger = await ledgerIn(wallet, options.ledger);
      const question: FileQuestion = { fileHash, ...receipt, ...(ledger === undefined ? {} : { ledger }) };
      const answer = await checkFile(wallet, question);
      return { found: answer, told: await toldWith(wallet, answer) };
    };
    // A receipt can be checked by somebody who has no profile at all.
    const isAlone = options.receipt !== undefined && !(await profileExists(profileFrom(command)));
    return isAlone ? ask(undefined) : withWallet(command, terminal, 'existing', ask);
  });
  return report(file, found, options.json === true, terminal);
}

export const verb: Verb = {
  summary: 'say whether a file is on record, where, and since when',
  configure(command) {
    command.argument('<FILE>', 'the file');
    addIdentityOptions(command)
      .option('--receipt <FILE>', 'a receipt of the record, as notarize writes it')
      .option('--ledger <LEDGER>', 'the ledger that you trust: its id, or the origin of one that is joined');
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
