/** Answers about files and records. */
import { toHex } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { IpcCode } from '../../core/errors/ipc.ts';
import { parseLeaf } from '../../core/record/envelope.ts';
import { openPromise } from '../../core/record/promise.ts';
import type { RecordDetail } from '../../contract/channels/records.ts';
import { outboxItem } from '../../wallet/outbox/outbox.ts';
import type { OwnRecord } from '../../wallet/records/own-records.ts';
import { Prover } from '../../wallet/records/prover.ts';
import { issueReceipt, receiptPage, writeReceipt } from '../../wallet/records/receipts.ts';
import type { Desk, Handlers } from '../desk.ts';
import { proofOf } from '../proof-view.ts';
import { currentLedger } from '../session.ts';

/** An own record with everything that its proof is made from. @throws CountersignError `ipc-gone` */
async function recordWith(desk: Desk, id: string) {
  const { session, records } = desk.need();
  const record = await records.find(id);
  const pinned = await currentLedger(session);
  if (record === undefined || pinned === undefined) throw new CountersignError<IpcCode>('ipc-gone');
  const { database } = session.wallet;
  return { record, pinned, database, prover: new Prover(database, pinned.joined) };
}

async function detail(desk: Desk, id: string): Promise<RecordDetail> {
  const { record, pinned, database, prover } = await recordWith(desk, id);
  const { joined, card } = pinned;
  const row = await desk.need().records.rowOf(record);
  const item = await outboxItem(database, joined, record.id);
  const promise = item?.promise && openPromise(item.promise, joined.ledger);
  const placed = await prover.place(record.id);
  const place = placed?.place;
  return {
    ...row,
    hash: toHex(record.file.hash),
    path: record.path.toWellFormed(),
    origin: card.origin,
    ledger: joined.ledger.idText,
    sender: senderOf(record),
    raw: record.leaf,
    ...(promise?.ok === true ? { promisedBy: promise.value.lastTime } : {}),
    ...(item?.state === 'queued' ? { attempts: item.attempts, nextAttempt: item.nextAttempt } : {}),
    ...(item?.problem === undefined ? {} : { problem: item.problem.slice(0, 300) }),
    ...(place === undefined
      ? {}
      : {
          height: place.header.height,
          sealed: place.header.time,
          position: place.position,
          headSize: place.log.size,
        }),
    ...(placed === undefined ? {} : { proof: proofOf(placed) }),
  };
}

/** The key that signed a leaf of one's own. @throws CountersignError `ipc-gone` */
function senderOf({ leaf }: OwnRecord): string {
  const parsed = parseLeaf(leaf);
  if (!parsed.ok) throw new CountersignError<IpcCode>('ipc-gone', parsed.code);
  return toHex(parsed.value.sender);
}

async function saveReceipts(
  desk: Desk,
  ids: readonly string[],
): Promise<{ readonly folder: string; readonly count: number } | null> {
  const found = [];
  for (const id of ids) found.push(await recordWith(desk, id));
  const folder = await desk.ask('folder');
  if (folder === undefined) return null;
  const prover = found[0]?.prover;
  for (const { record, pinned, database, prover: own } of found) {
    const receipt = await issueReceipt(database, pinned.joined, prover ?? own, record);
    await writeReceipt(folder, record, receipt);
  }
  return { folder, count: found.length };
}

type Names =
  | 'files.offer'
  | 'notarize.start'
  | 'notarize.stop'
  | 'notarize.page'
  | 'records.page'
  | 'records.detail'
  | 'records.receipt'
  | 'records.save';

export function recordHandlers(desk: Desk): Handlers<Names> {
  return {
    'files.offer': ({ paths }) => desk.choices.add(paths),
    'notarize.start': (request) => {
      desk.startJob(request);
      return Promise.resolve(null);
    },
    'notarize.stop': () => {
      desk.job?.stop();
      return Promise.resolve(null);
    },
    'notarize.page': ({ offset, limit }) => desk.need().records.pageOf(desk.job?.made ?? [], offset, limit),
    'records.page': (request) => desk.need().records.page(request),
    'records.detail': ({ id }) => detail(desk, id),
    'records.receipt': async ({ id }) => {
      const { record, pinned, database, prover } = await recordWith(desk, id);
      const { shows } = await issueReceipt(database, pinned.joined, prover, record);
      return { page: receiptPage(shows) };
    },
    'records.save': ({ ids }) => saveReceipts(desk, ids),
  };
}
