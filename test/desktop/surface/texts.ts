/** The texts of the application as a locale shows them, so that a screen is found by its words in every locale. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { pseudo } from '../../../src/contract/texts.ts';
import { common } from '../../../src/renderer/i18n/en.ts';
import { errors } from '../../../src/renderer/i18n/errors.ts';

export const featuresFolder = join(import.meta.dirname, '../../../src/renderer/features');

/** Names of the folders of all features. */
export const featureNames: readonly string[] = readdirSync(featuresFolder).sort();

/** All texts by their keys, found by folder as the application finds them. */
const english: Readonly<Record<string, string>> = Object.assign(
  {},
  common,
  errors,
  ...(await Promise.all(
    featureNames.map(async (name) => {
      const file = pathToFileURL(join(featuresFolder, name, 'en.ts')).href;
      return ((await import(file)) as { readonly en: Readonly<Record<string, string>> }).en;
    }),
  )),
) as Readonly<Record<string, string>>;

export type Locale = 'en' | 'en-XA';
export type Text = (key: string, values?: Readonly<Record<string, string | number>>) => string;

/** The texts of a locale. @throws Error for a key that there is no text of. */
export function textsOf(locale: Locale): Text {
  return (key, values = {}) => {
    const text = english[key];
    if (text === undefined) throw new Error(`there is no text ${key}`);
    const shown = locale === 'en' ? text : pseudo(text);
    return shown.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(values[name] ?? ''));
  };
}
