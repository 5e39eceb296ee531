/** Looks for secrets in everything that was written or said, in every form in which they may have got there. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The middle of the base64 of some bytes, as it reads when they stand at any place of a longer text. */
function base64Forms(secret: Buffer): string[] {
  return [0, 1, 2].map((shift) => {
    const text = Buffer.concat([Buffer.alloc(shift), secret])
      .toString('base64')
      .replace(/=+$/, '');
    // What shares a digit with the bytes before or after is left out.
    return text.slice(shift === 0 ? 0 : shift + 1, -1);
  });
}

/** The forms of a secret: raw, hexadecimal, base64, a list of its numbers, and these as UTF-16. */
function formsOf(secret: Uint8Array): readonly (readonly [string, Buffer])[] {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const texts = [hex, hex.toUpperCase(), ...base64Forms(bytes), [...bytes].join(',')];
  const urls = texts.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  return [
    ['raw', bytes],
    ...[...new Set([...texts, ...urls])].flatMap((text) => [
      [`UTF-8 text ${text.slice(0, 8)}`, Buffer.from(text)] as const,
      [`UTF-16 text ${text.slice(0, 8)}`, Buffer.from(text, 'utf16le')] as const,
    ]),
  ];
}

export interface Canary {
  readonly name: string;
  readonly secret: Uint8Array;
}

/** Where any of these secrets is found in some bytes: none is what tests ask for. */
export function secretsIn(
  place: string,
  content: Uint8Array,
  canaries: readonly Canary[],
): readonly string[] {
  const bytes = Buffer.from(content);
  return canaries.flatMap(({ name, secret }) =>
    [...formsOf(secret)].flatMap(([form, needle]) =>
      bytes.includes(needle) ? [`${place}: ${name} as ${form}`] : [],
    ),
  );
}

/** Where any of these secrets is found in the files and file names below a folder. */
export function secretsBelow(folder: string, canaries: readonly Canary[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true, encoding: 'utf8' }).flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    const names = secretsIn(`the name ${path}`, Buffer.from(entry.name), canaries);
    return entry.isFile() ? [...names, ...secretsIn(path, readFileSync(path), canaries)] : names;
  });
}

/** Everything that an error says when it is printed, logged or serialised, its causes included. */
export function wordsOfError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = Object.fromEntries(
    Object.getOwnPropertyNames(error).map((name) => [name, error[name as keyof Error]]),
  );
  return [String(error), error.stack, JSON.stringify(own), wordsOfError(error.cause)].join('\n');
}
