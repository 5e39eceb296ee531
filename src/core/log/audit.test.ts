import { describe, expect, it } from 'vitest';
import '../../../test/support/fast-engines.ts';
import {
  logKey,
  memoryReader,
  signedCheckpoint,
  testEntry,
  testKey,
  testLog,
} from '../../../test/support/log.ts';
import { concatBytes, toUtf8 } from '../bytes.ts';
import { leafHash } from '../tree/merkle.ts';
import { auditLog } from './audit.ts';
import type { AuditReport, GivenCheckpoint } from './audit-port.ts';
import { emptyEdge, growLog } from './edge.ts';
import { formatTile, parseEntryBundle, parseTilePath } from './tiles.ts';
import { keyType } from './verifier-key.ts';

type Files = Map<string, Uint8Array>;

async function audit(
  files: ReadonlyMap<string, Uint8Array>,
  canList = true,
  given: readonly GivenCheckpoint[] = [],
): Promise<AuditReport> {
  return await auditLog(memoryReader(files, canList), logKey.key, given, () => undefined);
}

/** The verdict as the command line prints it. */
async function verdict(files: ReadonlyMap<string, Uint8Array>, canList = true): Promise<string> {
  const { failures, size } = await audit(files, canList);
  const [first] = failures;
  return first === undefined ? `OK ${size ?? ''}` : `${first.code} ${first.path}`;
}

function changed(files: Files, path: string, change: (bytes: Uint8Array) => Uint8Array): Files {
  return new Map(files).set(path, change(Uint8Array.from(files.get(path) ?? new Uint8Array(0))));
}

function flip(at: number): (bytes: Uint8Array) => Uint8Array {
  return (bytes) => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));
}

function without(files: Files, path: string): Files {
  const rest = new Map(files);
  expect(rest.delete(path)).toBe(true);
  return rest;
}

const small = testLog([0, 1, 5, 6]);
const large = testLog([1, 200, 256, 300, 700]);

describe('an audit of a good log', () => {
  it.each([0, 1, 2, 255, 256, 257, 511, 512, 513, 65_535, 65_536, 65_537])(
    'of %i entries finds it good',
    async (size) => {
      const files = testLog([size]);
      const report = await audit(files);
      expect(report).toMatchObject({ failures: [], size, auditedSize: size, origin: logKey.key.name });
      expect(report.counts).toMatchObject({ entries: size, unsignedFiles: 0, foreignFiles: 0 });
      expect(report.counts.tiles + report.counts.bundles + 2).toBe(files.size);
      expect(await verdict(files, false)).toBe(`OK ${size}`);
    },
  );

  it('looks at everything: earlier checkpoints and earlier partial files', async () => {
    const report = await audit(large);
    expect(report.failures).toEqual([]);
    // Edges at sizes 1, 200, 300: a tile and a bundle each; at 256 and 300 level 1 has width 1; at 700 width 2.
    expect(report.counts).toEqual({
      checkpoints: 6,
      tiles: 4,
      bundles: 3,
      entries: 700,
      earlierPartials: 7,
      unsignedFiles: 0,
      foreignFiles: 0,
    });
  });

  it('holds at each size of a log that grew on meanwhile, with full tiles for partial ones that are gone', async () => {
    for (const size of [1, 200, 256, 300]) {
      const files = new Map(large).set('checkpoint', large.get(`checkpoint.${size}`) ?? new Uint8Array(0));
      for (const later of [200, 256, 300, 700]) if (later > size) files.delete(`checkpoint.${later}`);
      expect(await verdict(files)).toBe(`OK ${size}`);
      expect((await audit(files)).counts.unsignedFiles).toBeGreaterThan(0);
      for (const path of files.keys()) {
        const ref = parseTilePath(path);
        if (ref.ok && ref.value.width < 256 && ref.value.index === 0 && ref.value.level !== 1)
          files.delete(path);
      }
      expect(await verdict(files)).toBe(`OK ${size}`);
    }
  });

  it('needs no earlier partial file', async () => {
    const files = without(without(large, 'tile/0/000.p/200'), 'tile/entries/001.p/44');
    expect(await verdict(files)).toBe('OK 700');
  });

  it('goes up to a later checkpoint beside it, and tells both sizes', async () => {
    const files = new Map(large).set('checkpoint', large.get('checkpoint.200') ?? new Uint8Array(0));
    expect(await audit(files)).toMatchObject({ failures: [], size: 200, auditedSize: 700 });
    const cut = without(files, 'tile/0/002.p/188');
    expect(await verdict(cut)).toBe('log-missing tile/0/002.p/188');
  });

  it('notes what is no part of the log', async () => {
    const files = new Map(small);
    for (const path of [
      'tile/0/000.p/6.tmp',
      'tile/x',
      'tile/0/x001/000',
      'tile/0/000',
      'checkpoint.x',
      'notes.txt',
    ]) {
      files.set(path, new Uint8Array(1));
    }
    const report = await audit(files);
    expect(report.failures).toEqual([]);
    expect(report.counts).toMatchObject({ unsignedFiles: 2, foreignFiles: 3 });
    expect([...report.examples].sort()).toEqual(
      ['checkpoint.x', 'tile/0/000', 'tile/0/000.p/6.tmp', 'tile/0/x001/000', 'tile/x'].sort(),
    );
  });

  it('tells how far it is', async () => {
    const seen: number[] = [];
    await auditLog(memoryReader(large), logKey.key, [], (done, of) => {
      expect(of).toBe(700);
      seen.push(done);
    });
    expect(seen).toEqual([256, 512, 700]);
  });

  it('passes on what the caller throws to stop it', async () => {
    const stopped = auditLog(memoryReader(large), logKey.key, [], () => {
      throw new Error('enough');
    });
    await expect(stopped).rejects.toThrow('enough');
  });
});

describe('an audit catches', () => {
  it('every change of one byte, and names the file', async () => {
    for (const [path, bytes] of small) {
      for (let i = 0; i < bytes.length; i++) {
        const report = await audit(changed(small, path, flip(i)));
        expect([path, i, report.failures[0]?.path]).toEqual([path, i, path]);
      }
    }
  });

  it('a change in any file of a larger log, and names the file', async () => {
    for (const [path, bytes] of large) {
      for (const at of [0, bytes.length >> 1, bytes.length - 1]) {
        const report = await audit(changed(large, path, flip(at)));
        expect([path, at, report.failures.map((failure) => failure.path)]).toEqual([path, at, [path]]);
      }
    }
  });

  it('every file that is cut or has something added', async () => {
    for (const path of large.keys()) {
      for (const change of [
        (bytes: Uint8Array) => bytes.subarray(0, -1),
        (bytes: Uint8Array) => concatBytes(bytes, Uint8Array.of(0)),
        () => new Uint8Array(0),
      ]) {
        const report = await audit(changed(large, path, change));
        expect([path, report.failures[0]?.path]).toEqual([path, path]);
      }
    }
  });

  it('every file that is missing and demanded', async () => {
    const files = testLog([700]);
    for (const path of files.keys()) {
      if (path === 'checkpoint.700') continue;
      expect(await verdict(without(files, path))).toBe(`log-missing ${path}`);
      expect(await verdict(without(files, path), false)).toBe(`log-missing ${path}`);
    }
  });

  it('a file that is missing deep inside, without reporting what hangs below as wrong', async () => {
    const files = testLog([66_000]);
    const report = await audit(changed(files, 'tile/1/000', flip(40)));
    expect(report.failures).toEqual([{ code: 'log-tile-mismatch', path: 'tile/1/000' }]);
    expect(await verdict(changed(files, 'tile/0/100', flip(40)))).toBe('log-tile-mismatch tile/0/100');
    expect(await verdict(changed(files, 'tile/2/000.p/1', flip(3)))).toBe('log-tile-mismatch tile/2/000.p/1');
    expect(await verdict(changed(files, 'tile/1/001.p/1', flip(3)))).toBe('log-tile-mismatch tile/1/001.p/1');
    expect(await verdict(changed(files, 'tile/entries/100', flip(41)))).toBe(
      'log-bundle-mismatch tile/entries/100',
    );
    expect(await verdict(without(files, 'tile/1/000'))).toBe('log-missing tile/1/000');
  });

  it('several changes at once, and names each', async () => {
    const files = changed(changed(large, 'tile/entries/000', flip(3)), 'tile/0/001', flip(7));
    expect((await audit(files)).failures).toEqual([
      { code: 'log-bundle-mismatch', path: 'tile/entries/000', detail: 'entry 0' },
      { code: 'log-tile-mismatch', path: 'tile/0/001' },
    ]);
    const edges = changed(changed(large, 'tile/1/000.p/2', flip(3)), 'tile/0/002.p/188', flip(7));
    expect((await audit(edges)).failures).toEqual([
      { code: 'log-tile-mismatch', path: 'tile/0/002.p/188' },
      { code: 'log-tile-mismatch', path: 'tile/1/000.p/2' },
    ]);
  });

  it('the one tile of the edge that is wrong, even when files below another one are wrong too', async () => {
    const files = changed(changed(large, 'tile/0/001', flip(3)), 'tile/0/002.p/188', flip(7));
    expect((await audit(files)).failures).toEqual([{ code: 'log-tile-mismatch', path: 'tile/0/002.p/188' }]);
  });

  it('a head that is not the beginning of a later one beside it', async () => {
    const fork = growLog(emptyEdge, [toUtf8('another')]).edge;
    const files = new Map(large).set('checkpoint', signedCheckpoint(fork));
    expect(await verdict(files)).toBe('log-inconsistent checkpoint');
  });

  it('an entry that was changed together with its tiles: what is served was never signed', async () => {
    const entries = parseEntryBundle(small.get('tile/entries/000.p/6') ?? new Uint8Array(0), 6);
    if (!entries.ok) throw new Error(entries.code);
    const bundle = changed(small, 'tile/entries/000.p/6', flip(3));
    const mended = parseEntryBundle(bundle.get('tile/entries/000.p/6') ?? new Uint8Array(0), 6);
    if (!mended.ok) throw new Error(mended.code);
    bundle.set('tile/0/000.p/6', formatTile(mended.value.map(leafHash)));
    expect(await verdict(bundle)).toBe('log-root-mismatch checkpoint');
    const empty = new Map([
      ['checkpoint', signedCheckpoint({ ...emptyEdge, levels: [[new Uint8Array(32)]] })],
    ]);
    expect(await verdict(empty)).toBe('log-root-mismatch checkpoint');
  });

  it('a log that was rewritten: each earlier checkpoint, beside it or from elsewhere', async () => {
    const rewritten = growLog(emptyEdge, [
      toUtf8('another'),
      ...Array.from({ length: 4 }, (_, i) => testEntry(i + 1)),
    ]);
    const fork = signedCheckpoint(rewritten.edge);
    const files = new Map(small).set('checkpoint.5', fork);
    expect(await verdict(files)).toBe('log-inconsistent checkpoint.5');
    const given = { path: '/some/where', bytes: fork };
    for (const canList of [true, false]) {
      const { failures } = await audit(small, canList, [given]);
      expect(failures).toMatchObject([{ code: 'log-inconsistent', path: '/some/where' }]);
    }
    // Of the same size as the head.
    const six = signedCheckpoint(growLog(rewritten.edge, [testEntry(5)]).edge);
    expect(await verdict(new Map(small).set('checkpoint.6', six))).toBe('log-inconsistent checkpoint.6');
    // At size 0.
    const nothing = signedCheckpoint({ ...emptyEdge, levels: [[new Uint8Array(32)]] });
    expect(await verdict(new Map(small).set('checkpoint.0', nothing))).toBe('log-inconsistent checkpoint.0');
    // Between two bundles.
    const at512 = signedCheckpoint({ ...rewritten.edge, size: 512 });
    expect(await verdict(new Map(large).set('checkpoint.512', at512))).toBe(
      'log-inconsistent checkpoint.512',
    );
  });

  it('a given checkpoint of another key, a broken one, and one that is ahead of the log', async () => {
    const stranger = testKey(logKey.key.name, keyType.ed25519, 77);
    const edge = growLog(emptyEdge, [testEntry(0)]).edge;
    const cases: readonly (readonly [Uint8Array, string])[] = [
      [signedCheckpoint(edge, stranger), 'note-unsigned'],
      [new Uint8Array(0), 'note-malformed'],
      [large.get('checkpoint.700') ?? new Uint8Array(0), 'log-missing'],
    ];
    for (const [bytes, code] of cases) {
      const { failures } = await audit(small, true, [{ path: 'given', bytes }]);
      expect(failures[0]?.code).toBe(code);
    }
    const fits = { path: 'given', bytes: small.get('checkpoint.5') ?? new Uint8Array(0) };
    expect((await audit(small, false, [fits])).failures).toEqual([]);
  });

  it('a checkpoint under a wrong name', async () => {
    const five = small.get('checkpoint.5') ?? new Uint8Array(0);
    expect(await verdict(new Map(small).set('checkpoint.4', five))).toBe(
      'log-checkpoint-misnamed checkpoint.4',
    );
    expect(await verdict(new Map(small).set('checkpoint.9', five))).toBe(
      'log-checkpoint-misnamed checkpoint.9',
    );
  });

  it('an earlier partial file that differs, of tiles and of bundles', async () => {
    for (const path of ['tile/0/000.p/5', 'tile/entries/000.p/1', 'tile/entries/000.p/5']) {
      const code = path.startsWith('tile/entries') ? 'log-bundle-mismatch' : 'log-tile-mismatch';
      expect(await verdict(changed(small, path, flip(2)))).toBe(`${code} ${path}`);
      expect(await verdict(changed(small, path, flip(2)), false)).toBe('OK 6');
    }
  });

  it('a file that is too long to be read', async () => {
    const huge = new Uint8Array(1_048_577);
    expect(await verdict(new Map(small).set('checkpoint', huge))).toBe('log-too-large checkpoint');
    expect(await verdict(new Map(small).set('tile/0/000.p/6', huge))).toBe('log-too-large tile/0/000.p/6');
  });

  it('no more than 20 failures, then it stops', async () => {
    let files = testLog([256 * 40]);
    for (let i = 0; i < 40; i++) {
      files = changed(files, `tile/entries/0${String(i).padStart(2, '0')}`, flip(5));
    }
    let reached = 0;
    const report = await auditLog(memoryReader(files), logKey.key, [], (done) => (reached = done));
    expect(report.failures.length).toBe(20);
    expect(reached).toBe(256 * 20);
  });
});

describe('an audit whose files cannot be reached', () => {
  it('stops at once, with the code of the network', async () => {
    const good = memoryReader(large, false);
    let asked = 0;
    const reader = {
      ...good,
      read: async (path: string, limit: number) => {
        if (path.startsWith('checkpoint')) return await good.read(path, limit);
        asked++;
        return { ok: false, code: 'log-unreachable', detail: 'no network' } as const;
      },
    };
    const report = await auditLog(reader, logKey.key, [], () => undefined);
    expect(report.failures).toEqual([
      { code: 'log-unreachable', path: 'tile/0/002.p/188', detail: 'no network' },
    ]);
    expect(asked).toBeLessThan(5);
  });

  it('takes no key that is not a log key', async () => {
    const witness = testKey('w', keyType.cosignature, 1);
    await expect(auditLog(memoryReader(small), witness.key, [], () => undefined)).rejects.toThrow(RangeError);
  });
});
