/** The pseudo-locale: every text longer by two fifths and with accents, so that what is not translated can be seen. */

const letters: Readonly<Record<string, string>> = {
  ...{ a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', c: 'ç', n: 'ñ', s: 'š', y: 'ý', z: 'ž' },
  ...{ A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', C: 'Ç', N: 'Ñ', S: 'Š', Y: 'Ý', Z: 'Ž' },
};

/** A text in the pseudo-locale; places for values, in double braces, stay as they are. */
export function pseudo(text: string): string {
  const changed = text
    .split(/(\{\{[^}]*\}\})/)
    .map((part) =>
      part.startsWith('{{') ? part : part.replace(/[a-zA-Z]/g, (char) => letters[char] ?? char),
    )
    .join('');
  return `⟦${changed}${'·'.repeat(Math.ceil(text.length * 0.4))}⟧`;
}
