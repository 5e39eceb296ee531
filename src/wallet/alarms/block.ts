/** Proofs about a block that the operator signed and that breaks the rules: its messages, its index, its roll-ups. */
import { equalBytes } from '../../core/bytes.ts';
import { messageInvalid, messageRepeated } from '../../core/evidence/messages.ts';
import type { BlockCode } from '../../core/record/block.ts';
import { type BodyPart, parseBody } from '../../core/record/body.ts';
import { messageId, parseLeaf } from '../../core/record/envelope.ts';
import { bodyPath } from '../../core/record/files.ts';
import { parseHeaderAt } from '../../core/record/ledger.ts';
import type { BlockHeader } from '../../core/record/header.ts';
import type { MessageProof } from '../../core/record/log-headers.ts';
import { verifyMessage } from '../../core/record/message.ts';
import type { Refusal } from '../../core/result.ts';
import { inclusionProof, leafHash, type NodeReader, treeNodes, treeRoot } from '../../core/tree/merkle.ts';
import { Prover } from '../records/prover.ts';
import { corrupt } from '../store/record-reader.ts';
import { fetchFile } from '../sync/fetch.ts';
import { FoundLie, type Looking, type Outcome, provenBy } from './finding.ts';

/** A block as an address serves it; its messages are those that the header commits to. */
interface ServedBlock {
  readonly header: BlockHeader;
  readonly parts: readonly BodyPart[];
  readonly nodes: NodeReader;
}

/** The proof that a message stands in the block. */
function messageProof({ parts, nodes }: ServedBlock, index: number): MessageProof {
  const { leaf } = parts[index] ?? { leaf: new Uint8Array() };
  return { index, leaf, path: inclusionProof(nodes, index, parts.length) };
}

/** The block again; undefined when the address does not serve what the header commits to. */
async function servedBlock(
  { joined, reader }: Looking,
  header: BlockHeader,
): Promise<ServedBlock | undefined> {
  const { blockBytes } = joined.ledger.limits;
  const body = await fetchFile(reader, bodyPath(header.height), blockBytes);
  const parts = body && parseBody(body, { count: header.messages.count, maxBytes: blockBytes });
  if (parts?.ok !== true) return undefined;
  const hashes = parts.value.map(({ leaf }) => leafHash(leaf));
  if (!equalBytes(treeRoot(hashes), header.messages.root)) return undefined;
  return { header, parts: parts.value, nodes: treeNodes(hashes) };
}

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

function idOf({ leaf }: BodyPart): Uint8Array | undefined {
  const envelope = parseLeaf(leaf);
  return envelope.ok ? messageId(envelope.value) : undefined;
}

async function repeatedMessage(looking: Looking, served: ServedBlock): Promise<Uint8Array | undefined> {
  const { joined, store } = looking;
  const { ledger, checkpoint = new Uint8Array() } = joined;
  const prover = new Prover(store.statements, joined);
  const block = await prover.block(served.header.height);
  const seen = new Map<string, number>();
  for (const [index, part] of served.parts.entries()) {
    const id = idOf(part);
    if (id === undefined) return undefined;
    const message = messageProof(served, index);
    const before = seen.get(Buffer.from(id).toString('hex'));
    if (before !== undefined) {
      const again = messageProof(served, before);
      return provenBy(messageRepeated, ledger, checkpoint, { again, block, message });
    }
    const earlier = await prover.place(id);
    if (earlier !== undefined && earlier.place.header.height !== served.header.height) {
      const { block: againBlock, message: at } = earlier.proof;
      const again = { ...at, leaf: earlier.message.leaf };
      return provenBy(messageRepeated, ledger, checkpoint, { again, againBlock, block, message });
    }
    seen.set(Buffer.from(id).toString('hex'), index);
  }
  return undefined;
}

/** Looks for the proof that belongs to a refusal. */
async function evidenceOf(
  looking: Looking,
  served: ServedBlock,
  code: BlockCode,
): Promise<Uint8Array | undefined> {
  if (code === 'body-repeated') return repeatedMessage(looking, served);
  return invalidMessage(looking, served);
}

/** What to say of a block whose header is signed and that does not verify all the same. */
export function foundBlock({ height }: BlockHeader, { code, detail = '' }: Refusal<BlockCode>): FoundLie {
  const found = code === 'body-tags' || code === 'body-rollup' ? 'sync-index' : 'sync-invalid';
  const subject = `block ${height}`;
  const lookInto = async (looking: Looking): Promise<Outcome | undefined> => {
    const [bytes] = await looking.store.headers(looking.joined, height, 1);
    const header = bytes && parseHeaderAt(bytes, height, looking.joined.ledger);
    if (header?.ok !== true) throw corrupt(`header ${height}`);
    const served = await servedBlock(looking, header.value);
    const evidence = served && (await evidenceOf(looking, served, code));
    return evidence && { code: found, subject, evidence };
  };
  return new FoundLie(found, subject, `${bodyPath(height)}: ${code} ${detail}`.trim(), lookInto);
}
