/**
 * Every refusal and error has a code, and every code a sentence for people. One file per family of codes; a
 * family registers itself when its file is loaded, so there is no central list to edit.
 */

/** What a person is told. Each part is a whole sentence in plain words. */
export interface Explanation {
  /** What happened. */
  readonly happened: string;
  /** What it means for the reader. */
  readonly means: string;
  /** What to do next. */
  readonly next: string;
}

const explanations = new Map<string, Explanation>();

/**
 * Declares a family of codes. Each code starts with the family's name and a hyphen: `note-malformed`.
 *
 * @returns the table itself; `keyof typeof table` is the family's union of codes.
 * @throws RangeError when a code is declared twice or does not carry the family's name.
 */
export function errorFamily<const Codes extends Readonly<Record<string, Explanation>>>(
  name: string,
  codes: Codes,
): Codes {
  for (const [code, explanation] of Object.entries(codes)) {
    if (!code.startsWith(`${name}-`)) throw new RangeError(`code ${code} is not of the family ${name}`);
    if (explanations.has(code)) throw new RangeError(`code ${code} is declared twice`);
    explanations.set(code, explanation);
  }
  return codes;
}

/** The explanation of a code, or undefined when no loaded family declares it. */
export function explain(code: string): Explanation | undefined {
  return explanations.get(code);
}

/** All codes declared so far, sorted. */
export function declaredCodes(): readonly string[] {
  return [...explanations.keys()].sort();
}

/** The one error class: thrown by shells (disk, network, keychain, command line), never by pure judging code. */
export class CountersignError<Code extends string = string> extends Error {
  readonly code: Code;
  readonly detail: string | undefined;

  constructor(code: Code, detail?: string, options?: { cause?: unknown }) {
    super(detail === undefined ? code : `${code}: ${detail}`, options);
    this.name = 'CountersignError';
    this.code = code;
    this.detail = detail;
  }
}
