/** The parts of a document in the copy of the record: where its chunks stand, and their boxes, read part by part. */
import type { ChunkGap, ChunkRun, DocumentPart, PartsOf } from '../../core/channel/part.ts';
import { checkPart, locateChunks, readPart } from '../../core/channel/part.ts';
import { partType } from '../../core/channel/names.ts';
import type { DocumentCode } from '../../core/errors/document.ts';
import { CountersignError } from '../../core/errors/family.ts';
import { leavesUnder } from '../channels/leaves.ts';
import { messageWithId } from '../explorer/copy.ts';
import type { Database } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';

/** Where each chunk of a document stands. */
export interface LocatedChunks {
  readonly runs: readonly ChunkRun[];
  readonly missing: readonly ChunkGap[];
}

/**
 * Where the chunks of a document stand in the copy of the record.
 * @param chunks how many it has.
 * @throws CountersignError with a `store-` code.
 */
export async function locateInCopy(
  database: Database,
  joined: JoinedLedger,
  of: PartsOf,
  chunks: number,
): Promise<LocatedChunks> {
  const parts: DocumentPart[] = [];
  const held = new Uint8Array(chunks);
  const filter = { tag: of.document, types: [partType] };
  for await (const { message } of leavesUnder(database, joined, filter, { order: 'oldest first' })) {
    const part = readPart(message);
    if (part?.ok !== true || !checkPart(part.value, of).ok) continue;
    // Of several that hold a chunk the first counts: what adds none is not kept, however often an author sends it.
    const { first } = part.value.body;
    const own = held.subarray(first, Math.min(first + part.value.count, chunks));
    if (!own.includes(0)) continue;
    own.fill(1);
    parts.push(part.value);
  }
  return locateChunks(parts, chunks);
}

function fail(code: DocumentCode, detail?: string): CountersignError<DocumentCode> {
  return new CountersignError<DocumentCode>(code, detail);
}

/**
 * The boxes of these chunks in order. No more than one part is held at a time.
 * @throws CountersignError `document-missing`, `document-withheld`, or with a `store-` code.
 */
export async function* boxesAt(
  database: Database,
  joined: JoinedLedger,
  { missing, runs }: LocatedChunks,
): AsyncGenerator<Uint8Array> {
  const [gap] = missing;
  if (gap !== undefined) throw fail('document-missing', `from piece ${gap.first}`);
  for (const { part: id, count, first, skip } of runs) {
    const found = await messageWithId(database, joined, id);
    const part = found && readPart(found.message);
    if (part?.ok !== true) throw fail('document-missing', `from piece ${first}`);
    const boxes = part.value.boxes();
    if (!boxes.ok) throw fail(boxes.code);
    yield* boxes.value.slice(skip, skip + count);
  }
}
