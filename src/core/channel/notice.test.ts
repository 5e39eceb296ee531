import { describe, expect, it } from 'vitest';
import {
  bytes32,
  codeOf,
  onRecord,
  originOf,
  person,
  TestChannel,
  value,
} from '../../../test/support/channels.ts';
import type { Person } from '../../../test/support/channels.ts';
import { draftUnreadable, readUnreadable } from './notice.ts';

const [ann, bob] = ['Ann', 'Bob'].map(person) as [Person, Person];

describe('an unreadable notice', () => {
  it('names what could not be opened, and never why', () => {
    const channel = new TestChannel(ann, [ann, bob]);
    const epoch = channel.chain.current ?? expect.fail('no epoch');
    const message = bytes32('message');
    const sent = onRecord(draftUnreadable(originOf(bob, channel.ledger), epoch, message), bob);
    expect(Object.keys(sent.head.body).sort()).toEqual(['epoch', 'message']);
    expect(sent.dataLength).toBe(0);
    expect(value(readUnreadable(sent, channel.transaction))).toEqual({ epoch: epoch.id, message });
    expect(codeOf(readUnreadable(sent, bytes32('other transaction')))).toBe('notice-tag');
    expect(readUnreadable(epoch.announcement.message, channel.transaction)).toBeUndefined();
  });
});
