/** The proof of a place as windows show it. */
import { equalBytes, toHex } from '../core/bytes.ts';
import { readFileRecord, recordTag } from '../core/record/file-record.ts';
import type { VerifiedMessage } from '../core/record/message.ts';
import { senderTag } from '../core/record/sender-tag.ts';
import type { ProofView, TagProofView } from '../contract/channels/records.ts';
import type { ProvenPlace } from '../wallet/records/prover.ts';

export function proofOf({ message, proof, place }: ProvenPlace): ProofView {
  const { header, position, log } = place;
  return {
    message: { index: position, of: header.messages.count, path: proof.message.path.map(toHex) },
    block: { index: header.height, of: log.size, path: proof.block.path.map(toHex) },
    headerHash: toHex(header.hash),
    tags: proof.tags.map(({ presence: { index, leaf, path } }) => {
      const tag = leaf.subarray(0, 32);
      const { count: of } = header.tags;
      return { finds: findsOf(tag, message), tag: toHex(tag), index, of, path: path.map(toHex) };
    }),
  };
}

/** What is found by a tag of a message. */
function findsOf(tag: Uint8Array, message: VerifiedMessage): TagProofView['finds'] {
  const record = readFileRecord(message);
  if (equalBytes(tag, message.id)) return 'message';
  if (equalBytes(tag, senderTag(message.sender))) return 'sender';
  return record?.ok === true && equalBytes(tag, recordTag(record.value.value)) ? 'value' : 'other';
}
