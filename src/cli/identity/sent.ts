/** What is said of a statement that was signed. */
import { toHex } from '../../core/bytes.ts';
import type { Sent } from '../../wallet/identity/own-identity.ts';
import type { Terminal } from '../output.ts';

/** UTC, to the second. */
function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}

/** Prints what became of a statement. @param done what it does, as a sentence. */
export function printSent(terminal: Terminal, isJson: boolean, done: string, sent: Sent): void {
  const message = toHex(sent.message);
  const by = sent.promise && utc(sent.promise.lastTime);
  if (isJson) {
    terminal.line(
      JSON.stringify({ message, state: by ? 'accepted' : 'queued', ...(by ? { inBlockBy: by } : {}) }),
    );
  } else {
    terminal.line(done);
    terminal.line(`message ${message}`);
    if (by !== undefined) terminal.line(`The firehose promised, signed, to have it in a block by ${by}.`);
  }
  if (by === undefined) {
    const why = sent.failure === undefined ? '' : ` (${sent.failure.message})`;
    terminal.say(`It could not be sent yet${why}. It waits on this machine, sealed.`);
  }
  terminal.say('It counts from its block on: run "countersign sync", then "countersign identity show".');
}
