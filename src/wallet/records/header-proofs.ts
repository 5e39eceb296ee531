/**
 * Proofs that headers stand under the signed head, made from the stored headers, which are compared with what the head
 * commits to before the first proof is made.
 */
import { equalBytes } from '../../core/bytes.ts';
import { openLedgerCheckpoint } from '../../core/log/checkpoint.ts';
import type { BlockProof } from '../../core/record/log-headers.ts';
import {
  assembleProof,
  foldPeaks,
  leafHash,
  type NodeReader,
  treeNodes,
  treeRoot,
} from '../../core/tree/merkle.ts';
import { inclusionProofNodes, type NodeId, prefixProofNodes, rootNodes } from '../../core/tree/nodes.ts';
import { bytesIn, damaged } from '../explorer/copy.ts';
import type { Statements } from '../store/driver.ts';
import type { JoinedLedger } from '../store/record-reader.ts';

/** Headers are hashed in runs of so many: of each run only the root stays in memory. */
const runLevel = 8;
const runLength = 2 ** runLevel;
/** Runs whose headers are kept, for blocks that stand side by side. */
const mostRuns = 16;

interface Run {
  readonly headers: readonly Uint8Array[];
  readonly nodes: NodeReader;
}

/** Makes proofs for one state of the copy: make a new one after each synchronisation. */
export class HeaderProofs {
  readonly #statements: Statements;
  readonly #joined: JoinedLedger;
  readonly #runs = new Map<number, Promise<Run>>();
  #upper: Promise<NodeReader> | undefined;

  constructor(statements: Statements, joined: JoinedLedger) {
    this.#statements = statements;
    this.#joined = joined;
  }

  /**
   * The proof that a header stands under the signed head.
   * @throws CountersignError `store-corrupt` when the copy is not what the head commits to, or does not reach so far.
   */
  async block(height: number): Promise<BlockProof> {
    const plan = inclusionProofNodes(height, this.#joined.size);
    const read = await this.#resolve(plan.flat());
    const { headers } = await this.#run(Math.floor(height / runLength));
    const header = headers[height % runLength];
    if (header === undefined) throw damaged(`header ${height}`);
    return { header, height, path: assembleProof(plan, read) };
  }

  /** The nodes that show what the first `size` blocks of the signed head are (`docs/spec/tree.md`, 'Prefix proof'). */
  async prefix(size: number): Promise<Uint8Array[]> {
    const plan = prefixProofNodes(size, this.#joined.size);
    return plan.map(await this.#resolve(plan));
  }

  /** The headers of a run and the nodes over them. */
  #run(index: number): Promise<Run> {
    const known = this.#runs.get(index);
    if (known !== undefined) return known;
    const [oldest] = this.#runs.keys();
    if (this.#runs.size >= mostRuns && oldest !== undefined) this.#runs.delete(oldest);
    const run = this.#headers(index * runLength).then((headers) => {
      return { headers, nodes: treeNodes(headers.map(leafHash)) };
    });
    this.#runs.set(index, run);
    return run;
  }

  /** Headers from `from` on, at most a run of them. */
  async #headers(from: number): Promise<readonly Uint8Array[]> {
    const to = Math.min(from + runLength, this.#joined.size);
    const rows = await this.#statements.all(
      'SELECT header FROM block WHERE ledger = ? AND height >= ? AND height < ? ORDER BY height',
      this.#joined.row,
      from,
      to,
    );
    if (rows.length !== to - from) throw damaged(`headers from ${from}`);
    return rows.map((row) => bytesIn(row, 'header'));
  }

  /** The nodes over all full runs, once it is known that the signed head commits to them. */
  async #readUpper(): Promise<NodeReader> {
    const { checkpoint, ledger, size } = this.#joined;
    const roots: Uint8Array[] = [];
    for (let from = 0; from + runLength <= size; from += runLength) {
      roots.push(treeRoot((await this.#headers(from)).map(leafHash)));
    }
    const head = openLedgerCheckpoint(checkpoint ?? new Uint8Array(), ledger.logKey, []);
    if (!head.ok || head.value.size !== size) throw damaged('checkpoint');
    const upper = treeNodes(roots);
    const nodes = rootNodes(size);
    const read = await this.#resolve(nodes, upper);
    if (!equalBytes(foldPeaks(nodes.map(read)), head.value.root)) throw damaged('headers');
    return upper;
  }

  /** The hashes of these nodes: high ones from the roots of the runs, low ones from their headers. */
  async #resolve(nodes: readonly NodeId[], given?: NodeReader): Promise<NodeReader> {
    const upper = given ?? (await (this.#upper ??= this.#readUpper()));
    const low = new Map<number, NodeReader>();
    const runOf = ({ level, index }: NodeId): number => Math.floor((Number(index) * 2 ** level) / runLength);
    for (const node of nodes) {
      const run = runOf(node);
      if (node.level < runLevel && !low.has(run)) low.set(run, (await this.#run(run)).nodes);
    }
    return (node) => {
      const { level, index } = node;
      if (level >= runLevel) return upper({ level: level - runLevel, index });
      const inRun = index % 2n ** BigInt(runLevel - level);
      const read = low.get(runOf(node));
      if (read === undefined) throw new RangeError(`node ${level}/${index} was not asked for`);
      return read({ level, index: inRun });
    };
  }
}
