/** What messages are, and what their senders say in public. */
import { announceType, readKeyStatement, revokeType, rotateType } from '../core/identity/statement.ts';
import { fileRecordType } from '../core/record/file-record.ts';
import type { VerifiedMessage } from '../core/record/message.ts';
import { readLabels } from '../core/record/record-note.ts';
import type { EventView } from '../contract/state.ts';

export const kinds: Readonly<Record<string, EventView['what']>> = {
  [fileRecordType]: 'record',
  [announceType]: 'announcement',
  [rotateType]: 'rotation',
  [revokeType]: 'revocation',
};

/** What a sender says in public; it proves nothing. */
export function claimOf(message: VerifiedMessage): string | undefined {
  if (message.payloadType === announceType) {
    const statement = readKeyStatement(message);
    if (statement?.ok !== true) return undefined;
    const { content } = statement.value;
    return content.kind === 'announcement' ? content.name : undefined;
  }
  if (message.payloadType !== fileRecordType || message.data === undefined) return undefined;
  const labels = readLabels(message.data);
  if (!labels.ok) return undefined;
  const { matter, text, reference } = labels.value;
  const says = [matter, text ?? reference].filter((part) => part !== undefined).join(', ');
  return says === '' ? undefined : says.slice(0, 160);
}
