/** Writing the record into the database, inside a transaction. */
import { joinBytes } from '../../core/bytes.ts';
import { CountersignError } from '../../core/errors/family.ts';
import type { StoreCode } from '../../core/errors/store.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import type { TreeState } from '../../core/tree/incremental.ts';
import { type JoinedLedger, RecordReader } from './record-reader.ts';

/** Somebody else changed what this writer goes on from. */
export function overtaken(): CountersignError<StoreCode> {
  return new CountersignError<StoreCode>('store-busy', 'another synchronisation of this ledger');
}

export class RecordWriter extends RecordReader {
  /** Joins a ledger, or changes the address of one that was joined. */
  async join(ledger: Ledger, endpoint: string): Promise<void> {
    await this.statements.run(
      `INSERT INTO ledger (ledger_id, founding, endpoint, tree, size, filled) VALUES (?, ?, ?, x'', 0, 0)
       ON CONFLICT (ledger_id) DO UPDATE SET endpoint = excluded.endpoint`,
      ledger.id,
      ledger.first.bytes,
      endpoint,
    );
  }

  /** Forgets headers that were staged: those of this session, or of all. */
  async unstage(joined: JoinedLedger, session?: Uint8Array): Promise<void> {
    await this.statements.run(
      'DELETE FROM incoming WHERE ledger = ?1 AND session = coalesce(?2, session)',
      joined.row,
      session ?? null,
    );
  }

  /** Keeps headers aside until it is known whether a signed head covers them. */
  async stage(joined: JoinedLedger, session: Uint8Array, headers: readonly BlockHeader[]): Promise<void> {
    for (const { height, bytes } of headers) {
      await this.statements.run(
        'INSERT INTO incoming (ledger, session, height, header) VALUES (?, ?, ?, ?)',
        ...[joined.row, session, height, bytes],
      );
    }
  }

  /**
   * Takes the staged headers over, together with the signed head that covers them and all before.
   * @param tree over all headers: the caller knows that its root is the head's.
   * @throws CountersignError `store-busy` when the copy or what was staged is not as this session left it.
   */
  async adopt(
    joined: JoinedLedger,
    session: Uint8Array,
    checkpoint: Uint8Array,
    tree: TreeState,
  ): Promise<void> {
    const changed = await this.statements.run(
      'UPDATE ledger SET checkpoint = ?, tree = ?, size = ? WHERE id = ? AND size = ?',
      ...[checkpoint, joinBytes(tree.peaks), tree.size, joined.row, joined.size],
    );
    if (changed !== 1) throw overtaken();
    const added = await this.statements.run(
      'INSERT INTO block SELECT ledger, height, header FROM incoming WHERE ledger = ? AND session = ?',
      joined.row,
      session,
    );
    if (added !== tree.size - joined.size) throw overtaken();
    await this.unstage(joined, session);
  }
}
