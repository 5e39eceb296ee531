/**
 * Proofs as JSON (`docs/spec/tags.md`, 'JSON form of proofs'), as evidence and other files hold them. Reading looks at
 * the form only.
 */
import { toBase64, toHex } from '../bytes.ts';
import type { JsonObject, JsonValue } from '../encoding/json.ts';
import type { ValueReader } from '../encoding/members.ts';
import { arrayOf, base64UpTo, hexOf, integerFrom, readObject } from '../encoding/members.ts';
import type { BlockProof, MessageProof } from './log-headers.ts';
import type { Absence, Presence } from './tag-proof.ts';

/** The longest leaf that is read, in bytes: that of the longest file which holds proofs. */
const maxLeaf = 8_388_608;

/** No tree of up to 2^53 leaves has a longer path. */
const maxPath = 64;

const position = integerFrom(0, Number.MAX_SAFE_INTEGER);
const path = arrayOf(hexOf(32), maxPath);
const codes = { members: 'form', value: 'form' } as const;
const entryMembers = { index: position, leaf: base64UpTo(maxLeaf), path };
const blockMembers = { header: base64UpTo(maxLeaf), height: position, path };

/** Reads `{"index", "leaf", "path"}`: a presence proof, or a message proof, which has the same form. */
export const presenceFrom: ValueReader<Presence & MessageProof> = (value) => {
  const read = readObject(value, codes, entryMembers);
  return read.ok ? read.value : undefined;
};

/** Reads an absence proof. */
export const absenceFrom: ValueReader<Absence> = (value) => {
  const read = readObject(value, codes, {}, { left: presenceFrom, right: presenceFrom });
  return read.ok ? read.value : undefined;
};

/** Reads a block proof. */
export const blockFrom: ValueReader<BlockProof> = (value) => {
  const read = readObject(value, codes, blockMembers);
  return read.ok ? read.value : undefined;
};

/** A presence or message proof as JSON. */
export function presenceJson({ index, leaf, path: hashes }: Presence | MessageProof): JsonObject {
  return { index, leaf: toBase64(leaf), path: pathJson(hashes) };
}

/** An absence proof as JSON. */
export function absenceJson({ left, right }: Absence): JsonObject {
  return {
    ...(left === undefined ? {} : { left: presenceJson(left) }),
    ...(right === undefined ? {} : { right: presenceJson(right) }),
  };
}

/** A block proof as JSON. */
export function blockJson({ header, height, path: hashes }: BlockProof): JsonObject {
  return { header: toBase64(header), height, path: pathJson(hashes) };
}

/** A list of hashes as JSON. */
export function pathJson(hashes: readonly Uint8Array[]): JsonValue {
  return hashes.map(toHex);
}
