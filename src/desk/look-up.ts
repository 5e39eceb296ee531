/** What a text may mean on the record: a height, a hash of any kind, a name, a link. */
import { equalBytes, fromHex, toHex } from '../core/bytes.ts';
import { recordTag } from '../core/record/file-record.ts';
import type { BlockHeader } from '../core/record/header.ts';
import type { BlockRow, FoundView, Hit } from '../contract/channels/explorer.ts';
import { viewOfLink } from '../contract/links.ts';
import type { MessageFilter } from '../wallet/explorer/conditions.ts';
import { headerAt } from '../wallet/explorer/copy.ts';
import { blockWithHash, messagesWithIdFrom } from '../wallet/explorer/look-up.ts';
import { findMessages } from '../wallet/explorer/search.ts';
import { isKnown } from '../wallet/follow/known.ts';
import type { PinnedLedger } from '../wallet/ledgers.ts';
import type { Desk } from './desk.ts';
import { messageRows, type NamedKey, namedKeys } from './message-rows.ts';

const mostHits = 20;
/** Fewer digits name too much. */
const leastDigits = 8;

export function blockRow({ height, hash, time, messages, body }: BlockHeader): BlockRow {
  return { height, hash: toHex(hash), sealed: time, messages: messages.count, bytes: body.size };
}

interface Asked {
  readonly desk: Desk;
  readonly pinned: PinnedLedger;
  readonly contacts: readonly NamedKey[];
}

async function atHeight({ desk, pinned }: Asked, height: number): Promise<readonly Hit[]> {
  const header = await headerAt(desk.need().session.wallet.database, pinned.joined, height);
  return header === undefined ? [] : [{ kind: 'block', block: blockRow(header) }];
}

async function withIdFrom({ desk, pinned }: Asked, digits: string): Promise<readonly Hit[]> {
  const { database } = desk.need().session.wallet;
  const found = await messagesWithIdFrom(database, pinned.joined, digits);
  const rows = await messageRows(desk, pinned, found);
  return rows.map((message) => ({ kind: 'message', message }));
}

function withName({ contacts }: Asked, fits: (one: NamedKey) => boolean): readonly Hit[] {
  return contacts.filter(fits).map((one) => ({ kind: 'contact', ...one }));
}

/** The newest message of some kind, when there is one. */
async function newest(
  { desk, pinned }: Asked,
  kind: 'key' | 'tag' | 'file',
  value: string,
  filter: MessageFilter,
): Promise<readonly Hit[]> {
  const { database } = desk.need().session.wallet;
  const found = await findMessages(database, pinned.joined, filter, { limit: 1 });
  const [row] = await messageRows(desk, pinned, found);
  return row === undefined ? [] : [{ kind, value, newest: row }];
}

/** Files that were recorded here: only they are found by the hash of a file whose public hash is salted. */
async function ownFiles({ desk }: Asked, hash: Uint8Array): Promise<readonly Hit[]> {
  const { session, records } = desk.need();
  if ((await session.wallet.vaultState()).name !== 'open') return [];
  return (await records.all())
    .filter(({ file }) => equalBytes(file.hash, hash))
    .map(({ id, file }) => ({ kind: 'own', id: toHex(id), name: file.name }));
}

async function withHash(asked: Asked, text: string, hash: Uint8Array): Promise<readonly Hit[]> {
  const { joined, card } = asked.pinned;
  const hits: Hit[] = [...(await withIdFrom(asked, text))];
  const { database } = asked.desk.need().session.wallet;
  const header = await blockWithHash(database, joined, text);
  if (header !== undefined) hits.push({ kind: 'block', block: blockRow(header) });
  if (text === joined.ledger.idText) hits.push({ kind: 'ledger', origin: card.origin });
  hits.push(...withName(asked, ({ key }) => key === text));
  hits.push(...(await newest(asked, 'key', text, { sender: hash })));
  hits.push(...(await ownFiles(asked, hash)));
  hits.push(...(await newest(asked, 'file', text, { tag: recordTag(hash) })));
  hits.push(...(await newest(asked, 'tag', text, { tag: hash })));
  return hits;
}

/** `1,024`, `# 1024` and `block 1024` mean the same. */
function heightIn(text: string): number | undefined {
  const digits = /^(?:block|#)?\s*([0-9][0-9,.\s]*)$/i.exec(text)?.[1]?.replace(/[,.\s]/g, '');
  return digits === undefined || !/^(?:0|[1-9][0-9]{0,14})$/.test(digits) ? undefined : Number(digits);
}

/** Looks for everything that a text may mean. @throws CountersignError with a `store-` code */
export async function lookUp(desk: Desk, pinned: PinnedLedger, given: string): Promise<FoundView> {
  const { wallet } = desk.need().session;
  const text = given.trim();
  const named = await namedKeys(wallet, pinned);
  const asked: Asked = { desk, pinned, contacts: named ?? [] };
  const base = { contacts: named !== undefined };
  if (/^countersign:/i.test(text)) {
    const view = viewOfLink(text);
    if (view === undefined) return { ...base, understood: 'foreign-link', hits: [], isWhole: true };
    return { ...base, understood: 'link', hits: [{ kind: 'link', view }], isWhole: true };
  }
  // Hashes are copied with colons and spaces too.
  const digits = text.replace(/[\s:]/g, '').toLowerCase();
  const hash = digits.length === 64 ? fromHex(digits) : undefined;
  const isWhole = await isKnown(wallet.database, pinned.joined, hash);
  if (hash !== undefined) {
    const hits = await withHash(asked, digits, hash);
    return { ...base, understood: 'hash', hits: hits.slice(0, mostHits), isWhole };
  }
  const height = heightIn(text);
  const isDigits = digits.length >= leastDigits && digits.length < 64 && /^[0-9a-f]+$/.test(digits);
  const hits = [
    ...(height === undefined ? [] : await atHeight(asked, height)),
    ...(isDigits ? await withIdFrom(asked, digits) : []),
    ...(isDigits ? withName(asked, ({ key }) => key.startsWith(digits)) : []),
  ];
  const words = text.toLowerCase();
  if (words !== '') hits.push(...withName(asked, ({ name }) => name.toLowerCase().includes(words)));
  const understood = height !== undefined ? 'number' : isDigits ? 'digits' : 'words';
  return {
    ...base,
    understood,
    hits: hits.slice(0, mostHits),
    isWhole: isWhole || understood !== 'digits',
  };
}
