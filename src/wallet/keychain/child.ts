/**
 * The keychain child: the only process that talks to the keychain of the operating system, through keytar. It
 * answers one request and ends. It is a process of its own because a keychain call may block on an unlock
 * dialog for ever, and a process can be ended.
 */
import type * as Keytar from 'keytar';
import type { KeychainReply, KeychainRequest } from './protocol.ts';

async function answer(request: KeychainRequest): Promise<KeychainReply> {
  let keytar: typeof Keytar;
  try {
    const loaded = (await import('keytar')) as unknown as { default: typeof Keytar };
    keytar = loaded.default;
  } catch (error) {
    return { ok: false, at: 'load', message: String(error) };
  }
  try {
    const { action, service, account } = request;
    if (action === 'write') await keytar.setPassword(service, account, request.secret ?? '');
    const removed = action === 'remove' && (await keytar.deletePassword(service, account));
    const secret = action === 'read' ? await keytar.getPassword(service, account) : null;
    return { ok: true, secret, removed };
  } catch (error) {
    return { ok: false, at: 'call', message: error instanceof Error ? error.message : String(error) };
  }
}

let input = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) input += String(chunk);
const reply = await answer(JSON.parse(input) as KeychainRequest);
process.stdout.end(`${JSON.stringify(reply)}\n`, () => process.exit(0));
