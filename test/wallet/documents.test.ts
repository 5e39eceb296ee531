import { mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, toHex } from '../../src/core/bytes.ts';
import { chunkBytes } from '../../src/core/channel/part.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import type { SignedMessage } from '../../src/core/record/envelope.ts';
import { absoluteLimits } from '../../src/core/record/founding.ts';
import type { DocumentProgress } from '../../src/wallet/documents/local-file.ts';
import { openUploads } from '../../src/wallet/documents/upload-rows.ts';
import { documentName, partChunks } from '../../src/wallet/documents/upload.ts';
import { Archivist, codeOf, content, running, upload } from '../support/documents.ts';
import { bytes32 } from '../support/ledger.ts';
import { stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'documents-test-'));
let archivist: Archivist;

beforeAll(async () => {
  archivist = await Archivist.start(folder);
});

afterAll(async () => {
  await archivist.place.close();
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
});

describe('a document', () => {
  it('goes out and comes back, whatever its size', async () => {
    for (const size of [0, 1, chunkBytes, chunkBytes + 1, 3_000_000]) {
      const bytes = content(size);
      const ports = await archivist.desk();
      const told: DocumentProgress[] = [];
      const onProgress = (progress: DocumentProgress): void => void told.push(progress);
      const done = await upload(ports, archivist.file(bytes), { onProgress });
      expect(ports.announced).toEqual([done.document]);
      expect(done.sentChunks).toBe(done.chunks);
      expect(await openUploads(ports.rows, ports.context.ledger)).toEqual([]);
      const back = await archivist.recorded(ports, done.document);
      expect(await back.standing()).toEqual({ chunks: done.chunks, missing: 0 });
      const out = join(folder, `out ${size}`);
      await back.writeTo(out, { ...running, onProgress });
      expect(readFileSync(out).equals(bytes)).toBe(true);
      expect(toHex(await back.bytes(size, running))).toBe(toHex(bytes));
      const ends = ['hashing', 'sending', 'checking', 'writing'].map((phase) =>
        told.findLast((one) => one.phase === phase && size > 0),
      );
      if (size > 0) expect(ends.map((end) => [end?.done, end?.of])).toEqual(ends.map(() => [size, size]));
    }
  });

  it('holds no more than a part, and each part no more than a megabyte', async () => {
    const ports = await archivist.desk();
    const { chunks } = await upload(ports, archivist.file(content(5_000_000)));
    expect(chunks).toBe(80);
    expect(ports.sent.map(({ data }) => data.length / (chunkBytes + 16))).toEqual([16, 16, 16, 16, 16]);
    expect(partChunks(64 * 2 ** 20, absoluteLimits)).toBe(16);
    expect(partChunks(2 ** 32, absoluteLimits)).toBe(255);
    const small = { ...absoluteLimits, dataBytes: 150_000 };
    expect(partChunks(2 ** 20, small)).toBe(2);
    expect(partChunks(1000, { ...absoluteLimits, dataBytes: 2000 })).toBe(1);
    expect(() => partChunks(2000, { ...absoluteLimits, dataBytes: 2000 })).toThrow('upload-limits');
  });

  it('is called what its file is called, as far as that can be shown', () => {
    expect(documentName('/a/b/contract.pdf')).toBe('contract.pdf');
    expect(documentName('/a/a\u{202e}fdp.exe')).toBe('a\u{fffd}fdp.exe');
    expect(documentName(`/a/${'x'.repeat(300)}`)).toHaveLength(255);
    expect(documentName('/a/ ')).toBe('document');
  });
});

describe('an interrupted upload', () => {
  it('goes on with the parts that are missing, with the same key', async () => {
    const bytes = content(5_000_000);
    const path = archivist.file(bytes);
    const stopping = new AbortController();
    const first = await archivist.desk();
    const { send } = first;
    const isStopped = codeOf(
      upload(
        {
          ...first,
          async send(message) {
            await send(message);
            if (first.sent.length === 2) stopping.abort();
          },
        },
        path,
        { signal: stopping.signal },
      ),
    );
    expect(await isStopped).toBe('upload-stopped');
    expect(first.announced).toEqual([]);
    const [kept] = await openUploads(first.rows, first.context.ledger);
    expect(kept?.parts.map((part) => part.first)).toEqual([0, 16]);
    const second = await archivist.desk();
    const done = await upload(second, path);
    expect(done.document).toEqual(kept?.document);
    expect([done.sentChunks, done.chunks]).toEqual([80 - 32, 80]);
    const sent = [...first.sent, ...second.sent];
    const back = await archivist.recorded({ ...second, sent }, done.document);
    expect(toHex(await back.bytes(bytes.length, running))).toBe(toHex(bytes));
  });

  it('makes the parts again that were lost, and only those', async () => {
    const path = archivist.file(content(5_000_000));
    const ports = await archivist.desk();
    const lost: string[] = [];
    const unreachable = {
      ...ports,
      // The second of five is known here and got nowhere.
      async send(message: SignedMessage) {
        if (lost.length === 0 && ports.sent.length === 1) lost.push(toHex(message.id));
        else await ports.send(message);
      },
    };
    expect(await codeOf(upload(unreachable, path))).toBe('upload-refused');
    expect(ports.announced).toEqual([]);
    const again = await archivist.desk();
    const done = await upload(again, path);
    expect(done.sentChunks).toBe(16);
    const back = await archivist.recorded({ ...again, sent: [...ports.sent, ...again.sent] }, done.document);
    expect(await back.standing()).toMatchObject({ missing: 0 });
  });

  it('keeps its way when the network fails, and is not told to the channel', async () => {
    const path = archivist.file(content(100));
    const failure = new CountersignError('sync-unreachable');
    const ports = await archivist.desk({ send: () => Promise.reject(failure) });
    expect(await codeOf(upload(ports, path))).toBe('sync-unreachable');
    expect(await openUploads(ports.rows, ports.context.ledger)).toHaveLength(1);
    const again = await archivist.desk();
    expect((await upload(again, path)).sentChunks).toBe(1);
  });

  it('refuses a file that changed meanwhile, and gives its key up', async () => {
    const bytes = content(3_000_000);
    const path = archivist.file(bytes);
    const failing = await archivist.desk({
      send: () => Promise.reject(new CountersignError('sync-unreachable')),
    });
    await codeOf(upload(failing, path));
    const [kept] = await openUploads(failing.rows, failing.context.ledger);
    writeFileSync(path, bytes.with(2_000_000, 1));
    const ports = await archivist.desk();
    expect(await codeOf(upload(ports, path))).toBe('upload-changed');
    expect(ports.sent).toEqual([]);
    const done = await upload(ports, path);
    expect(toHex(done.document.key)).not.toBe(toHex(kept?.document.key ?? new Uint8Array()));
  });

  it('refuses a file that changes while it is sent, at its end', async () => {
    for (const change of ['other bytes', 'longer', 'shorter'] as const) {
      const bytes = content(3_000_000);
      const path = archivist.file(bytes);
      const ports = await archivist.desk();
      const { send } = ports;
      const changing = {
        ...ports,
        async send(message: SignedMessage) {
          if (ports.sent.length === 0 && change === 'other bytes')
            writeFileSync(path, bytes.with(-1, (bytes.at(-1) ?? 0) ^ 1));
          if (ports.sent.length === 0 && change === 'longer') writeFileSync(path, concatBytes(bytes, bytes));
          if (ports.sent.length === 0 && change === 'shorter') truncateSync(path, 2_000_000);
          await send(message);
        },
      };
      expect(await codeOf(upload(changing, path))).toBe('upload-changed');
      expect(ports.announced).toEqual([]);
      expect(await openUploads(ports.rows, ports.context.ledger)).toEqual([]);
    }
  });

  it('belongs to one channel: the same file in another is another document', async () => {
    const path = archivist.file(content(10));
    const failing = await archivist.desk({
      send: () => Promise.reject(new CountersignError('sync-unreachable')),
    });
    await codeOf(upload(failing, path));
    const other = await archivist.desk({}, bytes32('other channel'));
    const done = await upload(other, path);
    const [kept] = await openUploads(other.rows, other.context.ledger);
    expect(toHex(kept?.document.key ?? new Uint8Array())).not.toBe(toHex(done.document.key));
    expect((await upload(await archivist.desk(), path)).document.key).toEqual(kept?.document.key);
  });

  it('refuses what is no file', async () => {
    const ports = await archivist.desk();
    expect(await codeOf(upload(ports, join(folder, 'nothing')))).toBe('upload-unreadable');
    expect(await codeOf(upload(ports, folder))).toBe('upload-unreadable');
  });
});
