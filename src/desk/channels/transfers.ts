/** Documents on their way: sent to a channel, or written into a file. One at a time; how far it is stands in the state. */
import { CountersignError } from '../../core/errors/family.ts';
import type { IpcCode } from '../../core/errors/ipc.ts';
import type { TransferView } from '../../contract/state.ts';
import type { DocumentOptions, DocumentProgress } from '../../wallet/documents/local-file.ts';
import type { Board } from '../board.ts';
import { failureFrom } from '../explanations.ts';

const families = [
  'store',
  'vault',
  'keychain',
  'copy',
  'own',
  'outbox',
  'sync',
  'channel',
  'upload',
  'export',
  'document',
];
/** Codes that a person who stopped it expects. */
const stopped: readonly string[] = ['upload-stopped', 'export-stopped'];

/** It is said again how far the work is after this part of it. */
const toldParts = 100;

type Begun = Pick<TransferView, 'kind' | 'channel' | 'name'>;

/** Does the work. @returns where it was written, when it was. */
type Work = (options: DocumentOptions) => Promise<{ readonly file?: string }>;

export class Transfers {
  readonly #board: Board;
  #stop = new AbortController();
  #work: Promise<void> | undefined;
  #number = 0;

  constructor(board: Board) {
    this.#board = board;
  }

  get isBusy(): boolean {
    return this.#work !== undefined;
  }

  /** Begins. @throws CountersignError `ipc-busy` */
  begin(begun: Begun, size: number, work: Work): void {
    if (this.isBusy) throw new CountersignError<IpcCode>('ipc-busy');
    this.#stop = new AbortController();
    const view: TransferView = { ...begun, id: ++this.#number, phase: 'waiting', done: 0, of: size };
    this.#work = this.#run(view, work).finally(() => {
      this.#work = undefined;
    });
  }

  /** Never rejects: what went wrong stands in the state. */
  async #run(view: TransferView, work: Work): Promise<void> {
    const tell = (more: Partial<TransferView>): void => {
      this.#board.set('transfer', { ...view, ...more });
    };
    let told = '';
    const onProgress = ({ phase, done, of }: DocumentProgress): void => {
      const at = `${phase} ${Math.floor((done * toldParts) / Math.max(of, 1))}`;
      if (at === told) return;
      told = at;
      tell({ phase, done, of });
    };
    tell({});
    try {
      const { file } = await work({ signal: this.#stop.signal, onProgress });
      tell({ phase: 'done', done: view.of, ...(file === undefined ? {} : { file }) });
    } catch (error) {
      const { code, happened, next } = failureFrom(error, families);
      if (stopped.includes(code)) tell({ phase: 'stopped' });
      else tell({ phase: 'failed', problem: { code, happened, next } });
    }
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Resolves when nothing is under way. */
  async settled(): Promise<void> {
    await this.#work;
  }
}
