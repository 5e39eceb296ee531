import type { Command } from 'commander';
import { exit, type ExitCode } from '../../exit.ts';
import { withExits } from '../../exits.ts';
import { identityJson, identityLines } from '../../identity/show.ts';
import { loadExplanations, type Terminal } from '../../output.ts';
import { addIdentityOptions, addJsonOption, withWallet } from '../../profile-option.ts';
import type { Verb } from '../../verb.ts';

const help = `
Says whether the identity of the profile can be used and, if not, why and what helps; then, for each ledger, which of its
keys are on the record and which one counts. Nothing secret is shown.

Exit codes: 0 it can be used, or the profile has none; 69 it cannot be opened now.

Example:
  countersign identity show --profile work`;

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const { json } = command.opts<{ readonly json?: true }>();
  await loadExplanations();
  const { startEngines } = await import('../../../engines/start.ts');
  await startEngines();
  return withExits(() =>
    withWallet(command, terminal, 'existing', async (wallet) => {
      let state = await wallet.vaultState();
      if (state.name === 'passphrase') {
        await wallet.unlock();
        state = await wallet.vaultState();
      }
      if (json === true) terminal.line(JSON.stringify(await identityJson(wallet, state)));
      else for (const line of await identityLines(wallet, state)) terminal.line(line);
      return state.name === 'open' || state.name === 'none' ? exit.ok : exit.unavailable;
    }),
  );
}

export const verb: Verb = {
  summary: 'show the state of an identity and its keys on each ledger',
  configure(command) {
    addJsonOption(addIdentityOptions(command)).addHelpText('after', help);
  },
  run,
};
