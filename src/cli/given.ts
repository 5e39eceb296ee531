/** What a person gives by naming it: text itself, a file, or standard input. */
import { open } from 'node:fs/promises';

/** Why something could not be read, in a few words: a system's code. */
export class Unreadable extends Error {}

async function start(path: string, longest: number): Promise<Uint8Array> {
  try {
    const handle = await open(path, 'r');
    try {
      const buffer = new Uint8Array(longest + 1);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.subarray(0, length);
    } finally {
      await handle.close();
    }
  } catch (cause) {
    throw new Unreadable((cause as NodeJS.ErrnoException).code ?? String(cause), { cause });
  }
}

async function startOfInput(longest: number): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of process.stdin as AsyncIterable<Buffer>) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > longest) break;
  }
  return new Uint8Array(Buffer.concat(chunks).subarray(0, longest + 1));
}

/**
 * At most `longest + 1` bytes of a file, or of standard input for `-`: what is longer shows by its length.
 * @throws Unreadable
 */
export async function startOf(path: string, longest: number): Promise<Uint8Array> {
  return path === '-' ? startOfInput(longest) : start(path, longest);
}
