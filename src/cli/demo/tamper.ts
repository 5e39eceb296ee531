/** Changing one bit in a copy, as someone who wants to rewrite the past would. */
import { readFile, writeFile } from 'node:fs/promises';

/**
 * Writes a copy of a file in which the lowest bit of one byte is another: the byte in the middle of where `part` stands,
 * or of the whole file. The copy may be written even if the file may not.
 * @returns the place of the byte. @throws RangeError when there is nothing to change.
 */
export async function changedCopy(file: string, copy: string, part?: Uint8Array): Promise<number> {
  const bytes = await readFile(file);
  const start = part === undefined ? 0 : bytes.indexOf(part);
  const offset = start + Math.floor((part ?? bytes).length / 2);
  if (start < 0 || offset >= bytes.length) throw new RangeError('the bytes to change are not in the file');
  bytes.writeUInt8(bytes.readUInt8(offset) ^ 1, offset);
  await writeFile(copy, bytes);
  return offset;
}
