import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { concatBytes } from '../../src/core/bytes.ts';
import type { TestCopy } from '../support/endpoint.ts';
import {
  allFilesOf,
  copyToFollow,
  type Files,
  flipped,
  followedContent,
  outcome,
  sealOwn,
} from '../support/follow.ts';
import { TestLedger } from '../support/ledger.ts';

const folder = mkdtempSync(join(tmpdir(), 'follow-lies-'));
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** Two short blocks that were followed, and a short and a long one that are new. */
async function started(): Promise<{ ledger: TestLedger; copy: TestCopy; files: Files }> {
  const ledger = new TestLedger('lies');
  const copy = await copyToFollow(ledger, folder);
  sealOwn(ledger);
  sealOwn(ledger);
  expect(await outcome(copy, ledger, allFilesOf(ledger))).toBe('followed 3');
  sealOwn(ledger);
  sealOwn(ledger, 300);
  return { ledger, copy, files: allFilesOf(ledger) };
}

function edit(files: Files, path: string, change: (bytes: Uint8Array) => Uint8Array): void {
  const bytes = files.get(path);
  if (bytes === undefined) throw new Error(`no ${path}`);
  files.set(path, change(bytes));
}

const without = (from: number, to: number) => (bytes: Uint8Array) =>
  concatBytes(bytes.subarray(0, from), bytes.subarray(to));
describe('an address that cannot show what is one’s own', () => {
  it.each<[string, string, (files: Files) => unknown]>([
    ['no index', 'sync-withheld', (files) => files.delete('index/003')],
    ['no directory of an index', 'sync-withheld', (files) => files.delete('pages/1/index/004')],
    ['no body', 'sync-withheld', (files) => files.delete('body/003')],
    ['no directory of a body', 'sync-withheld', (files) => files.delete('pages/1/body/004')],
    [
      'an index without its last entry',
      'sync-malformed',
      (files) => {
        edit(files, 'index/003', (bytes) => bytes.slice(0, -92));
      },
    ],
    [
      'an index in another order',
      'follow-index',
      (files) => {
        edit(files, 'index/003', (bytes) => concatBytes(bytes.subarray(92), bytes.subarray(0, 92)));
      },
    ],
    [
      'another index',
      'follow-index',
      (files) => files.set('index/003', files.get('index/002') ?? new Uint8Array()),
    ],
    [
      'an index with another total',
      'follow-index',
      (files) => {
        edit(files, 'index/003', flipped(47));
      },
    ],
    ['an endless index', 'sync-oversized', (files) => files.set('index/003', new Uint8Array(1_000_000))],
    [
      'a page of an index with another list',
      'follow-index',
      (files) => {
        for (let at = 91; at < 600 * 92; at += 92) edit(files, 'index/004', flipped(at));
      },
    ],
    [
      'pages of an index in another order',
      'follow-index',
      (files) => {
        edit(files, 'index/004', (bytes) =>
          concatBytes(bytes.subarray(256 * 92), bytes.subarray(0, 256 * 92)),
        );
      },
    ],
    [
      'a directory with another tag',
      'follow-pages',
      (files) => {
        edit(files, 'pages/1/index/004', flipped(71));
        edit(files, 'pages/1/index/004', flipped(143));
        edit(files, 'pages/1/index/004', flipped(215));
      },
    ],
    [
      'a directory with another root',
      'follow-pages',
      (files) => {
        edit(files, 'pages/1/index/004', flipped(10));
      },
    ],
    [
      'a directory that is short',
      'follow-pages',
      (files) => {
        edit(files, 'pages/1/index/004', (bytes) => bytes.slice(0, -1));
      },
    ],
    [
      'a directory with pages of any length',
      'follow-pages',
      (files) => {
        for (const at of [72 + 3, 144 + 3]) edit(files, 'pages/1/index/004', flipped(at));
      },
    ],
    [
      'half a body',
      'sync-malformed',
      (files) => {
        edit(files, 'body/003', (bytes) => bytes.slice(0, 300));
      },
    ],
    [
      'the body of another block',
      'follow-body',
      (files) => files.set('body/003', files.get('body/002') ?? new Uint8Array()),
    ],
    [
      'other data',
      'follow-body',
      (files) => {
        edit(files, 'body/003', flipped(-1));
      },
    ],
    [
      'a changed signature',
      'follow-body',
      (files) => {
        edit(files, 'body/003', flipped(-20));
      },
    ],
    [
      'a body that goes on',
      'sync-oversized',
      (files) => {
        edit(files, 'body/003', (bytes) => concatBytes(bytes, bytes));
      },
    ],
    [
      'a page of a body without a message',
      'sync-malformed',
      (files) => {
        edit(files, 'body/004', without(100, 1000));
      },
    ],
    [
      'an older head',
      'sync-rollback',
      (files) => files.set('checkpoint', new TestLedger('lies').checkpoint()),
    ],
  ])('with %s is refused with %s, and the copy stays as it was', async (_, code, change) => {
    const { ledger, copy, files } = await started();
    const before = await followedContent(copy);
    change(files);
    expect(await outcome(copy, ledger, files)).toBe(code);
    expect(await followedContent(copy)).toEqual(before);
    // The same address, honest again, is followed at once; what it did proves nothing against the operator.
    expect(await outcome(copy, ledger, allFilesOf(ledger))).toBe('followed 5');
  });
});
