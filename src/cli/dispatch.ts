import { CommanderError } from 'commander';
import { groupCommand, program, verbCommand } from './commands.ts';
import { CountersignError } from '../core/errors/family.ts';
import { exit, Stop, UsageError, type ExitCode } from './exit.ts';
import { exitOf } from './exits.ts';
import { explanationOf, sayExplanation, shortened, type Terminal } from './output.ts';
import { findVerb, verbsIn, type VerbPlace } from './verbs.ts';

/** Commander's own wording as one sentence. */
function sentenceOf(error: CommanderError): string {
  const text = error.message
    .replace(/^error: /, '')
    .replace(/^unknown command /, 'unknown verb ')
    .replaceAll('\n', ' ');
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.)?!]$/.test(sentence) ? sentence : `${sentence}.`;
}

async function runGroup(place: VerbPlace, rest: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const command = await groupCommand(place, terminal);
  if (rest.length === 0) {
    const names = verbsIn(place).map((child) => child.words.at(-1) ?? '');
    throw new UsageError(`What should it do? Name one of its verbs: ${names.join(', ')}.`);
  }
  // Children are here by name only: a known one never gets this far, so whatever is left is help or a mistake.
  await command.parseAsync(rest, { from: 'user' });
  return exit.ok;
}

async function runVerb(place: VerbPlace, rest: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { command, verb } = await verbCommand(place, terminal);
  let result: ExitCode = exit.ok;
  command.action(async () => {
    result = await verb.run(command, terminal);
  });
  await command.parseAsync(rest, { from: 'user' });
  return result;
}

/** Runs one command line (without interpreter and script) and says how it ended. Never throws. */
export async function dispatch(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const isHelp = args[0] === 'help';
  const { place, rest } = findVerb(isHelp ? args.slice(1) : args);
  const given = isHelp && rest.length === 0 ? ['--help'] : rest;
  try {
    // A word that 'help' does not know is reported as the verb it would have been.
    return await (place.isGroup ? runGroup(place, given, terminal) : runVerb(place, given, terminal));
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return exit.ok;
    const shown = error instanceof CommanderError ? new UsageError(sentenceOf(error)) : error;
    return await report(shown, terminal, place.words);
  }
}

function carriesCode(error: unknown): error is Stop | CountersignError {
  return error instanceof Stop || error instanceof CountersignError;
}

/**
 * Says what went wrong, in sentences, and which exit code that is. A stack only with COUNTERSIGN_DEBUG set.
 *
 * @param words the verb that ran, for pointing to its help
 */
export async function report(
  error: unknown,
  terminal: Terminal,
  words: readonly string[] = [],
): Promise<ExitCode> {
  if (process.env['COUNTERSIGN_DEBUG'] !== undefined && error instanceof Error) {
    for (const line of (error.stack ?? error.message).split('\n')) terminal.say(line);
  }
  if (error instanceof UsageError) {
    terminal.say(`${program}: ${shortened(error.message)}`);
    terminal.say('  Nothing was done.');
    terminal.say(`  What it takes is shown by: ${[program, ...words, '--help'].join(' ')}`);
    return exit.usage;
  }
  if (carriesCode(error)) {
    sayExplanation(terminal, await explanationOf(error.code), error.code, error.detail);
    return error instanceof Stop ? error.exitCode : exitOf(error.code);
  }
  const detail = error instanceof Error ? error.message : String(error);
  sayExplanation(terminal, await explanationOf('cli-internal'), 'cli-internal', detail);
  return exit.internal;
}
