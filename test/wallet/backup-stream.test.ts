import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { concatBytes, toHex, toUtf8 } from '../../src/core/bytes.ts';
import { CountersignError } from '../../src/core/errors/family.ts';
import { parseManifest, writeManifest } from '../../src/wallet/backup/manifest.ts';
import {
  backupKeys,
  chunkLength,
  headerLength,
  openStream,
  saltOf,
  sealStream,
  writeHeader,
} from '../../src/wallet/backup/stream.ts';
import { bytes32 } from '../support/ledger.ts';

const key = bytes32('stream');
const sealedChunk = chunkLength + 16;

async function* pieces(...given: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  await Promise.resolve();
  yield* given;
}

async function all(source: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of source) parts.push(part);
  return concatBytes(...parts);
}

const seal = (...given: readonly Uint8Array[]): Promise<Uint8Array> => all(sealStream(pieces(...given), key));
const opened = async (...given: readonly Uint8Array[]): Promise<Uint8Array | string> => {
  try {
    return await all(openStream(pieces(...given), key));
  } catch (error) {
    if (error instanceof CountersignError) return String(error.code);
    throw error;
  }
};
/** Bytes that differ from place to place. */
const plainOf = (length: number): Uint8Array =>
  Uint8Array.from({ length }, (_, i) => (i * 7 + (i >> 8)) & 255);

describe('the stream of a backup', () => {
  it.each([0, 1, chunkLength - 1, chunkLength, chunkLength + 1, 2 * chunkLength, 2 * chunkLength + 5])(
    'gives back %i bytes, in however many pieces they come',
    async (length) => {
      const plain = plainOf(length);
      const sealed = await seal(plain.subarray(0, 3), new Uint8Array(), plain.subarray(3));
      expect(await seal(plain)).toEqual(sealed);
      expect(sealed).toHaveLength(length + 16 * Math.max(1, Math.ceil(length / chunkLength)));
      const at = Math.floor(sealed.length / 2);
      expect(await opened(sealed.subarray(0, at), sealed.subarray(at))).toEqual(plain);
    },
  );

  it('opens under no other key', async () => {
    const sealed = await seal(plainOf(10));
    await expect(all(openStream(pieces(sealed), bytes32('another')))).rejects.toMatchObject({
      code: 'backup-passphrase',
    });
  });

  it('is refused when any bit of it is changed', async () => {
    const sealed = await seal(plainOf(2 * chunkLength + 100));
    await fc.assert(
      fc.asyncProperty(fc.nat(sealed.length - 1), fc.nat(7), async (at, bit) => {
        const bad = sealed.slice();
        bad[at] = (bad[at] ?? 0) ^ (1 << bit);
        expect(await opened(bad)).toBe(at < sealedChunk ? 'backup-passphrase' : 'backup-damaged');
      }),
      { numRuns: 60, examples: [0, sealedChunk - 1, sealedChunk, sealed.length - 1].map((at) => [at, 0]) },
    );
  });

  it('is refused when it is cut short or made longer, wherever that is', async () => {
    const sealed = await seal(plainOf(2 * chunkLength + 100));
    const lengths = [0, 15, 16, 17, sealedChunk - 1, sealedChunk, sealedChunk + 1, 2 * sealedChunk];
    for (const length of [...lengths, sealed.length - 1]) {
      const code = length <= sealedChunk ? 'backup-passphrase' : 'backup-damaged';
      expect(await opened(sealed.subarray(0, length)), String(length)).toBe(code);
    }
    for (const more of [new Uint8Array(1), new Uint8Array(sealedChunk), sealed]) {
      expect(await opened(sealed, more)).toBe('backup-damaged');
    }
  });

  it('is refused when chunks are left out, repeated, exchanged or taken from another', async () => {
    const cut = (sealed: Uint8Array): readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array] => [
      sealed.subarray(0, sealedChunk),
      sealed.subarray(sealedChunk, 2 * sealedChunk),
      sealed.subarray(2 * sealedChunk, 3 * sealedChunk),
      sealed.subarray(3 * sealedChunk),
    ];
    const plain = plainOf(3 * chunkLength + 10);
    const [a, b, c, end] = cut(await seal(plain));
    expect(await opened(a, b, c, end)).toEqual(plain);
    for (const order of [
      [a, c, b, end],
      [a, b, end],
      [a, b, b, c, end],
      [a, b, c],
      [a, b, c, end, end],
      [a, end],
    ]) {
      expect(await opened(...order)).toBe('backup-damaged');
    }
    expect(await opened(b, a, c, end)).toBe('backup-passphrase');
    const other = await all(sealStream(pieces(plain), bytes32('another')));
    expect(await opened(a, cut(other)[1], c, end)).toBe('backup-damaged');
  });

  it('needs no more memory than a few chunks', async () => {
    let held = 0;
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      for (;;) {
        await Promise.resolve();
        held++;
        yield new Uint8Array(chunkLength);
      }
    };
    let out = 0;
    for await (const chunk of sealStream(endless(), key)) {
      out += chunk.length;
      if (out > 50 * sealedChunk) break;
      expect(held - out / sealedChunk).toBeLessThanOrEqual(2);
    }
  });
});

describe('the header of a backup', () => {
  it('names its form and brings the salt', () => {
    const header = writeHeader(bytes32('salt'));
    expect(header).toHaveLength(headerLength);
    expect(saltOf(header)).toEqual(bytes32('salt'));
    const changed = (at: number, value: number): Uint8Array =>
      header.map((byte, i) => (i === at ? value : byte));
    for (const bad of [
      changed(0, 0),
      changed(18, 0),
      header.subarray(0, 50),
      new Uint8Array(),
      toUtf8('x'),
    ]) {
      expect(() => saltOf(bad)).toThrow('backup-malformed');
    }
    expect(() => saltOf(changed(18, 2))).toThrow('backup-version');
    expect(() => saltOf(changed(18, 2).subarray(0, 19))).toThrow('backup-version');
  });

  it('is part of the keys: another salt or passphrase gives others', async () => {
    const header = writeHeader(bytes32('salt'));
    const { stream, vault } = await backupKeys('passphrase', header);
    expect(toHex(stream)).not.toBe(toHex(vault));
    const other = await backupKeys('passphrase', writeHeader(bytes32('pepper')));
    expect([toHex(other.stream), toHex(other.vault)]).not.toContain(toHex(stream));
  });
});

describe('the manifest of a backup', () => {
  const manifest = {
    created: 1000,
    profile: 'default',
    hasWords: true,
    hasRecord: false,
    ledgers: [{ id: bytes32('ledger'), origin: 'ledger.example/1', size: 7 }],
    vault: 'ab'.repeat(16),
    secrets: bytes32('secrets'),
    database: 4096,
  };
  const bytes = writeManifest(manifest);

  it('is read as it was written', () => {
    expect(parseManifest(bytes)).toEqual({ ok: true, value: manifest });
  });

  it.each([
    ['"v":1', '"v":2'],
    ['"created":1000', '"created":-1'],
    ['"default"', '"De fault"'],
    ['"hasWords":true', '"hasWords":1'],
    ['"size":7', '"size":"7"'],
    ['"database":4096', '"database":4096,"more":1'],
    ['"vault":"ab', '"vault":"AB'],
    ['{', ''],
  ])('is refused with %s as %s', (from, to) => {
    const bad = toUtf8(Buffer.from(bytes).toString().replace(from, to));
    expect(parseManifest(bad)).toMatchObject({ ok: false, code: 'backup-damaged' });
  });
});
