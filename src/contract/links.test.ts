import { describe, expect, it } from 'vitest';
import { viewOfLink } from './links.ts';

const id = 'ab'.repeat(32);

describe('links', () => {
  it.each([
    ['countersign:home', 'home'],
    ['countersign://records/', 'records'],
    [`countersign:record/${id}`, `records/${id}`],
    ['countersign:explorer', 'explorer'],
    ['countersign:explorer/blocks', 'explorer/blocks'],
    [`countersign:explorer/${id}/block/12`, `explorer/${id}/block/12`],
    [`countersign://explorer/message/${id}`, `explorer/message/${id}`],
    ['countersign:ledger/eyJ2IjoxfQ', 'card/countersign:ledger/eyJ2IjoxfQ'],
    ['countersign:contact/eyJ2IjoxfQ', 'contacts/add/countersign:contact/eyJ2IjoxfQ'],
  ])('%s opens a view', (link, view) => {
    expect(viewOfLink(link)).toBe(view);
  });

  it.each([
    'https://example.org/',
    'countersign:',
    'countersign:start/practice',
    'countersign:notarize/1',
    'countersign:record/ABC',
    `countersign:record/${id}0`,
    'countersign:contact/a/b',
    'countersign:explorer/block/-1',
    'countersign:explorer/block/01',
    'countersign:explorer/verify/1/2',
    `countersign:explorer/${id}`,
    'countersign:explorer/ab/block/1',
    'countersign:home\n',
    `countersign:ledger/${'A'.repeat(9000)}`,
  ])('%j opens none', (link) => {
    expect(viewOfLink(link)).toBeUndefined();
  });
});
