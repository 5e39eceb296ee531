/** What to say of a block whose header is signed and that does not verify all the same. */
import { equalBytes, toHex } from '../../core/bytes.ts';
import { sha256 } from '../../core/crypto/sha256.ts';
import { messageInvalid, messageRepeated } from '../../core/evidence/messages.ts';
import type { BlockCode } from '../../core/record/block.ts';
import { parseBody } from '../../core/record/body.ts';
import { bodyPath } from '../../core/record/files.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import { verifyMessage } from '../../core/record/message.ts';
import { parseTagLeaf } from '../../core/record/tag-index.ts';
import type { Refusal } from '../../core/result.ts';
import { leafHash, treeRoot } from '../../core/tree/merkle.ts';
import { Prover } from '../records/prover.ts';
import { fetchFile } from '../sync/fetch.ts';
import { FoundLie, type Looking, type Outcome, provenBy } from './finding.ts';
import { indexEvidence } from './index-proof.ts';
import { rollupEvidence } from './rollup-proof.ts';
import { messageProof, type ServedBlock, servedBlock, servedIndex, tagsOf } from './served.ts';

async function invalidMessage(looking: Looking, served: ServedBlock): Promise<Uint8Array | undefined> {
  const { joined, store } = looking;
  const { ledger, checkpoint = new Uint8Array() } = joined;
  const index = served.parts.findIndex(
    ({ leaf }) => !verifyMessage(leaf, undefined, ledger.id, ledger.limits).ok,
  );
  if (index < 0) return undefined;
  const block = await new Prover(store.statements, joined).block(served.header.height);
  return provenBy(messageInvalid, ledger, checkpoint, { block, message: messageProof(served, index) });
}

async function repeatedMessage(looking: Looking, served: ServedBlock): Promise<Uint8Array | undefined> {
  const { joined, store } = looking;
  const { ledger, checkpoint = new Uint8Array() } = joined;
  const prover = new Prover(store.statements, joined);
  const block = await prover.block(served.header.height);
  const seen = new Map<string, number>();
  for (const [index, [id] = []] of served.tags.entries()) {
    if (id === undefined) continue;
    const before = seen.get(toHex(id));
    if (before !== undefined) {
      const [again, message] = [messageProof(served, before), messageProof(served, index)];
      return provenBy(messageRepeated, ledger, checkpoint, { again, block, message });
    }
    seen.set(toHex(id), index);
    const earlier = await prover.place(id);
    if (earlier === undefined) continue;
    const { block: againBlock, message: at } = earlier.proof;
    const again = { ...at, leaf: earlier.message.leaf };
    const message = messageProof(served, index);
    return provenBy(messageRepeated, ledger, checkpoint, { again, againBlock, block, message });
  }
  return undefined;
}

/** Looks for the evidence that belongs to a refusal. */
async function evidenceOf(
  looking: Looking,
  header: BlockHeader,
  code: BlockCode,
): Promise<Uint8Array | undefined> {
  if (code === 'body-rollup') return rollupEvidence(looking, header);
  const served = await servedBlock(looking, header);
  if (served === undefined) return undefined;
  if (code === 'body-repeated') return repeatedMessage(looking, served);
  if (code !== 'body-tags') return invalidMessage(looking, served);
  const index = await servedIndex(looking, header);
  return index && indexEvidence(looking, served, index);
}

/** A block whose messages are those of the signed header, and that breaks the rules. */
export function foundBlock(header: BlockHeader, { code, detail = '' }: Refusal<BlockCode>): FoundLie {
  const { height } = header;
  const found = code === 'body-tags' || code === 'body-rollup' ? 'sync-index' : 'sync-invalid';
  const subject = `block ${height}`;
  const lookInto = async (looking: Looking): Promise<Outcome | undefined> => {
    const evidence = await evidenceOf(looking, header, code);
    return evidence && { code: found, subject, evidence };
  };
  return new FoundLie(found, subject, `${bodyPath(height)}: ${code} ${detail}`.trim(), lookInto);
}

/** Whether a body is that of another block of the copy. */
async function isOfOtherBlock({ store, joined }: Looking, body: Uint8Array): Promise<boolean> {
  if (body.length === 0) return false;
  const [row] = await store.statements.all(
    `SELECT 1 FROM block WHERE ledger = ? AND json_extract(CAST(header AS TEXT), '$.body.hash') = ? LIMIT 1`,
    joined.row,
    toHex(sha256(body)),
  );
  return row !== undefined;
}

/** Whether the messages of a body are the right ones in another order: the signed index says which stands where. */
async function isShuffled(looking: Looking, header: BlockHeader, body: Uint8Array): Promise<boolean> {
  const { count, root } = header.messages;
  const parts = parseBody(body, { count, maxBytes: looking.joined.ledger.limits.blockBytes });
  const index = parts.ok ? await servedIndex(looking, header) : undefined;
  if (!parts.ok || index === undefined) return false;
  const places = new Map<string, number>();
  for (const { leaf } of index) {
    const read = parseTagLeaf(leaf, header.height);
    if (read.ok && read.value.own !== undefined) places.set(toHex(read.value.tag), read.value.own);
  }
  const hashes: Uint8Array[] = [];
  for (const part of parts.value) {
    const [id] = tagsOf(part) ?? [];
    const place = id && places.get(toHex(id));
    if (place !== undefined) hashes[place] = leafHash(part.leaf);
  }
  return (
    Object.keys(hashes).length === count && hashes.length === count && equalBytes(treeRoot(hashes), root)
  );
}

/** A body that is not the one which the signed header commits to: a fault of the address. */
export function foundBody(header: BlockHeader, { code, detail = '' }: Refusal<BlockCode>): FoundLie {
  const path = bodyPath(header.height);
  const lookInto = async (looking: Looking): Promise<Outcome | undefined> => {
    const body = await fetchFile(looking.reader, path, looking.joined.ledger.limits.blockBytes);
    if (body === undefined) return undefined;
    const isReordered = (await isOfOtherBlock(looking, body)) || (await isShuffled(looking, header, body));
    return isReordered ? { code: 'sync-reordered', subject: '', evidence: undefined } : undefined;
  };
  const found = code === 'body-too-long' ? 'sync-oversized' : 'sync-malformed';
  return new FoundLie(found, '', `${path}: ${code} ${detail}`.trim(), lookInto);
}
