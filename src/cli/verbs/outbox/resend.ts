import { type Command, InvalidArgumentError } from 'commander';
import { fromHex, toHex } from '../../../core/bytes.ts';
import { CountersignError } from '../../../core/errors/family.ts';
import type { OutboxCode } from '../../../core/errors/outbox.ts';
import { exit, type ExitCode } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import type { Terminal } from '../../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../../profile-option.ts';
import { addLedgerOption } from '../../records/options.ts';
import type { Verb } from '../../verb.ts';

interface Options {
  readonly ledger?: string;
  readonly json?: true;
}

const help = `
Queues a message once more that the operator promised to record and did not. It stays the same message, byte for byte, so it
can stand on the record once only, however often it is sent. The evidence of the broken promise stays.

It is sent by the next "countersign notarize", with or without a file.

Example:
  countersign outbox resend 0a1b2c3d...`;

function messageId(text: string): Uint8Array {
  const id = fromHex(text, 32);
  if (id === undefined) throw new InvalidArgumentError('Give the whole id: 64 hexadecimal digits.');
  return id;
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { ledger, json } = command.opts<Options>();
  const id = command.processedArgs[0] as Uint8Array;
  const { startEngines } = await import('../../../engines/start.ts');
  const { findLedger } = await import('../../../wallet/ledgers.ts');
  const { queueAgain } = await import('../../../wallet/outbox/outbox.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async ({ database }) => {
      const { joined } = await findLedger(database, ledger);
      if (!(await queueAgain(database, joined, id)))
        throw new CountersignError<OutboxCode>('outbox-not-broken', toHex(id));
    }),
  );
  const message = toHex(id);
  terminal.line(
    json === true
      ? JSON.stringify({ message, state: 'queued' })
      : `The message ${message} is queued again. "countersign notarize" sends it.`,
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'send a message again whose promise was broken',
  configure(command) {
    command.argument('<MESSAGE>', 'its whole id', messageId);
    addJsonOption(addLedgerOption(addProfileOption(command))).addHelpText('after', help);
  },
  run,
};
