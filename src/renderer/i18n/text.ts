/**
 * The texts of the pages. Each feature brings its own (`features/<x>/en.ts`); they are found by folder.
 */
import i18next, { type i18n } from 'i18next';
import { pseudo, pseudoLocale, type Text, type Texts, textsIn } from '../../contract/texts.ts';
import { common } from './en.ts';
import { errors } from './errors.ts';

export type { Text } from '../../contract/texts.ts';

const features = import.meta.glob<{ readonly en: Texts }>('../features/*/en.ts', { eager: true });

/** All English texts, by key. */
const english: Texts = Object.assign(
  {},
  common,
  errors,
  ...Object.values(features).map(({ en }) => en),
) as Texts;

let current: i18n = i18next;

/** Takes a locale into use; English where there is no other. */
export async function startTexts(locale: string): Promise<void> {
  current = await textsIn(locale, english);
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
