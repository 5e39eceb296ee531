import { readdirSync } from 'node:fs';
import { explain, type Explanation } from '../core/errors/family.ts';

/**
 * What a run prints. Results go to stdout, everything said to the person at the keyboard goes to stderr.
 * Every line passes {@link plainLine}, so that no name or path from foreign data can steer a terminal.
 */
export interface Terminal {
  /** One line of the result, on stdout. */
  readonly line: (text?: string) => void;
  /** One line to the person, on stderr. */
  readonly say: (text?: string) => void;
  /** A line of progress on stderr that the next one replaces; only where stderr is a terminal. '' clears it. */
  readonly progress: (text: string) => void;
  /** Aborted when nobody reads stdout any more: a long job may stop then. */
  readonly abandoned: AbortSignal;
}

// Control characters, line and paragraph separators, invisible direction marks, what is shown as nothing, and lone
// surrogates: everything that moves the cursor, breaks a line in two or makes text read as something else.
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/gu;

/** The text as one harmless line: what cannot be printed is written as its code point, `\u{1b}`. */
export function plainLine(text: string): string {
  return text.replace(unprintable, (char) => `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}`);
}

/** The process's stdout and stderr. A reader that goes away (`| head`) is not an error: output is dropped. */
export function processTerminal(): { terminal: Terminal; finish: () => Promise<Error | undefined> } {
  const abandoned = new AbortController();
  let failure: Error | undefined;
  let drawn = 0;
  const onError = (error: NodeJS.ErrnoException): void => {
    if (error.code === 'EPIPE') abandoned.abort();
    else failure ??= error;
  };
  process.stdout.on('error', onError);
  process.stderr.on('error', () => {
    // Nobody is left to be told.
  });
  const progress = (text: string): void => {
    if (!process.stderr.isTTY) return;
    // Some terminals do not tell their width. A line that fills the last column would wrap.
    const width = process.stderr.columns > 1 ? process.stderr.columns : 80;
    const line = plainLine(text).slice(0, width - 1);
    process.stderr.write(`\r${line.padEnd(drawn)}${line === '' ? '\r' : ''}`);
    drawn = line.length;
  };
  const clear = (): void => {
    if (drawn > 0) progress('');
  };
  const write = (stream: NodeJS.WriteStream, text: string): void => {
    clear();
    if (stream === process.stderr || !abandoned.signal.aborted) stream.write(`${plainLine(text)}\n`);
  };
  const terminal: Terminal = {
    line: (text = '') => {
      write(process.stdout, text);
    },
    say: (text = '') => {
      write(process.stderr, text);
    },
    progress,
    abandoned: abandoned.signal,
  };
  const flushed = async (stream: NodeJS.WriteStream): Promise<void> => {
    if (!stream.destroyed) {
      await new Promise<void>((resolve) => {
        stream.write('', () => {
          resolve();
        });
      });
    }
  };
  const finish = async (): Promise<Error | undefined> => {
    clear();
    await flushed(process.stdout);
    await flushed(process.stderr);
    return failure;
  };
  return { terminal, finish };
}

const errorsFolder = new URL('../core/errors/', import.meta.url);

/** Loads every family of codes, found by folder: a family registers its codes only once its file is loaded. */
export async function loadExplanations(): Promise<void> {
  const families = readdirSync(errorsFolder).filter((name) => /^[a-z0-9-]+\.ts$/.test(name));
  for (const family of families) await import(new URL(family, errorsFolder).href);
}

/** The explanation of a code. An unknown code gets one that says so. */
export async function explanationOf(code: string): Promise<Explanation> {
  await loadExplanations();
  return (
    explain(code) ?? {
      happened: `The command ended with the code ${code}.`,
      means: 'This version of Countersign has no explanation for that code.',
      next: 'Report it together with what you ran.',
    }
  );
}

/** What systems say in codes, in words. */
const systemWords: Readonly<Record<string, string>> = {
  EACCES: 'you may not do that',
  EADDRINUSE: 'another program uses this port',
  EADDRNOTAVAIL: 'this machine has no such address',
  ECONNREFUSED: 'nothing answers there',
  EEXIST: 'it is there already',
  EISDIR: 'it is a folder',
  EMFILE: 'too many files are open',
  ENAMETOOLONG: 'the name is too long',
  ENOENT: 'there is no such file or folder',
  ENOSPC: 'the disk is full',
  ENOTDIR: 'a part of the path is not a folder',
  ENOTFOUND: 'there is no host of this name',
  EPERM: 'you may not do that',
  EROFS: 'this disk can only be read',
};

/** The longest detail that is shown. */
const longestDetail = 400;

/** A text that may come from anywhere, short enough to be read; its beginning and its end are kept. */
export function shortened(text: string): string {
  if (text.length <= longestDetail) return text;
  const half = longestDetail / 2;
  return `${text.slice(0, half)} ... ${text.slice(-half)}`;
}

function inWords(detail: string): string {
  return shortened(detail).replace(/\bE[A-Z]{3,}\b/g, (code) => {
    const words = systemWords[code];
    return words === undefined ? code : `${words} (${code})`;
  });
}

/** Says on stderr what happened, what it means and what to do next. */
export function sayExplanation(
  terminal: Terminal,
  explanation: Explanation,
  code: string,
  detail?: string,
): void {
  terminal.say(`countersign: ${explanation.happened} [${code}]`);
  if (detail !== undefined && detail !== '') terminal.say(`  What was met: ${inWords(detail)}`);
  terminal.say(`  ${explanation.means}`);
  terminal.say(`  ${explanation.next}`);
}
