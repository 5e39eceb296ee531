/**
 * The demonstration: one identity in a real keychain, real files, signed messages, blocks, a synchronised copy, an
 * offline check, and changed bytes that are caught. Nothing is staged: each step does what an application would.
 */
import { readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { DemoCode } from '../../core/errors/demo.ts';
import { startEngines } from '../../engines/start.ts';
import { osKeychain } from '../../wallet/keychain/os-keychain.ts';
import { exit, type ExitCode, Stop } from '../exit.ts';
import type { Terminal } from '../output.ts';
import { startPrivateKeyring } from '../private-keyring.ts';
import { auditLogFiles, changeBytes, checkOffline, findFiles } from './check-steps.ts';
import { announce, createIdentity, recordFiles, startFirehose, synchronise } from './record-steps.ts';
import { Stage } from './stage.ts';

const samples = fileURLToPath(new URL('../../../resources/samples/', import.meta.url));

/** The files to record: those given, each looked at first, or the samples. */
async function chosenFiles(given: readonly string[]): Promise<readonly string[]> {
  for (const path of given) {
    const isFile = await stat(path).then(
      (found) => found.isFile(),
      () => false,
    );
    if (!isFile) throw new Stop(exit.failed, 'demo-file' satisfies DemoCode, path);
  }
  if (given.length > 0) return given.map((path) => resolve(path));
  return readdirSync(samples).map((name) => `${samples}${name}`);
}

/** Runs the demonstration on these files. */
export async function runDemo(given: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const files = await chosenFiles(given);
  const engines = await startEngines();
  const stage = new Stage(terminal);
  terminal.line(
    'Countersign, shown at work: nothing of this leaves the machine, and nothing of yours is changed.',
  );
  terminal.line(`Signatures are checked by ${engines.signatures}, hashes are made by ${engines.hashes}.`);

  stage.step('A keychain of its own');
  const keyring = await startPrivateKeyring(stage.folder);
  try {
    const onLinux = process.platform === 'linux';
    stage.say(
      onLinux
        ? 'A keyring service was started for this demonstration only; your own keyring is not touched.'
        : 'This system has one keychain; what the demonstration puts there is removed at its end.',
    );
    const env = { ...process.env, ...keyring.env };
    const keychain = osKeychain({
      service: onLinux ? 'Countersign' : `Countersign demo ${process.pid}`,
      env,
    });
    const firehose = await startFirehose(stage);
    const identity = await createIdentity(stage, keychain, firehose.ledger);
    const announced = await announce(stage, identity, firehose);
    const records = await recordFiles(stage, identity, firehose, files);
    const copy = await synchronise(stage, firehose, [announced, ...records.map(({ message }) => message)]);
    await stage.end(firehose.process);
    stage.step('Without the network');
    stage.say('The firehose was ended: what follows uses only what lies on this disk.');
    await checkOffline(stage, copy);
    const found = await findFiles(stage, copy, records);
    await copy.database.close();
    await auditLogFiles(stage, copy.ledger);
    await changeBytes(stage, copy.ledger, found);
    if (!onLinux) await keychain.remove(identity.vault.profile);
    identity.vault.close();
  } finally {
    await keyring.stop();
  }
  sayWhere(stage, terminal);
  return exit.ok;
}

function sayWhere(stage: Stage, terminal: Terminal): void {
  terminal.line();
  terminal.line('Everything went as it should. Where it lies:');
  stage.say(`${stage.path('ledger', 'public')}    the public record, as anyone can fetch it`);
  stage.say(`${stage.path('ledger', 'private')}   the operator's keys`);
  stage.say(`${stage.path('profile')}          the sealed identity and the copy of the record (SQLite)`);
  stage.say(`${stage.path('tampered')}         the copies with a changed byte`);
  terminal.line(
    'The keychain of the demonstration is gone, so its identity cannot be opened again. Delete the folder',
  );
  terminal.line(`${stage.folder} whenever you like.`);
}
