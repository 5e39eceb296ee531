/**
 * Loaded before a program (`node --import`), writes at its end what it took to the file COUNTERSIGN_PROBE, as JSON: the
 * delay of the main thread's event loop since the first thread was started, memory at its peak, time of the processor.
 */
import { writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { isMainThread } from 'node:worker_threads';

const file = process.env.COUNTERSIGN_PROBE;
if (isMainThread && file !== undefined) {
  const delay = monitorEventLoopDelay({ resolution: 1 });
  process.once('worker', () => {
    delay.enable();
  });
  process.on('exit', () => {
    delay.disable();
    const { user, system } = process.cpuUsage();
    const loop = { p50: delay.percentile(50) / 1e6, p99: delay.percentile(99) / 1e6, max: delay.max / 1e6 };
    const peakBytes = process.resourceUsage().maxRSS * 1024;
    writeFileSync(file, JSON.stringify({ loop, peakBytes, cpuSeconds: (user + system) / 1e6 }));
  });
}
