import type { Command } from 'commander';
import { addChannelOptions, type ReadOptions } from '../../channel/options.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ReadOptions {
  readonly offline?: true;
}

const help = `
Lists the documents of a channel, newest first: the place of the message that speaks of each, its name and length, and whether
all of it is in the copy on this machine. Below stand those that you began to send and did not finish.

Examples:
  countersign document list Price`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given = ''] = command.args;
  const { startEngines } = await import('../../../engines/start.ts');
  const { channelsOf } = await import('../../channel/carry-out.ts');
  const { documentJson, documentLines, uploadJson, uploadLine } = await import('../../documents/show.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  const { contactNames } = await import('../../../wallet/channels/people.ts');
  const { openChannel } = await import('../../../wallet/channels/open.ts');
  const { documentsOf, interruptedUploads } = await import('../../../wallet/documents/documents.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await channelsOf(wallet, options, terminal);
      const row = await findChannel(wallet, pinned, given);
      const shown = [];
      for (const one of await documentsOf(wallet, await openChannel(wallet, pinned, row))) {
        shown.push({ one, standing: await one.document.standing() });
      }
      const names = await contactNames(wallet, pinned.joined.ledger.id);
      const uploads = await interruptedUploads(wallet, pinned, row);
      if (options.json === true) {
        const documents = shown.map(({ one, standing }) => documentJson(one, standing));
        terminal.line(JSON.stringify({ documents, unfinished: uploads.map(uploadJson) }));
        return exit.ok;
      }
      for (const { one, standing } of shown)
        for (const line of documentLines(one, standing, names)) terminal.line(line);
      for (const upload of uploads) terminal.line(uploadLine(upload));
      if (shown.length + uploads.length === 0) terminal.say('There is no document in this channel.');
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'list the documents of a channel',
  configure(command) {
    command.argument('<CHANNEL>', 'its name, or the beginning of its id');
    addChannelOptions(command)
      .option('--offline', 'show what is here, without asking the firehose')
      .addHelpText('after', help);
  },
  run,
};
