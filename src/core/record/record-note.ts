/**
 * What a sender says with the record of a file (`docs/spec/receipt.md`, 'Labels'): a matter, a client, a reference, a
 * free text. Private with the sender, or published as the data of the message.
 */
import type { JsonObject } from '../encoding/json.ts';
import { parseJson, writeJson } from '../encoding/json.ts';
import { integerFrom, plainText, readObject } from '../encoding/members.ts';
import type { JsonCode } from '../errors/json.ts';
import type { ReceiptCode } from '../errors/receipt.ts';
import type { Result } from '../result.ts';
import { ok } from '../result.ts';

/** The most characters of a label, by its name. */
export const labelLimits = { client: 200, matter: 200, reference: 200, text: 2000 } as const;

/** The labels of a record; each may be missing. */
export interface Labels {
  readonly client?: string;
  readonly matter?: string;
  readonly reference?: string;
  readonly text?: string;
}

/** The longest labels, in bytes. */
const maxBytes = 32_768;

/** How labels are read, by their names. */
export const labelReaders = {
  client: plainText(labelLimits.client),
  matter: plainText(labelLimits.matter),
  reference: plainText(labelLimits.reference),
  text: plainText(labelLimits.text),
};

const codes = { members: 'receipt-format', value: 'receipt-format' } as const;

/** Labels as JSON. */
export function labelsJson({ client, matter, reference, text }: Labels): JsonObject {
  return {
    ...(client === undefined ? {} : { client }),
    ...(matter === undefined ? {} : { matter }),
    ...(reference === undefined ? {} : { reference }),
    ...(text === undefined ? {} : { text }),
  };
}

/** The data that publishes labels: nothing when there are none. @throws RangeError when a label breaks its form. */
export function writeLabels(labels: Labels): Uint8Array {
  const json = labelsJson(labels);
  if (Object.keys(json).length === 0) return new Uint8Array();
  const bytes = writeJson({ ...json, v: 1 });
  const readBack = readLabels(bytes);
  if (!readBack.ok) throw new RangeError(`not labels: ${readBack.code} ${readBack.detail ?? ''}`);
  return bytes;
}

/** Reads published labels. Other data is not labels, and nothing bad. */
export function readLabels(data: Uint8Array): Result<Labels, ReceiptCode | JsonCode> {
  if (data.length === 0) return ok({});
  const json = parseJson(data, maxBytes);
  if (!json.ok) return json;
  const read = readObject(json.value, codes, { v: integerFrom(1, 1) }, labelReaders);
  return read.ok ? ok(labelsJson(read.value)) : read;
}
