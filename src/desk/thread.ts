/**
 * The thread behind the windows: it holds the wallet, so that neither the database nor a signature ever keeps a window from
 * answering. Requests come one by one, parsed by the router in main; each gets exactly one answer.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { startEngines } from '../engines/start.ts';
import { channelNamed } from '../contract/schema.ts';
import { Desk, type DeskChannel, type Handlers } from './desk.ts';
import { failureFrom, loadExplanations } from './explanations.ts';
import { channelHandlers } from './handlers/channels.ts';
import { checkHandlers } from './handlers/check.ts';
import { alarmHandlers } from './handlers/alarms.ts';
import { contactHandlers } from './handlers/contacts.ts';
import { explorerHandlers } from './handlers/explorer.ts';
import { disclosureHandlers } from './handlers/disclosure.ts';
import { documentHandlers } from './handlers/documents.ts';
import { ownCardHandlers } from './handlers/own-card.ts';
import { recordHandlers } from './handlers/records.ts';
import { SecretDesk } from './handlers/secret.ts';
import { settingsHandlers } from './handlers/settings.ts';
import { startHandlers } from './handlers/start.ts';
import { profilesFolder } from '../wallet/profile.ts';
import { syncHandlers } from './handlers/sync.ts';
import type { DeskSetup, FromDesk, ToDesk } from './protocol.ts';

if (parentPort === null) throw new RangeError('not the thread of the desk');
const port = parentPort;
const post = (message: FromDesk): void => {
  port.postMessage(message);
};

const desk = new Desk(workerData as DeskSetup, post);
const secret = new SecretDesk(desk);
const handlers: Handlers<DeskChannel> = {
  ...startHandlers(desk),
  ...recordHandlers(desk),
  ...ownCardHandlers(desk),
  ...contactHandlers(desk),
  ...channelHandlers(desk),
  ...documentHandlers(desk),
  ...disclosureHandlers(desk),
  ...checkHandlers(desk),
  ...syncHandlers(desk),
  ...alarmHandlers(desk),
  ...explorerHandlers(desk),
  ...settingsHandlers(desk),
  ...secret.handlers,
};

type AnyHandler = (request: unknown) => Promise<unknown>;

async function answer(id: number, name: string, request: unknown): Promise<void> {
  const handler = (handlers as unknown as Readonly<Record<string, AnyHandler | undefined>>)[name];
  const { errors = [] } = channelNamed(name) ?? {};
  try {
    if (handler === undefined) throw new RangeError(`nobody answers ${name}`);
    post({ kind: 'answer', id, answer: { ok: true, value: await handler(request) } });
  } catch (error) {
    post({ kind: 'answer', id, answer: { ok: false, failure: failureFrom(error, errors) } });
  }
}

async function stop(): Promise<void> {
  secret.forget();
  await desk.leave().catch(() => undefined);
  post({ kind: 'stopped' });
  port.close();
}

await loadExplanations();
const engines = await startEngines();
await desk.greet();
port.on('message', (message: ToDesk) => {
  switch (message.kind) {
    case 'ask':
      void answer(message.id, message.channel, message.request);
      break;
    case 'reply':
      desk.answered(message.id, message.value);
      break;
    case 'keychain':
      desk.keychainAnswered(message.id, message.answer);
      break;
    case 'secret-closed':
      secret.forget();
      break;
    case 'lock':
      void desk.lockSoon();
      break;
    case 'stop':
      void stop();
  }
});
post({ kind: 'ready', engines, folder: profilesFolder().toWellFormed() });
