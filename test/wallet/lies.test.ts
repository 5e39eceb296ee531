import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { toHex, toUtf8 } from '../../src/core/bytes.ts';
import { verifyEvidence } from '../../src/core/evidence/verify.ts';
import { acknowledgeAlarm, type Alarm, alarmsOf } from '../../src/wallet/alarms/rows.ts';
import { formatEntryBundle } from '../../src/core/log/tiles.ts';
import { checkCopy } from '../../src/wallet/sync/check-copy.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import { contentOf, emptyCopy, endpointOf, filesOf, type TestCopy } from '../support/endpoint.ts';
import { bytes32, TestLedger, unwrap } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'lies-test-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

type Files = Map<string, Uint8Array>;

const held = 4;
const size = 7;

/** A ledger of seven blocks, a copy of its first four, and what an honest endpoint serves. */
async function started(): Promise<{ ledger: TestLedger; copy: TestCopy; files: Files }> {
  const ledger = new TestLedger('lies');
  const copy = await emptyCopy(folder);
  await copy.store.join(ledger.ledger, 'http://127.0.0.1/');
  const grow = (to: number): void => {
    while (ledger.size < to)
      ledger.seal([ledger.message({ tags: [bytes32('tag')], data: toUtf8('data') }), ledger.message()]);
  };
  grow(held);
  await syncLedger(copy.store, ledger.ledger.id, endpointOf(filesOf(ledger)));
  grow(size);
  return { ledger, copy, files: filesOf(ledger) };
}

async function codeOf(copy: TestCopy, ledger: TestLedger, files: Files): Promise<unknown> {
  return syncLedger(copy.store, ledger.ledger.id, endpointOf(files)).then(
    (report) => `synchronised ${report.filled}`,
    (error: unknown) => (error as { code?: string }).code ?? String(error),
  );
}

/** A ledger of the same name and keys with another history from some height on. */
function rewritten(ledger: TestLedger, from: number, to: number): TestLedger {
  const other = new TestLedger('lies');
  for (let height = 1; height < from; height++) {
    const { header } = ledger.at(height);
    other.blocks.set(height, ledger.at(height));
    other.skipTo(header.height + 1);
  }
  // Other blocks than those of the true history: their messages are new.
  for (let n = 0; n < 100; n++) other.message();
  while (other.size < to) other.seal([other.message()]);
  return other;
}

async function alarmsIn(copy: TestCopy, ledger: TestLedger): Promise<readonly Alarm[]> {
  const joined = await copy.store.joined(ledger.ledger.id);
  return joined === undefined ? [] : alarmsOf(copy.database, joined);
}

describe('an endpoint that cannot show the record', () => {
  it.each<[string, string, (files: Files, ledger: TestLedger) => unknown]>([
    ['no checkpoint', 'sync-checkpoint', (files) => files.delete('checkpoint')],
    ['a checkpoint that is no note', 'sync-checkpoint', (files) => files.set('checkpoint', toUtf8('7\n'))],
    [
      'a checkpoint that nobody signed',
      'sync-checkpoint',
      (files) => files.set('checkpoint', changed(files.get('checkpoint'), -10)),
    ],
    [
      'the checkpoint of another ledger',
      'sync-checkpoint',
      (files) => files.set('checkpoint', new TestLedger('other').checkpoint()),
    ],
    [
      'an empty log',
      'sync-rollback',
      (files, ledger) => files.set('checkpoint', ledger.signHead(0, bytes32(''))),
    ],
    [
      'an older head',
      'sync-rollback',
      (files, ledger) => files.set('checkpoint', ledger.checkpoint(held - 1)),
    ],
    ['no headers', 'sync-withheld', (files) => files.delete(`tile/entries/000.p/${size}`)],
    [
      'a folder in place of headers',
      'sync-malformed',
      (files) => files.set(`tile/entries/000.p/${size}`, new Uint8Array()),
    ],
    [
      'a head that its headers do not give',
      'sync-mismatch',
      (files, ledger) => files.set('checkpoint', ledger.signHead(size, bytes32('x'))),
    ],
    ['no body', 'sync-withheld', (files) => files.delete('body/005')],
    ['an empty body', 'sync-malformed', (files) => files.set('body/005', new Uint8Array())],
    [
      'headers in another order',
      'sync-reordered',
      (files, ledger) => {
        const swapped = [0, 1, 2, 3, 5, 4, 6].map((height) => ledger.at(height).entry);
        files.set(`tile/entries/000.p/${size}`, formatEntryBundle(swapped));
      },
    ],
    [
      'the body of another block',
      'sync-reordered',
      (files) => files.set('body/005', files.get('body/006') ?? new Uint8Array()),
    ],
    [
      'half a body',
      'sync-malformed',
      (files) => files.set('body/005', files.get('body/005')?.slice(0, 300) ?? new Uint8Array()),
    ],
    [
      'a body that goes on',
      'sync-malformed',
      (files) => files.set('body/005', Uint8Array.of(...(files.get('body/005') ?? []), 0)),
    ],
  ])('with %s is refused with %s, and the copy stays as it was', async (_, code, change) => {
    const { ledger, copy, files } = await started();
    const before = await contentOf(copy.database);
    change(files, ledger);
    expect(await codeOf(copy, ledger, files)).toBe(code);
    const after = await contentOf(copy.database);
    if (['sync-withheld', 'sync-malformed', 'sync-reordered'].includes(code)) {
      // Headers that the signed head covers, and bodies before the bad one, were verified by then.
      expect(after['message']).toEqual(expect.arrayContaining(before['message'] as unknown[]));
    } else {
      expect(after).toEqual(before);
    }
    expect((await checkCopy(copy.store, ledger.ledger.id)).ok).toBe(true);
    expect(await codeOf(copy, ledger, filesOf(ledger))).toBe(`synchronised ${size}`);
    expect(await checkCopy(copy.store, ledger.ledger.id)).toMatchObject({ ok: true, value: { unfilled: 0 } });
  });

  it('gets no change of a head or a new header past the checks', async () => {
    const { ledger, copy, files } = await started();
    const before = await contentOf(copy.database);
    const heldBytes = [0, 1, 2, 3].reduce((sum, height) => sum + 2 + ledger.at(height).entry.length, 0);
    for (const [path, start, step, codes] of [
      ['checkpoint', 0, 1, /^sync-checkpoint$/],
      [`tile/entries/000.p/${size}`, heldBytes, 3, /^sync-(mismatch|malformed)$/],
    ] as const) {
      const good = files.get(path) ?? new Uint8Array();
      for (let at = start; at < good.length; at += step) {
        files.set(path, changed(good, at));
        expect(await codeOf(copy, ledger, files), `${path} at ${at}`).toMatch(codes);
      }
      files.set(path, good);
    }
    expect(await contentOf(copy.database)).toEqual(before);
    expect(await codeOf(copy, ledger, files)).toBe(`synchronised ${size}`);
  });

  it('gets no change of any byte of a body past the checks', async () => {
    const { ledger, copy, files } = await started();
    const good = files.get('body/004') ?? new Uint8Array();
    for (let at = 0; at < good.length; at += 2) {
      files.set('body/004', changed(good, at));
      expect(await codeOf(copy, ledger, files), `byte ${at}`).toBe('sync-malformed');
    }
    const state = await copy.store.joined(ledger.ledger.id);
    expect([state?.size, state?.filled]).toEqual([size, held]);
    files.set('body/004', good);
    expect(await codeOf(copy, ledger, files)).toBe(`synchronised ${size}`);
  });

  it.each([
    ['log-unreachable', 'sync-unreachable'],
    ['log-unreadable', 'sync-unreachable'],
    ['log-too-large', 'sync-oversized'],
    ['log-redirect', 'sync-malformed'],
    ['log-not-a-file', 'sync-malformed'],
  ] as const)('is told apart from a network that fails: %s is %s', async (answer, code) => {
    const { ledger, copy, files } = await started();
    for (const path of files.keys()) {
      if (path.startsWith('tile/0') || /body\/00[123]/.test(path)) continue;
      const reader = endpointOf(files, (asked) => (asked === path ? answer : undefined));
      const failed = syncLedger(copy.store, ledger.ledger.id, reader);
      await expect(failed, path).rejects.toMatchObject({
        code,
        detail: expect.stringContaining(path) as string,
      });
    }
  });

  it('is asked for no more than a file of the ledger may hold', async () => {
    const ledger = new TestLedger('limited', { blockBytes: 5000 });
    ledger.seal([ledger.message()]);
    const copy = await emptyCopy(folder);
    await copy.store.join(ledger.ledger, 'x');
    const limits = new Map<string, number>();
    const honest = endpointOf(filesOf(ledger));
    const read: typeof honest.read = (path, limit) => {
      limits.set(path, limit);
      return honest.read(path, limit);
    };
    await syncLedger(copy.store, ledger.ledger.id, { ...honest, read });
    expect(Object.fromEntries(limits)).toEqual({
      checkpoint: 1_048_576,
      'tile/entries/000.p/2': 16_777_472,
      'body/001': 5000,
    });
  });
});

describe('an operator who lies', () => {
  it('with two heads of one size leaves the proof of it behind, once', async () => {
    const { ledger, copy } = await started();
    const files = filesOf(rewritten(ledger, held - 1, held));
    const before = await contentOf(copy.database);
    expect(await codeOf(copy, ledger, files)).toBe('sync-fork');
    // Nothing goes on until a person decides: not even with an honest endpoint.
    expect(await codeOf(copy, ledger, filesOf(ledger))).toBe('alarm-open');
    await acknowledgeAlarm(copy.database, 1, 1000);
    expect(await codeOf(copy, ledger, files)).toBe('sync-fork');
    expect(await contentOf(copy.database)).toEqual(before);
    const [alarm, ...others] = await alarmsIn(copy, ledger);
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ code: 'sync-fork', times: 2, acknowledged: 1000 });
    const lie = unwrap(verifyEvidence(alarm?.evidence ?? new Uint8Array(), ledger.ledger.id));
    expect(lie.kind).toBe('heads-inconsistent');
    expect(await codeOf(copy, ledger, filesOf(ledger))).toBe(`synchronised ${size}`);
  });

  it.each<[string, (files: Files) => void]>([
    ['with its tiles', () => undefined],
    [
      'without its tiles',
      (files) => {
        for (const path of files.keys()) if (/^tile\/[0-9]/.test(path)) files.delete(path);
      },
    ],
  ])('with a longer record that does not continue what is here is shown to, %s', async (_, change) => {
    const { ledger, copy } = await started();
    const before = await contentOf(copy.database);
    const files = filesOf(rewritten(ledger, held - 1, size));
    change(files);
    expect(await codeOf(copy, ledger, files)).toBe('sync-fork');
    expect(await contentOf(copy.database)).toEqual(before);
    const [alarm] = await alarmsIn(copy, ledger);
    const lie = unwrap(verifyEvidence(alarm?.evidence ?? new Uint8Array(), ledger.ledger.id));
    expect(lie.kind).toBe('heads-inconsistent');
  });

  it('with many heads of one size does not fill the disk', async () => {
    const { ledger, copy, files } = await started();
    for (let n = 0; n < 20; n++) {
      files.set('checkpoint', ledger.signHead(held, bytes32(`root ${n}`)));
      expect(await codeOf(copy, ledger, files)).toBe('sync-fork');
      await acknowledgeAlarm(copy.database, 1, 1000);
    }
    expect(await alarmsIn(copy, ledger)).toMatchObject([{ times: 20 }]);
  });

  it('with one key for two ledgers gets nothing of the other into a copy', async () => {
    const [one, two] = [new TestLedger('twins'), new TestLedger('twins', { dataBytes: 5 })];
    two.seal([two.message()]);
    const copy = await emptyCopy(folder);
    await copy.store.join(one.ledger, 'x');
    expect(await codeOf(copy, one, filesOf(two))).toBe('sync-invalid');
    const [alarm] = await alarmsIn(copy, one);
    const lie = unwrap(verifyEvidence(alarm?.evidence ?? new Uint8Array(), one.ledger.id));
    expect(lie.kind).toBe('header-invalid');
    expect(await copy.database.all('SELECT * FROM block')).toEqual([]);
  });

  it.each<[string, Parameters<TestLedger['seal']>[1]]>([
    ['whose index lacks a tag', { index: (leaves) => leaves.slice(1) }],
    ['whose index is not in order', { index: (leaves) => leaves.reverse() }],
    ['that is no message', { messages: (leaves) => [toUtf8('not a message'), ...leaves.slice(1)] }],
  ])('about a block %s is not taken for a bad endpoint', async (_, tamper) => {
    const { ledger, copy } = await started();
    const messages = [ledger.message({ tags: [bytes32('tag')] }), ledger.message()];
    ledger.seal(messages, tamper);
    const files = filesOf(ledger);
    if (tamper?.messages !== undefined) {
      const leaf = ledger.at(size).messages[0] ?? new Uint8Array();
      const second = messages[1]?.leaf ?? new Uint8Array();
      const u32 = (value: number): Uint8Array => Uint8Array.of(0, 0, value >> 8, value & 255);
      const none = Uint8Array.of(0, 0, 0, 0);
      const parts = [u32(leaf.length), leaf, none, u32(second.length), second, none];
      files.set(`body/00${size}`, Buffer.concat(parts));
    }
    expect(await codeOf(copy, ledger, files)).toBe(tamper?.messages ? 'sync-invalid' : 'sync-index');
    expect((await copy.store.joined(ledger.ledger.id))?.filled).toBe(size);
  });

  it('about a message that was sealed before is not taken for a bad endpoint', async () => {
    const { ledger, copy } = await started();
    const again = ledger.message();
    ledger.seal([again]);
    ledger.seal([again]);
    expect(await codeOf(copy, ledger, filesOf(ledger))).toBe('sync-invalid');
    expect((await copy.store.joined(ledger.ledger.id))?.filled).toBe(size + 1);
  });
});

describe('a damaged copy', () => {
  it.each<[string, string]>([
    ['a wrong head', "UPDATE ledger SET checkpoint = x'00'"],
    ['no head', 'UPDATE ledger SET checkpoint = NULL'],
    ['a wrong tree', "UPDATE ledger SET tree = x'00'"],
    ['another tree', 'UPDATE ledger SET tree = zeroblob(32)'],
    ['another size', 'UPDATE ledger SET size = 3'],
    ['no size', 'UPDATE ledger SET size = 0'],
    ['its last header missing', `DELETE FROM block WHERE height = ${held - 1}`],
    ['its last header changed', `UPDATE block SET header = x'7b7d' WHERE height = ${held - 1}`],
    ['another first header', "UPDATE ledger SET founding = x'7b7d'"],
    ['a number that is too large', 'UPDATE ledger SET filled = 9007199254740993'],
  ])('with %s is never taken for a lie of the operator', async (_, statement) => {
    const { ledger, copy, files } = await started();
    await copy.database.exec(statement);
    expect(await codeOf(copy, ledger, files)).toBe('store-corrupt');
    const atSameSize = filesOf(rewritten(ledger, held - 1, held));
    expect(await codeOf(copy, ledger, atSameSize)).toBe('store-corrupt');
    expect(await copy.database.all('SELECT * FROM alarm')).toEqual([]);
  });
});

describe('a copy with another header', () => {
  it('is damaged, whatever its endpoint sends', async () => {
    const { ledger, copy, files } = await started();
    files.delete('body/004');
    expect(await codeOf(copy, ledger, files)).toBe('sync-withheld');
    const other = rewritten(ledger, held, size).at(held + 1).entry;
    await copy.database.run('UPDATE block SET header = ? WHERE height = ?', other, held + 1);
    expect(await codeOf(copy, ledger, filesOf(ledger))).toBe('store-corrupt');
    expect(await checkCopy(copy.store, ledger.ledger.id)).toMatchObject({ ok: false, code: 'copy-header' });
  });
});

/** The bytes with one bit changed; a place below zero counts from the end. */
function changed(bytes: Uint8Array | undefined, at: number): Uint8Array {
  const copy = Uint8Array.from(bytes ?? []);
  const index = at < 0 ? copy.length + at : at;
  copy[index] = (copy[index] ?? 0) ^ 1;
  expect(toHex(copy)).not.toBe(toHex(bytes ?? copy));
  return copy;
}
