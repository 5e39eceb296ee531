/** The second half of the demonstration: what can be checked without a network, and what a changed byte does. */
import { cp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { tilePath } from '../../core/log/tiles.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import { findLedger } from '../../wallet/ledgers.ts';
import type { Database } from '../../wallet/store/driver.ts';
import { openStore } from '../../wallet/store/open.ts';
import type { JoinedLedger } from '../../wallet/store/record-reader.ts';
import { RecordStore } from '../../wallet/store/record-store.ts';
import { checkCopy } from '../../wallet/sync/check-copy.ts';
import { exit } from '../exit.ts';
import { explanationOf } from '../output.ts';
import type { ChosenFile } from './files.ts';
import { expect, type Finished, type FoundedLedger, type Person, type Stage } from './stage.ts';
import { changedCopy } from './tamper.ts';

/** A file on record, and its receipt, as it is called in the folder of the demonstration. */
export interface RecordedFile extends ChosenFile {
  readonly receipt: string;
}

/** The receipt of the message whose first digits end a line that `notarize` printed. */
export async function receiptOf(person: Person, line: string): Promise<string> {
  const id = /([0-9a-f]{16})$/.exec(line)?.[1] ?? '';
  const names = await readdir(person.stage.path(person.home, 'receipts'));
  const name = names.find((one) => one.endsWith(`-${id.slice(0, 12)}.receipt.json`));
  expect(name !== undefined, `there is a receipt of ${id}`);
  return person.own(`receipts/${name}`);
}

/** So many files are checked one by one; that is enough to see how it goes. */
const shownFiles = 5;

/** The key that signed is the one on Alice's card. */
async function saySigner({ stage }: Person, lines: readonly string[]): Promise<void> {
  const { sign } = JSON.parse(await readFile(stage.path('alice', 'card'), 'utf8')) as {
    readonly sign: string;
  };
  expect(
    lines.some((line) => line.includes(sign)),
    'the key that signed is the one on the card of Alice',
  );
  stage.say("That key is the one on Alice's card, by which they compared the safety number.");
}

/** Bob asks of each file: is it on record? */
export async function findFiles(stage: Stage, bob: Person, files: readonly RecordedFile[]): Promise<void> {
  stage.step(files.length === 1 ? "Bob finds Alice's file" : "Bob finds Alice's files");
  stage.say(
    'She gave him each file and its receipt. He believes neither, nor the firehose, which has been ended:',
  );
  stage.say('what follows uses only what lies on his disk.');
  for (const [i, { path, receipt }] of files.slice(0, shownFiles).entries()) {
    const args = ['check', path, '--receipt', receipt];
    const { lines } = await bob.run(args);
    stage.show(bob.name, args, i === 0 ? lines : lines.slice(0, 1));
    if (i === 0) await saySigner(bob, lines);
  }
  const more = files.length - shownFiles;
  if (more > 0) stage.say(`The other ${more} are found in the same way.`);
}

/** A person's verified copy of the record, opened. */
export interface Copy {
  readonly database: Database;
  readonly store: RecordStore;
  readonly joined: JoinedLedger;
}

export async function openCopy({ stage, home }: Person): Promise<Copy> {
  const database = await openStore(stage.path(home, 'default', 'record.sqlite'));
  const { joined } = await findLedger(database, undefined);
  return { database, store: new RecordStore(database), joined };
}

/** Judges the whole copy again. */
export async function checkOffline(stage: Stage, { store, joined }: Copy): Promise<void> {
  stage.step('All of it recomputed');
  const checked = await checkCopy(store, joined.ledger.id);
  expect(checked.ok, `the copy verifies: ${checked.ok ? '' : checked.code}`);
  const { blocks, messages } = checked.value;
  stage.say(
    `Bob's copy, from the ledger's id alone: ${blocks} blocks and ${messages} messages are as they were signed.`,
  );
}

function audit(stage: Stage, { vkey }: FoundedLedger, folder: string): Promise<Finished> {
  return stage.run(process.env, 'log', 'verify', '--vkey', vkey, folder);
}

/** Audits the firehose's files with the command that audits any log of this kind. */
export async function auditLogFiles(stage: Stage, ledger: FoundedLedger): Promise<void> {
  stage.say("The operator's files can be audited by anybody, like any transparency log:");
  const { code, lines } = await audit(stage, ledger, 'ledger/public');
  stage.show('anybody', ['log', 'verify', '--vkey', ledger.vkey, 'ledger/public'], lines.slice(-1));
  expect(code === exit.ok, 'the log verifies');
}

async function changeInCopy(stage: Stage, { database, store, joined }: Copy): Promise<void> {
  const whole = stage.path('changed', 'record.whole.sqlite');
  const file = stage.path('changed', 'record.sqlite');
  const [message] = await store.parts(joined, 1);
  expect(message !== undefined, 'there is a message in block 1');
  // Written anew, so that nothing of a message stands in room that is free by now.
  await database.run('VACUUM INTO ?', whole);
  const offset = await changedCopy(whole, file, message.leaf);
  await rm(whole);
  const changed = await openStore(file);
  const checked = await checkCopy(new RecordStore(changed), joined.ledger.id);
  await changed.close();
  expect(!checked.ok, 'the changed byte is caught');
  const { happened } = await explanationOf(checked.code);
  stage.say(`In a copy of Bob's database, one bit of byte ${offset} was changed, inside a recorded message.`);
  stage.say(`  Caught: ${happened} [${checked.code}: ${checked.detail ?? ''}]`);
}

async function changeInLog(stage: Stage, founded: FoundedLedger, ledger: Ledger): Promise<void> {
  await cp(stage.path('ledger', 'public'), stage.path('changed', 'public'), { recursive: true });
  const bundle = stage.path('changed', 'public', tilePath({ level: 'entries', index: 0, width: 1 }));
  const offset = await changedCopy(bundle, bundle, ledger.first.bytes);
  const { code, lines } = await audit(stage, founded, 'changed/public');
  expect(code === exit.failed, 'the changed byte is caught');
  stage.say(`In a copy of the operator's files, one bit of byte ${offset} of a block header was changed.`);
  stage.say(`  Caught: ${lines.at(-1) ?? ''}`);
}

/** Files above this are not copied for the sake of a demonstration. */
const longestCopy = 64 * 1024 * 1024;

async function changeInFile(stage: Stage, bob: Person, files: readonly RecordedFile[]): Promise<void> {
  for (const { path, label, receipt } of files) {
    const { size } = await stat(stage.path(path));
    if (size === 0 || size > longestCopy) continue;
    const copy = join('changed', basename(path));
    const offset = await changedCopy(stage.path(path), stage.path(copy));
    stage.say(`In a copy of ${label}, one bit of byte ${offset} was changed.`);
    const args = ['check', copy, '--receipt', receipt];
    const { lines, said } = await bob.run(args, exit.failed);
    stage.show(bob.name, args, [
      ...lines,
      ...said.slice(0, 1).map((line) => `Caught: ${line.replace(/^countersign: /, '')}`),
    ]);
    return;
  }
  stage.say('No file was copied to be changed: all of them are empty or larger than 64 MB.');
}

/** Changes one bit in a copy of each kind of data, and shows that it is caught. */
export async function changeBits(
  stage: Stage,
  bob: Person,
  copy: Copy,
  founded: FoundedLedger,
  files: readonly RecordedFile[],
): Promise<void> {
  stage.step('One changed bit');
  await changeInFile(stage, bob, files);
  await changeInCopy(stage, copy);
  await changeInLog(stage, founded, copy.joined.ledger);
}
