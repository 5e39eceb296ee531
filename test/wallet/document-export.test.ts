import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toHex } from '../../src/core/bytes.ts';
import type { DocumentContent } from '../../src/core/channel/content.ts';
import { documentKeys } from '../../src/core/channel/document.ts';
import { chunkBytes, draftPart } from '../../src/core/channel/part.ts';
import { composeMessage, sealMessage, type SignedMessage } from '../../src/core/record/envelope.ts';
import { RecordedDocument } from '../../src/wallet/documents/download.ts';
import { Archivist, codeOf, content, type Desk, running, upload } from '../support/documents.ts';
import { bytes32 } from '../support/ledger.ts';
import { stopServices } from '../support/people.ts';

const folder = mkdtempSync(join(tmpdir(), 'document-export-test-'));
let archivist: Archivist;

beforeAll(async () => {
  archivist = await Archivist.start(folder);
});

afterAll(async () => {
  await archivist.place.close();
  await stopServices();
  rmSync(folder, { recursive: true, force: true });
});

describe('exporting a document', () => {
  const bytes = content(3_000_000);
  let ports: Desk;
  let back: RecordedDocument;

  beforeAll(async () => {
    ports = await archivist.desk();
    back = await archivist.recorded(ports, (await upload(ports, archivist.file(bytes))).document);
  });

  function fresh(): string {
    return mkdtempSync(join(folder, 'out-'));
  }

  it('leaves what has the name already as it is', async () => {
    const out = fresh();
    writeFileSync(join(out, 'a'), 'mine');
    symlinkSync(join(out, 'nowhere'), join(out, 'b'));
    for (const name of ['a', 'b'])
      expect(await codeOf(back.writeTo(join(out, name), running))).toBe('export-exists');
    expect(readFileSync(join(out, 'a'), 'utf8')).toBe('mine');
    expect(readdirSync(out).sort()).toEqual(['a', 'b']);
    // The name is taken while the document is written.
    const late = back.writeTo(join(out, 'c'), {
      ...running,
      onProgress({ phase, done }) {
        if (phase === 'writing' && done === bytes.length) writeFileSync(join(out, 'c'), 'mine');
      },
    });
    expect(await codeOf(late)).toBe('export-exists');
    expect(readFileSync(join(out, 'c'), 'utf8')).toBe('mine');
    expect(readdirSync(out).sort()).toEqual(['a', 'b', 'c']);
  });

  it('leaves nothing half when it is stopped, at any time', async () => {
    for (const phase of ['checking', 'writing'] as const) {
      const out = fresh();
      const stopping = new AbortController();
      const seen: string[] = [];
      const stopped = back.writeTo(join(out, 'a'), {
        signal: stopping.signal,
        onProgress(progress) {
          if (progress.phase !== phase || progress.done < 1_000_000) return;
          seen.push(...readdirSync(out));
          stopping.abort();
        },
      });
      expect(await codeOf(stopped)).toBe('export-stopped');
      // Nothing of it is on the disk before all of it was checked, and never under its own name.
      expect(seen).toEqual(phase === 'checking' ? [] : ['.a.countersign-part']);
      expect(readdirSync(out)).toEqual([]);
    }
  });

  it('takes away what an attempt left that ended suddenly', async () => {
    const out = fresh();
    writeFileSync(join(out, '.a.countersign-part'), 'half');
    await back.writeTo(join(out, 'a'), running);
    expect(readdirSync(out)).toEqual(['a']);
    expect(readFileSync(join(out, 'a')).equals(bytes)).toBe(true);
  });

  it('says when it cannot write, and shows only what is not too large', async () => {
    expect(await codeOf(back.writeTo(join(folder, 'no', 'a'), running))).toBe('export-cannot-write');
    expect(await codeOf(back.bytes(bytes.length - 1, running))).toBe('export-too-large');
  });

  it('gives nothing out of a document that is not whole, or is not the one that was described', async () => {
    const out = join(fresh(), 'a');
    const { joined } = await archivist.place.pinned(archivist.ann.wallet);
    const other = (content: DocumentContent, sender = ports.context.sender): RecordedDocument =>
      new RecordedDocument(archivist.ann.wallet.database, joined, content, { ...ports.context, sender });
    const { content: said } = back;
    expect(await codeOf(other({ ...said, key: bytes32('other') }).writeTo(out, running))).toBe(
      'document-missing',
    );
    expect(await codeOf(other(said, bytes32('someone else')).writeTo(out, running))).toBe('document-missing');
    expect(await codeOf(other({ ...said, hash: bytes32('other') }).writeTo(out, running))).toBe(
      'document-hash',
    );
    expect(await codeOf(other({ ...said, size: said.size - 1 }).writeTo(out, running))).toBe('document-hash');
    expect(await codeOf(other({ ...said, size: 4_000_000 }).writeTo(out, running))).toBe('document-missing');
    expect(readdirSync(join(out, '..'))).toEqual([]);
  });

  it('ignores parts under its name that others send, and such as come later', async () => {
    const { context, signer, now: time } = ports;
    const { name } = documentKeys(back.content.key, context);
    const bogus = (sender: Uint8Array, sign: (bytes: Uint8Array) => Uint8Array): SignedMessage => {
      const origin = { ledger: context.ledger, sender, nonce: new Uint8Array(randomBytes(16)), time: time() };
      const data = content(chunkBytes + 16);
      const unsigned = composeMessage(
        draftPart(origin, context.transaction, { document: name, first: 3 }, data),
      );
      return sealMessage(unsigned, sign(unsigned.signedBytes));
    };
    const bob = await archivist.place.person('bob');
    const other = await bob.wallet.signer(context.ledger);
    const messages = [
      bogus(other.publicKey, (signed) => other.sign(signed)),
      bogus(context.sender, (signed) => signer.sign(signed)),
    ];
    for (const message of messages) await ports.send(message);
    const again = await archivist.recorded(ports, back.content);
    expect(toHex(await again.bytes(bytes.length, running))).toBe(toHex(bytes));
  });
});
