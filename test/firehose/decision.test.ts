import { describe, expect, it } from 'vitest';
import { verifyWire } from '../../src/core/record/message.ts';
import { readDecision, readPromised, writeDecision } from '../../src/firehose/decision.ts';
import type { PendingMessage } from '../../src/firehose/pending.ts';
import { running, wireFor } from '../support/firehose.ts';
import { unwrap } from '../support/ledger.ts';
import { MemoryStorage } from '../support/memory-storage.ts';

async function pendingMessage(): Promise<PendingMessage> {
  const { ledger, sequencer } = await running();
  await sequencer.stop();
  const message = unwrap(verifyWire(wireFor(ledger, 1), ledger.id, ledger.limits));
  return { message, offer: { size: 5, lastHeight: 261, lastTime: 1_700_000_600 }, length: 300 };
}

describe('the decision on a block', () => {
  it('is kept for the largest block there can be', async () => {
    const item = await pendingMessage();
    const { private: storage } = new MemoryStorage();
    const items = Array.from({ length: 65_536 }, (_, i) => ({
      ...item,
      offer: { ...item.offer, lastTime: item.offer.lastTime + i },
    }));
    await writeDecision(storage, 1_234_567, { time: 1_700_000_010, items });
    const last = { height: 1_234_567, position: 65_535 };
    expect(await readPromised(storage, last, item.message.id)).toEqual(items.at(-1)?.offer);
    const read = await readDecision(storage, 1_234_567, () => item);
    expect([read?.time, read?.items.length]).toEqual([1_700_000_010, 65_536]);
  });

  it('is refused when it was cut or names a message that does not wait', async () => {
    const item = await pendingMessage();
    const storage = new MemoryStorage();
    const find = (): PendingMessage => item;
    expect(await readDecision(storage.private, 5, find)).toBeUndefined();
    await writeDecision(storage.private, 5, { time: 1_700_000_010, items: [item, item] });
    const [[path = '', good = new Uint8Array()] = []] = storage.files;
    expect(path).toBe('private/decided/005');
    for (let length = 0; length < good.length; length++) {
      storage.files.set(path, good.slice(0, length));
      const read = readDecision(storage.private, 5, find);
      await expect(read, `${length} bytes`).rejects.toMatchObject({ code: 'firehose-damaged' });
    }
    for (let at = 0; at < good.length; at++) {
      const changed = Uint8Array.from(good);
      changed[at] = (changed[at] ?? 0) ^ (1 << (at % 8));
      storage.files.set(path, changed);
      const read = readDecision(storage.private, 5, find);
      await expect(read, `byte ${at}`).rejects.toMatchObject({ code: 'firehose-damaged' });
      const promised = readPromised(storage.private, { height: 5, position: 0 }, item.message.id);
      if (at >= 16 && at < 16 + 64)
        await expect(promised, `byte ${at}`).rejects.toMatchObject({ code: 'firehose-damaged' });
      else expect(await promised).toEqual(item.offer);
    }
    storage.files.set(path, good);
    await expect(readDecision(storage.private, 5, () => undefined)).rejects.toMatchObject({
      code: 'firehose-damaged',
    });
    await expect(
      readPromised(storage.private, { height: 5, position: 2 }, item.message.id),
    ).rejects.toMatchObject({
      code: 'firehose-damaged',
    });
  });
});
