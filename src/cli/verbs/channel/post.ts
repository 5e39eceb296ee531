import type { Command } from 'commander';
import { addSendOptions } from '../../channel/options.ts';
import { exit, type ExitCode, Stop, UsageError } from '../../exit.ts';
import type { Terminal } from '../../output.ts';
import type { Verb } from '../../verb.ts';

const help = `
Says something to the members of a channel: the text of a file, or what is written to standard input. It is sealed for
those who are members when it is sent. Without a way to the firehose it waits here, sealed for this profile only.

The text is not taken from the command line itself, because other people on this machine can see command lines.

Exit codes: 0 done, or waiting for its block; 1 it cannot be done; 69 it could not be sent yet and waits here.

Examples:
  countersign channel post Price offer.txt
  echo 'We offer 100.' | countersign channel post Price`;

/** The most bytes that a text of 65,536 characters takes. */
const maxBytes = 262_144;

async function textFrom(given: string, terminal: Terminal): Promise<string> {
  const { startOf, Unreadable } = await import('../../given.ts');
  if (given === '-' && process.stdin.isTTY)
    terminal.say('Write the message, and end it with Ctrl-D on a line of its own.');
  let bytes: Uint8Array;
  try {
    bytes = await startOf(given, maxBytes);
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    throw new Stop(exit.failed, 'channel-text', `${given}: ${error.message}`, { cause: error });
  }
  const { fromUtf8 } = await import('../../../core/bytes.ts');
  const text = bytes.length > maxBytes ? undefined : fromUtf8(bytes);
  if (text === undefined)
    throw new Stop(exit.failed, 'channel-text', given === '-' ? 'standard input' : given);
  // A line feed at the end belongs to the file, one of another system is no part of what is said.
  return text.replaceAll('\r\n', '\n').replace(/\n+$/, '');
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const [given = '', file = '-'] = command.args;
  if (file === '') throw new UsageError('The name of the file is empty.');
  const { runInChannel } = await import('../../channel/carry-out.ts');
  const { channelTitle } = await import('../../channel/words.ts');
  const { planPost } = await import('../../../wallet/channels/actions.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  const text = await textFrom(file, terminal);
  return runInChannel(command, terminal, async (wallet, pinned) => {
    const row = await findChannel(wallet, pinned, given);
    try {
      return { plan: planPost(row, { kind: 'text', text }), done: `Said in ${channelTitle(row)}.` };
    } catch (error) {
      if (!(error instanceof RangeError)) throw error;
      throw new Stop(exit.failed, 'channel-text', undefined, { cause: error });
    }
  });
}

export const verb: Verb = {
  summary: 'say something to the members of a channel',
  configure(command) {
    command
      .argument('<CHANNEL>', 'its name, or the beginning of its id')
      .argument('[FILE]', 'the file with the text, or - for standard input', '-');
    addSendOptions(command).addHelpText('after', help);
  },
  run,
};
