/** Answers about the record as it lies on this machine. Whatever is answered was judged again when it was read. */
import { equalBytes, fromHex, toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { QueryCode } from '../../core/errors/query.ts';
import { readFileRecord, recordTag } from '../../core/record/file-record.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { VerifiedMessage } from '../../core/record/message.ts';
import { senderTag } from '../../core/record/sender-tag.ts';
import type {
  BlockDetail,
  BlockPage,
  InBlockPage,
  MessageDetail,
  MessagePage,
} from '../../contract/channels/explorer.ts';
import type { RequestOf } from '../../contract/schema.ts';
import type { MessageFilter } from '../../wallet/explorer/conditions.ts';
import { type FoundMessage, headerAt, messagesOf, messageWithId } from '../../wallet/explorer/copy.ts';
import { findBlocks } from '../../wallet/explorer/look-up.ts';
import { findMessages, messagesAfter } from '../../wallet/explorer/search.ts';
import { isKnown } from '../../wallet/follow/known.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import { Prover } from '../../wallet/records/prover.ts';
import type { Database } from '../../wallet/store/driver.ts';
import type { Desk, Handlers } from '../desk.ts';
import { blockRow, lookUp } from '../look-up.ts';
import { messageRows } from '../message-rows.ts';
import { proofOf } from '../proof-view.ts';
import { currentLedger } from '../session.ts';

/** As much of a message's data as is shown. */
const shownData = 16_384;
/** Messages that are in memory at a time while those of a block are counted. */
const counted = 100;

/** Blocks up to so large are judged as a whole when one looks at them or at one of their messages. */
const most = { messages: 4096, bytes: 16_777_216 } as const;

interface Here {
  readonly database: Database;
  readonly pinned: PinnedLedger;
}

/** @throws CountersignError `ipc-gone`, `copy-no-ledger` */
async function here(desk: Desk): Promise<Here> {
  const { session } = desk.need();
  const pinned = await currentLedger(session);
  if (pinned === undefined) throw new CountersignError('copy-no-ledger');
  return { database: session.wallet.database, pinned };
}

function nothing(what: string): CountersignError<QueryCode> {
  return new CountersignError<QueryCode>('query-nothing', what);
}

type Filter = Pick<RequestOf<'explorer.messages'>, 'key' | 'type' | 'tag' | 'file' | 'id'>;

function filterOf({ key, type, tag, file, id }: Filter): MessageFilter {
  const [sender, given, hash] = [key, tag, file].map((text) =>
    text === undefined ? undefined : fromHex(text, 32),
  );
  const tagBytes = given ?? (hash && recordTag(hash));
  return {
    ...(sender === undefined ? {} : { sender }),
    ...(type === undefined ? {} : { type }),
    ...(tagBytes === undefined ? {} : { tag: tagBytes }),
    ...(id === undefined ? {} : { idFrom: id }),
  };
}

async function pageOf(
  desk: Desk,
  { database, pinned }: Here,
  filter: MessageFilter,
  limit: number,
  found: readonly FoundMessage[],
): Promise<MessagePage> {
  const rows = await messageRows(desk, pinned, found);
  return { rows, isEnd: rows.length < limit, isWhole: await isKnown(database, pinned.joined, filter.tag) };
}

async function messages(desk: Desk, request: RequestOf<'explorer.messages'>): Promise<MessagePage> {
  const at = await here(desk);
  const { before, limit } = request;
  const filter = filterOf(request);
  const page = { limit, ...(before === undefined ? {} : { before }) };
  const found = await findMessages(at.database, at.pinned.joined, filter, page);
  return pageOf(desk, at, filter, limit, found);
}

async function after(desk: Desk, request: RequestOf<'explorer.after'>): Promise<MessagePage> {
  const at = await here(desk);
  const filter = filterOf(request);
  const found = await messagesAfter(at.database, at.pinned.joined, filter, request.after, request.limit);
  return pageOf(desk, at, filter, request.limit, found);
}

async function blocks(desk: Desk, { below, limit }: RequestOf<'explorer.blocks'>): Promise<BlockPage> {
  const { database, pinned } = await here(desk);
  const headers = await findBlocks(database, pinned.joined, limit, below);
  return { total: Math.min(below, pinned.joined.size), rows: headers.map(blockRow) };
}

/** @throws CountersignError `query-nothing` */
async function headerOf({ database, pinned }: Here, height: number): Promise<BlockHeader> {
  const header = await headerAt(database, pinned.joined, height);
  if (header === undefined) throw nothing(`block ${height} of ${pinned.joined.size}`);
  return header;
}

/** The messages of a block of which only some are here: how many they are, and those of one page. */
async function followedIn(
  { database, pinned }: Here,
  height: number,
  offset: number,
  limit: number,
): Promise<{ readonly total: number; readonly page: readonly FoundMessage[] }> {
  const page: FoundMessage[] = [];
  let total = 0;
  let after = { height: height - 1, position: Number.MAX_SAFE_INTEGER };
  for (;;) {
    const found = await messagesAfter(database, pinned.joined, {}, after, counted);
    for (const one of found) {
      if (one.height !== height) return { total, page };
      if (total >= offset && page.length < limit) page.push(one);
      total++;
      after = { height, position: one.position };
    }
    if (found.length < counted) return { total, page };
  }
}

/** Whether judging all messages of a block would keep everything else waiting: it is done by judging a range. */
function isTooLarge({ messages, body }: BlockHeader): boolean {
  return messages.count > most.messages || body.size > most.bytes;
}

const treeView = ({ count, root }: BlockHeader['messages']) => ({ count, root: toHex(root) });

async function block(desk: Desk, { height }: RequestOf<'explorer.block'>): Promise<BlockDetail> {
  const at = await here(desk);
  const { joined } = at.pinned;
  const header = await headerOf(at, height);
  const isHere = height < joined.filled || height === 0;
  const isLarge = isHere && isTooLarge(header);
  const held = isLarge
    ? header.messages.count
    : isHere
      ? (await messagesOf(at.database, joined, header)).length
      : (await followedIn(at, height, 0, 0)).total;
  const { previous, messages: messageTree, tags, rollups, body, bytes } = header;
  return {
    ...blockRow(header),
    ...(previous === undefined ? {} : { previous: toHex(previous) }),
    messageTree: treeView(messageTree),
    tagTree: treeView(tags),
    rollups: rollups.map(treeView),
    bodyHash: toHex(body.hash),
    header: bytes,
    size: joined.size,
    here: isLarge ? 'large' : isHere ? 'all' : held > 0 ? 'some' : 'none',
    held,
  };
}

async function inBlock(
  desk: Desk,
  { height, offset, limit }: RequestOf<'explorer.inBlock'>,
): Promise<InBlockPage> {
  const at = await here(desk);
  const { joined } = at.pinned;
  const header = await headerOf(at, height);
  if (height >= joined.filled) {
    const { total, page } = await followedIn(at, height, offset, limit);
    return { total, rows: await messageRows(desk, at.pinned, page) };
  }
  const start =
    offset === 0
      ? { height: height - 1, position: Number.MAX_SAFE_INTEGER }
      : { height, position: offset - 1 };
  const left = Math.max(0, Math.min(limit, header.messages.count - offset));
  const found = left === 0 ? [] : await messagesAfter(at.database, joined, {}, start, left);
  return { total: header.messages.count, rows: await messageRows(desk, at.pinned, found) };
}

/** Where the parts of a leaf end (`docs/spec/envelope.md`). */
function partsOf({ leaf, payloadType }: VerifiedMessage): MessageDetail['parts'] {
  const type = payloadType.length;
  const head = leaf.length - (1 + type + 1 + 32 + 4 + 4 + 32 + 64);
  const lengths = [
    ['type-length', 1],
    ['type', type],
    ['version', 1],
    ['sender', 32],
    ['head-length', 4],
    ['head', head],
    ['data-length', 4],
    ['data-hash', 32],
    ['signature', 64],
  ] as const;
  let end = 0;
  return lengths.map(([part, length]) => {
    end += length;
    return { part, end };
  });
}

/** The prover of the copy as it stands; it is kept until the copy grows. */
type ProverOf = (at: Here) => Prover;

function keptProver(): ProverOf {
  let kept: { readonly of: string; readonly database: Database; readonly prover: Prover } | undefined;
  return ({ database, pinned: { joined } }) => {
    const of = [joined.row, joined.size, joined.filled, joined.followed].join(' ');
    if (kept?.of !== of || kept.database !== database)
      kept = { of, database, prover: new Prover(database, joined) };
    return kept.prover;
  };
}

async function messageDetail(
  desk: Desk,
  proverOf: ProverOf,
  { id }: RequestOf<'explorer.message'>,
): Promise<MessageDetail> {
  const at = await here(desk);
  const { pinned, database } = at;
  const found = await messageWithId(database, pinned.joined, fromHex(id, 32) ?? new Uint8Array());
  const [row] = found === undefined ? [] : await messageRows(desk, pinned, [found]);
  if (found === undefined || row === undefined) throw nothing(id);
  const { message, height } = found;
  const header = await headerOf(at, height);
  const { head, data, dataLength } = message;
  const record = readFileRecord(message);
  const file = record?.ok === true ? record.value : undefined;
  const placed =
    height < pinned.joined.filled && isTooLarge(header) ? undefined : await proverOf(at).place(message.id);
  const tags = head.tags.map((tag) => {
    const isSender = equalBytes(tag, senderTag(message.sender));
    const isFile = file !== undefined && equalBytes(tag, recordTag(file.value));
    return { tag: toHex(tag), of: isSender ? 'sender' : isFile ? 'file' : 'other' } as const;
  });
  return {
    ...row,
    origin: pinned.card.origin,
    blockMessages: header.messages.count,
    blockHash: toHex(header.hash),
    written: head.time,
    version: head.v,
    nonce: toHex(head.nonce),
    tags,
    body: JSON.stringify(head.body, undefined, 2).slice(0, 4 * shownData),
    leaf: message.leaf,
    parts: partsOf(message),
    dataBytes: dataLength,
    dataHash: toHex(message.dataHash),
    ...(data === undefined ? {} : { data: data.subarray(0, shownData) }),
    ...(placed === undefined ? {} : { proof: proofOf(placed) }),
    ...(file === undefined ? {} : { file: { method: file.method, value: toHex(file.value) } }),
  };
}

type Names =
  | 'explorer.messages'
  | 'explorer.after'
  | 'explorer.message'
  | 'explorer.blocks'
  | 'explorer.block'
  | 'explorer.inBlock'
  | 'explorer.find'
  | 'explorer.verify'
  | 'explorer.verifyStop';

export function explorerHandlers(desk: Desk): Handlers<Names> {
  const proverOf = keptProver();
  return {
    'explorer.messages': (request) => messages(desk, request),
    'explorer.after': (request) => after(desk, request),
    'explorer.message': (request) => messageDetail(desk, proverOf, request),
    'explorer.blocks': (request) => blocks(desk, request),
    'explorer.block': (request) => block(desk, request),
    'explorer.inBlock': (request) => inBlock(desk, request),
    'explorer.find': async ({ text }) => lookUp(desk, (await here(desk)).pinned, text),
    'explorer.verify': async (range) => {
      await desk.need().range.start(range);
      return null;
    },
    'explorer.verifyStop': () => {
      desk.need().range.stop();
      return Promise.resolve(null);
    },
  };
}
