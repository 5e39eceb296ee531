/**
 * The newest signed head that one knows to be of the record one has: that of the copy, and heads fetched since which are
 * shown to extend it. A promise is worth something only in view of one (`docs/spec/promises.md`).
 */
import type { LogReader } from '../../core/log/audit-port.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import type { Ledger } from '../../core/record/ledger.ts';
import { consistencyProof, leafHash, verifyConsistency } from '../../core/tree/merkle.ts';
import { consistencyProofNodes } from '../../core/tree/nodes.ts';
import { shownByNodes } from '../alarms/nodes.ts';
import { fetchNote, stop } from './fetch.ts';

export class KnownHead {
  readonly ledger: Ledger;
  #size: number;
  #root: Uint8Array;

  /** @param checkpoint the signed head of the copy; undefined when nothing but the first block is known. */
  constructor(ledger: Ledger, checkpoint?: Uint8Array) {
    const head = checkpoint && openLedgerCheckpoint(checkpoint, ledger.logKey, []);
    this.ledger = ledger;
    this.#size = head?.ok === true ? head.value.size : 1;
    this.#root = head?.ok === true ? head.value.root : leafHash(ledger.first.bytes);
  }

  /** Blocks under it. */
  get size(): number {
    return this.#size;
  }

  /**
   * Goes on to the head that an address shows now.
   * @throws CountersignError `sync-mismatch` when it is not shown to extend what is known, and as `fetchNote` does.
   */
  async goOn(reader: LogReader): Promise<void> {
    const opened = openLedgerCheckpoint(await fetchNote(reader), this.ledger.logKey, []);
    if (!opened.ok) throw stop('sync-checkpoint', opened.code);
    const { size, root } = opened.value;
    if (size <= this.#size) return;
    const old = { oldSize: this.#size, oldRoot: this.#root };
    const plan = consistencyProofNodes(this.#size, size).flat();
    const isExtension = await shownByNodes({ reader, signal: undefined }, size, plan, (read) => {
      const proof = consistencyProof(read, old.oldSize, size);
      const isShown = verifyConsistency({ ...old, newSize: size, newRoot: root, proof }).ok;
      return isShown ? { shown: true } : undefined;
    });
    if (isExtension !== true) throw stop('sync-mismatch', `${size} blocks after ${this.#size}`);
    this.#size = size;
    this.#root = root;
  }
}
