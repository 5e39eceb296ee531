/**
 * The demonstration: two people in homes of their own, a real keychain, a firehose that is killed and comes back, real
 * files, an offline check, and changed bits that are caught. Nothing is staged: what they do are commands of this
 * program, each in a process of its own, and what is shown is what those printed.
 */
import { readFileSync, rmSync } from 'node:fs';
import { startEngines } from '../../engines/start.ts';
import { osKeychain } from '../../wallet/keychain/os-keychain.ts';
import { parseVaultFile } from '../../wallet/vault/vault-file.ts';
import { exit, type ExitCode } from '../exit.ts';
import type { Terminal } from '../output.ts';
import { type PrivateKeyring, startPrivateKeyring } from '../private-keyring.ts';
import { auditLogFiles, changeBits, checkOffline, findFiles, openCopy } from './check-steps.ts';
import { type ChosenFile, chosenFiles } from './files.ts';
import {
  atAlice,
  foundLedger,
  join,
  meet,
  record,
  settle,
  signOffline,
  startFirehose,
} from './record-steps.ts';
import { Person, Stage } from './stage.ts';

const onLinux = process.platform === 'linux';

/** How shells report a program that Ctrl-C ended. */
const interrupted = 130;

/** The keyring of the demonstration; where there can be none, nothing of the demonstration is left either. */
async function startKeyring(stage: Stage): Promise<PrivateKeyring> {
  stage.step('A keychain of its own');
  try {
    const keyring = await startPrivateKeyring(stage.folder);
    stage.say(
      onLinux
        ? 'A keyring service was started for this demonstration only; your own keyring is not touched.'
        : 'This system has one keychain; what the demonstration puts there is removed at its end.',
    );
    return keyring;
  } catch (error) {
    rmSync(stage.folder, { recursive: true, force: true });
    throw error;
  }
}

/** Takes a person's key out of the system's keychain. A keyring of its own ends as a whole. */
async function removeKey({ stage, home }: Person): Promise<void> {
  if (onLinux) return;
  try {
    const sealed = parseVaultFile(readFileSync(stage.path(home, 'default', 'identity.sealed')));
    if (sealed.ok) await osKeychain({ service: 'Countersign' }).remove(sealed.value.profile);
  } catch {
    // There was no identity yet.
  }
}

/** The environment of the two people: nothing of the user's own profiles and passphrases is in it. */
function environmentWith(keyring: PrivateKeyring): NodeJS.ProcessEnv {
  const own = Object.entries(process.env).filter(([name]) => !name.startsWith('COUNTERSIGN_'));
  return { ...Object.fromEntries(own), ...keyring.env };
}

async function runSteps(
  stage: Stage,
  alice: Person,
  bob: Person,
  files: readonly ChosenFile[],
): Promise<void> {
  const people = [alice, bob] as const;
  const ledger = await foundLedger(stage);
  const first = await startFirehose(stage, ledger);
  await join(stage, people, ledger);
  await meet(stage, people);
  await record(stage, alice, first, files);
  await signOffline(stage, bob);
  stage.step('The firehose starts again, and nothing is lost');
  const firehose = await startFirehose(stage, ledger);
  const recorded = await settle(stage, alice, bob, files);
  await bob.does(['sync']);
  await stage.end(firehose);
  await findFiles(stage, bob, recorded);
  const copy = await openCopy(bob);
  try {
    await checkOffline(stage, copy);
    await auditLogFiles(stage, ledger);
    await changeBits(stage, bob, copy, ledger, recorded);
  } finally {
    await copy.database.close();
  }
}

/** Runs the demonstration on these files. */
export async function runDemo(given: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const files = await chosenFiles(given);
  const engines = await startEngines();
  const stage = new Stage(terminal);
  process.once('SIGINT', () => {
    terminal.say(
      `Stopped before its end. What there is so far lies in ${stage.folder}; delete it whenever you like.`,
    );
    // What was started ends with this process.
    process.exit(interrupted);
  });
  terminal.line('Countersign at work: two people, an operator, and a record that none of them can bend.');
  terminal.line('All of it happens on this machine. Nothing leaves it, and nothing of yours is changed.');
  terminal.line(`Signatures are checked by ${engines.signatures}, hashes are made by ${engines.hashes}.`);
  const keyring = await startKeyring(stage);
  const env = environmentWith(keyring);
  const [alice, bob] = [new Person(stage, 'Alice', env), new Person(stage, 'Bob', env)];
  try {
    await runSteps(stage, alice, bob, given.length === 0 ? await atAlice(alice, files) : files);
  } finally {
    await Promise.all([alice, bob].map(removeKey));
    await keyring.stop();
    rmSync(stage.path('compiled'), { recursive: true, force: true });
  }
  sayWhere(stage, terminal);
  return exit.ok;
}

function sayWhere(stage: Stage, terminal: Terminal): void {
  terminal.line();
  terminal.line(`Everything went as it should. It lies in ${stage.folder}:`);
  stage.say(
    "alice, bob        each one's words, contact card, receipts, and profile: sealed identity and copy (SQLite)",
  );
  stage.say('ledger/public     the public record, as anyone can fetch it');
  stage.say("ledger/private    the operator's keys");
  stage.say('changed           the copies with a changed bit');
  terminal.line('Look around in it, for example:');
  stage.say(`COUNTERSIGN_HOME=${stage.path('bob')} ./countersign blocks`);
  terminal.line('The keychain of the demonstration is gone: only their words open the two identities again.');
  terminal.line('Delete the folder whenever you like.');
}
