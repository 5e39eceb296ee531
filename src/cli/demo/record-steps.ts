/** The first half of the demonstration: a ledger, two people who know each other, files on the record. */
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { createInterface } from 'node:readline';
import { exit } from '../exit.ts';
import { type RecordedFile, receiptOf } from './check-steps.ts';
import type { ChosenFile } from './files.ts';
import { bothDo, expect, type FoundedLedger, type Person, type Stage } from './stage.ts';

/** How long a message waits for others before a block, in milliseconds: long enough to be killed meanwhile. */
const intervalMs = '500';

const origin = 'demo.countersign.example';

/** A port of this machine that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  expect(address !== null && typeof address === 'object', 'there is a free port');
  return address.port;
}

/** The value of a line like `ledger id  0a1b...`. */
function partOf(lines: readonly string[], name: string): string {
  const line = lines.find((one) => one.startsWith(name));
  expect(line !== undefined, `the command prints its ${name}`);
  return line.slice(name.length).trim();
}

/** Starts the firehose and waits until it listens. */
export async function startFirehose(stage: Stage, { port }: FoundedLedger): Promise<ChildProcess> {
  const address = ['--data', 'ledger', '--port', String(port)];
  const args = ['firehose', ...address, '--interval', intervalMs, '--log-level', 'warn', '--until-eof'];
  const child = stage.start(process.env, ...args);
  const said: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => said.push(text));
  const lines = child.stdout && createInterface({ input: child.stdout });
  const listening = new Promise<string | undefined>((resolve) => {
    lines?.on('line', (line) => {
      if (line.startsWith('listening')) resolve(line);
    });
    child.once('close', () => {
      resolve(undefined);
    });
  });
  const line = await listening;
  expect(line !== undefined, `the firehose starts: ${said.join(' ')}`);
  stage.show('operator', args, [line]);
  return child;
}

/** The operator founds a ledger and hands its card out. */
export async function foundLedger(stage: Stage): Promise<FoundedLedger> {
  stage.step('An operator founds a ledger and serves it');
  const port = await freePort();
  const endpoint = ['--endpoint', `http://127.0.0.1:${port}/`];
  const args = ['ledger', 'create', '--data', 'ledger', '--origin', origin, ...endpoint];
  const withCard = [...args, '--card', 'ledger-card.json'];
  const { code, lines } = await stage.run(process.env, ...withCard);
  expect(code === exit.ok, 'the ledger is founded');
  stage.show('operator', withCard, lines.slice(0, 3));
  stage.say('The origin is a name and can be copied. The id, the hash of the first block header, cannot.');
  return { port, id: partOf(lines, 'ledger id'), vkey: partOf(lines, 'log key') };
}

/** Each joins by the card, makes an identity, and puts its key on the record. */
export async function join(stage: Stage, people: readonly Person[], ledger: FoundedLedger): Promise<void> {
  stage.step('Alice and Bob join, each for themselves');
  stage.say(
    'Both have the card, and were told the id in another way. --yes says: I compared it, I want to join.',
  );
  const joined = await bothDo(people, () => ['ledger', 'join', 'ledger-card.json', '--yes']);
  const isSame = joined.every((lines) => lines.some((line) => line.includes(ledger.id)));
  expect(isSame, 'the pinned id is the one of the operator');
  stage.say(
    'Each makes an identity: 24 words, and 24 other words to recover with. The words are sealed into a file;',
  );
  stage.say('the key that opens it is in the keychain and nowhere else.');
  await bothDo(people, ({ home }) => [
    ...['identity', 'new', '--words-to-file', `${home}/words`],
    ...['--recovery-words-to-file', `${home}/recovery-words`],
  ]);
  await Promise.all(people.map((person) => person.run(['sync'])));
  await bothDo(
    people,
    ({ name }) => ['identity', 'announce', '--name', name],
    (lines) => lines.filter((line) => !line.startsWith('message')),
  );
  await untilSealed(ledger);
}

/** Waits until no message waits for its block, as the operator sees it. */
async function untilSealed({ port }: FoundedLedger): Promise<void> {
  for (let tries = 0; tries < 150; tries++) {
    const metrics = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
    if (/waiting_messages 0$/m.test(metrics)) return;
    await once(AbortSignal.timeout(100), 'abort');
  }
  expect(false, 'every message gets into a block');
}

/** They exchange contact cards and compare safety numbers. */
export async function meet(stage: Stage, people: readonly [Person, Person]): Promise<void> {
  stage.step('They exchange contact cards and compare safety numbers');
  const [alice, bob] = people;
  const other = (person: Person): Person => (person === alice ? bob : alice);
  await Promise.all(people.map((person) => person.run(['sync'])));
  await Promise.all(people.map((person) => person.run(['identity', 'card', '--out', person.own('card')])));
  await bothDo(people, (person) => [
    'contact',
    'add',
    other(person).own('card'),
    '--name',
    other(person).name,
  ]);
  const { lines } = await bob.run(['contact', 'verify', 'Alice']);
  stage.show(bob.name, ['contact', 'verify', 'Alice'], lines.slice(0, 5));
  stage.say(
    'He reads it out on the telephone; she types what she hears. It is the same only if nobody is between them.',
  );
  const number = lines
    .slice(1, 5)
    .map((line) => line.trim())
    .join(' ');
  const heard = ['contact', 'verify', 'Bob', '--how', 'phone', '--number', number];
  const { lines: kept } = await alice.run(heard);
  stage.show(alice.name, heard, kept.slice(-1));
}

/** Files that are not the user's own are put into Alice's folder, where they have shorter names. */
export async function atAlice(alice: Person, samples: readonly ChosenFile[]): Promise<readonly ChosenFile[]> {
  for (const { path, label } of samples) await copyFile(path, alice.stage.path(alice.own(label)));
  return samples.map(({ label }) => ({ label, path: alice.own(label) }));
}

/** Alice records the files. Their operator fails at once; what it promised is all that she has. */
export async function record(
  stage: Stage,
  alice: Person,
  firehose: ChildProcess,
  files: readonly ChosenFile[],
): Promise<void> {
  stage.step(
    files.length === 1 ? 'Alice puts a file on record' : `Alice puts ${files.length} files on record`,
  );
  stage.say(
    'Only a salted hash of each is public: without its receipt nobody can tell, or guess, which file it is.',
  );
  await alice.does(['notarize', '--wait', '0', ...files.map(({ path }) => path)]);
  await stage.end(firehose, 'SIGKILL');
  stage.say('At that moment the firehose is killed, without any warning. All she has are signed promises.');
}

/** Bob signs while nothing answers. */
export async function signOffline(stage: Stage, bob: Person): Promise<string> {
  stage.step('Bob signs without a network');
  const note = bob.own('confirmation.txt');
  await writeFile(stage.path(note), 'I have received the files from Alice.\n');
  const { said } = await bob.does(['notarize', note], exit.unavailable);
  stage.say(`  ${said[0] ?? ''}`);
  stage.say('It is signed, sealed, and waits on his machine.');
  return note;
}

/** The firehose comes back: what it promised is sealed, what waited is sent. @returns what Alice recorded. */
export async function settle(
  stage: Stage,
  alice: Person,
  bob: Person,
  files: readonly ChosenFile[],
): Promise<readonly RecordedFile[]> {
  stage.say(
    'Alice runs her command again. What is promised is not recorded twice: it is looked up, with receipts.',
  );
  const again = ['notarize', '--receipts', alice.own('receipts'), ...files.map(({ path }) => path)];
  const { lines } = await alice.does(again);
  stage.say("What waited on Bob's machine is sent:");
  await bob.does(['notarize', '--receipts', bob.own('receipts')]);
  const recorded: RecordedFile[] = [];
  for (const [i, file] of files.entries()) {
    recorded.push({ ...file, receipt: await receiptOf(alice, lines[i] ?? '') });
  }
  return recorded;
}
