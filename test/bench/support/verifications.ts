/** V of docs/performance.md: what verifying a signature costs one core, on messages of a data set. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { verifySignature } from '../../../src/core/crypto/signature.ts';
import { cutBody, partAt } from '../../../src/core/record/body.ts';
import { parseLeaf, signedBytes } from '../../../src/core/record/envelope.ts';
import { bodyPath } from '../../../src/core/record/files.ts';
import type { DataSet } from './data-set.ts';

/** Seconds of one verification, by the clock and of the processor. */
export interface Cost {
  readonly seconds: number;
  readonly cpuSeconds: number;
}

const seconds = 2;

/** Verifies the signatures of one block again and again. The engines must have been started. */
export function measureVerifications({ folder, messages }: DataSet): Cost {
  const body = new Uint8Array(readFileSync(join(folder, 'public', bodyPath(1))));
  const count = Math.min(1000, messages);
  const cut = cutBody(body, { count: Math.min(1024, messages), maxBytes: body.length });
  if (!cut.ok) throw new Error(cut.code);
  const signed = Array.from({ length: count }, (_, i) => {
    const leaf = parseLeaf(partAt(body, cut.value, i).leaf);
    if (!leaf.ok) throw new Error(leaf.code);
    const { sender, signature } = leaf.value;
    return { sender, signature, bytes: signedBytes(leaf.value) };
  });
  let done = 0;
  const [begun, before] = [performance.now(), process.cpuUsage()];
  while (performance.now() - begun < 1000 * seconds) {
    for (const { sender, signature, bytes } of signed) {
      if (!verifySignature(sender, bytes, signature)) throw new Error('a signature is not valid');
      done++;
    }
  }
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - begun) / 1000 / done, cpuSeconds: (user + system) / 1e6 / done };
}
