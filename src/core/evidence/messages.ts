/** Evidence about messages that were sealed: one that is none, and one that stands twice (`docs/spec/evidence.md`). */
import { equalBytes, toHex } from '../bytes.ts';
import { verifyMessageEntry } from '../record/log-headers.ts';
import { verifyMessage } from '../record/message.ts';
import { ok } from '../result.ts';
import { badProof, block, defineKind, message, noLie } from './kind.ts';
import { headerPart, messagePart } from './parts.ts';
import { because } from './reasons.ts';

export const messageInvalid = defineKind(
  'message-invalid',
  { required: { block, message }, optional: {} },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const included = verifyMessageEntry(header.value, proof.message);
    if (!included.ok) return badProof('message', included.code);
    const { id, limits } = log.ledger;
    const verified = verifyMessage(proof.message.leaf, undefined, id, limits);
    if (verified.ok) return noLie('the message is valid');
    return ok(
      `The operator sealed, as message ${proof.message.index} of block ${header.value.height}, something that no ` +
        `record may hold ${because(verified.code)}`,
    );
  },
);

export const messageRepeated = defineKind(
  'message-repeated',
  { required: { again: message, block, message }, optional: { againBlock: block } },
  (proof, log) => {
    const header = headerPart(log, proof.block, 'block');
    if (!header.ok) return header;
    const first = messagePart(header.value, proof.message, 'message');
    if (!first.ok) return first;
    const otherHeader =
      proof.againBlock === undefined ? header : headerPart(log, proof.againBlock, 'againBlock');
    if (!otherHeader.ok) return otherHeader;
    if (proof.againBlock !== undefined && otherHeader.value.height === header.value.height) {
      return badProof('againBlock is the same block');
    }
    const second = messagePart(otherHeader.value, proof.again, 'again');
    if (!second.ok) return second;
    const [height, otherHeight] = [header.value.height, otherHeader.value.height];
    if (height === otherHeight && first.value.index === second.value.index)
      return noLie('the same place twice');
    if (!equalBytes(first.value.id, second.value.id)) return noLie('two different messages');
    return ok(
      `The operator sealed the message ${toHex(first.value.id)} twice: as message ${first.value.index} of block ` +
        `${height} and as message ${second.value.index} of block ${otherHeight}.`,
    );
  },
);
