/** A block and its index as an address serves them: only what the signed header commits to is handed on. */
import { equalBytes } from '../../core/bytes.ts';
import { sha256 } from '../../core/crypto/sha256.ts';
import { type BodyPart, parseBody } from '../../core/record/body.ts';
import { messageId, parseLeaf } from '../../core/record/envelope.ts';
import { bodyPath, rollupPath, tagIndexPath } from '../../core/record/files.ts';
import type { BlockHeader, TreeCommitment } from '../../core/record/header.ts';
import type { MessageProof } from '../../core/record/log-headers.ts';
import type { RollupLevel } from '../../core/record/rollup.ts';
import { inclusionProof, leafHash, type NodeReader, treeNodes, treeRoot } from '../../core/tree/merkle.ts';
import { fetchFile } from '../sync/fetch.ts';
import type { Looking } from './finding.ts';

/** A block whose messages are those that the header commits to. They need not be valid. */
export interface ServedBlock {
  readonly header: BlockHeader;
  readonly parts: readonly BodyPart[];
  /** The tags that each message carries, its own id first; undefined for what is no message. */
  readonly tags: readonly (readonly Uint8Array[] | undefined)[];
  readonly nodes: NodeReader;
}

/** A leaf of an index, and the list that belongs to it as far as it is served. */
export interface ServedLeaf {
  readonly leaf: Uint8Array;
  readonly list: Uint8Array;
}

/** The tags that a message carries, its id first; undefined for what is no message. */
export function tagsOf({ leaf }: BodyPart): readonly Uint8Array[] | undefined {
  const envelope = parseLeaf(leaf);
  return envelope.ok ? [messageId(envelope.value), ...envelope.value.head.tags] : undefined;
}

/** The block again; undefined when the address does not serve what the header commits to. */
export async function servedBlock(
  { joined, reader }: Looking,
  header: BlockHeader,
): Promise<ServedBlock | undefined> {
  const { blockBytes } = joined.ledger.limits;
  const body = await fetchFile(reader, bodyPath(header.height), blockBytes);
  const parts = body && parseBody(body, { count: header.messages.count, maxBytes: blockBytes });
  if (parts?.ok !== true) return undefined;
  const hashes = parts.value.map(({ leaf }) => leafHash(leaf));
  if (!equalBytes(treeRoot(hashes), header.messages.root)) return undefined;
  return { header, parts: parts.value, tags: parts.value.map(tagsOf), nodes: treeNodes(hashes) };
}

/** The proof that a message stands in the block. @throws RangeError when there is none at this position. */
export function messageProof({ parts, nodes }: ServedBlock, index: number): MessageProof {
  const part = parts[index];
  if (part === undefined) throw new RangeError(`no message ${index}`);
  return { index, leaf: part.leaf, path: inclusionProof(nodes, index, parts.length) };
}

const tagLeafBytes = 88;
const rollupLeafBytes = 48;
/** The longest index or roll-up that is looked through, in bytes. */
const longestIndex = 67_108_864;
/** The longest list that is looked for where a leaf does not say its true length, in entries. */
const longestGuess = 256;
/** For so many leaves of one index at most: one lie is enough. */
const mostGuesses = 16;

/** How long the list of a leaf is by its own word, in bytes. */
function statedLength(leaf: Uint8Array): number {
  return 4 * new DataView(leaf.buffer, leaf.byteOffset, leaf.length).getUint32(52);
}

/**
 * How many bytes of what follows a leaf are its list: those whose hash it states.
 * @param mayGuess whether other lengths are tried than the one that the leaf states.
 */
function listLength(leaf: Uint8Array, rest: Uint8Array, mayGuess: boolean): number {
  const [stated, hash] = [statedLength(leaf), leaf.subarray(56)];
  const fits = (length: number): boolean =>
    length <= rest.length && equalBytes(sha256(rest.subarray(0, length)), hash);
  if (fits(stated)) return stated;
  for (let length = 0; mayGuess && length <= 4 * longestGuess; length += 4) if (fits(length)) return length;
  return Math.min(stated, rest.length);
}

function isCommitted(leaves: readonly Uint8Array[], { count, root }: TreeCommitment): boolean {
  return leaves.length === count && equalBytes(treeRoot(leaves.map(leafHash)), root);
}

/** The tag index of a block, whatever it says; undefined when the address does not serve the one that is signed. */
export async function servedIndex(
  { reader }: Looking,
  { height, tags }: BlockHeader,
): Promise<readonly ServedLeaf[] | undefined> {
  const bytes = await fetchFile(reader, tagIndexPath(height), longestIndex);
  const served: ServedLeaf[] = [];
  let rest = bytes ?? new Uint8Array();
  let guesses = 0;
  while (rest.length > 0 && served.length < tags.count) {
    const leaf = rest.subarray(0, tagLeafBytes);
    rest = rest.subarray(tagLeafBytes);
    const length = leaf.length < tagLeafBytes ? 0 : listLength(leaf, rest, guesses < mostGuesses);
    if (leaf.length === tagLeafBytes && length !== statedLength(leaf)) guesses++;
    served.push({ leaf, list: rest.subarray(0, length) });
    rest = rest.subarray(length);
  }
  const leaves = served.map(({ leaf }) => leaf);
  return isCommitted(leaves, tags) ? served : undefined;
}

/** The leaves of a roll-up, whatever they say; undefined when the address does not serve the one that is signed. */
export async function servedRollup(
  { reader }: Looking,
  { height, rollups }: BlockHeader,
  level: RollupLevel,
): Promise<readonly Uint8Array[] | undefined> {
  const stated = rollups[level - 1];
  const bytes = stated && (await fetchFile(reader, rollupPath(height, level), longestIndex));
  if (stated === undefined || bytes === undefined) return undefined;
  const leaves = Array.from({ length: Math.ceil(bytes.length / rollupLeafBytes) }, (_, i) =>
    bytes.subarray(i * rollupLeafBytes, (i + 1) * rollupLeafBytes),
  );
  return isCommitted(leaves, stated) ? leaves : undefined;
}
