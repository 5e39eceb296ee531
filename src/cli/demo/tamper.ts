/** Changing one byte in a copy, as someone who wants to rewrite the past would. */
import { readFile, writeFile } from 'node:fs/promises';

/** Flips the lowest bit of the byte in the middle of where `part` stands in a file. @throws RangeError */
export async function changeByteOf(file: string, part: Uint8Array): Promise<number> {
  const bytes = await readFile(file);
  const start = bytes.indexOf(part);
  if (start < 0) throw new RangeError('the bytes to change are not in the file');
  const offset = start + Math.floor(part.length / 2);
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  await writeFile(file, bytes);
  return offset;
}
