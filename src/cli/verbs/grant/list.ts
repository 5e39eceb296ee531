import type { Command } from 'commander';
import { toHex } from '../../../core/bytes.ts';
import { addChannelOptions, type ReadOptions } from '../../channel/options.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { withWallet } from '../../profile-option.ts';
import { addLimitOption } from '../../records/options.ts';
import type { Verb } from '../../verb.ts';

interface Options extends ReadOptions {
  readonly limit: number;
  readonly offline?: true;
}

const help = `
Lists what was disclosed to you over the record, newest first: who sent it, when, and what it is. Open one with
"countersign grant open" and the beginning of its message id.

Examples:
  countersign grant list`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const { startEngines } = await import('../../../engines/start.ts');
  const { channelsOf } = await import('../../channel/carry-out.ts');
  const { short } = await import('../../channel/words.ts');
  const { scopeWords } = await import('../../disclosure/show.ts');
  const { utc } = await import('../../records/show.ts');
  const { contactNames } = await import('../../../wallet/channels/people.ts');
  const { receivedGrants } = await import('../../../wallet/disclosure/open-grant.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      const pinned = await channelsOf(wallet, options, terminal);
      const names = await contactNames(wallet, pinned.joined.ledger.id);
      const found: Record<string, unknown>[] = [];
      for await (const { grant, height, id, sender, time } of receivedGrants(wallet, pinned)) {
        if (found.length === options.limit) break;
        const name = names.get(toHex(sender));
        const from = { sender: toHex(sender), ...(name === undefined ? {} : { name }) };
        const what = grant.ok ? { scope: grant.value.content.scope } : { code: grant.code };
        found.push({ message: toHex(id), height, ...from, sent: utc(time), ...what });
        if (options.json === true) continue;
        const words = grant.ok ? scopeWords[grant.value.content.scope] : `does not open [${grant.code}]`;
        terminal.line(`${short(id)}  ${utc(time)}  from ${name ?? `key ${short(sender)}`}: ${words}`);
      }
      if (options.json === true) terminal.line(JSON.stringify({ grants: found }));
      else if (found.length === 0) terminal.say('Nothing was disclosed to you, as far as the copy reaches.');
      return exit.ok;
    }),
  );
}

export const verb: Verb = {
  summary: 'list what was disclosed to you over the record',
  configure(command) {
    addLimitOption(addChannelOptions(command), 50)
      .option('--offline', 'show what is here, without asking the firehose')
      .addHelpText('after', help);
  },
  run,
};
