/** What of the pages needs no browser: deltas, the picture of a proof, and that every text is there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delta, DeskState } from '../../src/contract/state.ts';
import { channelNamed } from '../../src/contract/schema.ts';
import { pseudo } from '../../src/contract/texts.ts';
import { sha256 } from '../../src/core/crypto/sha256.ts';
import { concatBytes, equalBytes } from '../../src/core/bytes.ts';
import { declaredCodes, explain } from '../../src/core/errors/family.ts';
import { inclusionProof, leafHash, treeNodes, treeRoot } from '../../src/core/tree/merkle.ts';
import { applied } from '../../src/renderer/app/deltas.ts';
import { stepsOf } from '../../src/renderer/ui/inclusion.ts';
import { common } from '../../src/renderer/i18n/en.ts';
import { errors } from '../../src/renderer/i18n/errors.ts';

const root = join(import.meta.dirname, '../..');
const renderer = join(root, 'src/renderer');

describe('deltas', () => {
  const state = { outbox: { queued: 0 } } as unknown as DeskState;
  const delta = (number: number): Delta => ({
    number,
    topic: 'records',
    value: { version: number, total: 1 },
  });

  it('follow each other by number', () => {
    const known = applied({ number: 4, state }, delta(5));
    expect(known).toMatchObject({ number: 5, state: { outbox: { queued: 0 }, records: { version: 5 } } });
  });

  it('that are known already change nothing', () => {
    const known = { number: 4, state };
    expect(applied(known, delta(4))).toBe(known);
    expect(applied(known, delta(1))).toBe(known);
  });

  it('leave no gap: a new snapshot is asked for', () => {
    expect(applied({ number: 4, state }, delta(6))).toBe('gap');
    expect(applied({ number: -1, state: undefined }, delta(0))).toBe('gap');
  });
});

describe('the picture of a proof', () => {
  it('names the side of each sibling as the tree has it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (of, any) => {
        const index = any % of;
        const leaves = Array.from({ length: of }, (_, i) => leafHash(Uint8Array.of(i)));
        const path = inclusionProof(treeNodes(leaves), index, of);
        let hash = leaves[index] ?? new Uint8Array();
        const steps = stepsOf(
          index,
          of,
          path.map((_, i) => String(i)),
        );
        for (const { sibling, side } of steps) {
          const other = path[Number(sibling)] ?? new Uint8Array();
          const pair = side === 'left' ? [other, hash] : [hash, other];
          hash = sha256(concatBytes(Uint8Array.of(1), ...pair));
        }
        expect(equalBytes(hash, treeRoot(leaves))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('texts', async () => {
  const folder = join(renderer, 'features');
  const all: Record<string, string> = { ...common, ...errors };
  for (const name of readdirSync(folder)) {
    const file = pathToFileURL(join(folder, name, 'en.ts')).href;
    Object.assign(all, ((await import(file)) as { en: Record<string, string> }).en);
  }
  const sources = readdirSync(renderer, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.tsx?$/.test(name))
    .map((name) => readFileSync(join(renderer, name), 'utf8'))
    .join('\n');

  it('are there for every key that the sources name, and none is there in vain', () => {
    const groups = new Set(Object.keys(all).map((key) => key.split('.')[0] ?? ''));
    const isKey = (name: string): boolean =>
      groups.has(name.split('.')[0] ?? '') &&
      !/[.](?:ts|tsx|css)$/.test(name) &&
      channelNamed(name) === undefined;
    // A key stands in the source as a whole, or as the beginning of a template: `state.${state}`.
    const uses = [...sources.matchAll(/'([a-z]+(?:[.][a-z-]+)+)'/g)].map(([, key]) => key ?? '');
    const starts = [...sources.matchAll(/`([a-z]+(?:[.][a-z-]+)*[.])\$\{/g)].map(([, start]) => start ?? '');
    // Or as its end, where several views have texts of the same kind: `${view}.locked`.
    const ends = [...sources.matchAll(/`\$\{\w+\}((?:[.][a-z-]+)+)`/g)].map(([, end]) => end ?? '');
    expect(uses.filter((key) => isKey(key) && !Object.hasOwn(all, key))).toEqual([]);
    // Once where it is declared, and once more.
    const isUsed = (key: string): boolean =>
      uses.filter((one) => one === key).length > 1 ||
      starts.some((start) => key.startsWith(start)) ||
      ends.some((end) => key.endsWith(end));
    expect(Object.keys(all).filter((key) => !key.startsWith('error.') && !isUsed(key))).toEqual([]);
  });

  it('say what to do here wherever the engine speaks of the command line', async () => {
    for (const name of readdirSync(join(root, 'src/core/errors')))
      await import(pathToFileURL(join(root, 'src/core/errors', name)).href);
    // What a beginner meets. Elsewhere the engine's own sentence is true too: the command line is there.
    const families = [
      ...['ipc', 'vault', 'keychain', 'receipt', 'card', 'contact', 'own', 'verify'],
      ...['alarm', 'sync', 'outbox', 'follow', 'doctor', 'backup'],
    ];
    const speaks = /--[a-z]|["(]countersign |COUNTERSIGN_|\.\/start|the command again/;
    const missing = declaredCodes()
      .filter((code) => families.some((family) => code.startsWith(`${family}-`)))
      .filter(
        (code) => speaks.test(explain(code)?.next ?? '') && !Object.hasOwn(errors, `error.${code}.next`),
      );
    expect(missing).toEqual([]);
    expect(Object.keys(errors).filter((key) => explain(key.split('.')[1] ?? '') === undefined)).toEqual([]);
  });

  it('grow by two fifths in the pseudo-locale, with their places for values as they are', () => {
    for (const text of Object.values(all)) {
      const changed = pseudo(text);
      expect(changed.length).toBeGreaterThanOrEqual(text.length * 1.4);
      expect(changed.match(/\{\{\w+\}\}/g)).toEqual(text.match(/\{\{\w+\}\}/g));
    }
  });
});
