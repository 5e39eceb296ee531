import type { Command } from 'commander';
import { fromHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { FollowCode } from '../../core/errors/follow.ts';
import type { QueryCode } from '../../core/errors/query.ts';
import { recordTag } from '../../core/record/file-record.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { FoundMessage } from '../../wallet/explorer/copy.ts';
import type { PinnedLedger } from '../../wallet/ledgers.ts';
import type { Database } from '../../wallet/store/driver.ts';
import { tellAlarm } from '../alarm/tell.ts';
import { exit, type ExitCode, UsageError } from '../exit.ts';
import { withExits } from '../exits.ts';
import type { Terminal } from '../output.ts';
import { addJsonOption, addProfileOption, withWallet } from '../profile-option.ts';
import { addLedgerOption, addLimitOption } from '../records/options.ts';
import { blockJson, blockLine, messageJson, messageLine, messageLines, rawMessage } from '../records/show.ts';
import type { Verb } from '../verb.ts';

interface Options {
  readonly ledger?: string;
  readonly raw?: true;
  readonly limit: number;
  readonly json?: true;
}

const help = `
Shows one message or one block of the verified copy on this machine, judged again before it is shown. WHAT is the height
of a block, the hash of one, the id of a message or its beginning (8 digits or more), or any hash by which messages are
found: a tag, or the SHA-256 of a file that was recorded with a public hash.

With --raw the bytes are shown as they were signed: of a block its header, of a message its leaf and data in base64.

Exit codes: 0 shown; 1 what is in the copy is not what was signed; 2 nothing fits, or more than one message.

Examples:
  countersign show 1024
  countersign show 8f3a52c19e70b4d2
  countersign show 1024 --raw`;

/** What was found, of whichever kind. */
type Found =
  | { readonly kind: 'block'; readonly header: BlockHeader }
  | { readonly kind: 'message'; readonly message: FoundMessage }
  | { readonly kind: 'list'; readonly messages: readonly FoundMessage[] };

function fail(code: QueryCode, detail: string): CountersignError<QueryCode> {
  return new CountersignError<QueryCode>(code, detail);
}

/** Messages that a whole hash leads to: by tag, or by the file that they record. */
async function byTag(
  database: Database,
  { joined }: PinnedLedger,
  hash: Uint8Array,
  limit: number,
): Promise<readonly FoundMessage[]> {
  const { findMessages } = await import('../../wallet/explorer/search.ts');
  const tagged = await findMessages(database, joined, { tag: hash }, { limit });
  return tagged.length > 0 ? tagged : findMessages(database, joined, { tag: recordTag(hash) }, { limit });
}

/** Why nothing was found: it is not on record, or this copy cannot say. */
async function nothing(
  database: Database,
  pinned: PinnedLedger,
  hash: Uint8Array | undefined,
  what: string,
): Promise<CountersignError> {
  const { isKnown } = await import('../../wallet/follow/known.ts');
  const isWhole = await isKnown(database, pinned.joined, hash);
  return isWhole ? fail('query-nothing', what) : new CountersignError<FollowCode>('follow-only', what);
}

/** @throws CountersignError `follow-only`, `query-nothing`, `query-ambiguous`, or with a `store-` code. */
async function find(database: Database, pinned: PinnedLedger, what: string, limit: number): Promise<Found> {
  const { blockWithHash, messagesWithIdFrom } = await import('../../wallet/explorer/look-up.ts');
  const { headerAt } = await import('../../wallet/explorer/copy.ts');
  const { joined } = pinned;
  if (/^(?:0|[1-9][0-9]{0,14})$/.test(what)) {
    const header = await headerAt(database, joined, Number(what));
    if (header !== undefined) return { kind: 'block', header };
    if (what.length < 8) throw fail('query-nothing', `block ${what} of ${joined.size}`);
  }
  const [message, another] = await messagesWithIdFrom(database, joined, what);
  if (another !== undefined) throw fail('query-ambiguous', what);
  if (message !== undefined) return { kind: 'message', message };
  const hash = fromHex(what, 32);
  const header = hash && (await blockWithHash(database, joined, what));
  if (header !== undefined) return { kind: 'block', header };
  const messages = hash === undefined ? [] : await byTag(database, pinned, hash, limit);
  if (messages.length === 0) throw await nothing(database, pinned, hash, what);
  return { kind: 'list', messages };
}

async function sealedAt(database: Database, { joined }: PinnedLedger, height: number): Promise<number> {
  const { headerAt } = await import('../../wallet/explorer/copy.ts');
  return (await headerAt(database, joined, height))?.time ?? 0;
}

async function showList(
  database: Database,
  pinned: PinnedLedger,
  messages: readonly FoundMessage[],
  head: Record<string, unknown> | undefined,
  { json }: Options,
  terminal: Terminal,
): Promise<void> {
  const rows = [];
  for (const message of messages)
    rows.push({ message, sealed: await sealedAt(database, pinned, message.height) });
  if (json === true) {
    const list = rows.map(({ message, sealed }) => messageJson(message, sealed));
    terminal.line(JSON.stringify({ ...head, list }));
    return;
  }
  for (const { message, sealed } of rows) terminal.line(messageLine(message, sealed));
}

async function showBlock(
  database: Database,
  pinned: PinnedLedger,
  header: BlockHeader,
  options: Options,
  terminal: Terminal,
): Promise<void> {
  const { messagesAfter } = await import('../../wallet/explorer/search.ts');
  const { reachOf } = await import('../../wallet/store/record-reader.ts');
  if (options.raw === true) {
    terminal.line(new TextDecoder().decode(header.bytes));
    return;
  }
  const { joined } = pinned;
  const { height, messages } = header;
  const isHere = height < joined.filled;
  const isFollowed = !isHere && height < reachOf(joined);
  const start = { height: height - 1, position: Number.MAX_SAFE_INTEGER };
  const after = isHere || isFollowed ? await messagesAfter(database, joined, {}, start, options.limit) : [];
  const shown = after.filter((message) => message.height === height);
  const isJson = options.json === true;
  if (!isJson) terminal.line(blockLine(header));
  const head = isJson ? { block: blockJson(header), messagesHere: isHere } : undefined;
  await showList(database, pinned, shown, head, options, terminal);
  if (isJson) return;
  if (isFollowed) {
    if (shown.length < messages.count)
      terminal.say(
        `${shown.length} of its ${messages.count} messages are here: this copy follows only your own.`,
      );
  } else if (!isHere && height > 0)
    terminal.say('Its messages are not on this machine. Synchronise to fetch them.');
  else if (shown.length < messages.count) {
    terminal.say(`${messages.count - shown.length} more messages; show them with --limit.`);
  }
}

async function showMessage(
  database: Database,
  pinned: PinnedLedger,
  found: FoundMessage,
  { raw, json }: Options,
  terminal: Terminal,
): Promise<void> {
  const { withData } = await import('../../wallet/explorer/copy.ts');
  const message = await withData(database, pinned.joined, found);
  const sealed = await sealedAt(database, pinned, message.height);
  if (json === true) {
    const bytes = raw === true ? rawMessage(message) : {};
    terminal.line(JSON.stringify({ message: { ...messageJson(message, sealed), ...bytes } }));
  } else if (raw === true) {
    for (const [name, text] of Object.entries(rawMessage(message))) terminal.line(`${name} ${text}`);
  } else for (const line of messageLines(message, sealed, pinned.card.origin)) terminal.line(line);
}

async function run(command: Command, terminal: Terminal): Promise<ExitCode> {
  const options = command.opts<Options>();
  const [what = ''] = command.args;
  if (!/^(?:[0-9]{1,15}|[0-9a-f]{8,64})$/.test(what)) {
    throw new UsageError('Give a height, or 8 to 64 hexadecimal digits in small letters.');
  }
  const { startEngines } = await import('../../engines/start.ts');
  const { findLedger } = await import('../../wallet/ledgers.ts');
  await startEngines();
  await withExits(() =>
    withWallet(command, terminal, 'existing', async ({ database }) => {
      const pinned = await findLedger(database, options.ledger);
      await tellAlarm(database, pinned.joined, terminal);
      const found = await find(database, pinned, what, options.limit);
      if (found.kind === 'block') await showBlock(database, pinned, found.header, options, terminal);
      else if (found.kind === 'message')
        await showMessage(database, pinned, found.message, options, terminal);
      else await showList(database, pinned, found.messages, {}, options, terminal);
    }),
  );
  return exit.ok;
}

export const verb: Verb = {
  summary: 'show a message or a block of the record',
  configure(command) {
    command.argument('<WHAT>', 'a height, an id, or a hash');
    addLimitOption(addLedgerOption(addProfileOption(command)), 100).option(
      '--raw',
      'show the bytes as they were signed',
    );
    addJsonOption(command).addHelpText('after', help);
  },
  run,
};
