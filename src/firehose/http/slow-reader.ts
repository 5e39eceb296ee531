/** Readers who do not read: whoever takes less than a trickle of an answer is dropped, so that it is not held for ever. */
import type { Context } from './context.ts';

/** How much must leave in how long: 64 KiB in 30 seconds. */
export const trickle = { bytes: 65_536, ms: 30_000 };

/** Watches the connection of a response while it is being sent. @returns what ends that. */
export function watchReader({ request, response, metrics, log }: Context): () => void {
  const { socket } = request;
  let before = socket.bytesWritten;
  const timer = setInterval(() => {
    const sent = socket.bytesWritten - before;
    before = socket.bytesWritten;
    if (sent >= trickle.bytes) return;
    clearInterval(timer);
    metrics.slowReader();
    log.report('warn', 'slow-reader', { code: 'firehose-slow-reader', kind: 'file' });
    response.destroy();
  }, trickle.ms);
  timer.unref();
  return () => {
    clearInterval(timer);
  };
}
