import { resolve } from 'node:path';
import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { addChannelOptions, type ReadOptions } from '../../channel/options.ts';
import { exit, type ExitCode, UsageError } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ReadOptions {
  readonly to?: string;
  readonly offline?: true;
}

const help = `
Writes a document of a channel into a file that must not be there yet. All of it is checked before: the length and the hash
that its author stated, and every piece at its place. The file is there whole or not at all.

The decrypted file is yours to look after: Countersign does not touch it again.

Exit codes: 0 written; 1 the document is not the one that its author described; 2 no such document, not all of it is here
yet, or stopped; 73 the file cannot be written.

Examples:
  countersign document get Price contract.pdf --to ./contract.pdf
  countersign document get Price 1204.3 --to /media/stick/contract.pdf`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [given = '', wanted = ''] = command.args;
  const { to = '' } = options;
  if (to === '') throw new UsageError('Say into which file it is to be written: --to FILE');
  const { startEngines } = await import('../../../engines/start.ts');
  const { channelsOf } = await import('../../channel/carry-out.ts');
  const { progressOn, sizeOf } = await import('../../documents/show.ts');
  const { interruptible } = await import('../../records/interrupt.ts');
  const { findChannel } = await import('../../../wallet/channels/find.ts');
  const { openChannel } = await import('../../../wallet/channels/open.ts');
  const { documentNamed } = await import('../../../wallet/documents/documents.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await channelsOf(wallet, options, terminal);
      const row = await findChannel(wallet, pinned, given);
      const { document } = await documentNamed(wallet, await openChannel(wallet, pinned, row), wanted);
      const path = resolve(to);
      await interruptible(terminal, (signal) =>
        document.writeTo(path, { signal, onProgress: progressOn(terminal) }),
      ).finally(() => {
        terminal.progress('');
      });
      const { hash, media, name, size } = document.content;
      if (options.json === true) {
        terminal.line(JSON.stringify({ file: path, name, media, bytes: size, sha256: toHex(hash) }));
      } else {
        terminal.line(`Wrote ${path}: ${name}, ${sizeOf(size)}.`);
        terminal.line(`Its length and SHA-256 are those that its author stated: ${toHex(hash)}`);
      }
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'write a document of a channel into a file',
  configure(command) {
    command
      .argument('<CHANNEL>', 'its name, or the beginning of its id')
      .argument('<DOCUMENT>', 'its name, its place in the channel, or the beginning of its message id');
    addChannelOptions(command)
      .option('--to <FILE>', 'the file to write, which must not be there yet')
      .option('--offline', 'take what is here, without asking the firehose')
      .addHelpText('after', help);
  },
  run,
};
