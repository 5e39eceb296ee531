/**
 * The keychain child of the application: a utility process, because the program itself cannot be told to behave as Node
 * once it is packaged. It answers one request and is ended by whoever asked.
 */
import { answer } from '../wallet/keychain/answer.ts';
import type { KeychainRequest } from '../wallet/keychain/protocol.ts';

/** What a utility process knows of the process that started it. */
interface ParentPort {
  on(name: 'message', listener: (event: { readonly data: unknown }) => void): void;
  postMessage(reply: string): void;
}

const { parentPort } = process as unknown as { readonly parentPort: ParentPort };

parentPort.on('message', ({ data }) => {
  void answer(data as KeychainRequest).then((reply) => {
    parentPort.postMessage(JSON.stringify(reply));
  });
});
