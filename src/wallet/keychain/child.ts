/**
 * The keychain child: the only process that talks to the keychain of the operating system, through keytar. It
 * answers one request and ends. It is a process of its own because a keychain call may block on an unlock
 * dialog for ever, and a process can be ended.
 */
import { answer } from './answer.ts';
import type { KeychainRequest } from './protocol.ts';

let input = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) input += String(chunk);
const reply = await answer(JSON.parse(input) as KeychainRequest);
process.stdout.end(`${JSON.stringify(reply)}\n`, () => process.exit(0));
