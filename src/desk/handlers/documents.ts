/** Answers about documents of channels: looked at before they are sent, sent, gone on with, written into a folder. */
import { stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { toHex } from '../../core/bytes.ts';
import type { DocumentContent } from '../../core/channel/content.ts';
import { documentKeys, documentShape } from '../../core/channel/document.ts';
import type { ExportCode } from '../../core/errors/export.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { IpcCode } from '../../core/errors/ipc.ts';
import type { DocumentLook, InterruptedView } from '../../contract/channels/documents.ts';
import type { RequestOf } from '../../contract/schema.ts';
import { knownChannel, planPost } from '../../wallet/channels/actions.ts';
import { type ChannelIds, openChannel } from '../../wallet/channels/open.ts';
import type { RecordedDocument } from '../../wallet/documents/download.ts';
import {
  documentFootprint,
  documentNamed,
  interruptedUploads,
  putDocument,
} from '../../wallet/documents/documents.ts';
import { mediaTypeOf } from '../../wallet/documents/media-type.ts';
import type { Upload } from '../../wallet/documents/upload-rows.ts';
import { documentName } from '../../wallet/documents/upload.ts';
import { idsOf } from '../channels/acts.ts';
import { previewOf, tellChannels } from './channels.ts';
import type { Desk, Handlers } from '../desk.ts';
import { freeFile } from '../free-file.ts';
import { needOpen } from './own-card.ts';

/** Interrupted documents that a conversation shows. */
const shownInterrupted = 100;

const now = (): number => Math.floor(Date.now() / 1000);

/** The one file of a choice. @throws CountersignError `ipc-gone` */
function onlyFile(desk: Desk, chosen: number): string {
  const { paths } = desk.choices.get(chosen);
  const [path] = paths;
  if (path === undefined || paths.length > 1) throw new CountersignError<IpcCode>('ipc-gone');
  return path;
}

async function look(desk: Desk, request: RequestOf<'documents.look'>): Promise<DocumentLook> {
  const { wallet, pinned } = await needOpen(desk);
  const path = onlyFile(desk, request.chosen);
  const row = await knownChannel(wallet, pinned, idsOf(request));
  const { parts, dataBytes } = await documentFootprint(pinned, path);
  const { size } = await stat(path);
  const name = documentName(path);
  // What tells the members is as long with this key and hash as with those that it will have.
  const nobody = new Uint8Array(32);
  const content: DocumentContent = {
    kind: 'document',
    name,
    size,
    media: mediaTypeOf(name),
    hash: nobody,
    key: nobody,
  };
  const told = await previewOf(wallet, pinned, planPost(row, content));
  return { name, size, parts, dataBytes, told };
}

interface Sending extends ChannelIds {
  readonly path: string;
  readonly name: string;
  readonly size: number;
}

/** Begins to send a file; what it comes to stands in the state. */
function send(desk: Desk, { path, name, size, ...ids }: Sending): void {
  const { follower } = desk.need();
  desk.transfers.begin({ kind: 'put', channel: toHex(ids.channel), name }, size, async (options) => {
    try {
      await follower.alone(async () => {
        const { wallet, pinned } = await needOpen(desk);
        await putDocument(wallet, pinned, ids, path, { ...options, now, name });
      });
    } finally {
      tellChannels(desk);
      follower.look();
    }
    return {};
  });
}

async function put(desk: Desk, request: RequestOf<'documents.put'>): Promise<null> {
  await needOpen(desk);
  const path = onlyFile(desk, request.chosen);
  const { size } = await stat(path);
  send(desk, { ...idsOf(request), path, name: documentName(path), size });
  return null;
}

function uploadId({ context, document }: Upload): string {
  return toHex(documentKeys(document.key, context).name);
}

async function interrupted(
  desk: Desk,
  request: RequestOf<'documents.interrupted'>,
): Promise<readonly InterruptedView[]> {
  const { wallet, pinned } = await needOpen(desk);
  const found = await interruptedUploads(wallet, pinned, idsOf(request));
  return found.slice(0, shownInterrupted).map((upload) => {
    const { name, size } = upload.document;
    const sent = upload.parts.reduce((sum, { count }) => sum + count, 0);
    const { chunks: pieces } = documentShape(size);
    return { id: uploadId(upload), name, size, sent: Math.min(sent, pieces), pieces };
  });
}

async function resume(desk: Desk, request: RequestOf<'documents.resume'>): Promise<null> {
  const { wallet, pinned } = await needOpen(desk);
  const ids = idsOf(request);
  const found = (await interruptedUploads(wallet, pinned, ids)).find((one) => uploadId(one) === request.id);
  if (found === undefined) throw new CountersignError<IpcCode>('ipc-gone');
  const { name, size } = found.document;
  send(desk, { ...ids, path: found.path, name, size });
  return null;
}

/** Writes a document into a folder, under its name or the next one that is free. */
async function writeInto(
  folder: string,
  document: RecordedDocument,
  options: Parameters<RecordedDocument['writeTo']>[1],
): Promise<{ readonly file: string }> {
  const ending = extname(document.content.name);
  const name = basename(document.content.name, ending);
  const exists: ExportCode = 'export-exists';
  return freeFile({ folder, name, usual: 'document', ending }, async (path, isLast) => {
    try {
      await document.writeTo(path, options);
      return true;
    } catch (error) {
      if (error instanceof CountersignError && error.code === exists && !isLast) return false;
      throw error;
    }
  });
}

async function save(desk: Desk, request: RequestOf<'documents.save'>): Promise<boolean> {
  if (desk.transfers.isBusy) throw new CountersignError<IpcCode>('ipc-busy');
  const { wallet, pinned } = await needOpen(desk);
  const channel = await openChannel(wallet, pinned, idsOf(request));
  const { document } = await documentNamed(wallet, channel, request.message);
  const folder = await desk.ask('folder');
  if (folder === undefined) return false;
  const { name, size } = document.content;
  const begun = { kind: 'save', channel: request.channel, name } as const;
  desk.transfers.begin(begun, size, (options) => writeInto(folder, document, options));
  return true;
}

type Names =
  | 'documents.look'
  | 'documents.put'
  | 'documents.interrupted'
  | 'documents.resume'
  | 'documents.save'
  | 'documents.stop';

export function documentHandlers(desk: Desk): Handlers<Names> {
  return {
    'documents.look': (request) => look(desk, request),
    'documents.put': (request) => put(desk, request),
    'documents.interrupted': (request) => interrupted(desk, request),
    'documents.resume': (request) => resume(desk, request),
    'documents.save': (request) => save(desk, request),
    'documents.stop': () => {
      desk.transfers.stop();
      return Promise.resolve(null);
    },
  };
}
