/** Endpoints of ledgers that also serve what following a part of the record needs: indexes, roll-ups and directories. */
import { concatBytes, equalBytes, joinBytes, toUtf8 } from '../../src/core/bytes.ts';
import type { PartReader } from '../../src/core/log/audit-port.ts';
import { parseBody } from '../../src/core/record/body.ts';
import { bodyPartLength } from '../../src/core/record/body.ts';
import { bodyPath, pagesPath, rollupPath, tagIndexPath } from '../../src/core/record/files.ts';
import { PageDirectories } from '../../src/core/record/pages.ts';
import { writeTagList } from '../../src/core/record/tag-index.ts';
import { ok, refuse } from '../../src/core/result.ts';
import { leafHash } from '../../src/core/tree/merkle.ts';
import { followLedger, type WishList } from '../../src/wallet/follow/follow.ts';
import { type Answer, contentOf, emptyCopy, endpointOf, filesOf, type TestCopy } from './endpoint.ts';
import { bytes32, type Tamper, type TestBlock, type TestLedger, unwrap } from './ledger.ts';

/** The leaves of the index of a block as they are served, each with its list. */
function servedIndex({ index, entries }: TestBlock): readonly Uint8Array[] {
  return index.map((leaf) => {
    const entry = entries.find(({ tag }) => equalBytes(tag, leaf.subarray(0, 32)));
    return concatBytes(leaf, writeTagList(entry?.indices ?? []));
  });
}

function directories(files: Map<string, Uint8Array>, path: string, pages: PageDirectories): void {
  for (const [i, bytes] of pages.finish().entries()) files.set(pagesPath(i + 1, path), bytes);
}

function addBlock(files: Map<string, Uint8Array>, block: TestBlock): void {
  const { height, body, header } = block;
  const index = servedIndex(block);
  files.set(tagIndexPath(height), joinBytes(index));
  const tags = new PageDirectories('tags');
  for (const [i, leaf] of block.index.entries()) {
    tags.push(leafHash(leaf), index[i]?.length ?? 0, leaf.subarray(0, 32));
  }
  directories(files, tagIndexPath(height), tags);
  const messages = new PageDirectories('messages');
  for (const part of unwrap(parseBody(body, { count: header.messages.count, maxBytes: body.length }))) {
    messages.push(leafHash(part.leaf), bodyPartLength(part));
  }
  directories(files, bodyPath(height), messages);
  for (const [i, leaves] of block.rollups.entries()) {
    const path = rollupPath(height, i === 0 ? 1 : 2);
    files.set(path, joinBytes(leaves));
    const rollups = new PageDirectories('tags');
    for (const leaf of leaves) rollups.push(leafHash(leaf), leaf.length, leaf.subarray(0, 32));
    directories(files, path, rollups);
  }
}

/** All files of a ledger, as its operator (honest or not) serves them. */
export function allFilesOf(ledger: TestLedger): Map<string, Uint8Array> {
  const files = filesOf(ledger);
  for (let height = 1; height < ledger.size; height++) addBlock(files, ledger.at(height));
  return files;
}

/** What was read of an endpoint. */
export interface Reads {
  /** Names of files, each time one was read. */
  readonly paths: string[];
  bytes: number;
}

/** Reads these files and parts of them; `answer` may refuse any, or hand out something else. */
export function partEndpoint(
  files: ReadonlyMap<string, Uint8Array>,
  answer: (path: string) => Answer | Promise<Answer> = () => undefined,
  reads: Reads = { paths: [], bytes: 0 },
): PartReader {
  const whole = endpointOf(files, answer);
  const count = (path: string, bytes: Uint8Array | undefined): void => {
    reads.paths.push(path);
    reads.bytes += bytes?.length ?? 0;
  };
  return {
    ...whole,
    readAhead: 4,
    read: async (path, limit) => {
      const file = await whole.read(path, limit);
      if (file.ok) count(path, file.value);
      return file;
    },
    readPart: async (path, from, to) => {
      const instead = await answer(path);
      if (instead === 'throw') throw new TypeError('a mistake in the reader');
      if (instead !== undefined) return refuse(instead);
      const bytes = files.get(path)?.slice(from, to);
      count(path, bytes);
      return ok(bytes);
    },
  };
}

export type Files = Map<string, Uint8Array>;

/** A tag of one's own. */
export const mine = bytes32('mine');
export const wish: WishList = () => Promise.resolve([{ tag: mine, why: 'tag' }]);

/** A new copy that joined the ledger. */
export async function copyToFollow(ledger: TestLedger, folder: string): Promise<TestCopy> {
  const copy = await emptyCopy(folder);
  await copy.store.join(ledger.ledger, 'http://127.0.0.1/');
  return copy;
}

/** How following ends: with how many blocks, or with which code. */
export async function outcome(copy: TestCopy, ledger: TestLedger, files: Files): Promise<string> {
  return followLedger(copy.store, ledger.ledger.id, partEndpoint(files), wish).then(
    (report) => `followed ${report.followed}`,
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

/** Everything that is held of messages. */
export async function followedContent(copy: TestCopy): Promise<unknown> {
  const { message, tag, tagged } = await contentOf(copy.database);
  const held = await copy.database.all(
    'SELECT height, position, message_id FROM followed_message ORDER BY id',
  );
  const reach = await copy.database.all('SELECT tag, covered, height, total FROM followed_tag ORDER BY id');
  return { message, tag, tagged, held, reach };
}

/** Seals a block with so many messages, the last of them one's own. */
export function sealOwn(ledger: TestLedger, count = 3, tamper: Tamper = {}): void {
  const others = Array.from({ length: count - 1 }, (_, i) =>
    ledger.message({ tags: [bytes32(`other ${ledger.size} ${i}`)] }),
  );
  ledger.seal([...others, ledger.message({ tags: [mine], data: toUtf8('my own data') })], tamper);
}

/** Changes one bit of a byte; counted from the end when it is below 0. */
export const flipped = (at: number) => (bytes: Uint8Array) =>
  bytes.map((byte, i) => (i === (at < 0 ? bytes.length + at : at) ? byte ^ 1 : byte));
