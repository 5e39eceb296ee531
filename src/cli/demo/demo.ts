/**
 * The demonstration: one identity in a real keychain, real files, signed messages, blocks, a synchronised copy, an
 * offline check, and changed bits that are caught. Nothing is staged: each step does what an application would.
 */
import { rmSync } from 'node:fs';
import { startEngines } from '../../engines/start.ts';
import type { Keychain } from '../../wallet/keychain/keychain.ts';
import { osKeychain } from '../../wallet/keychain/os-keychain.ts';
import { exit, type ExitCode } from '../exit.ts';
import type { Terminal } from '../output.ts';
import { type PrivateKeyring, startPrivateKeyring } from '../private-keyring.ts';
import { auditLogFiles, changeBits, checkOffline, findFiles } from './check-steps.ts';
import { type ChosenFile, chosenFiles } from './files.ts';
import { announce, createIdentity, recordFiles, startFirehose, synchronise } from './record-steps.ts';
import { Stage } from './stage.ts';

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

async function runSteps(stage: Stage, keychain: Keychain, files: readonly ChosenFile[]): Promise<void> {
  const firehose = await startFirehose(stage);
  const identity = await createIdentity(stage, keychain, firehose.ledger);
  try {
    const announced = await announce(stage, identity, firehose);
    const records = await recordFiles(stage, identity, firehose, files);
    const copy = await synchronise(stage, firehose, [announced, ...records.map(({ message }) => message)]);
    await stage.end(firehose.process);
    stage.step('Without the network');
    stage.say('The firehose was ended: what follows uses only what lies on this disk.');
    await checkOffline(stage, copy);
    const found = await findFiles(stage, copy, records);
    await auditLogFiles(stage, copy.ledger);
    await changeBits(stage, copy, records[0]?.message ?? announced, found);
    await copy.database.close();
  } finally {
    identity.vault.close();
    // A keyring of its own ends as a whole; the system's would keep the entry.
    if (!onLinux) await keychain.remove(identity.vault.profile);
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
  terminal.line(
    'Countersign at work, on this machine alone: nothing leaves it, and nothing of yours is changed.',
  );
  terminal.line(`Signatures are checked by ${engines.signatures}, hashes are made by ${engines.hashes}.`);
  const keyring = await startKeyring(stage);
  try {
    const service = onLinux ? 'Countersign' : `Countersign demo ${process.pid}`;
    await runSteps(stage, osKeychain({ service, env: { ...process.env, ...keyring.env } }), files);
  } finally {
    await keyring.stop();
  }
  sayWhere(stage, terminal);
  return exit.ok;
}

function sayWhere(stage: Stage, terminal: Terminal): void {
  terminal.line();
  terminal.line(`Everything went as it should. It lies in ${stage.folder}:`);
  stage.say('ledger/public     the public record, as anyone can fetch it');
  stage.say("ledger/private    the operator's keys");
  stage.say('profile           the sealed identity and the copy of the record (SQLite)');
  stage.say('tampered          the copies with a changed bit');
  terminal.line(
    'The keychain of the demonstration and its receipts are gone: the identity cannot be opened again.',
  );
  terminal.line('Delete the folder whenever you like.');
}
