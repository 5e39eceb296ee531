/** The log that transparency-dev/tessera wrote: 16 signed checkpoints, their tiles and entry bundles. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/core/bytes.ts';
import { auditLog } from '../../src/core/log/audit.ts';
import type { AuditReport } from '../../src/core/log/audit-port.ts';
import { formatCheckpoint, openCheckpoint, openLedgerCheckpoint } from '../../src/core/log/checkpoint.ts';
import { edgeRoot, emptyEdge, growLog } from '../../src/core/log/edge.ts';
import { parseEntryBundle, parseTilePath } from '../../src/core/log/tiles.ts';
import { parseVerifierKey, type VerifierKey } from '../../src/core/log/verifier-key.ts';
import '../support/fast-engines.ts';
import { memoryReader } from '../support/log.ts';
import { conformanceName, conformancePath } from '../support/skip.ts';

const folder = 'tessera/testdata/log';
const path = conformancePath(folder);
const last = 15;
const vkey = 'example.com/log/testdata+33d7b496+AeHTu4Q3hEIMHNqc6fASMsq3rKNx280NI+oO5xCFkkSx';

type Files = Map<string, Uint8Array>;

/** Every file of the log; what the writer keeps for itself in `.state` is none. */
function readLog(from: string): Files {
  const files: Files = new Map();
  for (const entry of readdirSync(from, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const full = join(entry.parentPath, entry.name);
    const name = full.slice(from.length + 1);
    if (!name.startsWith('.state/')) files.set(name, new Uint8Array(readFileSync(full)));
  }
  return files;
}

describe.skipIf(path === undefined)(conformanceName('the tessera log', folder), () => {
  let files: Files = new Map();
  let key: VerifierKey;

  beforeAll(() => {
    files = readLog(path ?? '');
    const parsed = parseVerifierKey(vkey);
    if (!parsed.ok) throw new Error(parsed.code);
    key = parsed.value;
  });

  const bytesOf = (name: string): Uint8Array => files.get(name) ?? new Uint8Array(0);
  const audit = async (log: Files): Promise<AuditReport> =>
    await auditLog(memoryReader(log), key, [], () => undefined);

  /** The log as it stood at a size: its checkpoint, and the files of this and earlier sizes. */
  const logAt = (size: number): Files => {
    const log: Files = new Map([['checkpoint', bytesOf(`checkpoint.${size}`)]]);
    for (const [name, bytes] of files) {
      const number = Number(/[0-9]+$/.exec(name)?.[0] ?? Infinity);
      if (number <= size) log.set(name, bytes);
    }
    return log;
  };

  /** The whole log with another content of one file; of the other stored checkpoints none, for speed. */
  const withChange = (name: string, bytes: Uint8Array): Files => {
    const rest = [...files].filter(([other]) => !other.startsWith('checkpoint.'));
    return new Map(rest).set(name, bytes);
  };

  it('is here as a whole', () => {
    expect([...files.keys()].filter((name) => name.startsWith('checkpoint.')).length).toBe(last + 1);
    expect([...files.keys()].filter((name) => parseTilePath(name).ok).length).toBe(2 * last);
    expect(bytesOf('checkpoint')).toEqual(bytesOf(`checkpoint.${last}`));
  });

  it('has 16 checkpoints that open, of the sizes that they are named after', () => {
    for (let size = 0; size <= last; size++) {
      const bytes = bytesOf(`checkpoint.${size}`);
      const opened = openCheckpoint(bytes, [key], []);
      if (!opened.ok) throw new Error(opened.code);
      expect(opened.value).toMatchObject({ size, origin: 'example.com/log/testdata', extensions: [] });
      expect(formatCheckpoint(opened.value)).toBe(opened.value.text);
      expect(openLedgerCheckpoint(bytes, key, []).ok).toBe(true);
    }
  });

  it('is what our own writer makes of the same entries, byte for byte', () => {
    const entries = parseEntryBundle(bytesOf(`tile/entries/000.p/${last}`), last);
    if (!entries.ok) throw new Error(entries.code);
    let edge = emptyEdge;
    for (const entry of entries.value) {
      const grown = growLog(edge, [entry]);
      edge = grown.edge;
      for (const file of grown.files)
        expect([file.path, bytesOf(file.path)]).toEqual([file.path, file.bytes]);
      const opened = openCheckpoint(bytesOf(`checkpoint.${edge.size}`), [key], []);
      expect(opened.ok && opened.value.root).toEqual(edgeRoot(edge.levels));
    }
  });

  it('is good, at every size', async () => {
    for (let size = 0; size <= last; size++) {
      const report = await audit(logAt(size));
      expect([size, report.failures]).toEqual([size, []]);
      expect(report).toMatchObject({ size, auditedSize: size });
      expect(report.counts).toMatchObject({ checkpoints: size + 2, entries: size, unsignedFiles: 0 });
    }
  });

  it('is bad after any change of one byte of any file, which is named', async () => {
    // There is no byte whose change does not matter: every file of this log is signed, or bound to a signature.
    for (const [name, bytes] of files) {
      for (let i = 0; i < bytes.length; i++) {
        const changed = Uint8Array.from(bytes);
        changed[i] = (changed[i] ?? 0) ^ (1 << (i % 8));
        const { failures } = await audit(withChange(name, changed));
        if (failures[0]?.path !== name) expect([name, i, failures]).toEqual([name, i, [{ path: name }]]);
      }
    }
  });

  it('is bad when a file is cut anywhere, or goes on', async () => {
    for (const [name, bytes] of files) {
      for (let end = 0; end < bytes.length; end++) {
        const { failures } = await audit(withChange(name, bytes.subarray(0, end)));
        if (failures[0]?.path !== name) expect([name, end, failures]).toEqual([name, end, [{ path: name }]]);
      }
      for (const added of [0x00, 0x0a, 0x41]) {
        const { failures } = await audit(withChange(name, concatBytes(bytes, Uint8Array.of(added))));
        expect([name, added, failures[0]?.path]).toEqual([name, added, name]);
      }
    }
  });

  it('is bad without any one of the files that its size demands, and good without any other', async () => {
    for (let size = 0; size <= last; size++) {
      const log = logAt(size);
      const demanded = new Set(['checkpoint', `tile/0/000.p/${size}`, `tile/entries/000.p/${size}`]);
      for (const name of log.keys()) {
        const rest = new Map(log);
        rest.delete(name);
        const { failures } = await audit(rest);
        const expected = demanded.has(name) ? [{ code: 'log-missing', path: name }] : [];
        expect([size, name, failures]).toEqual([size, name, expected]);
      }
    }
  });

  it('is bad when two of its files are exchanged', async () => {
    const names = [...files.keys()].filter((name) => name !== `checkpoint.${last}` && name !== 'checkpoint');
    for (const [i, name] of names.entries()) {
      const other = names[(i + 1) % names.length] ?? name;
      const report = await audit(new Map(files).set(name, bytesOf(other)).set(other, bytesOf(name)));
      expect([name, report.failures.length > 0]).toEqual([name, true]);
    }
  });
});
