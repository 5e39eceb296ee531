/**
 * The router: the one place where requests of windows come in. For each it looks who asks (a window of ours, its top
 * frame, its own page), whether this window may ask for that, how long the request is, and whether its schema takes it.
 * Only then anybody is asked. Answers are bounded too.
 */
import { ipcMain, type IpcMainInvokeEvent } from 'electron';
import type { IpcCode } from '../core/errors/ipc.ts';
import type { Answer, Channel, WindowKind } from '../contract/channel.ts';
import { decode, encode } from '../contract/codec.ts';
import { type ChannelName, channelNames, schema } from '../contract/schema.ts';
import { failureOf } from '../desk/explanations.ts';
import { originOf } from './policy.ts';

/** Answers a request that was found good. */
export type Answerer = (name: ChannelName, request: unknown, from: WindowKind) => Promise<Answer<unknown>>;

/** Which of our windows a web contents belongs to, by its number. */
export type KindOf = (contentsId: number) => WindowKind | undefined;

function refusal(code: IpcCode): Answer<never> {
  return { ok: false, failure: failureOf(code) };
}

/** Who asks: a window of ours, by its top frame, which shows the page that it was made for. */
function senderOf(event: IpcMainInvokeEvent, kindOf: KindOf): WindowKind | undefined {
  const { senderFrame, sender } = event;
  const kind = kindOf(sender.id);
  if (kind === undefined || senderFrame === null) return undefined;
  const isTop = senderFrame.parent === null && senderFrame === sender.mainFrame;
  return isTop && senderFrame.origin === originOf(kind) ? kind : undefined;
}

/** The request, or the code of why it is refused. */
function requestOf(channel: Channel, given: readonly unknown[]): { value: unknown } | IpcCode {
  const [text] = given;
  if (given.length !== 1 || typeof text !== 'string') return 'ipc-schema';
  if (text.length > channel.maxRequest) return 'ipc-size';
  let value: unknown;
  try {
    value = decode(text);
  } catch {
    return 'ipc-schema';
  }
  const parsed = channel.request.safeParse(value);
  return parsed.success ? { value: parsed.data } : 'ipc-schema';
}

/** The text of an answer, bounded. */
function bounded(answer: Answer<unknown>, channel: Channel): string {
  const text = encode(answer);
  return text.length <= channel.maxReply ? text : encode(refusal('ipc-size'));
}

/** Opens every channel of the schema. */
export function openChannels(kindOf: KindOf, answer: Answerer): void {
  for (const name of channelNames) {
    const channel: Channel = schema[name];
    ipcMain.handle(name, async (event, ...given: readonly unknown[]) => {
      const from = senderOf(event, kindOf);
      if (from === undefined) return encode(refusal('ipc-frame'));
      if (!channel.windows.includes(from)) return encode(refusal('ipc-window'));
      const request = requestOf(channel, given);
      if (typeof request === 'string') return encode(refusal(request));
      return bounded(await answer(name, request.value, from), channel);
    });
  }
}
