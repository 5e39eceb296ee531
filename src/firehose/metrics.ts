/** Figures of the running service in the text format of Prometheus. */
import type { SequencerFigures } from './sequencer.ts';

/** Upper bounds, in seconds. */
const buckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** How long something takes, in classes. */
class Histogram {
  readonly #counts = new Array<number>(buckets.length + 1).fill(0);
  #sum = 0;

  add(seconds: number): void {
    const found = buckets.findIndex((bound) => seconds <= bound);
    const place = found === -1 ? buckets.length : found;
    this.#counts[place] = (this.#counts[place] ?? 0) + 1;
    this.#sum += seconds;
  }

  lines(name: string): string[] {
    let total = 0;
    const classes = this.#counts.map((count, i) => {
      total += count;
      return `${name}_bucket{le="${buckets[i] ?? '+Inf'}"} ${total}`;
    });
    return [...classes, `${name}_sum ${this.#sum}`, `${name}_count ${total}`];
  }
}

type Kind = 'counter' | 'gauge' | 'histogram';

function family(name: string, kind: Kind, help: string, lines: readonly string[]): readonly string[] {
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${kind}`, ...lines];
}

/** What requests are told apart by: few values, none of them chosen by whoever asks. */
export type RequestKind = 'message' | 'file' | 'checkpoint' | 'events' | 'other';

/** What the service as a whole knows of itself at the moment. */
export interface ServiceFigures {
  readonly connections: number;
  readonly eventReaders: number;
}

export class Metrics {
  readonly #requests = new Map<string, number>();
  readonly #refusals = new Map<string, number>();
  readonly #messageSeconds = new Histogram();
  readonly #blockSeconds = new Histogram();
  #received = 0;
  #sent = 0;
  #slowReaders = 0;

  /** A request that was answered. */
  request(kind: RequestKind, status: number, seconds: number): void {
    const labels = `kind="${kind}",status="${status}"`;
    this.#requests.set(labels, (this.#requests.get(labels) ?? 0) + 1);
    if (kind === 'message') this.#messageSeconds.add(seconds);
  }

  /** A refusal with one of our codes. */
  refusal(code: string): void {
    this.#refusals.set(code, (this.#refusals.get(code) ?? 0) + 1);
  }

  block(seconds: number): void {
    this.#blockSeconds.add(seconds);
  }

  slowReader(): void {
    this.#slowReaders++;
  }

  /** Bytes that a connection carried, when it ends. */
  traffic(received: number, sent: number): void {
    this.#received += received;
    this.#sent += sent;
  }

  /** The text. */
  render(figures: SequencerFigures, service: ServiceFigures): string {
    const simple: readonly (readonly [string, Kind, string, number])[] = [
      ['blocks', 'gauge', 'Blocks under the newest checkpoint.', figures.size],
      ['last_block_time_seconds', 'gauge', 'Sealing time of the newest block.', figures.lastTime],
      ['messages_taken_total', 'counter', 'Messages promised for the first time.', figures.taken],
      ['messages_known_total', 'counter', 'Messages that had been taken before.', figures.known],
      ['waiting_messages', 'gauge', 'Messages taken that stand in no block yet.', figures.waitingMessages],
      ['waiting_bytes', 'gauge', 'What they will take in blocks.', figures.waitingBytes],
      [
        'journal_syncs_total',
        'counter',
        'How often messages were made durable, many at once.',
        figures.syncs,
      ],
      ['index_runs', 'gauge', 'Files of the index on disk.', figures.indexRuns],
      ['failing', 'gauge', '1 while blocks cannot be written.', figures.isFailing ? 1 : 0],
      ['connections', 'gauge', 'Open connections.', service.connections],
      ['event_readers', 'gauge', 'Readers of /events.', service.eventReaders],
      [
        'slow_readers_total',
        'counter',
        'Readers that were dropped because they did not read.',
        this.#slowReaders,
      ],
      ['received_bytes_total', 'counter', 'Bytes received on connections that ended.', this.#received],
      ['sent_bytes_total', 'counter', 'Bytes sent on connections that ended.', this.#sent],
    ];
    const labelled = (
      name: string,
      counts: ReadonlyMap<string, number>,
      wrap: (label: string) => string,
    ): string[] => [...counts].map(([label, count]) => `${name}{${wrap(label)}} ${count}`);
    const [requests, refusals] = ['countersign_requests_total', 'countersign_refusals_total'];
    const [message, block] = ['countersign_message_seconds', 'countersign_block_seconds'];
    const { user, system } = process.cpuUsage();
    const lines = [
      ...simple.flatMap(([name, kind, help, value]) =>
        family(`countersign_${name}`, kind, help, [`countersign_${name} ${value}`]),
      ),
      ...family(
        requests,
        'counter',
        'Requests answered.',
        labelled(requests, this.#requests, (label) => label),
      ),
      ...family(
        refusals,
        'counter',
        'Refusals by code.',
        labelled(refusals, this.#refusals, (label) => `code="${label}"`),
      ),
      ...family(message, 'histogram', 'From a message to its promise.', this.#messageSeconds.lines(message)),
      ...family(block, 'histogram', 'Sealing and writing a block.', this.#blockSeconds.lines(block)),
      ...family('process_resident_memory_bytes', 'gauge', 'Memory in use.', [
        `process_resident_memory_bytes ${process.memoryUsage.rss()}`,
      ]),
      ...family('process_cpu_seconds_total', 'counter', 'Processor time used.', [
        `process_cpu_seconds_total ${(user + system) / 1e6}`,
      ]),
    ];
    return `${lines.join('\n')}\n`;
  }
}
