/**
 * The texts of the application. Each feature brings its own (`features/<x>/en.ts`); they are found by folder. Beside
 * English there is a pseudo-locale, `en-XA`, which shows what was not taken from here.
 */
import i18next, { type i18n } from 'i18next';
import { common } from './en.ts';
import { errors } from './errors.ts';
import { pseudo } from './pseudo.ts';

const pseudoLocale = 'en-XA';

type Texts = Readonly<Record<string, string>>;

const features = import.meta.glob<{ readonly en: Texts }>('../features/*/en.ts', { eager: true });

/** All English texts, by key. */
const english: Texts = Object.assign(
  {},
  common,
  errors,
  ...Object.values(features).map(({ en }) => en),
) as Texts;

/** A text by its key, with values put in. */
export type Text = (key: string, values?: Readonly<Record<string, string | number>>) => string;

let current: i18n = i18next;

/** Takes a locale into use; English where there is no other. */
export async function startTexts(locale: string): Promise<void> {
  current = i18next.createInstance();
  const pseudoTexts = Object.fromEntries(Object.entries(english).map(([key, text]) => [key, pseudo(text)]));
  await current.init({
    lng: locale === pseudoLocale ? pseudoLocale : 'en',
    fallbackLng: 'en',
    keySeparator: false,
    nsSeparator: false,
    interpolation: { escapeValue: false },
    resources: { en: { translation: english }, [pseudoLocale]: { translation: pseudoTexts } },
  });
}

/** The text of a key. A key that has none is a mistake, and shows as one. */
const text: Text = (key, values = {}) => current.t(key, values);

/**
 * A sentence that the engine says, in the language of the reader: there are only English ones so far. Where the engine
 * speaks of the command line, the texts here say what to do in this application.
 */
export function said(code: string, part: 'happened' | 'means' | 'next', sentence: string): string {
  const key = `error.${code}.${part}`;
  if (current.exists(key)) return current.t(key);
  return current.language === pseudoLocale ? pseudo(sentence) : sentence;
}

/** The texts of the reader's language. They are chosen before anything is shown, and do not change while it is. */
export function useText(): Text {
  return text;
}
