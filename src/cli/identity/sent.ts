/** What is said of a statement that was sent. */
import { toHex } from '../../core/bytes.ts';
import type { Sent } from '../../wallet/identity/own-identity.ts';
import type { Terminal } from '../output.ts';

/** Prints what became of a statement. @param done what it does, as a sentence. */
export function printSent(terminal: Terminal, isJson: boolean, done: string, sent: Sent): void {
  const { lastTime } = sent.accepted.promise;
  const by = `${new Date(lastTime * 1000).toISOString().slice(0, 19)}Z`;
  const message = toHex(sent.message);
  if (isJson) {
    terminal.line(JSON.stringify({ message, inBlockBy: by }));
    return;
  }
  terminal.line(done);
  terminal.line(`message ${message}`);
  terminal.line(`The firehose promised, signed, to have it in a block by ${by}.`);
  terminal.say('It counts from its block on: run "countersign sync", then "countersign identity show".');
}
