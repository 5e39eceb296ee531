/** Answering one request with keytar: what a process does that talks to the keychain of the operating system. */
import type * as Keytar from 'keytar';
import type { KeychainReply, KeychainRequest } from './protocol.ts';

/** Never rejects: what goes wrong is a reply. */
export async function answer(request: KeychainRequest): Promise<KeychainReply> {
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
