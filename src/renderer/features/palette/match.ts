/**
 * Which names a text finds, and in which order. It forgives accents, case and letters left out, but it is predictable: what
 * begins with the text comes first, then names with a word that does, then names that contain it; letters left out are
 * forgiven only where nothing else fits. Within each of these the given order stays.
 */

/** Without case and accents; signs of other scripts stay as they are. */
function plain(text: string): string {
  return text.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase();
}

const wordStart = /[\p{L}\p{N}]+/gu;

/** Whether the letters stand in a name in this order, each one beginning a word or following the one before. */
function abbreviates(letters: string, name: string): boolean {
  const starts = new Set([...name.matchAll(wordStart)].map(({ index }) => index));
  /** Where the letters so far can end. */
  let ends: readonly number[] = [];
  for (let at = 0; at < letters.length; at++) {
    const next: number[] = [];
    for (let i = (ends[0] ?? -1) + 1; i < name.length; i++) {
      const goesOn = starts.has(i) || ends.includes(i - 1);
      if (name.charAt(i) === letters.charAt(at) && goesOn) next.push(i);
    }
    ends = next;
    if (ends.length === 0) return false;
  }
  return true;
}

/** Names that are longer are cut: nothing of ours is, and a search stays quick. */
const longest = 200;

/** How well a text fits a name: 0 best, 3 only as an abbreviation; undefined not at all. */
export function fit(text: string, name: string): 0 | 1 | 2 | 3 | undefined {
  const asked = plain(text.trim());
  const given = plain(name).slice(0, longest);
  if (given.startsWith(asked)) return 0;
  const words = asked.split(/\s+/);
  const starts = [...given.matchAll(wordStart)].map(({ index }) => given.slice(index));
  if (words.every((word) => starts.some((start) => start.startsWith(word)))) return 1;
  if (words.every((word) => given.includes(word))) return 2;
  const letters = words.join('');
  return letters.length > 1 && letters.length <= 12 && abbreviates(letters, given) ? 3 : undefined;
}

/** The things that a text finds by their names, best first. An empty text finds all. */
export function found<T>(text: string, things: readonly T[], nameOf: (thing: T) => string): readonly T[] {
  if (text.trim() === '') return things;
  const fits = things.map((thing) => ({ thing, how: fit(text, nameOf(thing)) ?? 4 }));
  const best = Math.min(4, ...fits.map(({ how }) => how));
  const worst = best < 3 ? 2 : 3;
  return fits
    .filter(({ how }) => how <= worst)
    .sort((a, b) => a.how - b.how)
    .map(({ thing }) => thing);
}
