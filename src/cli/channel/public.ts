/** What everyone will see, in lines and as JSON: said before anything is sent. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import type { PublicMessage, PublicPreview } from '../../wallet/channels/public-preview.ts';
import { utc } from '../records/show.ts';
import { counted, short } from './words.ts';

function count(value: unknown, one: string): string {
  return counted(typeof value === 'number' ? value : 0, one);
}

function begins(id: unknown): string {
  return typeof id === 'string' ? id.slice(0, 12) : '';
}

/** What one message tells everyone, as a phrase. */
function told({ body, dataBytes, for: kind, sender, to }: PublicMessage): string {
  const size = `${dataBytes} bytes`;
  switch (kind) {
    case 'found':
      return `a new channel with ${count(body['members'], 'member')}, and which transaction it belongs to`;
    case 'members':
    case 'renew':
      return `a change of members of this channel (${count(body['members'], 'member')} from then on), made by one of them`;
    case 'invite':
      return to !== undefined && equalBytes(to, sender)
        ? `a sealed letter of ${size} to your own key: it brings the name of the channel back after a restore`
        : `a sealed letter of ${size} to the key ${to === undefined ? '' : short(to)}: that you invite it somewhere`;
    case 'notice':
      return `that you could not open the message ${begins(body['message'])}`;
    case 'say':
    case 'join':
      return `a sealed message of ${size}: in which channel and transaction, not what it says`;
  }
}

/** Lines for the person before the send. */
export function publicLines({ messages }: PublicPreview): readonly string[] {
  const [first] = messages;
  if (first === undefined) return ['Nothing will be sent: there is nothing left to do.'];
  const head = `Everyone will see, for good, that your key ${short(first.sender)} sent at ${utc(first.time)} or later:`;
  return [head, ...messages.map((message) => `  ${told(message)}`)];
}

/** The same as JSON: everything, for screens of one's own. */
export function publicJson({ messages, problem }: PublicPreview): Record<string, unknown> {
  return {
    public: messages.map((message) => ({
      for: message.for,
      ...(message.to === undefined ? {} : { to: toHex(message.to) }),
      type: message.payloadType,
      sender: toHex(message.sender),
      time: utc(message.time),
      dataBytes: message.dataBytes,
      messageBytes: message.messageBytes,
      tags: message.tags.map(({ tag, meaning }) => ({ tag: toHex(tag), links: meaning })),
      body: message.body,
    })),
    ...(problem === undefined ? {} : { problem }),
  };
}
