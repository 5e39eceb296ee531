import { readdirSync } from 'node:fs';
import type { Verb } from './verb.ts';

/** A place in the tree of verbs: a verb's file, or a folder that holds more. */
export interface VerbPlace {
  /** The words that lead here: `['log', 'verify']`. */
  readonly words: readonly string[];
  readonly url: URL;
  readonly isGroup: boolean;
}

/** Where the verbs of this program live. */
const verbsRoot: VerbPlace = { words: [], url: new URL('./verbs/', import.meta.url), isGroup: true };

/** What a folder holds, by name. Nothing is loaded. */
export function verbsIn(group: VerbPlace): readonly VerbPlace[] {
  const places: VerbPlace[] = [];
  for (const entry of readdirSync(group.url, { withFileTypes: true })) {
    const match = /^([a-z][a-z0-9-]*)(\.ts)?$/.exec(entry.name);
    const name = match?.[1];
    if (name === undefined || name === 'about') continue;
    const words = [...group.words, name];
    if (entry.isDirectory() && match?.[2] === undefined) {
      places.push({ words, url: new URL(`${name}/`, group.url), isGroup: true });
    } else if (entry.isFile() && match?.[2] !== undefined) {
      places.push({ words, url: new URL(entry.name, group.url), isGroup: false });
    }
  }
  return places.sort((a, b) => (a.words.join(' ') < b.words.join(' ') ? -1 : 1));
}

/** Follows the leading words of a command line as far as they name verbs. */
export function findVerb(args: readonly string[]): { place: VerbPlace; rest: readonly string[] } {
  let place = verbsRoot;
  let taken = 0;
  while (place.isGroup) {
    const name = args[taken];
    const next = verbsIn(place).find((child) => child.words.at(-1) === name);
    if (next === undefined) break;
    place = next;
    taken++;
  }
  return { place, rest: args.slice(taken) };
}

/** Loads a verb. @throws whatever its file throws while loading. */
export async function loadVerb(place: VerbPlace): Promise<Verb> {
  const module = (await import(place.url.href)) as { readonly verb?: Verb };
  if (module.verb === undefined) throw new TypeError(`${place.url.href} exports no verb`);
  return module.verb;
}

/** The one-line summary of a verb or a group. A file that cannot be loaded here says so in its place. */
export async function summaryOf(place: VerbPlace): Promise<string> {
  try {
    if (!place.isGroup) return (await loadVerb(place)).summary;
    const about = (await import(new URL('about.ts', place.url).href)) as { readonly summary?: string };
    return about.summary ?? '';
  } catch {
    return '(cannot be loaded on this machine)';
  }
}
