/**
 * Loaded before a program (`node --import`), writes at its end what it took to the file COUNTERSIGN_PROBE, as JSON: the
 * delay of the main thread's event loop while other threads run, how long they ran, memory at its peak, and time of the
 * processor.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

/** What one program took. */
export interface Probed {
  /** From starting the first thread to the end of the last, in seconds; 0 when there was none. */
  readonly threadSeconds: number;
  /** Of the main thread meanwhile, in milliseconds. */
  readonly loop: { readonly p50: number; readonly p99: number; readonly max: number };
  readonly peakBytes: number;
  /** All of it, and what was taken while other threads ran: in seconds. */
  readonly cpuSeconds: number;
  readonly threadCpuSeconds: number;
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

const file = process.env['COUNTERSIGN_PROBE'];
if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  let [running, begun, threadSeconds] = [0, 0, 0];
  let [cpuBegun, threadCpuSeconds] = [0, 0];
  process.on('worker', (worker) => {
    if (running++ === 0) {
      begun = performance.now();
      cpuBegun = cpuSeconds();
      delay.enable();
    }
    worker.once('exit', () => {
      if (--running > 0) return;
      delay.disable();
      threadSeconds += (performance.now() - begun) / 1000;
      threadCpuSeconds += cpuSeconds() - cpuBegun;
    });
  });
  process.once('exit', () => {
    const ms = (nanoseconds: number): number => nanoseconds / 1e6;
    const probed: Probed = {
      threadSeconds,
      loop: { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) },
      peakBytes: process.resourceUsage().maxRSS * 1024,
      cpuSeconds: cpuSeconds(),
      threadCpuSeconds,
    };
    writeFileSync(file, JSON.stringify(probed));
  });
}
