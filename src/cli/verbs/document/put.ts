import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { addSendOptions, type SendVerbOptions, textUpTo } from '../../channel/options.ts';
import { exit, type ExitCode, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends SendVerbOptions {
  readonly name?: string;
}

const help = `
Sends a file to the members of a channel. It is sealed piece by piece and sent in parts; name, hash and key go into a sealed
message at the end, so that nobody meets a document that is not complete. The file itself stays where it is.

Stopped with Ctrl-C, or by a network that fails, it goes on when the same file is sent to the same channel again: what was
sent is not sent twice. A file that changed meanwhile is refused, and what was sent of it stays closed for ever.

The members can be seen to get a document, and about how long it is; its name and content cannot be seen.

Exit codes: 0 done, or waiting for its block; 1 the file changed, or it cannot be done; 2 stopped; 69 it could not be sent to
its end yet.

Examples:
  countersign document put Price contract.pdf
  countersign document put Price ./scan-0041.pdf --name 'Contract, signed copy.pdf'`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given = '', path = ''] = command.args;
  if (path === '') throw new UsageError('The name of the file is empty.');
  const { startEngines } = await import('../../../engines/start.ts');
  const { channelsOf, send } = await import('../../channel/carry-out.ts');
  const { channelTitle } = await import('../../channel/words.ts');
  const { footprintJson, footprintLines, progressOn, sizeOf } = await import('../../documents/show.ts');
  const { interruptible } = await import('../../records/interrupt.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  const { documentFootprint, putDocument } = await import('../../../wallet/documents/documents.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await channelsOf(wallet, options, terminal);
      const row = await findChannel(wallet, pinned, given);
      const isJson = options.json === true;
      const footprint = await documentFootprint(pinned, path);
      if (options.preview === true) {
        if (isJson) terminal.line(JSON.stringify(footprintJson(footprint)));
        else for (const line of footprintLines(footprint)) terminal.line(line);
        return exit.ok;
      }
      if (!isJson) for (const line of footprintLines(footprint)) terminal.say(line);
      const now = (): number => Math.floor(Date.now() / 1000);
      const { chunks, document, sentChunks } = await interruptible(terminal, (signal) =>
        putDocument(wallet, pinned, row, path, {
          signal,
          now,
          onProgress: progressOn(terminal),
          ...(options.name === undefined ? {} : { name: options.name }),
        }),
      ).finally(() => {
        terminal.progress('');
      });
      const end = await send(wallet, pinned, options.wait, terminal);
      const isThere = !end.waiting.some(({ channel }) => toHex(channel) === toHex(row.channel));
      const state = isThere ? 'in-block' : 'waiting';
      if (isJson) {
        const { hash, media, name, size } = document;
        const file = { name, media, bytes: size, sha256: toHex(hash) };
        const ids = { channel: toHex(row.channel), transaction: toHex(row.transaction) };
        terminal.line(JSON.stringify({ ...ids, ...file, pieces: chunks, sent: sentChunks, state }));
      } else {
        const again =
          sentChunks < chunks ? `, ${chunks - sentChunks} of ${chunks} pieces were there already` : '';
        terminal.line(`Sent ${document.name}, ${sizeOf(document.size)}, to ${channelTitle(row)}${again}.`);
        terminal.line(
          isThere
            ? 'It is on record, and the members can read it.'
            : 'Its parts are promised; what tells the members of it still waits: countersign channel send',
        );
      }
      if (end.failure !== undefined) throw end.failure;
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'send a file to the members of a channel, encrypted',
  configure(command) {
    command
      .argument('<CHANNEL>', 'its name, or the beginning of its id')
      .argument('<FILE>', 'the file to send');
    addSendOptions(command)
      .option(
        '--name <TEXT>',
        'what it is to be called there; the name of the file when left out',
        textUpTo(255),
      )
      .addHelpText('after', help);
  },
  run,
};
