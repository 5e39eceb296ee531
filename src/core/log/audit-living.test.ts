/** Audits of logs that are served while they grow, and of logs that are named otherwise than their keys. */
import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import { logKey, memoryReader, testEntry, testLog } from '../../../test/support/log.ts';
import type { LogCode } from '../errors/log.ts';
import { ok, refuse, type Result } from '../result.ts';
import { auditLog, auditNamedLog } from './audit.ts';
import type { AuditReport, FolderEntry, LogReader } from './audit-port.ts';
import { formatCheckpoint } from './checkpoint.ts';
import { edgeRoot, emptyEdge, growLog } from './edge.ts';
import { formatNote, signNote } from './note.ts';

const audit = async (files: ReadonlyMap<string, Uint8Array>): Promise<AuditReport> =>
  await auditLog(memoryReader(files), logKey.key, [], () => undefined);

describe('an audit of a log that lives', () => {
  /** What the reader answers for some paths, in the place of what lies there. */
  function answering(
    files: ReadonlyMap<string, Uint8Array>,
    answers: Readonly<Record<string, Result<Uint8Array | undefined, LogCode>>>,
    canList = true,
    kinds: Readonly<Record<string, FolderEntry['kind']>> = {},
  ): LogReader {
    const reader = memoryReader(files, canList);
    return {
      ...reader,
      read: async (path, limit) => answers[path] ?? (await reader.read(path, limit)),
      list: async (folder, limit) => {
        const listed = await reader.list(folder, limit);
        if (!listed.ok || listed.value === undefined) return listed;
        return ok(
          listed.value.map((entry) => ({
            ...entry,
            kind: kinds[folder === '' ? entry.name : `${folder}/${entry.name}`] ?? entry.kind,
          })),
        );
      },
    };
  }
  const run = async (reader: LogReader): Promise<AuditReport> =>
    await auditLog(reader, logKey.key, [], () => undefined);
  const failures = async (reader: LogReader): Promise<readonly string[]> =>
    (await run(reader)).failures.map(({ code, path }) => `${code} ${path}`);
  const link = refuse('log-not-a-file', 'a link');
  // At 300 both levels have a partial tile; 256 and 257 left full tiles and partial ones behind.
  const files = testLog([200, 256, 300, 512, 513]);

  it('reports links in the place of superseded files, and goes on', async () => {
    const kinds = {
      'tile/0/000.p/200': 'other',
      'tile/entries/000.p/200': 'other',
      'tile/0/001.p/44': 'folder',
      'checkpoint.300': 'other',
    } as const;
    const answers = Object.fromEntries(Object.keys(kinds).map((path) => [path, link]));
    const report = await run(answering(files, answers, true, kinds));
    expect(report.failures).toEqual([]);
    expect(report.counts).toMatchObject({ foreignFiles: 4 });
    const whole = (await audit(files)).counts;
    expect(report.counts.earlierPartials).toBe(whole.earlierPartials - 3);
    expect(report.counts.checkpoints).toBe(whole.checkpoints - 1);
    // Put there after they were listed.
    expect(await failures(answering(files, answers))).toEqual([]);
  });

  it('reports a link in the place of a folder of superseded files', async () => {
    const reader = answering(files, {}, true, { 'tile/0/000.p': 'other' });
    const linked: LogReader = {
      ...reader,
      list: async (folder, limit) =>
        folder === 'tile/0/000.p' ? refuse('log-not-a-folder', folder) : await reader.list(folder, limit),
    };
    const report = await run(linked);
    expect(report.failures).toEqual([]);
    expect(report.examples).toEqual(['tile/0/000.p']);
  });

  it('takes no offence at what was removed after it was listed', async () => {
    const gone = { 'tile/0/000.p/200': ok(undefined), 'checkpoint.256': ok(undefined) };
    expect(await failures(answering(files, gone))).toEqual([]);
    const unreadable = {
      'tile/0/000.p/200': refuse('log-unreadable'),
      'checkpoint.256': refuse('log-unreadable'),
    };
    expect(await failures(answering(files, unreadable))).toEqual([
      'log-unreadable tile/0/000.p/200',
      'log-unreadable checkpoint.256',
    ]);
  });

  it.each(['log-not-a-file', 'log-not-a-folder', 'log-forbidden'] as const)(
    'takes the full file where the partial one gives %s',
    async (code) => {
      const grown = testLog([300, 512]);
      const early = new Map(grown).set('checkpoint', grown.get('checkpoint.300') ?? new Uint8Array());
      for (const path of ['checkpoint.300', 'checkpoint.512']) early.delete(path);
      const partials = ['tile/0/001.p/44', 'tile/entries/001.p/44'];
      const answers = Object.fromEntries(partials.map((path) => [path, refuse(code)]));
      expect(await failures(answering(early, answers, false))).toEqual([]);
      // The full file is looked at as closely as any.
      const bad = new Map(early).set('tile/0/001', (early.get('tile/0/001') ?? new Uint8Array()).with(3, 77));
      expect(await failures(answering(bad, answers, false))).toEqual(['log-tile-mismatch tile/0/001']);
      // Without it, the failure is that of the partial one.
      for (const path of ['tile/0/001', 'tile/entries/001']) early.delete(path);
      expect(await failures(answering(early, answers, false))).toEqual([`${code} tile/0/001.p/44`]);
    },
  );

  it('takes no full file where the partial one is there and cannot be read', async () => {
    const grown = testLog([300, 512]);
    grown.set('checkpoint', grown.get('checkpoint.300') ?? new Uint8Array());
    for (const code of ['log-unreadable', 'log-too-large', 'log-unreachable'] as const) {
      const reader = answering(grown, { 'tile/0/001.p/44': refuse(code) }, false);
      expect(await failures(reader)).toEqual([`${code} tile/0/001.p/44`]);
    }
  });

  it('takes nothing in the place of a full file', async () => {
    expect(await failures(answering(files, { 'tile/0/000': link }))).toEqual(['log-not-a-file tile/0/000']);
    expect(await failures(answering(files, { checkpoint: link }))).toEqual(['log-not-a-file checkpoint']);
    const unreachable = { 'tile/0/002.p/1': refuse('log-unreachable') };
    expect(await failures(answering(files, unreachable))).toEqual(['log-unreachable tile/0/002.p/1']);
  });
});

describe('an audit of a log whose origin is not the name of its key', () => {
  const named = testLog([3]);
  const text = formatCheckpoint({
    origin: 'Another Name',
    size: 3,
    root: edgeRoot(growLog(emptyEdge, [0, 1, 2].map(testEntry)).edge.levels),
    extensions: ['one', 'two words'],
  });
  named.set('checkpoint', formatNote(text, [signNote(logKey.key, logKey.seed, text)]));
  named.delete('checkpoint.3');
  const under = async (origin: string): Promise<AuditReport> =>
    await auditNamedLog(memoryReader(named), { key: logKey.key, origin }, [], () => undefined);

  it('needs the origin, and takes no other', async () => {
    expect(await under('Another Name')).toMatchObject({ failures: [], size: 3, origin: 'Another Name' });
    for (const origin of [logKey.key.name, 'another name', '']) {
      expect((await under(origin)).failures).toMatchObject([
        { code: 'checkpoint-origin', path: 'checkpoint' },
      ]);
    }
    expect((await audit(named)).failures).toMatchObject([{ code: 'checkpoint-origin' }]);
  });

  it('reports the extension lines of the checkpoint', async () => {
    expect((await under('Another Name')).extensions).toEqual(['one', 'two words']);
    expect((await audit(testLog([5]))).extensions).toEqual([]);
  });
});
