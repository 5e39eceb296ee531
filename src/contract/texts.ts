/**
 * Texts of the application, the same way in the shell and in its pages. Beside English there is a pseudo-locale,
 * `en-XA`, in which what was not taken from the texts can be seen.
 */
import i18next, { type i18n } from 'i18next';

export const pseudoLocale = 'en-XA';

/** English texts by key; places for values stand in double braces. */
export type Texts = Readonly<Record<string, string>>;

/** A text by its key, with values put in. */
export type Text = (key: string, values?: Readonly<Record<string, string | number>>) => string;

const letters: Texts = {
  ...{ a: 'á', e: 'é', i: 'í', o: 'ó', u: 'ú', c: 'ç', n: 'ñ', s: 'š', y: 'ý', z: 'ž' },
  ...{ A: 'Á', E: 'É', I: 'Í', O: 'Ó', U: 'Ú', C: 'Ç', N: 'Ñ', S: 'Š', Y: 'Ý', Z: 'Ž' },
};

/** A text in the pseudo-locale: longer by two fifths and with accents; places for values stay as they are. */
export function pseudo(text: string): string {
  const changed = text
    .split(/(\{\{[^}]*\}\})/)
    .map((part) =>
      part.startsWith('{{') ? part : part.replace(/[a-zA-Z]/g, (char) => letters[char] ?? char),
    )
    .join('');
  return `⟦${changed}${'·'.repeat(Math.ceil(text.length * 0.4))}⟧`;
}

/** Takes a locale into use for these texts; English where there is no other. */
export async function textsIn(locale: string, english: Texts): Promise<i18n> {
  const texts = i18next.createInstance();
  const pseudoTexts = Object.fromEntries(Object.entries(english).map(([key, text]) => [key, pseudo(text)]));
  await texts.init({
    lng: locale === pseudoLocale ? pseudoLocale : 'en',
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: english }, [pseudoLocale]: { translation: pseudoTexts } },
  });
  return texts;
}
