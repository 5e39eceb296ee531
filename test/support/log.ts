/** Logs for tests, made by the project's own writer, with keys from fixed seeds. */
import { toUtf8 } from '../../src/core/bytes.ts';
import { publicKeyOf } from '../../src/core/crypto/signature.ts';
import type { LogReader } from '../../src/core/log/audit-port.ts';
import { formatCheckpoint } from '../../src/core/log/checkpoint.ts';
import { edgeRoot, emptyEdge, growLog, type LogEdge } from '../../src/core/log/edge.ts';
import { formatNote, signNote } from '../../src/core/log/note.ts';
import { keyType, verifierKey, type KeyType, type VerifierKey } from '../../src/core/log/verifier-key.ts';
import { ok, refuse } from '../../src/core/result.ts';

/** A key with its seed, both made from one byte. */
export interface TestKey {
  readonly key: VerifierKey;
  readonly seed: Uint8Array;
}

export function testKey(name: string, type: KeyType, byte: number): TestKey {
  const seed = new Uint8Array(32).fill(byte);
  return { key: verifierKey(name, type, publicKeyOf(seed)), seed };
}

export const logKey = testKey('example.com/test-log', keyType.ed25519, 1);

export function testEntry(index: number): Uint8Array {
  return toUtf8(`entry ${index}`);
}

/** The signed checkpoint of the log with this edge. */
export function signedCheckpoint(edge: LogEdge, signer: TestKey = logKey): Uint8Array {
  const { name: origin } = signer.key;
  const text = formatCheckpoint({ origin, size: edge.size, root: edgeRoot(edge.levels), extensions: [] });
  return formatNote(text, [signNote(signer.key, signer.seed, text)]);
}

/**
 * All files of a log that grew through these sizes, with `checkpoint` of the last and `checkpoint.<size>` of each.
 * Entries are {@link testEntry} of their index.
 */
export function testLog(sizes: readonly number[], signer: TestKey = logKey): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>();
  let edge = emptyEdge;
  for (const size of sizes) {
    const entries = Array.from({ length: size - edge.size }, (_, i) => testEntry(edge.size + i));
    const grown = growLog(edge, entries);
    edge = grown.edge;
    for (const { path, bytes } of grown.files) files.set(path, bytes);
    files.set(`checkpoint.${size}`, signedCheckpoint(edge, signer));
  }
  files.set('checkpoint', signedCheckpoint(edge, signer));
  return files;
}

/** What each folder of these files holds. */
function foldersOf(files: ReadonlyMap<string, Uint8Array>): Map<string, Map<string, 'file' | 'folder'>> {
  const folders = new Map<string, Map<string, 'file' | 'folder'>>();
  for (const path of files.keys()) {
    const parts = path.split('/');
    for (const [i, name] of parts.entries()) {
      const folder = parts.slice(0, i).join('/');
      const names = folders.get(folder) ?? new Map<string, 'file' | 'folder'>();
      folders.set(folder, names.set(name, i < parts.length - 1 ? 'folder' : 'file'));
    }
  }
  return folders;
}

/** Reads a log from memory. */
export function memoryReader(files: ReadonlyMap<string, Uint8Array>, canList = true): LogReader {
  const folders = foldersOf(files);
  return {
    canList,
    readAhead: 2,
    read: (path, limit) => {
      const bytes = files.get(path);
      const tooLong = bytes !== undefined && bytes.length > limit;
      return Promise.resolve(tooLong ? refuse('log-too-large', `${bytes.length} bytes`) : ok(bytes?.slice()));
    },
    list: (folder) => {
      const names = folders.get(folder);
      return Promise.resolve(ok(names && [...names].map(([name, kind]) => ({ name, kind }))));
    },
  };
}
