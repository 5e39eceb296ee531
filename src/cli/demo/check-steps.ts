/** The second half of the demonstration: what can be checked without a network, and what a changed byte does. */
import { cp, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { formatVerifierKey } from '../../core/log/verifier-key.ts';
import { tilePath } from '../../core/log/tiles.ts';
import type { SignedMessage } from '../../core/record/envelope.ts';
import { readFileRecord } from '../../core/record/file-record.ts';
import { parseHeader } from '../../core/record/header.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import { verifyMessage } from '../../core/record/message.ts';
import { openStore } from '../../wallet/store/open.ts';
import { RecordStore } from '../../wallet/store/record-store.ts';
import { checkCopy } from '../../wallet/sync/check-copy.ts';
import { hashFile, isAboutFile } from '../../wallet/workflows/record-file.ts';
import { exit } from '../exit.ts';
import { explanationOf } from '../output.ts';
import { hashChosen } from './files.ts';
import { utcTime } from './format.ts';
import type { Copy, RecordedFile } from './record-steps.ts';
import { expect, type Finished, type Stage } from './stage.ts';
import { changedCopy } from './tamper.ts';

/** Judges the whole copy again. */
export async function checkOffline(stage: Stage, { store, ledger }: Copy): Promise<void> {
  const checked = await checkCopy(store, ledger.id);
  expect(checked.ok, `the copy verifies: ${checked.ok ? '' : checked.code}`);
  const { blocks, messages } = checked.value;
  stage.say(
    `Recomputed ${blocks} blocks and ${messages} messages from the ledger's number alone: all as signed.`,
  );
}

/** A file that was found on the record again. */
export interface FoundFile extends RecordedFile {
  /** What the record says of it: the salted commitment. */
  readonly recorded: Uint8Array;
}

/** Asks of each file: is it on record? */
export async function findFiles(
  stage: Stage,
  copy: Copy,
  records: readonly RecordedFile[],
): Promise<readonly FoundFile[]> {
  const joined = await copy.joined();
  const found: FoundFile[] = [];
  for (const record of records) {
    const { label, message, receipt } = record;
    const place = await copy.store.placeOf(joined, message.id);
    expect(place !== undefined, 'the message has a place');
    const part = (await copy.store.parts(joined, place.height))[place.position];
    const verified = part && verifyMessage(part.leaf, part.data, copy.ledger.id, copy.ledger.limits);
    const content = verified?.ok === true ? readFileRecord(verified.value) : undefined;
    expect(content?.ok === true, 'the message is a file record');
    const recorded = content.value.value;
    const [bytes = new Uint8Array()] = await copy.store.headers(joined, place.height, 1);
    const header = parseHeader(bytes);
    expect(header.ok, 'the header can be read');
    const block = `block ${place.height}, sealed ${utcTime(header.value.time)}`;
    if (!isAboutFile(receipt, recorded, await hashChosen(record))) {
      stage.say(`${label} was changed while the demonstration ran: it is not the file recorded in ${block}.`);
      continue;
    }
    stage.say(`${label} is identical to the file recorded in ${block}.`);
    found.push({ ...record, recorded });
  }
  return found;
}

function auditFolder(stage: Stage, ledger: Ledger, folder: string): Promise<Finished> {
  return stage.run('log', 'verify', '--vkey', formatVerifierKey(ledger.logKey), folder);
}

/** Audits the firehose's files with the command that audits any log of this kind. */
export async function auditLogFiles(stage: Stage, ledger: Ledger): Promise<void> {
  stage.step("The operator's files, audited like any transparency log");
  const folder = stage.path('ledger', 'public');
  stage.say(`$ countersign log verify --vkey '${formatVerifierKey(ledger.logKey)}' ${folder}`);
  const audit = await auditFolder(stage, ledger, folder);
  for (const line of audit.lines) stage.say(line);
  expect(audit.code === 0, 'the log verifies');
}

async function changeInCopy(
  stage: Stage,
  { database, ledger }: Copy,
  { leaf }: SignedMessage,
): Promise<void> {
  const whole = stage.path('tampered', 'record.whole.sqlite');
  const file = stage.path('tampered', 'record.sqlite');
  // Written anew, so that nothing of a message stands in room that is free by now.
  await database.run('VACUUM INTO ?', whole);
  const offset = await changedCopy(whole, file, leaf);
  await rm(whole);
  const changed = await openStore(file);
  const checked = await checkCopy(new RecordStore(changed), ledger.id);
  await changed.close();
  expect(!checked.ok, 'the changed byte is caught');
  const { happened } = await explanationOf(checked.code);
  stage.say(`In a copy of the database, one bit of byte ${offset} was changed, inside a recorded message.`);
  stage.say(`  Caught: ${happened} [${checked.code}: ${checked.detail ?? ''}]`);
}

async function changeInLog(stage: Stage, ledger: Ledger): Promise<void> {
  const folder = stage.path('tampered', 'public');
  await cp(stage.path('ledger', 'public'), folder, { recursive: true });
  const bundle = join(folder, tilePath({ level: 'entries', index: 0, width: 1 }));
  const offset = await changedCopy(bundle, bundle, ledger.first.bytes);
  const audit = await auditFolder(stage, ledger, folder);
  expect(audit.code === exit.failed, 'the changed byte is caught');
  stage.say(`In a copy of the operator's files, one bit of byte ${offset} of a block header was changed.`);
  stage.say(`  Caught: ${audit.lines.at(-1) ?? ''}`);
}

/** Files above this are not copied for the sake of a demonstration. */
const longestCopy = 64 * 1024 * 1024;

async function changeInFile(stage: Stage, files: readonly FoundFile[]): Promise<void> {
  for (const { path, label, receipt, recorded } of files) {
    const { size } = await stat(path);
    if (size === 0 || size > longestCopy) continue;
    const copy = stage.path('tampered', 'file');
    const offset = await changedCopy(path, copy);
    expect(!isAboutFile(receipt, recorded, await hashFile(copy)), 'the changed file is not the recorded one');
    stage.say(`In a copy of ${label}, one bit of byte ${offset} was changed.`);
    stage.say('  Caught: this file is not the one that was recorded.');
    return;
  }
  stage.say('No file was copied to be changed: all of them are empty or larger than 64 MB.');
}

/** Changes one bit in a copy of each kind of data, and shows that it is caught. */
export async function changeBits(
  stage: Stage,
  copy: Copy,
  message: SignedMessage,
  files: readonly FoundFile[],
): Promise<void> {
  stage.step('One changed bit');
  await changeInCopy(stage, copy, message);
  await changeInLog(stage, copy.ledger);
  await changeInFile(stage, files);
}
