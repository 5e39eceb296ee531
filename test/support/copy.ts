/** Verified copies of tests' ledgers, made by synchronising, as everybody else's are. */
import { concatBytes, uintToBytes } from '../../src/core/bytes.ts';
import { tilePath } from '../../src/core/log/tiles.ts';
import { bodyPath } from '../../src/core/record/files.ts';
import type { Database } from '../../src/wallet/store/driver.ts';
import type { JoinedLedger } from '../../src/wallet/store/record-reader.ts';
import { RecordStore } from '../../src/wallet/store/record-store.ts';
import { syncLedger } from '../../src/wallet/sync/sync.ts';
import type { TestLedger } from './ledger.ts';
import { memoryReader } from './log.ts';

/** The files that a firehose of this ledger serves, as far as a synchronisation reads them: up to 256 blocks. */
function filesOf(test: TestLedger, size = test.size): Map<string, Uint8Array> {
  const files = new Map<string, Uint8Array>([['checkpoint', test.checkpoint(size)]]);
  const heights = Array.from({ length: size }, (_, height) => height);
  const entries = heights.map((height) => test.at(height).entry);
  const bundle = concatBytes(...entries.flatMap((entry) => [uintToBytes(entry.length, 2), entry]));
  files.set(tilePath({ level: 'entries', index: 0, width: size }), bundle);
  for (const height of heights.slice(1)) files.set(bodyPath(height), test.at(height).body);
  return files;
}

/** Brings the copy in a database up to the first `size` blocks. */
export async function copyOf(database: Database, test: TestLedger, size = test.size): Promise<JoinedLedger> {
  const store = new RecordStore(database);
  await store.join(test.ledger, 'http://127.0.0.1:1/');
  await syncLedger(store, test.ledger.id, memoryReader(filesOf(test, size)));
  const joined = await store.joined(test.ledger.id);
  if (joined === undefined) throw new Error('not joined');
  return joined;
}
